"""The features of a run, packed into blocks: some thousand features are one row of the database.

A row for each feature is what the first version had. Of a report of a million rows, three quarters
of the time went into handing values to the database one at a time; a block is an Arrow stream that
is written as it was read. The peptides of a block's features stand beside it, so that finding a
peptide's features reads eight bytes for each feature and unpacks only the blocks that hold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from omicstoken_kernel.ingest.features import FEATURES
from omicstoken_kernel.store._bulk import insert_rows
from omicstoken_kernel.store._stream import to_stream
from omicstoken_kernel.store._values import pairs, strings
from omicstoken_kernel.store.tables import FEATURE_BLOCK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

__all__ = [
    "BLOCK_FEATURES",
    "FEATURE_VALUES",
    "Block",
    "Found",
    "blocks_of",
    "find_in_blocks",
    "write_run",
]

#: Features of a block. More pack tighter, fewer are unpacked quicker when one of them is wanted.
BLOCK_FEATURES = 2048

#: What a block holds of each feature: all that a reader tells but the run, in the same order.
#: Features that an older package stored may lack the line.
FEATURE_VALUES = pa.schema(
    [
        field.with_nullable(True) if field.name == "line" else field  # noqa: FBT003 - Arrow's
        for field in FEATURES
        if field.name != "run"
    ]
)

_ID = np.dtype("<i8")
_COLUMNS = ("run_id", "first", "peptide_ids", "content")


@dataclass(frozen=True)
class Block:
    """Some features of a run, one after the other.

    ``first`` is the ordinal of the first, from 1; ``peptide_ids`` (n,) int64, one for each feature;
    ``values`` a table of n rows with the columns that were asked for.
    """

    run_id: str
    first: int
    peptide_ids: NDArray[np.int64]
    values: pa.Table


def write_run(
    connection: Connection, run_id: str, peptide_ids: NDArray[np.int64], values: pa.Table
) -> None:
    """Insert the features of a run that has none.

    Parameters
    ----------
    peptide_ids
        (n,) int64, the peptide of each feature.
    values
        n rows with the columns of :data:`FEATURE_VALUES`; NaN and infinity become null.
    """
    values = _finite(values.select(FEATURE_VALUES.names))
    starts = range(0, len(peptide_ids), BLOCK_FEATURES)
    rows = (
        (
            run_id,
            start + 1,
            peptide_ids[start : start + BLOCK_FEATURES].astype(_ID).tobytes(),
            to_stream(values.slice(start, BLOCK_FEATURES), FEATURE_VALUES),
        )
        for start in starts
    )
    insert_rows(connection, FEATURE_BLOCK, _COLUMNS, rows)


def _finite(table: pa.Table) -> pa.Table:
    for place, field in enumerate(FEATURE_VALUES):
        if pa.types.is_floating(field.type):
            column = table.column(place)
            known = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
            table = table.set_column(place, field, known)
    return table


def blocks_of(
    connection: Connection, run_id: str, columns: Sequence[str] = tuple(FEATURE_VALUES.names)
) -> Iterator[Block]:
    """Yield the blocks of a run in the order of its features, with some columns of their values."""
    query = (
        sa.select(*(FEATURE_BLOCK.c[name] for name in _COLUMNS))
        .where(FEATURE_BLOCK.c.run_id == run_id)
        .order_by(FEATURE_BLOCK.c.first)
    )
    with connection.execution_options(yield_per=16).execute(query) as result:
        for row in result:
            ids = np.frombuffer(row.peptide_ids, dtype=_ID)
            yield Block(row.run_id, row.first, ids, _unpacked(row.content, columns))


@dataclass(frozen=True)
class Found:
    """Features of wanted peptides in one block: their places in the run, from 1, and their values.

    ``ordinals`` and ``peptide_ids`` (n,) int64, ``values`` a table of n rows.
    """

    run_id: str
    ordinals: NDArray[np.int64]
    peptide_ids: NDArray[np.int64]
    values: pa.Table


def find_in_blocks(
    connection: Connection,
    run_ids: Collection[str],
    wanted: NDArray[np.int64],
    columns: Sequence[str],
) -> Iterator[Found]:
    """Yield the features of peptides (ascending ids) in some runs, block by block, in order."""
    holding = _holding(connection, run_ids, wanted)
    listed = pairs(connection, [run_id for run_id, _ in holding], [first for _, first in holding])
    query = (
        sa.select(FEATURE_BLOCK.c.run_id, FEATURE_BLOCK.c.first, FEATURE_BLOCK.c.content)
        .join(
            listed,
            sa.and_(
                FEATURE_BLOCK.c.run_id == listed.c.text, FEATURE_BLOCK.c.first == listed.c.number
            ),
        )
        .order_by(FEATURE_BLOCK.c.run_id, FEATURE_BLOCK.c.first)
    )
    with connection.execution_options(yield_per=64).execute(query) as result:
        for run_id, first, content in result:
            places, ids = holding[run_id, first]
            yield Found(run_id, first + places, ids, _unpacked(content, columns).take(places))


def _holding(
    connection: Connection, run_ids: Collection[str], wanted: NDArray[np.int64]
) -> dict[tuple[str, int], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return by run id and first ordinal the blocks that hold wanted peptides: places and ids."""
    listed = strings(connection, run_ids)
    query = sa.select(
        FEATURE_BLOCK.c.run_id, FEATURE_BLOCK.c.first, FEATURE_BLOCK.c.peptide_ids
    ).where(FEATURE_BLOCK.c.run_id.in_(sa.select(listed.c.value)))
    found = {}
    with connection.execution_options(yield_per=256).execute(query) as result:
        for run_id, first, packed in result:
            ids = np.frombuffer(packed, dtype=_ID)
            # Three times as quick as np.isin, which sorts what is sorted already.
            nearest = wanted[np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)]
            places = np.flatnonzero(nearest == ids)
            if len(places):
                found[run_id, first] = (places, ids[places])
    return found


def _unpacked(content: bytes, columns: Sequence[str]) -> pa.Table:
    """Return some columns of a block; the others are not even decompressed."""
    fields = [FEATURE_VALUES.get_field_index(name) for name in columns]
    options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    return pa.ipc.open_stream(content, options=options).read_all().select(list(columns))
