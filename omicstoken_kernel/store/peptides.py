"""Peptides: which there are, which the owner may see, and what they are like.

Peptides belong to nobody. "Visible" are those that occur in a run of the owner; only these are counted,
searched and drawn for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_runs
from omicstoken_kernel.store._values import integers, strings
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import FEATURE, PEPTIDE, RUN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Row, Select

    from omicstoken_kernel.context import Context

__all__ = ["DESCRIBED", "PEPTIDES", "Peptides"]

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
            ids = _visible(connection, owned_runs(connection, self._owner, run_ids), lengths)
            query = (
                sa.select(PEPTIDE.c.id, PEPTIDE.c.sequence)
                .where(PEPTIDE.c.id.in_(ids.scalar_subquery()))
                .order_by(PEPTIDE.c.sequence)
            )
            return _table(connection.execute(query).all(), PEPTIDES)

    def visible_ids(
        self, *, run_ids: Iterable[str] | None = None, lengths: tuple[int, int] | None = None
    ) -> NDArray[np.int64]:
        """Return the ids of what :meth:`visible` returns, (n,) int64, ascending."""
        with reading(self._engine) as connection:
            query = _visible(connection, owned_runs(connection, self._owner, run_ids), lengths)
            found = connection.scalars(query.order_by(FEATURE.c.peptide_id)).all()
        return np.array(found, dtype=np.int64)

    def by_ids(self, peptide_ids: Iterable[int] | NDArray[np.int64]) -> pa.Table:
        """Return peptides by id, ascending, with schema :data:`PEPTIDES`; unknown ids are left out."""
        return self._selected(peptide_ids, PEPTIDES)

    def descriptors(self, peptide_ids: Iterable[int] | NDArray[np.int64]) -> pa.Table:
        """Return peptides by id, ascending, with schema :data:`DESCRIBED`; unknown ids are left out."""
        return self._selected(peptide_ids, DESCRIBED)

    def find(self, sequence: str) -> int | None:
        """Return the id of a stripped sequence, or None if it occurs in no run of the owner."""
        query = (
            sa.select(PEPTIDE.c.id)
            .join(FEATURE, FEATURE.c.peptide_id == PEPTIDE.c.id)
            .join(RUN, RUN.c.id == FEATURE.c.run_id)
            .where(PEPTIDE.c.sequence == sequence, RUN.c.owner == self._owner)
            .limit(1)
        )
        with reading(self._engine) as connection:
            found = connection.scalar(query)
        return None if found is None else int(found)

    def _selected(
        self, peptide_ids: Iterable[int] | NDArray[np.int64], schema: pa.Schema
    ) -> pa.Table:
        with reading(self._engine) as connection:
            listed = integers(connection, peptide_ids)
            query = (
                sa.select(PEPTIDE.c.id, *(PEPTIDE.c[name] for name in schema.names[1:]))
                .where(PEPTIDE.c.id.in_(sa.select(listed.c.value)))
                .order_by(PEPTIDE.c.id)
            )
            return _table(connection.execute(query).all(), schema)


def _visible(
    connection: Connection, run_ids: tuple[str, ...], lengths: tuple[int, int] | None
) -> Select[tuple[int]]:
    """Return the query of the distinct peptide ids of runs that were checked to be the owner's."""
    listed = strings(connection, run_ids)
    query = (
        sa.select(FEATURE.c.peptide_id)
        .distinct()
        .where(FEATURE.c.run_id.in_(sa.select(listed.c.value)))
    )
    if lengths is None:
        return query
    return query.join(PEPTIDE, PEPTIDE.c.id == FEATURE.c.peptide_id).where(
        PEPTIDE.c.length.between(*lengths)
    )


def _table(rows: list[Row] | tuple[Row, ...], schema: pa.Schema) -> pa.Table:
    if not rows:
        return schema.empty_table()
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
