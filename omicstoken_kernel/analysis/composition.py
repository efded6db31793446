"""How the shares of joint clusters shift between sides, each shift with its interval.

Where every side has three biological replicates, the share is taken in each, and the difference of
the means has Student's t interval and p-value over replicates, with Benjamini and Hochberg's false
discovery rate over the clusters. (Welch's t was tried first: with three against three it has so few
degrees of freedom that its p-values are too large where nothing differs.) Where there are fewer,
the interval is Newcombe's for two proportions (hybrid score, method 10: Newcombe RG, Stat Med
17:873, 1998), and it speaks of the sampling of peptides alone: other peptides drawn from the same
material would differ like this, another donor need not. Shared peptides count on both sides, which
makes that interval rather too wide. All intervals of one comparison of two sides hold together at
95 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "LEVEL",
    "SAMPLING_ONLY",
    "Shift",
    "newcombe",
    "shifts_of_peptides",
    "shifts_of_replicates",
    "wilson",
]

#: At which all intervals of one comparison hold together.
LEVEL = 0.95

#: What an interval without replicates speaks of.
SAMPLING_ONLY = (
    "Without three biological replicates a side, the intervals speak of the sampling of peptides "
    "only, not of biology."
)


@dataclass(frozen=True)
class Shift:
    """The difference of one cluster's share between two sides, as shares (−1..1).

    ``low`` and ``high`` bound it; ``unit`` says over what (replicates or peptides); ``p_value`` and
    ``q_value`` are None without replicates. All are None where a side has no peptides to count.
    """

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    q_value: float | None
    unit: Literal["replicates", "peptides"]

    @property
    def beyond(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    def as_json(self) -> dict[str, object]:
        """Return the shift as a JSON object."""
        return vars(self) | {"beyond_interval": self.beyond}


def shifts_of_peptides(reference: NDArray[np.int64], side: NDArray[np.int64]) -> tuple[Shift, ...]:
    """Return the shift of every cluster, with Newcombe's interval over peptides.

    ``reference`` and ``side`` are (clusters,) int64 and add up to all peptides that were grouped.
    """
    totals = int(reference.sum()), int(side.sum())
    if not all(totals):
        return tuple(Shift(None, None, None, None, None, "peptides") for _ in reference)
    level = _each(len(reference))
    found = []
    for first, second in zip(reference.tolist(), side.tolist(), strict=True):
        low, high = newcombe((second, totals[1]), (first, totals[0]), level=level)
        difference = second / totals[1] - first / totals[0]
        found.append(Shift(difference, low, high, None, None, "peptides"))
    return tuple(found)


def shifts_of_replicates(
    reference: NDArray[np.int64], side: NDArray[np.int64]
) -> tuple[Shift, ...]:
    """Return the shift of every cluster, with Student's interval and p-value over replicates.

    ``reference`` and ``side`` are (clusters, replicates) int64; each column adds up to all peptides
    of a replicate that were grouped. A side needs at least two replicates that have any.
    """
    from scipy import stats

    shares = [counts[:, counts.sum(axis=0) > 0] for counts in (reference, side)]
    shares = [counts / counts.sum(axis=0) for counts in shares]
    sizes = [counts.shape[1] for counts in shares]
    if min(sizes) < 2:
        return tuple(Shift(None, None, None, None, None, "replicates") for _ in reference)
    differences = shares[1].mean(axis=1) - shares[0].mean(axis=1)
    df = sum(sizes) - 2
    squares = sum(
        of.var(axis=1, ddof=1) * (size - 1) for of, size in zip(shares, sizes, strict=True)
    )
    variance = np.asarray(squares) / df * (1 / sizes[0] + 1 / sizes[1])
    known = variance > 0  # shares that do not vary at all carry no interval
    spread = np.sqrt(variance)
    t = np.divide(np.abs(differences), spread, out=np.zeros_like(spread), where=known)
    p = 2 * stats.t.sf(t, df)
    q = np.full(len(p), np.nan)
    if known.any():
        q[known] = stats.false_discovery_control(p[known], method="bh")
    half = stats.t.ppf((1 + _each(len(p))) / 2, df) * spread
    return tuple(
        Shift(
            float(differences[row]),
            float(differences[row] - half[row]) if known[row] else None,
            float(differences[row] + half[row]) if known[row] else None,
            float(p[row]) if known[row] else None,
            float(q[row]) if known[row] else None,
            "replicates",
        )
        for row in range(len(p))
    )


def _each(number: int) -> float:
    """Return the level of each of some intervals that hold together at :data:`LEVEL`."""
    return 1 - (1 - LEVEL) / max(number, 1)


def wilson(hits: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a proportion (Wilson EB, J Am Stat Assoc 22:209, 1927).

    >>> [round(bound, 4) for bound in wilson(56, 70)]
    [0.6918, 0.877]
    """
    from scipy.stats import norm

    z = float(norm.ppf((1 + level) / 2))
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def newcombe(
    first: tuple[int, int], second: tuple[int, int], *, level: float = LEVEL
) -> tuple[float, float]:
    """Return the interval of the difference of two proportions, each given as hits and number.

    >>> [round(bound, 4) for bound in newcombe((56, 70), (48, 80))]  # Newcombe 1998, table II (a)
    [0.0524, 0.3339]
    """
    shares = [hits / n for hits, n in (first, second)]
    (low1, high1), (low2, high2) = (wilson(*pair, level=level) for pair in (first, second))
    difference = shares[0] - shares[1]
    below = np.sqrt((shares[0] - low1) ** 2 + (high2 - shares[1]) ** 2)
    above = np.sqrt((high1 - shares[0]) ** 2 + (shares[1] - low2) ** 2)
    return float(difference - below), float(difference + above)
