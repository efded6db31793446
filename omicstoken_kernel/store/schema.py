"""The schema's version: what it is, and how a database is brought up to it.

Migrations are Alembic's, ship inside the package and run when a workspace is opened, so nobody has
to know a command for it. Processes that open the same database at once wait for the first: behind a
lock file for SQLite, an advisory lock for PostgreSQL. A database that is up to date costs one
query, and Alembic is not even imported.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from omicstoken_kernel.errors import ServiceUnavailable, StoreError
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.store._sqlite import switch_to_wal
from omicstoken_kernel.store.engine import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config
    from sqlalchemy import Connection, Engine

__all__ = ["HEAD", "bring_up_to_date", "migration_config"]

#: The newest revision in ``migrations/versions``.
HEAD = "0004"

_log = get_logger(__name__)

_LOCK_TIMEOUT_S = 120
_ALEMBIC = threading.Lock()
#: Any constant will do for PostgreSQL's advisory lock; these are the letters "omictokn".
_ADVISORY_LOCK = 0x6F6D6963746F6B6E


def bring_up_to_date(engine: Engine) -> None:
    """Migrate a database to :data:`HEAD`; one that is there already is left alone.

    Raises
    ------
    StoreError
        If the database's revision is unknown here: a newer version of the package made it.
    """
    if _revision(engine) == HEAD:
        return
    with _lock(engine):
        # Another process may have migrated it while we waited.
        found = _revision(engine)
        if found == HEAD:
            return
        _check_known(found)
        if engine.dialect.name == "sqlite":
            switch_to_wal(engine)
        with writing(engine) as connection:
            _upgrade(connection)
        _log.info("database_migrated", found=found, now=HEAD)


def migration_config() -> Config:
    """Return Alembic's configuration for the migrations in this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    config = migration_config()
    config.attributes["connection"] = connection
    # Alembic keeps what it is doing in module globals.
    with _ALEMBIC:
        command.upgrade(config, HEAD)


def _revision(engine: Engine) -> str | None:
    """Return the revision a database says it has, None for an empty one."""
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def _check_known(found: str | None) -> None:
    from alembic.script import ScriptDirectory

    known = {
        script.revision
        for script in ScriptDirectory.from_config(migration_config()).walk_revisions()
    }
    if found is not None and found not in known:
        msg = f"The database has schema version {found}; this package knows versions up to {HEAD}."
        raise StoreError(
            msg, "A newer omicstoken made it: update the package, or use another workspace."
        )


@contextmanager
def _lock(engine: Engine) -> Iterator[None]:
    """Let one process at a time migrate a SQLite file; PostgreSQL has its own lock."""
    if engine.dialect.name != "sqlite":
        yield
        return
    from filelock import FileLock, Timeout

    path = f"{engine.url.database}.lock"
    try:
        with FileLock(path, timeout=_LOCK_TIMEOUT_S):
            yield
    except Timeout as error:
        msg = f"Another process has been migrating the database for {_LOCK_TIMEOUT_S} s."
        raise ServiceUnavailable(
            msg, f"If none is running, remove '{path}' and try again."
        ) from error
