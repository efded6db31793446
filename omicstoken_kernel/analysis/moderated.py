"""Moderated t-tests: many peptides, few replicates, each variance leaning on all others.

With three replicates a variance is hardly known, and an ordinary t-test picks the peptides whose
values happen to lie close together. Smyth GK, Stat Appl Genet Mol Biol 3:3 (2004), treats the
variances as drawn from a scaled inverse chi-square distribution with d0 degrees of freedom around
s0²; each is then replaced by (d0 s0² + d s²) / (d0 + d) and tested with d0 + d degrees of freedom.
d0 and s0² come from the mean and the variance of log s² (section 6.2 there). The corners are
limma's (Ritchie ME et al., Nucleic Acids Res 43:e47, 2015): variances of zero are lifted to 1e-5 of
the median; where log s² varies less than chance alone would make it, d0 is infinite and s0² the
mean variance; and no test has more degrees of freedom than all residuals together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "FEWEST_VALUES",
    "ModeratedTest",
    "Prior",
    "fit_prior",
    "moderated_t",
    "trigamma_inverse",
]

#: A peptide is tested where each side has at least this many values.
FEWEST_VALUES = 2

_LEAST_VARIANCE = 1e-5  # of the median variance
#: No p-value is zero: smaller ones than a float64 holds are told as the smallest it holds.
_LEAST_P = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Prior:
    """What variances have in common: ``variance`` s0² and ``df`` d0, which may be infinite."""

    variance: float
    df: float


@dataclass(frozen=True)
class ModeratedTest:
    """One test per row.

    Parameters
    ----------
    difference
        (n,) float64: mean of the second side less mean of the first; NaN where a side has no value.
    first, second
        (n,) int64: values on each side.
    t, df, p
        (n,) float64: moderated statistic, its degrees of freedom and its two-sided p-value; NaN
        where not tested.
    prior
        None where no row could be tested.
    """

    difference: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    t: NDArray[np.float64]
    df: NDArray[np.float64]
    p: NDArray[np.float64]
    prior: Prior | None


def trigamma_inverse(value: float) -> float:
    """Return y with trigamma(y) = value > 0, by Newton's method on 1/trigamma.

    >>> round(trigamma_inverse(np.pi**2 / 6), 6)
    1.0
    """
    from scipy.special import polygamma

    # Beyond these the first term of the series is exact in double precision.
    if value > 1e7:
        return float(1 / np.sqrt(value))
    if value < 1e-6:
        return 1 / value
    y = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, y))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, y))
        y += step
        if -step / y < 1e-8:
            break
    return y


def fit_prior(variances: NDArray[np.float64], df: NDArray[np.float64]) -> Prior:
    """Return the common prior of variances with their degrees of freedom, all above 0.

    >>> found = fit_prior(np.array([0.5, 1.3, 7.8]), np.full(3, 3.0))
    >>> round(found.df, 6), round(found.variance, 6)
    (2.830777, 1.676927)
    """
    from scipy.special import digamma, polygamma

    if len(variances) == 1:
        return Prior(float(variances[0]), 0.0)
    # More than half of them zero: there is no scale to lift the others to but 1.
    middle = float(np.median(variances)) or 1.0
    lifted = np.maximum(variances, _LEAST_VARIANCE * middle)
    half = df / 2
    logs = np.log(lifted) - digamma(half) + np.log(half)
    excess = float(logs.var(ddof=1) - polygamma(1, half).mean())
    if excess <= 0:
        return Prior(float(lifted.mean()), float("inf"))
    prior_df = 2 * trigamma_inverse(excess)
    log_variance = logs.mean() + digamma(prior_df / 2) - np.log(prior_df / 2)
    return Prior(float(np.exp(log_variance)), prior_df)


def moderated_t(
    first: NDArray[np.float64], second: NDArray[np.float64], *, test: bool = True
) -> ModeratedTest:
    """Return a two-sided moderated t-test of every row of two matrices.

    Parameters
    ----------
    first, second
        (n, replicates) float64 on the log2 scale, NaN where there is no value.
    test
        False gives differences and numbers of values alone.
    """
    from scipy import stats

    counts = [np.isfinite(side).sum(axis=1) for side in (first, second)]
    means = [_mean(side) for side in (first, second)]
    squares = sum(
        np.nansum((side - mean[:, None]) ** 2, axis=1)
        for side, mean in zip((first, second), means, strict=True)
    )
    n = len(first)
    t, df, p = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    difference = means[1] - means[0]
    rows = np.flatnonzero((counts[0] >= FEWEST_VALUES) & (counts[1] >= FEWEST_VALUES))
    prior = None
    if test and len(rows):
        residual = (counts[0] + counts[1] - 2)[rows].astype(np.float64)
        variances = np.asarray(squares)[rows] / residual
        prior = fit_prior(variances, residual)
        squeezed = _squeeze(variances, residual, prior)
        error = np.sqrt(squeezed * (1 / counts[0][rows] + 1 / counts[1][rows]))
        df[rows] = np.minimum(residual + prior.df, residual.sum())
        # All values of a file equal: there is nothing to test.
        known = error > 0
        t[rows[known]] = difference[rows[known]] / error[known]
        p[rows] = np.maximum(2 * stats.t.sf(np.abs(t[rows]), df[rows]), _LEAST_P)
    return ModeratedTest(difference, counts[0], counts[1], t, df, p, prior)


def _squeeze(
    variances: NDArray[np.float64], df: NDArray[np.float64], prior: Prior
) -> NDArray[np.float64]:
    if np.isinf(prior.df):
        return np.full(len(variances), prior.variance)
    squeezed = (prior.df * prior.variance + df * variances) / (prior.df + df)
    return np.asarray(squeezed, dtype=np.float64)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each row's values; NaN, without a warning, where it has none."""
    counts = np.isfinite(values).sum(axis=1)
    undefined = np.full(len(values), np.nan)
    return np.asarray(np.divide(np.nansum(values, axis=1), counts, out=undefined, where=counts > 0))
