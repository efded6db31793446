"""Vectors as rows of the database: little-endian float32, ``dim`` of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from omicstoken_kernel.store._values import AnyRow

__all__ = ["checked", "read", "unpacked"]

#: Rows fetched at a time: to make all at once would hold up every other thread.
_ROWS = 1_000


def checked(ids: NDArray[np.int64], vectors: NDArray[np.float32], dim: int) -> NDArray[np.float32]:
    """Return the vectors as they are stored, or say what is wrong with them."""
    matrix = np.ascontiguousarray(vectors, dtype="<f4")
    if ids.ndim != 1 or matrix.shape != (len(ids), dim):
        msg = f"Expected vectors of shape ({len(ids)}, {dim}), found {matrix.shape}."
        raise InputError(msg, "Give one vector for each peptide.")
    bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1) | ~matrix.any(axis=1))
    if len(bad):
        msg = f"The vector of peptide {ids[bad[0]]} is all zeros or not finite."
        raise InputError(msg, "A model that makes such vectors has a defect; nothing was stored.")
    return matrix


def read(
    connection: sa.Connection, query: sa.Select[Any], dim: int, *, batch: int = _ROWS
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield what a query of ids and vectors finds, ``batch`` rows at a time."""
    with connection.execution_options(yield_per=batch).execute(query) as result:
        for rows in result.partitions():
            yield unpacked(rows, dim)


def unpacked(rows: Sequence[AnyRow], dim: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the ids, (n,) int64, and the vectors, (n, dim) float32, of rows.

    Raises
    ------
    StoreError
        If a vector has another length.
    """
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    blob = b"".join([row[1] for row in rows])
    if len(blob) != len(rows) * dim * 4:
        msg = f"Found {len(blob):,} bytes of {len(rows):,} vectors of {dim} dimensions."
        raise StoreError(msg, "Run 'omicstoken doctor' to check the workspace.")
    return ids, np.frombuffer(blob, dtype="<f4").reshape(len(rows), dim)
