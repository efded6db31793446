"""Rows of a query as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CursorResult

    from omicstoken_kernel.store._values import AnyRow

__all__ = ["record_batch", "table_of"]

#: Rows turned at a time. Small, so that they are still in the processor's cache and the garbage
#: collector finds few of them: by the million, ten times as many take twice as long.
_ROWS = 2_000


def table_of(result: CursorResult[*tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    """Return all rows of a result as a table; its columns are the schema's, in order."""
    batches = [record_batch(rows, schema) for rows in result.partitions(_ROWS)]
    return pa.Table.from_batches(batches, schema=schema)


def record_batch(rows: Sequence[AnyRow], schema: pa.Schema) -> pa.RecordBatch:
    """Return some rows, at least one, as a batch with a schema."""
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)
