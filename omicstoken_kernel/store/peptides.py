"""Peptides: which there are, which the owner may see, and what they are like.

Peptides belong to nobody. "Visible" are those that occur in a run of the owner; only these are
counted, searched and drawn for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store._arrow import table_of
from omicstoken_kernel.store._members import common, members_of, visible_ids
from omicstoken_kernel.store._owned import owned_runs
from omicstoken_kernel.store._sequences import sequences_of
from omicstoken_kernel.store._values import integers
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import PEPTIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context

__all__ = ["DESCRIBED", "PEPTIDES", "Peptides", "by_id", "by_sequence", "selected"]

PEPTIDES = pa.schema(
    [
        pa.field("peptide_id", pa.int64(), nullable=False),
        pa.field("sequence", pa.string(), nullable=False),
    ]
)

#: Peptides with their descriptors; null where a descriptor is undefined.
DESCRIBED = pa.schema(
    [
        *PEPTIDES,
        pa.field("length", pa.int32(), nullable=False),
        pa.field("mass_average_da", pa.float64()),
        pa.field("mass_monoisotopic_da", pa.float64()),
        pa.field("net_charge", pa.int32()),
        pa.field("charge_ph7", pa.float64()),
        pa.field("isoelectric_point", pa.float64()),
        pa.field("gravy", pa.float64()),
        pa.field("aromaticity", pa.float64()),
        pa.field("aliphatic_index", pa.float64()),
        pa.field("instability_index", pa.float64()),
        pa.field("boman_index", pa.float64()),
    ]
)


class Peptides:
    """Peptides as the owner sees them."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def of_runs(self, run_ids: Iterable[str]) -> pa.Table:
        """Return the distinct peptides of some of the owner's runs, sorted by sequence.

        Schema :data:`PEPTIDES`.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        return self.visible(run_ids=run_ids)

    def visible(
        self, *, run_ids: Iterable[str] | None = None, lengths: tuple[int, int] | None = None
    ) -> pa.Table:
        """Return the distinct peptides of the owner's runs, sorted by sequence.

        Parameters
        ----------
        run_ids
            Only peptides of these runs; None means all the owner's.
        lengths
            Least and greatest length in residues, both included; None means any.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            runs = owned_runs(connection, self._owner, run_ids)
            return by_sequence(connection, visible_ids(connection, runs, lengths))

    def visible_ids(
        self, *, run_ids: Iterable[str] | None = None, lengths: tuple[int, int] | None = None
    ) -> NDArray[np.int64]:
        """Return the ids of what :meth:`visible` returns, (n,) int64, ascending."""
        with reading(self._engine) as connection:
            runs = owned_runs(connection, self._owner, run_ids)
            return visible_ids(connection, runs, lengths)

    def by_ids(self, peptide_ids: Iterable[int] | NDArray[np.int64]) -> pa.Table:
        """Return peptides by ascending id, schema :data:`PEPTIDES`; unknown ids are left out."""
        given = peptide_ids if isinstance(peptide_ids, np.ndarray) else list(peptide_ids)
        ids = np.asarray(given, dtype=np.int64)
        if (np.diff(ids) <= 0).any():
            ids = np.unique(ids)
        with reading(self._engine) as connection:
            return by_id(connection, ids)

    def descriptors(self, peptide_ids: Iterable[int] | NDArray[np.int64]) -> pa.Table:
        """Return peptides by ascending id, schema :data:`DESCRIBED`; unknown ids are left out."""
        with reading(self._engine) as connection:
            return selected(connection, peptide_ids, DESCRIBED)

    def find(self, sequence: str) -> int | None:
        """Return the id of a stripped sequence, or None if it occurs in no run of the owner."""
        query = sa.select(PEPTIDE.c.id).where(PEPTIDE.c.sequence == sequence)
        with reading(self._engine) as connection:
            found = connection.scalar(query)
            if found is None:
                return None
            wanted = np.array([found], dtype=np.int64)
            runs = members_of(connection, owned_runs(connection, self._owner, None))
            return int(found) if any(len(common(run.ids, wanted)) for run in runs) else None


#: Up to this many peptides are looked up one by one; beyond, all of their range are read.
_FEW = 20_000


def by_sequence(connection: Connection, peptide_ids: NDArray[np.int64]) -> pa.Table:
    """Return peptides by ascending distinct ids, sorted by sequence, schema :data:`PEPTIDES`."""
    return by_id(connection, peptide_ids).sort_by("sequence")


def by_id(connection: Connection, peptide_ids: NDArray[np.int64]) -> pa.Table:
    """Return peptides by ascending distinct ids, schema :data:`PEPTIDES`; unknown are left out."""
    if len(peptide_ids) <= _FEW:
        return selected(connection, peptide_ids, PEPTIDES)
    return sequences_of(connection, peptide_ids).cast(PEPTIDES)


def selected(
    connection: Connection, peptide_ids: Iterable[int] | NDArray[np.int64], schema: pa.Schema
) -> pa.Table:
    """Return peptides by id, ascending, with the columns of a schema; unknown ids are left out."""
    listed = integers(connection, peptide_ids)
    query = (
        sa.select(PEPTIDE.c.id, *(PEPTIDE.c[name] for name in schema.names[1:]))
        .where(PEPTIDE.c.id.in_(sa.select(listed.c.value)))
        .order_by(PEPTIDE.c.id)
    )
    return table_of(connection.execute(query), schema)
