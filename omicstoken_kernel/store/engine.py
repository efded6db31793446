"""The database: opened, brought up to date, entered by two doors, ``writing`` and ``reading``."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from omicstoken_kernel.errors import ServiceUnavailable, SettingsError, StoreError
from omicstoken_kernel.store._postgresql import postgresql_engine
from omicstoken_kernel.store._sqlite import sqlite_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from omicstoken_kernel.settings import Settings

__all__ = ["describe_database", "open_engine", "reading", "writing"]

_ADDRESSES = (
    "Use postgresql+psycopg://user:password@host/name or sqlite:////path/of/file, "
    "or leave it empty for SQLite in the workspace."
)

_MAKE_ROOM = "Free some disk space and run the same command again; what was stored before is kept."

_WAIT = (
    "Nothing was changed; try again when the other is done, 'omicstoken doctor' says if it works."
)

_HINTS = {
    "sqlite": "Check that the disk has space and the workspace can be written, then try again.",
    "postgresql": "Check that PostgreSQL runs and OMICSTOKEN_DATABASE_URL is right.",
}


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

    try:
        url = sa.make_url(settings.resolved_database_url)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        msg = "The setting OMICSTOKEN_DATABASE_URL is not a database address."
        raise SettingsError(msg, _ADDRESSES) from error
    if backend == "postgresql":
        engine = postgresql_engine(url)
    elif backend == "sqlite" and url.database not in (None, "", ":memory:"):
        engine = sqlite_engine(url)
    else:
        msg = f"The database '{url.render_as_string()}' cannot be used."
        raise SettingsError(msg, _ADDRESSES)
    try:
        bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Enter a transaction that may write; it is committed at the end, or undone by an error.

    Raises
    ------
    ServiceUnavailable
        If the database does not answer, stays locked or has no space left.
    StoreError
        If the database refuses what is written.
    """
    with _translated(engine), engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Enter a transaction that only reads, and sees one state of the database throughout.

    Raises
    ------
    ServiceUnavailable
        If the database does not answer.
    """
    if engine.dialect.name == "postgresql":
        # SQLite's readers see one state without being told to.
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with _translated(engine), engine.begin() as connection:
        yield connection


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
            size = connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0
            return f"PostgreSQL {version}, {runs} runs, {size / 1e6:.1f} MB"
        version = connection.scalar(sa.text("SELECT sqlite_version()"))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        msg = f"The database file '{engine.url.database}' is damaged: {found}."
        raise StoreError(msg, "Restore it from a backup, or start a new workspace.")
    return f"SQLite {version}, {runs} runs, {size / 1e6:.1f} MB"


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    """Turn what the database says into this package's errors, without passwords."""
    shown = engine.url.render_as_string()
    # Bulk writes speak to the driver itself, whose errors SQLAlchemy does not see.
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except (OperationalError, driver.OperationalError) as error:
        if _disk_is_full(error):
            msg = f"The disk of the database '{shown}' is full: nothing was stored."
            raise ServiceUnavailable(msg, _MAKE_ROOM) from error
        if _is_locked(error):
            msg = f"The database '{shown}' is locked: another process has been writing for long."
            raise ServiceUnavailable(msg, _WAIT) from error
        msg = f"The database '{shown}' does not answer: {_first_line(error)}."
        raise ServiceUnavailable(msg, _HINTS[engine.dialect.name]) from error
    except (DBAPIError, driver.Error) as error:
        msg = f"The database '{shown}' refused: {_first_line(error)}."
        raise StoreError(msg, "Run 'omicstoken doctor' to check the workspace.") from error


def _disk_is_full(error: Exception) -> bool:
    cause = getattr(error, "orig", None) or error
    # SQLite's own code, without its extension; PostgreSQL's SQLSTATE.
    of_sqlite = (getattr(cause, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_FULL
    return of_sqlite or getattr(cause, "sqlstate", None) == "53100"


def _is_locked(error: Exception) -> bool:
    cause = getattr(error, "orig", None) or error
    return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", error)
    lines = str(cause).strip().splitlines()
    return (lines[0] if lines else type(cause).__name__).rstrip(".")
