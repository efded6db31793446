"""The sequences of many peptides, read as a few long texts.

Problem: a driver makes a Python object of every cell, and of every row; by the hundred thousand
that takes most of a second, in which no other thread of the process gets on. Choice: the database
joins the sequences of a range of ids to one text, and Arrow takes it apart; both let other threads
run, and both together take a quarter of the time. Rejected: Arrow's own drivers of databases, two
more libraries to install.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from omicstoken_kernel.store.tables import PEPTIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Connection

__all__ = ["joined_ids", "sequences_of"]

# Ids of one text: some 700 kB, far below what any database allows.
_RANGE = 1 << 16
# No sequence and no id holds it.
_SEAM = ","

_JOINED = sa.select(
    sa.func.aggregate_strings(sa.cast(PEPTIDE.c.id, sa.Text), _SEAM),
    sa.func.aggregate_strings(PEPTIDE.c.sequence, _SEAM),
).where(PEPTIDE.c.id.between(sa.bindparam("first"), sa.bindparam("last")))


def sequences_of(connection: Connection, peptide_ids: NDArray[np.int64]) -> pa.Table:
    """Return peptides by ascending distinct ids, as ``peptide_id`` and ``sequence``.

    Unknown ids are left out.
    """
    parts = list(_parts(connection, peptide_ids))
    ids = pa.chunked_array([part[0] for part in parts], pa.int64())
    sequences = pa.chunked_array([part[1] for part in parts], pa.string())
    return pa.table({"peptide_id": ids, "sequence": sequences})


def joined_ids(
    connection: Connection, column: sa.Column[int], condition: sa.ColumnElement[bool]
) -> NDArray[np.int64]:
    """Return the ids in a column of all rows that meet a condition, (n,) int64, in any order."""
    joined = sa.func.aggregate_strings(sa.cast(column, sa.Text), _SEAM)
    text = connection.scalar(sa.select(joined).where(condition))
    if not text:
        return np.zeros(0, dtype=np.int64)
    return np.asarray(_taken_apart(text).cast(pa.int64()).to_numpy())


def _parts(
    connection: Connection, peptide_ids: NDArray[np.int64]
) -> Iterator[tuple[pa.Array, pa.Array]]:
    """Yield ids and sequences, range by range; ranges without a wanted id are not read."""
    seams = np.flatnonzero(np.diff(peptide_ids // _RANGE)) + 1
    for wanted in np.split(peptide_ids, seams) if len(peptide_ids) else ():
        bounds = {"first": int(wanted[0]), "last": int(wanted[-1])}
        joined = connection.execute(_JOINED, bounds).one()
        if not joined[0]:
            continue
        ids, sequences = (_taken_apart(text) for text in joined)
        ids = ids.cast(pa.int64())
        # Databases promise no order within a text, but the same one in both.
        order = pc.array_sort_indices(ids)
        kept = order.filter(pc.is_in(ids.take(order), value_set=pa.array(wanted)))
        yield ids.take(kept), sequences.take(kept)


def _taken_apart(text: str) -> pa.Array:
    return pc.split_pattern(pa.array([text], pa.string()), _SEAM).flatten()
