"""How many peptides two sides would share by chance, and what "by chance" means here.

Null: each side is a draw without replacement, as large as it is at each length, from the pool of
all peptides of that length in the owner's runs. The number shared is then hypergeometric at each
length, with mean a b / N, and the sum over lengths is taken for normal. The pool stands for what
could have been detected. A pool that holds hardly more than the two sides themselves cannot:
whatever two sides share, draws from their own union would be expected to share at least as much,
and of four samples the two most alike share fewer than draws from all four. So there is an
expectation only where the pool is at least ten times as large as the two sides together.

It is a reference and no test: peptides are not detected with equal chances and not one by one, so
related samples share more than this draw nearly always, and a p-value would say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["LEAST_POOL", "ChanceOverlap", "chance_overlap", "count_by_length"]

#: The pool is at least this many times as large as two sides together.
LEAST_POOL = 10

_Z = 1.96


@dataclass(frozen=True)
class ChanceOverlap:
    """Shared peptides expected of random draws.

    Parameters
    ----------
    expected, low, high
        (sides, sides) float64: the mean, and between what 95 of 100 draws lie; NaN where the pool
        is too small, and on the diagonal.
    pool
        (sides, sides) int64: peptides the two sides are drawn from, of the lengths they have.
    """

    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    pool: NDArray[np.int64]

    @property
    def known(self) -> bool:
        """Whether any two sides have an expectation."""
        return bool(np.isfinite(self.expected).any())


def chance_overlap(
    counts: NDArray[np.int64], pool: NDArray[np.int64], shared: NDArray[np.int64]
) -> ChanceOverlap:
    """Return the overlap that chance would make of every pair of sides.

    Parameters
    ----------
    counts
        (sides, lengths) peptides of each side by length.
    pool
        (lengths,) peptides there are of each length; at least those of each side.
    shared
        (sides, sides) what they do share; only for how large two sides are together.

    Examples
    --------
    >>> counts, pool = np.array([[10], [20]]), np.array([1000])
    >>> chance_overlap(counts, pool, np.array([[10, 3], [3, 20]])).expected.tolist()
    [[nan, 0.2], [0.2, nan]]
    """
    total = np.maximum(pool, 1).astype(np.float64)
    share = counts / total
    expected = counts @ share.T
    # Hypergeometric variance: N1 N2 (N - N1) (N - N2) / (N² (N - 1)), summed over lengths.
    rest = counts * (total - counts) / total
    variance = rest @ (rest / np.maximum(total - 1, 1)).T
    spread = _Z * np.sqrt(variance)
    lengths = (counts > 0).astype(np.int64)
    # Of the lengths that either side has.
    either = lengths @ pool
    sizes = either[:, None] + either[None, :] - (lengths * pool) @ lengths.T
    together = counts.sum(axis=1)[:, None] + counts.sum(axis=1)[None, :] - shared
    unknown = (sizes < LEAST_POOL * together) | (together == 0)
    np.fill_diagonal(unknown, val=True)
    ceiling = np.minimum(counts.sum(axis=1)[:, None], counts.sum(axis=1)[None, :])
    return ChanceOverlap(
        expected=np.where(unknown, np.nan, expected),
        low=np.where(unknown, np.nan, np.maximum(expected - spread, 0)),
        high=np.where(unknown, np.nan, np.minimum(expected + spread, ceiling)),
        pool=sizes,
    )


def count_by_length(lengths: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return how many peptides each side has by length, (sides, lengths), from their lengths."""
    longest = max((int(each.max()) for each in lengths if len(each)), default=0)
    return np.array([np.bincount(each, minlength=longest + 1) for each in lengths], dtype=np.int64)
