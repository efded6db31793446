"""How far apart two sets of vectors lie, as an effect size with its reference.

Measure: the energy coefficient of inhomogeneity, H = (2 E|X-Y| - E|X-X'| - E|Y-Y'|) / 2 E|X-Y|
(Székely GJ, Rizzo ML, J Stat Plan Inference 143:1249, 2013), with unbiased means. It is 0 if and
only if the two distributions are the same and 1 for two different points, needs no bandwidth (as
the maximum mean discrepancy would), and looks at whole distributions where a distance of means
would not. Being unbiased it scatters about 0 for sets that do not differ, so it may come out
slightly negative.

Reference: the same measure between random halves of one run, its 95th percentile over splits.
Halves are smaller than the sets compared, so the reference is on the safe side. A distance beyond
it is more than chance would make of these very peptides; whether it is more than the difference
between two samples of the same kind, only biological replicates can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["FEWEST", "Distances", "energy_distances"]

#: Sets of fewer vectors than this have no distance: their halves would say nothing.
FEWEST = 20

_MOST_PER_SET = 2_000
_MOST_PAIRS = 150_000_000  # pairs of vectors looked at in all; a second or two
_SPLITS = 50
_QUANTILE = 0.95


@dataclass(frozen=True)
class Distances:
    """Distances between sets of vectors.

    Parameters
    ----------
    matrix
        (sets, sets) float64, at most 1; 0 on the diagonal, NaN where a set is too small.
    references
        (sets,) float64: the 95th percentile between random halves of the set, NaN where too small.
    sampled
        (sets,) int64: vectors looked at.
    """

    matrix: NDArray[np.float64]
    references: NDArray[np.float64]
    sampled: NDArray[np.int64]


def energy_distances(
    sets: Sequence[NDArray[np.float32]], generator: np.random.Generator
) -> Distances:
    """Return the energy coefficient between all pairs of sets of vectors.

    Parameters
    ----------
    sets
        Unit vectors, each (n, dim) float32. Large sets are sampled: at most 2 000 vectors each,
        fewer where there are many sets.
    generator
        For the samples and the random halves.
    """
    from threadpoolctl import threadpool_limits

    number = len(sets)
    most = int(min(_MOST_PER_SET, (2 * _MOST_PAIRS / (number * (number + 1))) ** 0.5))
    chosen = [_sample(vectors, most, generator) for vectors in sets]
    usable = [index for index, vectors in enumerate(chosen) if len(vectors) >= FEWEST]
    matrix = np.full((number, number), np.nan)
    references = np.full(number, np.nan)
    within = np.full(number, np.nan)
    # One thread: sums in one order, so the same figures on every machine.
    with threadpool_limits(limits=1):
        for index in usable:
            apart = _apart(chosen[index], chosen[index]).astype(np.float64)
            np.fill_diagonal(apart, 0.0)
            within[index] = apart.sum() / (len(apart) * (len(apart) - 1))
            references[index] = _halves(apart, generator)
            matrix[index, index] = 0.0
        for place, one in enumerate(usable):
            for other in usable[place + 1 :]:
                between = float(_apart(chosen[one], chosen[other]).mean(dtype=np.float64))
                found = _coefficient(between, within[one], within[other])
                matrix[one, other] = matrix[other, one] = found
    sampled = np.array([len(vectors) for vectors in chosen], dtype=np.int64)
    return Distances(matrix, references, sampled)


def _sample(
    vectors: NDArray[np.float32], most: int, generator: np.random.Generator
) -> NDArray[np.float32]:
    if len(vectors) <= most:
        return vectors
    return vectors[np.sort(generator.choice(len(vectors), most, replace=False))]


def _apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Euclidean distances between unit vectors, (n, m) float32, from their cosines."""
    # In place: of a hundred runs there are five thousand such matrices.
    apart: NDArray[np.float32] = one @ other.T
    apart *= -2.0
    apart += 2.0
    np.maximum(apart, 0.0, out=apart)
    np.sqrt(apart, out=apart)
    return apart


def _coefficient(between: float, one: float, other: float) -> float:
    # Two sets that are one and the same point have no distance between them.
    return (2 * between - one - other) / (2 * between) if between > 0 else 0.0


def _halves(apart: NDArray[np.float64], generator: np.random.Generator) -> float:
    """Return the 95th percentile of the coefficient between random halves of one set.

    ``apart`` holds the distances within the set, (n, n) with zeros on the diagonal.
    """
    n = len(apart)
    half = n // 2
    first = np.zeros((n, _SPLITS))
    for split in range(_SPLITS):
        first[generator.permutation(n)[:half], split] = 1.0
    second = 1.0 - first
    to_first = apart @ first
    to_second = apart.sum(axis=1)[:, None] - to_first
    rest = n - half
    within_first = (first * to_first).sum(axis=0) / (half * (half - 1))
    within_second = (second * to_second).sum(axis=0) / (rest * (rest - 1))
    between = (first * to_second).sum(axis=0) / (half * rest)
    found = [
        _coefficient(*means) for means in zip(between, within_first, within_second, strict=True)
    ]
    return float(np.quantile(found, _QUANTILE))
