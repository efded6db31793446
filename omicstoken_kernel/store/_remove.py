"""How runs leave: with their features, their fingerprints, and samples that no run is left in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from omicstoken_kernel.store._values import strings
from omicstoken_kernel.store.tables import FINGERPRINT, RUN, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

__all__ = ["remove_orphan_samples", "remove_runs"]


def remove_runs(connection: Connection, owner: str, run_ids: Collection[str]) -> None:
    """Remove runs of an owner; peptides, vectors and published reports stay."""
    if not run_ids:
        return
    listed = sa.select(strings(connection, run_ids).c.value)
    # Features go with their run, by the foreign key.
    connection.execute(sa.delete(RUN).where(RUN.c.owner == owner, RUN.c.id.in_(listed)))
    _remove_fingerprints(connection, owner, set(run_ids))
    remove_orphan_samples(connection, owner)


def _remove_fingerprints(connection: Connection, owner: str, run_ids: set[str]) -> None:
    """Remove every fingerprint that a removed run is part of: it can no longer be explained."""
    query = sa.select(FINGERPRINT.c.id, FINGERPRINT.c.run_ids).where(FINGERPRINT.c.owner == owner)
    doomed = [row.id for row in connection.execute(query) if run_ids & set(row.run_ids.split(","))]
    listed = sa.select(strings(connection, doomed).c.value)
    connection.execute(sa.delete(FINGERPRINT).where(FINGERPRINT.c.id.in_(listed)))


def remove_orphan_samples(connection: Connection, owner: str) -> None:
    """Remove the owner's samples that no run is left in."""
    used = sa.exists().where(RUN.c.sample_id == SAMPLE.c.id)
    connection.execute(sa.delete(SAMPLE).where(SAMPLE.c.owner == owner, ~used))
