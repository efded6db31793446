"""The database: opened, brought up to date, and entered through two doors.

``writing`` and ``reading`` are the only ways in. SQLite runs in WAL mode without a pool, so a reader never
waits for a writer and no connection outlives its use or crosses a thread or a fork. Writers enter under
``BEGIN IMMEDIATE``: a plain ``BEGIN`` takes the write lock only at its first write, and by then another
writer may have moved the database on, which SQLite answers with an error that waiting cannot cure.
PostgreSQL keeps a small pool, and its transactions are its own.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.pool import NullPool

from omicstoken_kernel.errors import ServiceUnavailable, SettingsError, StoreError
from omicstoken_kernel.store.place import warn_if_remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from omicstoken_kernel.settings import Settings

__all__ = ["describe_database", "open_engine", "reading", "writing"]

#: How long a writer waits for the others, in milliseconds.
_BUSY_TIMEOUT_MS = 60_000

_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
    # In WAL mode a power cut can lose the last commits but never damage the file.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -65536",  # 64 MiB
    "PRAGMA mmap_size = 1073741824",  # 1 GiB
    "PRAGMA temp_store = MEMORY",
)


def open_engine(settings: Settings) -> Engine:
    """Return the engine of the settings' database, its schema at the newest version.

    Raises
    ------
    ServiceUnavailable
        If the workspace cannot be written or the database does not answer.
    SettingsError
        If the address is not one of SQLite (a file) or PostgreSQL.
    StoreError
        If a newer version of this package made the database, or the file is not a database.
    """
    from omicstoken_kernel.store.schema import bring_up_to_date

    engine = _make_engine(settings)
    bring_up_to_date(engine)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Enter a transaction that may write; it is committed at the end, or undone by an error."""
    with _translated(engine), engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Enter a transaction that only reads, and sees one state of the database throughout."""
    with (
        _translated(engine),
        engine.execution_options(isolation_level=_SNAPSHOT[engine.dialect.name]).begin() as found,
    ):
        yield found


def describe_database(engine: Engine) -> str:
    """Return in one line what the database is and how large, after checking that it is whole.

    Raises
    ------
    StoreError
        If SQLite finds its file damaged.
    """
    with reading(engine) as connection:
        runs = connection.scalar(sa.text("SELECT count(*) FROM run"))
        if engine.dialect.name == "postgresql":
            version = connection.scalar(sa.text("SHOW server_version"))
            size = connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
            return f"PostgreSQL {version}, {runs} runs, {size / 1e6:.1f} MB"
        version = connection.scalar(sa.text("SELECT sqlite_version()"))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        msg = f"The database file '{engine.url.database}' is damaged: {found}."
        raise StoreError(msg, "Restore it from a backup, or start a new workspace.")
    return f"SQLite {version}, {runs} runs, {size / 1e6:.1f} MB"


#: SQLite's readers see one state anyway; PostgreSQL's only when asked.
_SNAPSHOT: dict[str, Any] = {"sqlite": "SERIALIZABLE", "postgresql": "REPEATABLE READ"}


def _make_engine(settings: Settings) -> Engine:
    shown = settings.resolved_database_url
    try:
        url = sa.make_url(shown)
        backend = url.get_backend_name()
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        msg = "The setting OMICSTOKEN_DATABASE_URL is not a database address."
        raise SettingsError(msg, _ADDRESSES) from error
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return _sqlite(settings, url)
    if backend == "postgresql":
        return _postgresql(url)
    msg = f"The database '{url.render_as_string()}' cannot be used."
    raise SettingsError(msg, _ADDRESSES)


_ADDRESSES = (
    "Use postgresql+psycopg://user:password@host/name or sqlite:////path/of/file, "
    "or leave it empty for SQLite in the workspace."
)


def _sqlite(settings: Settings, url: sa.URL) -> Engine:
    from pathlib import Path

    path = Path(str(url.database))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The workspace folder '{error.filename}' cannot be made: {error.strerror}."
        raise ServiceUnavailable(msg, "Set OMICSTOKEN_HOME to a folder you can write.") from error
    warn_if_remote(path.parent)
    engine = sa.create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    del record
    # Transactions are begun by us, not guessed by the driver from the first word of a statement.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: sa.URL) -> Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
    )
    event.listen(engine, "connect", _remember_process)
    event.listen(engine, "checkout", _refuse_other_process)
    return engine


def _remember_process(connection: object, record: Any) -> None:  # noqa: ANN401 - a pool's record
    del connection
    record.info["process_id"] = os.getpid()


def _refuse_other_process(connection: object, record: Any, proxy: Any) -> None:  # noqa: ANN401
    """Make a forked child open connections of its own."""
    del connection
    if record.info["process_id"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None
        msg = "This connection belongs to the parent process."
        raise sa.exc.DisconnectionError(msg)


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    """Turn what the database says into this package's errors, without passwords."""
    shown = engine.url.render_as_string()
    try:
        yield
    except OperationalError as error:
        msg = f"The database '{shown}' does not answer: {_first_line(error)}."
        raise ServiceUnavailable(msg, _HINTS[engine.dialect.name]) from error
    except (DBAPIError, InvalidRequestError) as error:
        msg = f"The database '{shown}' refused: {_first_line(error)}."
        raise StoreError(msg, "Run 'omicstoken doctor' to check the workspace.") from error


_HINTS = {
    "sqlite": "Check that the disk has space and the workspace can be written, then try again.",
    "postgresql": "Check that PostgreSQL runs and OMICSTOKEN_DATABASE_URL is right.",
}


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
