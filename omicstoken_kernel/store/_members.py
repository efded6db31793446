"""Which peptides are in which runs, as sorted arrays packed into one row per run.

The same can be asked of the features with ``SELECT DISTINCT``, and that is what the first version
did: for a thousand runs of 1 250 peptides it took seconds, at every search. The arrays take
milliseconds, and hold ten bytes per peptide and run. They are written with the features, in the
same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from omicstoken_kernel.store._values import strings
from omicstoken_kernel.store.tables import RUN_PEPTIDES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Connection

__all__ = ["Members", "common", "flags", "members_of", "union", "visible_ids", "write_members"]

_ID = np.dtype("<i8")
_LENGTH = np.dtype("<u2")


@dataclass(frozen=True)
class Members:
    """The distinct peptides of a run.

    ``ids`` (n,) int64 ascending; ``lengths`` (n,) uint16, in residues.
    """

    run_id: str
    ids: NDArray[np.int64]
    lengths: NDArray[np.uint16]


def write_members(connection: Connection, members: Members) -> None:
    """Write the peptides of a run, in place of what was written before."""
    connection.execute(sa.delete(RUN_PEPTIDES).where(RUN_PEPTIDES.c.run_id == members.run_id))
    connection.execute(
        sa.insert(RUN_PEPTIDES).values(
            run_id=members.run_id,
            peptide_ids=members.ids.astype(_ID).tobytes(),
            lengths=members.lengths.astype(_LENGTH).tobytes(),
        )
    )


def members_of(connection: Connection, run_ids: Collection[str]) -> Iterator[Members]:
    """Yield the peptides of runs, by ascending run id."""
    listed = strings(connection, run_ids)
    query = (
        sa.select(RUN_PEPTIDES)
        .where(RUN_PEPTIDES.c.run_id.in_(sa.select(listed.c.value)))
        .order_by(RUN_PEPTIDES.c.run_id)
    )
    for row in connection.execute(query).all():
        yield Members(
            run_id=row.run_id,
            ids=np.frombuffer(row.peptide_ids, dtype=_ID),
            lengths=np.frombuffer(row.lengths, dtype=_LENGTH),
        )


def visible_ids(
    connection: Connection, run_ids: Collection[str], lengths: tuple[int, int] | None = None
) -> NDArray[np.int64]:
    """Return the distinct peptides of runs, ascending; only those of the lengths, ends included."""
    return union(
        item.ids
        if lengths is None
        else item.ids[(item.lengths >= lengths[0]) & (item.lengths <= lengths[1])]
        for item in members_of(connection, run_ids)
    )


def union(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the distinct ids in some arrays, (n,) int64, ascending.

    Ids are given one after the other and never taken back, so one flag for each finds them 20 times
    faster than sorting does, and 200 times faster than ``np.unique``.
    """
    return np.flatnonzero(flags(parts)).astype(np.int64)


def flags(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Return for every id up to the greatest whether it is in any of some arrays, (n,) bool."""
    found = [part for part in parts if len(part)]
    marked = np.zeros(max((int(part.max()) for part in found), default=-1) + 1, dtype=np.bool_)
    for part in found:
        marked[part] = True
    return marked


def common(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which of ``wanted`` are in ``ids``; both ascending and distinct."""
    if not len(ids):
        return wanted[:0]
    places = np.searchsorted(ids, wanted)
    places[places == len(ids)] = 0
    here: NDArray[np.int64] = wanted[ids[places] == wanted]
    return here
