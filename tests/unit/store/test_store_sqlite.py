"""The idle connection keeps the log from being copied at every close, and never crosses a fork."""

from __future__ import annotations

import gc
import os

import pytest

from omicstoken_kernel.store._sqlite import _every
from omicstoken_kernel.store.engine import reading, writing


def log_of(ctx):
    return ctx.settings.home / "omicstoken.sqlite-wal"


def write(ctx, name):
    with writing(ctx.engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO sample (id, owner, name, hla, extra) VALUES (?, 'o', ?, '[]', '{}')",
            (name, name),
        )


def names(ctx):
    with reading(ctx.engine) as connection:
        return sorted(connection.exec_driver_sql("SELECT name FROM sample").scalars())


def test_the_log_outlives_a_transaction_and_goes_with_the_engine(ctx):
    write(ctx, "a")
    assert log_of(ctx).stat().st_size > 0
    ctx.engine.dispose()
    assert not log_of(ctx).exists()
    assert names(ctx) == ["a"]


def test_an_engine_that_is_forgotten_copies_its_log(tmp_path):
    from omicstoken_kernel.context import open_context
    from omicstoken_kernel.settings import load_settings

    ctx = open_context(load_settings(home=tmp_path))
    write(ctx, "a")
    log = log_of(ctx)
    assert log.exists()
    del ctx
    gc.collect()
    assert not log.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_parent_and_forked_child_both_go_on_writing(ctx):
    write(ctx, "before")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            # SQLite's locks are per process: a connection open here would be the parent's.
            open_ones = [idle for idle in _every if idle._connection is not None]
            for number in range(20):
                write(ctx, f"child {number}")
            status = 2 if open_ones else 0
        finally:
            os._exit(status)
    for number in range(20):
        write(ctx, f"parent {number}")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(names(ctx)) == 41
    with reading(ctx.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
