"""Exact nearest neighbours among unit vectors, all of them or only allowed ones.

Problem: the answer must be the true one, the same on every path and every machine, and limited to
the peptides the owner may see. Searching everything and dropping the forbidden afterwards loses
hits, so the restriction comes before the scan.

Choice, measured with 1 000 000 x 320 vectors on two cores (``benchmarks/bench_search.py``):

- everything allowed: the plain FAISS scan; - few allowed: their rows are gathered in blocks and
multiplied. At 1 % of the rows that is more than
  thirty times faster than the plain scan; for one query it pays up to 10 % (at 5 % 18 ms against
  27 ms for skipping, at 20 % 80 against 68), and as gathered rows serve all queries at once, for 16
  of them as far as was measured (at 80 % 1.8 s against 3.0 s);
- many allowed: FAISS skips the others by a bitmap while it scans, which costs less than copying.

These sums are in float32, whose last digits depend on the path. So each path only proposes
candidates: all rows within :data:`_ROUNDING` of the k-th best and a few more. They are multiplied
again in float64, rounded, and ordered by similarity and then by peptide id. Where rows are so alike
that the proposals may not hold all of them, the rows are gone through once more without a limit.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from omicstoken_kernel.index.manifest import IndexManifest

__all__ = ["GATHER_BELOW", "FlatIndex"]

#: Share of the rows per query below which allowed rows are gathered instead of skipping the others.
GATHER_BELOW = 0.1
#: Never gather more than this share, however many queries there are.
_GATHER_AT_MOST = 0.8

_SLACK = 32  # candidates beyond k, so that ties at the k-th place are seen whole
_ROUNDING = 2e-6  # far above the error of 320 float32 products of unit vectors
# Rows gathered at once: for one query 1.3 MB, which stays in the cache; for several 21 MB, so that
# the threads of the matrix product meet less often.
_BLOCK, _BLOCK_OF_SEVERAL = 1024, 16_384
_QUERIES = 32  # queries gathered for at once, which bounds the table of similarities


class FlatIndex:
    """Unit vectors with the ids of their peptides, in memory.

    Parameters
    ----------
    manifest
        What it holds.
    index
        The FAISS index: unit vectors in an ``IndexFlatIP`` inside an ``IndexIDMap2``, whose ids are
        peptide ids in ascending order.

    Attributes
    ----------
    ids
        Peptide ids of the rows, (n,) int64, ascending.
    stale
        None, or why the index is not up to date with the store.
    """

    def __init__(self, manifest: IndexManifest, index: Any) -> None:  # noqa: ANN401 - faiss's own
        import faiss

        self.manifest = manifest
        self.ids: NDArray[np.int64] = faiss.vector_to_array(index.id_map)
        self.stale: str | None = None
        # The vectors belong to the outer index, which must live as long as the inner one is used.
        self._index = index
        self._flat = faiss.downcast_index(index.index)
        self._rows = _rows_of(self._flat)
        self._row_of_id = _row_table(self.ids)

    @property
    def model_key(self) -> str:
        """The model whose vectors these are."""
        return self.manifest.model_key

    @property
    def dim(self) -> int:
        """The length of the vectors; 0 where there are none."""
        return self.manifest.dim

    def __len__(self) -> int:
        return len(self.ids)

    def as_stale(self, reason: str) -> FlatIndex:
        """Return the same index marked as not up to date."""
        marked = copy.copy(self)
        marked.stale = reason
        return marked

    def search(
        self,
        vectors: NDArray[np.float32],
        k: int,
        *,
        allowed: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the k most similar peptides to each query, most similar first.

        Parameters
        ----------
        vectors
            Queries, (q, dim) float32, of any length but zero.
        k
            How many, at least 1.
        allowed
            Peptide ids to search among, in any order; ids without a vector are passed over. None
            means all.

        Returns
        -------
        similarities : (q, k') float32
            Cosines, -1..1, descending; ``k'`` is k or the number of peptides searched, if less.
        peptide_ids : (q, k') int64
            Equal similarities come in the order of peptide ids.

        Raises
        ------
        InputError
            If k is below 1, or the queries have another dimension, are zero or not finite.
        """
        if k < 1:
            msg = f"A search for {k} peptides finds nothing."
            raise InputError(msg, "Ask for at least one.")
        rows = None if allowed is None else self.rows_of(allowed)
        searched = len(self) if rows is None else len(rows)
        if rows is not None and searched == len(self):
            rows = None
        if not searched:
            return np.zeros((len(vectors), 0), np.float32), np.zeros((len(vectors), 0), np.int64)
        queries = self._unit(vectors)
        k = min(k, searched)
        similarities = np.empty((len(queries), k), dtype=np.float32)
        peptide_ids = np.empty((len(queries), k), dtype=np.int64)
        for place, candidates in enumerate(self._candidates(queries, k, rows)):
            similarities[place], peptide_ids[place] = self._ranked(queries[place], candidates, k)
        return similarities, peptide_ids

    def best(self, vectors: NDArray[np.float32], allowed: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how similar the most similar of some peptides is to each query, (q,) float32.

        -1 where none of them is here. In float32: the last digits may differ from :meth:`search`.
        """
        queries, rows = self._unit(vectors), self.rows_of(allowed)
        found = np.full(len(queries), -1, dtype=np.float32)
        for start in range(0, len(rows), _BLOCK_OF_SEVERAL):
            block = self._rows[rows[start : start + _BLOCK_OF_SEVERAL]]
            np.maximum(found, (queries @ block.T).max(axis=1), out=found)
        return np.clip(found, -1, 1, out=found)

    def rows_of(self, peptide_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of those peptides that are here, (m,) int64, ascending, each once."""
        ids = np.asarray(peptide_ids, dtype=np.int64)
        if len(ids) > 1 and not (ids[1:] > ids[:-1]).all():
            ids = np.unique(ids)
        if self._row_of_id is None:
            rows = np.minimum(np.searchsorted(self.ids, ids), max(len(self) - 1, 0))
            return rows[self.ids[rows] == ids] if len(self) else rows[:0]
        rows = self._row_of_id[ids[(ids >= 0) & (ids < len(self._row_of_id))]].astype(np.int64)
        return rows[rows >= 0]

    def _unit(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the queries at unit length, (q, dim) float32."""
        queries = np.asarray(vectors, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            msg = f"Expected queries of shape (q, {self.dim}), found {queries.shape}."
            raise InputError(msg, f"Embed them with the model {self.model_key}.")
        lengths = np.linalg.norm(queries.astype(np.float64), axis=1, keepdims=True)
        if not (np.isfinite(lengths) & (lengths > 0)).all():
            msg = "A query vector is zero or not finite, so it points nowhere."
            raise InputError(msg, "Use vectors as the model gives them.")
        unit: NDArray[np.float32] = np.ascontiguousarray(queries / lengths, dtype=np.float32)
        return unit

    def _candidates(
        self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None
    ) -> Iterator[NDArray[np.int64]]:
        """Yield for each query rows among which its k best are for certain, (m,) int64."""
        share = 1.0 if rows is None else len(rows) / len(self)
        if rows is not None and share < min(_GATHER_AT_MOST, GATHER_BELOW * len(queries)):
            for start in range(0, len(queries), _QUERIES):
                for similarities in self._gathered(queries[start : start + _QUERIES], rows):
                    yield rows[_near_best(similarities, k)]
            return
        yield from self._scanned(queries, k, rows)

    def _gathered(
        self, queries: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the similarities of queries with some rows, (q, m) float32."""
        similarities = np.empty((len(queries), len(rows)), dtype=np.float32)
        size = min(_BLOCK if len(queries) == 1 else _BLOCK_OF_SEVERAL, len(rows))
        block = np.empty((size, self.dim), dtype=np.float32)
        for start in range(0, len(rows), size):
            chosen = rows[start : start + size]
            # Any mode but "raise" writes straight into the block; all rows exist.
            np.take(self._rows, chosen, axis=0, out=block[: len(chosen)], mode="clip")
            similarities[:, start : start + size] = queries @ block[: len(chosen)].T
        return similarities

    def _scanned(
        self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None
    ) -> Iterator[NDArray[np.int64]]:
        """Yield the candidates of each query after one scan of the allowed rows by FAISS."""
        import faiss

        searched = len(self) if rows is None else len(rows)
        fetched = min(k + _SLACK, searched)
        if rows is None:
            similarities, found = self._flat.search(queries, fetched)
        else:
            chosen = np.zeros(len(self), dtype=bool)
            chosen[rows] = True
            bitmap = np.packbits(chosen, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bitmap))
            only = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # made by swig
            similarities, found = self._flat.search(queries, fetched, params=only)
        for place, (best, candidates) in enumerate(zip(similarities, found, strict=True)):
            if fetched < searched and best[-1] >= best[k - 1] - _ROUNDING:
                yield self._all_near(queries[place], best[k - 1] - _ROUNDING, rows)
            else:
                yield candidates

    def _all_near(
        self, query: NDArray[np.float32], least: float, rows: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Return every allowed row whose similarity is at least ``least``, (m,) int64."""
        if rows is None:
            rows = np.arange(len(self), dtype=np.int64)
        near: NDArray[np.int64] = rows[self._gathered(query[None], rows)[0] >= least]
        return near

    def _ranked(
        self, query: NDArray[np.float32], rows: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return similarities and peptide ids of the k best of some rows, (k,) each."""
        exact = np.empty(len(rows), dtype=np.float32)
        precise = query.astype(np.float64)
        for start in range(0, len(rows), _BLOCK):
            block = self._rows[rows[start : start + _BLOCK]].astype(np.float64)
            # einsum sums every row in the same way; a matrix product may not.
            exact[start : start + _BLOCK] = np.einsum("ij,j->i", block, precise)
        np.clip(exact, -1, 1, out=exact)
        ids = self.ids[rows]
        order = np.lexsort((ids, -exact))[:k]
        return exact[order], ids[order]


def _rows_of(flat: Any) -> NDArray[np.float32]:  # noqa: ANN401 - faiss has no types
    """Return FAISS's own memory of the vectors as an array, (n, dim) float32, without a copy."""
    import faiss

    if not flat.ntotal:
        return np.zeros((0, flat.d), dtype=np.float32)
    memory = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    rows: NDArray[np.float32] = memory.reshape(flat.ntotal, flat.d)
    return rows


def _row_table(ids: NDArray[np.int64]) -> NDArray[np.int32] | None:
    """Return the row of every id from 0 on, -1 where it has none, (max id + 1,) int32.

    None where ids lie so far apart that the table would be mostly holes; then they are searched.
    """
    if not len(ids) or ids[0] < 0 or ids[-1] > 4 * len(ids) + 1_000_000:
        return None
    table = np.full(int(ids[-1]) + 1, -1, dtype=np.int32)
    table[ids] = np.arange(len(ids), dtype=np.int32)
    return table


def _near_best(similarities: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Return the places of the k best and of all that rounding may have put just behind them."""
    if len(similarities) <= k + _SLACK:
        return np.arange(len(similarities))
    least = np.partition(similarities, len(similarities) - k)[len(similarities) - k]
    return np.flatnonzero(similarities >= least - _ROUNDING)
