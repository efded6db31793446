"""The pool of PostgreSQL connections survives forks, lost connections and forgetting."""

from __future__ import annotations

import gc
import os

import pytest
import sqlalchemy as sa

from omicstoken_kernel.context import open_context
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.runs import Runs

pytestmark = pytest.mark.postgres


def server_process(ctx):
    with reading(ctx.engine) as connection:
        return connection.scalar(sa.text("SELECT pg_backend_pid()"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_forked_child_opens_a_connection_of_its_own(postgres_ctx, store_runs):
    store_runs(postgres_ctx, {"a": ["PEPTIDEK"]})
    of_parent = server_process(postgres_ctx)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            fine = server_process(postgres_ctx) != of_parent and len(Runs(postgres_ctx).list()) == 1
            status = 0 if fine else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert server_process(postgres_ctx) == of_parent
    assert len(Runs(postgres_ctx).list()) == 1


def test_a_connection_the_server_dropped_is_replaced(postgres_ctx):
    lost = server_process(postgres_ctx)
    killer = sa.create_engine(postgres_ctx.engine.url, poolclass=sa.NullPool)
    with killer.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": lost})
    assert Runs(postgres_ctx).list() == ()
    assert server_process(postgres_ctx) != lost


def test_an_engine_that_is_forgotten_closes_its_connections(postgres_ctx):
    ctx = open_context(postgres_ctx.settings)
    forgotten = server_process(ctx)
    del ctx
    gc.collect()
    with reading(postgres_ctx.engine) as connection:
        query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        for _ in range(50):
            left = connection.scalar(query, {"pid": forgotten})
            if not left:
                break
            connection.execute(sa.text("SELECT pg_sleep(0.1), pg_stat_clear_snapshot()"))
    assert left == 0
