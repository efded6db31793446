"""PostgreSQL through psycopg: a small pool that a forked child does not share."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["postgresql_engine"]

_CONNECT_TIMEOUT_S = 10


def postgresql_engine(url: sa.URL) -> Engine:
    """Return an engine of a PostgreSQL database; nothing is connected yet."""
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        # A server that was restarted costs a reconnect, not an error.
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S},
    )
    opened: set[Any] = set()

    def connected(connection: object, record: Any) -> None:  # noqa: ANN401 - a pool's record
        record.info["process_id"] = os.getpid()
        opened.add(connection)

    event.listen(engine, "connect", connected)
    event.listen(engine, "close", lambda connection, _: opened.discard(connection))
    event.listen(engine, "checkout", _refuse_other_process)
    # The pool cannot be told to close by itself: it knows its engine, which then never goes.
    weakref.finalize(engine, _close, opened, os.getpid())
    return engine


def _close(opened: set[Any], process_id: int) -> None:
    """Close the connections of an engine that is forgotten, in the process that opened them."""
    if os.getpid() == process_id:
        for connection in list(opened):
            connection.close()


def _refuse_other_process(connection: object, record: Any, proxy: Any) -> None:  # noqa: ANN401
    """Make a forked child open connections of its own."""
    del connection
    if record.info["process_id"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None
        msg = "This connection belongs to the parent process."
        raise DisconnectionError(msg)
