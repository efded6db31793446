"""Which peptides runs have in common: membership in full, and the sizes of every pair's overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Overlap", "overlap_of"]


@dataclass(frozen=True)
class Overlap:
    """The peptides of two or more runs, side by side.

    Parameters
    ----------
    run_ids
        The runs, in the order of every matrix.
    membership
        One row per peptide, sorted: ``sequence``, ``variants`` (every sequence as written; more
        than one only where I and L count as one residue) and a bool column per run, named by its
        id.
    shared
        Peptides in every run.
    unique
        By run, peptides detected in no other.
    intersections
        (runs, runs) int64: peptides in both; a run's own number on the diagonal.
    jaccard, coefficient
        (runs, runs) float64, 0..1: shared over the union, and shared over the smaller of the two.
        NaN where there is nothing to divide by.
    merged
        How many peptides as written became one with another because I and L count as one.
    """

    run_ids: tuple[str, ...]
    membership: pa.Table
    shared: tuple[str, ...]
    unique: dict[str, tuple[str, ...]]
    intersections: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    coefficient: NDArray[np.float64]
    merged: int

    @property
    def matrix(self) -> NDArray[np.bool_]:
        """Membership as a matrix, (peptides, runs) bool."""
        columns = [self.membership[run].to_numpy() for run in self.run_ids]
        return np.column_stack(columns)

    def rows_of(self, sequences: pa.StringArray) -> NDArray[np.int64]:
        """Return the row of each sequence as written, (n,); each must be one of the runs' own."""
        variants: pa.ListArray = self.membership["variants"].combine_chunks()
        found = pc.index_in(sequences, variants.flatten())
        return np.asarray(pc.list_parent_indices(variants).take(found).to_numpy(), dtype=np.int64)

    @property
    def sizes(self) -> dict[str, int]:
        """Number of distinct peptides by run."""
        return dict(zip(self.run_ids, self.intersections.diagonal().tolist(), strict=True))


def overlap_of(peptides: Mapping[str, Sequence[str]], *, il_equivalent: bool = False) -> Overlap:
    """Return the overlap of runs given by their distinct peptides.

    Parameters
    ----------
    peptides
        Run id to sequences.
    il_equivalent
        True counts I and L, which have the same mass, as one residue; the sequences as written
        stay in ``variants``.

    Examples
    --------
    >>> found = overlap_of({"a": ["SIINFEKL", "GILGFVFTL"], "b": ["SLINFEKL"]})
    >>> found.shared, found.unique["b"]
    ((), ('SLINFEKL',))
    >>> overlap_of({"a": ["SIINFEKL"], "b": ["SLINFEKL"]}, il_equivalent=True).shared
    ('SIINFEKL',)
    """
    # By Arrow throughout: a hundred thousand Python sets would hold up every other thread.
    run_ids = tuple(peptides)
    columns = [pa.array(peptides[run_id], pa.string()) for run_id in run_ids]
    written = pc.unique(pa.chunked_array(columns, pa.string()))
    written = written.take(pc.sort_indices(written))
    keys = pc.replace_substring(written, "I", "L") if il_equivalent else written
    # Codes count up with the first spelling of each key, so that rows are sorted as spellings are.
    coded = keys.dictionary_encode()
    row_of = coded.indices.to_numpy()
    member = np.zeros((len(coded.dictionary), len(run_ids)), dtype=bool)
    for column, sequences in enumerate(columns):
        member[row_of[pc.index_in(sequences, written).to_numpy()], column] = True
    variants = _grouped(written, row_of, len(member))
    names = pc.list_element(variants, 0)
    alone = member & (member.sum(axis=1, keepdims=True) == 1)
    intersections = _intersections(member)
    return Overlap(
        run_ids=run_ids,
        membership=_table(run_ids, names, variants, member),
        shared=_chosen(names, np.asarray(member.all(axis=1))),
        unique={run: _chosen(names, alone[:, column]) for column, run in enumerate(run_ids)},
        intersections=intersections,
        jaccard=_divide(intersections, _unions(intersections)),
        coefficient=_divide(intersections, _smaller(intersections)),
        merged=len(written) - len(member),
    )


def _grouped(written: pa.StringArray, rows: NDArray[np.int32], count: int) -> pa.ListArray:
    """Return the spellings of each row; within a row they stay sorted."""
    ends = np.cumsum(np.bincount(rows, minlength=count))
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, written.take(np.argsort(rows, kind="stable")))


def _chosen(names: pa.StringArray, keep: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(names.filter(keep).to_pylist())


def _intersections(member: NDArray[np.bool_]) -> NDArray[np.int64]:
    # float32 counts exactly up to 16 million peptides and multiplies by BLAS.
    counts = member.astype(np.float32)
    return np.asarray(counts.T @ counts).round().astype(np.int64)


def _unions(intersections: NDArray[np.int64]) -> NDArray[np.int64]:
    sizes = intersections.diagonal()
    return np.asarray(sizes[:, None] + sizes[None, :] - intersections, dtype=np.int64)


def _smaller(intersections: NDArray[np.int64]) -> NDArray[np.int64]:
    sizes = intersections.diagonal()
    return np.minimum(sizes[:, None], sizes[None, :])


def _divide(numerator: NDArray[np.int64], denominator: NDArray[np.int64]) -> NDArray[np.float64]:
    undefined = np.full(numerator.shape, np.nan)
    return np.asarray(np.divide(numerator, denominator, out=undefined, where=denominator > 0))


def _table(
    run_ids: tuple[str, ...],
    names: pa.StringArray,
    variants: pa.ListArray,
    member: NDArray[np.bool_],
) -> pa.Table:
    columns = {"sequence": names, "variants": variants}
    columns |= {run: pa.array(member[:, column]) for column, run in enumerate(run_ids)}
    return pa.table(columns)
