"""Ids that say what they identify and are the same whenever the same thing is stored again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

__all__ = ["make_id", "peptides_digest"]


def make_id(prefix: str, *parts: str) -> str:
    """Return ``prefix_`` and 16 hex digits of the parts' digest.

    >>> make_id("run", "up_1", "Run A") == make_id("run", "up_1", "Run A")
    True
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
    return f"{prefix}_{digest[:16]}"


def peptides_digest(sequences: Iterable[str] | pa.ChunkedArray) -> str:
    """Return the sha256 over the sorted distinct sequences, one a line; fingerprints rest on it.

    A column of Arrow's is digested without making Python objects of its sequences.

    >>> import pyarrow as pa
    >>> peptides_digest(pa.chunked_array([["B", "A"], ["B"]])) == peptides_digest(["A", "B"])
    True
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not isinstance(sequences, pa.ChunkedArray):
        # Sorting what comes sorted, as it mostly does, is quick; a set would lose that.
        listed = "\n".join(dict.fromkeys(sorted(sequences)))
        return hashlib.sha256(listed.encode("ascii")).hexdigest()
    distinct = pc.unique(sequences)
    ordered = distinct.take(pc.array_sort_indices(distinct))
    together = pa.ListArray.from_arrays(pa.array([0, len(ordered)], pa.int32()), ordered)
    lines = pc.binary_join(together, "\n")
    return hashlib.sha256(lines[0].as_buffer()).hexdigest()
