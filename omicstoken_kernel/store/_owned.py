"""What the owner has: every look-up that a foreign id must not pass.

A missing and a foreign thing give the same answer, so an id tells nothing about other people's
data.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store._values import strings
from omicstoken_kernel.store.engine import writing
from omicstoken_kernel.store.tables import RUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine, Table

    from omicstoken_kernel.store._values import AnyRow

__all__ = ["NEXT_STEP", "not_found", "owned_row", "owned_runs", "writing_for"]

#: Where to look for the ids that exist.
NEXT_STEP = {
    "upload": "'omicstoken runs list' shows what is stored.",
    "run": "It may have been deleted; the dashboard and 'omicstoken runs list' show what there is.",
    "fingerprint": "Make it with 'omicstoken fingerprint RUN'.",
    "report": "Make it with 'omicstoken report TEMPLATE --run RUN'.",
    "proteome": "'omicstoken proteome list' shows what is stored.",
    "mapping": "Make it with 'omicstoken proteome map RUN'.",
    "prediction": "'omicstoken predictions list RUN' shows what is stored.",
    "selection": "'wb.selections()' lists those that are saved.",
    "job": "Its workspace may be another one; see OMICSTOKEN_HOME.",
}


@contextmanager
def writing_for(engine: Engine, owner: str) -> Iterator[Connection]:
    """Enter a transaction that changes what an owner has; one at a time for each owner.

    SQLite has one writer anyway. On PostgreSQL two uploads that name the same samples in another
    order would otherwise wait for each other for ever.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            lock = sa.func.pg_advisory_xact_lock(_OWNER_LOCK, sa.func.hashtext(owner))
            connection.execute(sa.select(lock))
        yield connection


#: Keeps the locks of owners apart from others on the same server.
_OWNER_LOCK = 0x6F6D6963


def not_found(table: Table, identifier: str) -> NotFound:
    """Return the one error for a thing that does not exist or belongs to someone else."""
    return NotFound(f"There is no {table.name} '{identifier}'.", NEXT_STEP[table.name])


def owned_row(connection: Connection, owner: str, table: Table, identifier: str) -> AnyRow:
    """Return one row of an owned table by its id.

    Raises
    ------
    NotFound
        If there is none, or it is someone else's.
    """
    query = sa.select(table).where(table.c.id == identifier, table.c.owner == owner)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise not_found(table, identifier)
    return row


def owned_runs(
    connection: Connection, owner: str, run_ids: Iterable[str] | None
) -> tuple[str, ...]:
    """Return run ids, sorted and distinct, after checking that each is the owner's; None means all.

    Raises
    ------
    NotFound
        If any does not exist or is someone else's.
    """
    query = sa.select(RUN.c.id).where(RUN.c.owner == owner).order_by(RUN.c.id)
    if run_ids is None:
        return tuple(connection.scalars(query))
    wanted = sorted(set(run_ids))
    listed = strings(connection, wanted)
    found = tuple(connection.scalars(query.join(listed, listed.c.value == RUN.c.id)))
    if len(found) < len(wanted):
        raise not_found(RUN, next(item for item in wanted if item not in set(found)))
    return found
