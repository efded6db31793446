"""The features of a run, packed into blocks: some thousand features are one row of the database.

A row for each feature is what the first version had. Of a report of a million rows, three quarters
of the time went into handing values to the database one at a time; a block is an Arrow stream that
is written as it was read. The peptides of a block's features stand beside it, so that finding a
peptide's features reads eight bytes for each feature and unpacks only the blocks that hold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from omicstoken_kernel.store._bulk import insert_rows
from omicstoken_kernel.store._stream import to_stream
from omicstoken_kernel.store._values import pairs, strings
from omicstoken_kernel.store.tables import FEATURE_BLOCK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

__all__ = ["BLOCK_FEATURES", "FEATURE_VALUES", "Block", "blocks_of", "find_in_blocks", "write_run"]

#: Features of a block. More pack tighter, fewer are unpacked quicker when one of them is wanted.
BLOCK_FEATURES = 2048

#: What a block holds of each feature; units and meanings as in ``ingest.features.FEATURES``.
FEATURE_VALUES = pa.schema(
    [
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("proforma", pa.string(), nullable=False),
        pa.field("precursor_charge", pa.int16()),
        pa.field("mz", pa.float64()),
        pa.field("rt_s", pa.float64()),
        pa.field("quantity", pa.float64()),
        pa.field("score", pa.float64()),
        pa.field("pep", pa.float64()),
        pa.field("q_value", pa.float64()),
        pa.field("psm_count", pa.int32()),
        pa.field("matched", pa.bool_(), nullable=False),
        pa.field("contaminant", pa.bool_(), nullable=False),
        pa.field("proteins", pa.string(), nullable=False),
        pa.field("line", pa.int64()),
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
            yield _unpacked(row, columns)


def find_in_blocks(
    connection: Connection,
    run_ids: Collection[str],
    wanted: NDArray[np.int64],
    columns: Sequence[str],
) -> Iterator[Block]:
    """Yield the features of peptides in some runs: a block for each one that holds any, in order.

    ``peptide_ids`` and ``values`` are then those of the features found, and ``values`` has a column
    ``ordinal`` (int32) before those asked for.
    """
    holding = _holding(connection, run_ids, wanted)
    listed = pairs(connection, [run_id for run_id, _ in holding], [first for _, first in holding])
    query = (
        sa.select(*(FEATURE_BLOCK.c[name] for name in _COLUMNS))
        .join(
            listed,
            sa.and_(
                FEATURE_BLOCK.c.run_id == listed.c.text, FEATURE_BLOCK.c.first == listed.c.number
            ),
        )
        .order_by(FEATURE_BLOCK.c.run_id, FEATURE_BLOCK.c.first)
    )
    for row in connection.execution_options(yield_per=16).execute(query):
        block = _unpacked(row, columns)
        places = np.flatnonzero(np.isin(block.peptide_ids, wanted))
        ordinals = pa.array(block.first + places, pa.int32())
        values = block.values.take(places).add_column(0, "ordinal", ordinals)
        yield Block(block.run_id, block.first, block.peptide_ids[places], values)


def _holding(
    connection: Connection, run_ids: Collection[str], wanted: NDArray[np.int64]
) -> list[tuple[str, int]]:
    """Return run id and first ordinal of the blocks that hold a feature of a wanted peptide."""
    listed = strings(connection, run_ids)
    query = sa.select(
        FEATURE_BLOCK.c.run_id, FEATURE_BLOCK.c.first, FEATURE_BLOCK.c.peptide_ids
    ).where(FEATURE_BLOCK.c.run_id.in_(sa.select(listed.c.value)))
    return [
        (row.run_id, row.first)
        for row in connection.execution_options(yield_per=256).execute(query)
        if np.isin(wanted, np.frombuffer(row.peptide_ids, dtype=_ID)).any()
    ]


def _unpacked(row: Any, columns: Sequence[str]) -> Block:  # noqa: ANN401 - a row of the query
    fields = [FEATURE_VALUES.get_field_index(name) for name in columns]
    options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    values = pa.ipc.open_stream(row.content, options=options).read_all()
    ids = np.frombuffer(row.peptide_ids, dtype=_ID)
    return Block(row.run_id, row.first, ids, values.select(list(columns)))
