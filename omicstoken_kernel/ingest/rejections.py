"""The rejected rows of a file as a table, and packed to be kept with the upload.

A file may have a hundred thousand of them. As a JSON list they would be megabytes that every look
at the upload reads and parses; packed they are a short text that is opened only when asked for.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omicstoken_kernel.ingest.features import Rejection

__all__ = ["REJECTIONS", "pack", "rejections_of"]

#: Columns of the table of rejections, in the order of the file; ``column`` is empty where the whole
#: record is defect.
REJECTIONS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)


def pack(rejections: Sequence[Rejection]) -> dict[str, object]:
    """Return what an ingest report keeps: their number, and all of them, column by column."""
    columns = [[getattr(one, name) for one in rejections] for name in REJECTIONS.names]
    content = json.dumps(columns, ensure_ascii=False).encode("utf-8", "replace")
    return {"count": len(rejections), "packed": base64.b64encode(zlib.compress(content)).decode()}


def rejections_of(report: Mapping[str, object]) -> pa.Table:
    """Return the rejections that an ingest report keeps, with schema :data:`REJECTIONS`."""
    kept = report.get("rejections") or []
    if isinstance(kept, dict):
        columns = json.loads(zlib.decompress(base64.b64decode(kept["packed"])))
    else:
        # A list of records: what reports held at first.
        columns = [[row[name] for row in kept] for name in REJECTIONS.names]  # type: ignore[attr-defined]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, REJECTIONS, strict=True)],
        schema=REJECTIONS,
    )
