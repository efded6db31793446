"""Processes of their own that begin at once: forked from a server that has done their imports.

Importing what they need takes two seconds, several times what most of them do. A server does it
once and all are forked from it: as many and as separate, and at work when they meet or are killed.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

__all__ = ["all_at_once", "process"]

# Nothing here starts a thread when it is imported.
_NEEDED = (
    "alembic.command",
    "faiss",
    "openTSNE",
    "pandas",
    "psycopg",
    "sklearn.decomposition",
    "sklearn.mixture",
    "sqlalchemy.dialects.postgresql.psycopg",
    "omicstoken_kernel.analysis.fingerprint",
    "omicstoken_kernel.embedding.side_by_side",
    "omicstoken_kernel.export.omicstoken_v1",
    "omicstoken_kernel.index.flat",
    "omicstoken_kernel.ingest.generic",
    "omicstoken_kernel.jobs",
    "omicstoken_kernel.store.features",
    "omicstoken_kernel.workbench",
)


def process(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """Return a process that does ``work``, just started."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_NEEDED))
    started = context.Process(target=work, args=arguments)
    started.start()
    return started


def all_at_once(work: Callable[..., object], each: list[tuple[object, ...]]) -> list[Any]:
    """Do ``work`` with each of the arguments, every one in its process; return what all gave.

    They begin when the last of them is ready.
    """
    started = []
    for arguments in each:
        here, there = multiprocessing.Pipe()
        started.append((here, process(_do, there, work, arguments)))
        there.close()
    for here, _ in started:
        assert _answer(here) == "ready"
    for here, _ in started:
        here.send("begin")
    outcomes = [_answer(here) for here, _ in started]
    for here, one in started:
        one.join(timeout=30)
        here.close()
    said = [text for text, _ in outcomes if text]
    assert not said, "\n".join(said)
    assert [one.exitcode for _, one in started] == [0] * len(each)
    return [value for _, value in outcomes]


def _answer(connection: Connection) -> Any:
    assert connection.poll(250), "a process has not come to its end"
    return connection.recv()


def _do(parent: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    parent.send("ready")
    parent.recv()
    try:
        outcome = ("", work(*arguments))
    except BaseException:
        parent.send((traceback.format_exc(), None))
        raise
    parent.send(outcome)
