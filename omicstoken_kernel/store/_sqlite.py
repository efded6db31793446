"""SQLite as this package runs it: WAL, no pool, and one idle connection per process that writes.

No pool, so that no connection outlives its use or crosses a thread. WAL, so that a reader never
waits for a writer. Writers enter under ``BEGIN IMMEDIATE``: a plain ``BEGIN`` takes the write lock
only at its first write, and by then another writer may have moved the database on, which SQLite
answers with an error that waiting cannot cure.

The idle connection is there because the last connection to close copies the whole log into the
database and waits for the disk. Without a pool every transaction would do so, and then a run of 1
250 peptides costs three times as much in a store of a thousand runs as in an empty one. With it,
the log is copied every 64 MiB, in one sorted pass. SQLite's locks do not survive a fork, so the
idle connection is closed before one.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from omicstoken_kernel.errors import ServiceUnavailable
from omicstoken_kernel.store.place import warn_if_remote

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["sqlite_engine", "switch_to_wal"]

#: How long a writer waits for the others, in milliseconds.
_BUSY_TIMEOUT_MS = 60_000

_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
    # In WAL mode a power cut can lose the last commits but never damage the file.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -65536",  # 64 MiB
    "PRAGMA temp_store = MEMORY",
    # No mmap_size: a connection that lives for one transaction faults every page in anew, which
    # made adding a run to a large store half as slow again and streaming hardly faster.
    "PRAGMA wal_autocheckpoint = 16384",  # pages of 4 KiB: 64 MiB
    "PRAGMA journal_size_limit = 67108864",
)


def sqlite_engine(url: sa.URL) -> Engine:
    """Return an engine of a SQLite file, its folder made.

    Raises
    ------
    ServiceUnavailable
        If the folder cannot be made.
    """
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder '{path.parent}' cannot be made: {error.strerror}."
        raise ServiceUnavailable(msg, "Set OMICSTOKEN_HOME to a folder you can write.") from error
    warn_if_remote(path.parent)
    engine = sa.create_engine(url, poolclass=NullPool)
    idle = _Idle(path)

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            idle.open()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "engine_disposed", lambda _: idle.close())
    weakref.finalize(engine, idle.close)
    return engine


def switch_to_wal(engine: Engine) -> None:
    """Set a database's journal to WAL; its file remembers it."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()


def _prepare(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's connection
    del record
    # Transactions are begun by us, not guessed by the driver from the first word of a statement.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


class _Idle:
    """A connection that does nothing but keep the log from being copied at every close."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        _every.add(self)

    def open(self) -> None:
        """Open the connection, unless it is open."""
        if self._connection is not None:
            return
        connection = sqlite3.connect(
            self._path, timeout=60, isolation_level=None, check_same_thread=False
        )
        # Only a connection that has read takes part in the log.
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        self._connection = connection

    def close(self) -> None:
        """Close the connection; the last one to close copies the log into the database."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_every: weakref.WeakSet[_Idle] = weakref.WeakSet()


def _close_every() -> None:
    for idle in list(_every):
        idle.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_every)
