"""Arrow tables as one value of one row: an IPC stream, packed by zstd."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["from_stream", "to_stream"]


def to_stream(table: pa.Table, schema: pa.Schema) -> bytes:
    """Return a table's columns of a schema as bytes."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        writer.write_table(table.select(schema.names).cast(schema).combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_stream(content: bytes) -> pa.Table:
    """Return the table that :func:`to_stream` packed."""
    return pa.ipc.open_stream(content).read_all()
