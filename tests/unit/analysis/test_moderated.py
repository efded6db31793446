"""Moderated t-tests against limma's figures, by hand, and where nothing differs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from omicstoken_kernel.analysis.moderated import fit_prior, moderated_t, trigamma_inverse

# What limma 3.55 gives for norm.rvs(size=(10, 6), scale=0.3, random_state=42) with 2 added to the
# first row's first two values: the reference in the tests of inmoose, its port to Python.
LIMMA_PRIOR_DF, LIMMA_PRIOR_VARIANCE = 71047.76, 0.1198481
LIMMA_POSTERIOR = [
    0.1198767, 0.1198449, 0.1198461, 0.1198489, 0.1198430,
    0.1198488, 0.1198448, 0.1198451, 0.1198462, 0.1198452,
]  # fmt: skip
LIMMA_FIRST = [
    1.4339472, 0.1877173, -0.3396236, -0.0854679, -0.1584454,
    0.1237074, -0.3078993, -0.1895274, -0.1095338, 0.1123062,
]  # fmt: skip
LIMMA_SECOND = [
    0.10547395, -0.03865874, -0.12608713, -0.15829963, -0.05166344,
    -0.14560097, 0.11066961, -0.01233607, -0.04503280, 0.09975962,
]  # fmt: skip


def test_prior_is_that_of_limma_for_three_variances():
    # squeezeVar(c(0.5, 1.3, 7.8), df = 3) in R.
    found = fit_prior(np.array([0.5, 1.3, 7.8]), np.full(3, 3.0))
    assert found.df == pytest.approx(2.830777, abs=1e-6)
    assert found.variance == pytest.approx(1.676927, abs=1e-6)


@pytest.mark.parametrize(("value", "inverse"), [(5.0, 0.4961687), (1e8, 1e-4), (1e-7, 1e7)])
def test_trigamma_is_inverted_as_limma_does(value, inverse):
    assert trigamma_inverse(value) == pytest.approx(inverse, rel=1e-6)


def test_two_groups_come_out_as_in_limma():
    values = stats.norm.rvs(size=(10, 6), scale=0.3, random_state=42)
    values[0, :2] += 2
    found = moderated_t(values[:, :3], values[:, 3:])
    assert found.prior.variance == pytest.approx(LIMMA_PRIOR_VARIANCE, rel=1e-6)
    assert found.prior.df == pytest.approx(LIMMA_PRIOR_DF, rel=1e-3)
    difference = np.array(LIMMA_SECOND) - LIMMA_FIRST
    assert found.difference == pytest.approx(difference, abs=1e-6)
    expected = difference / np.sqrt(np.array(LIMMA_POSTERIOR) * 2 / 3)
    assert found.t == pytest.approx(expected, rel=1e-5)
    # No more degrees of freedom than all ten rows have together.
    assert found.df == pytest.approx(40.0)
    assert found.p == pytest.approx(2 * stats.t.sf(np.abs(expected), 40), rel=1e-4)


def test_variances_alike_have_an_infinite_prior_and_their_mean():
    found = fit_prior(np.array([1.0, 1.1, 0.9, 1.0]), np.full(4, 4.0))
    assert found.df == np.inf
    assert found.variance == pytest.approx(1.0)
    values = np.tile([[0.0, 1.0, 2.0]], (4, 1))
    test = moderated_t(values, values + 5)
    # s0² = 1, sqrt(2/3) the error, 16 residual degrees of freedom in all.
    assert test.t == pytest.approx(np.full(4, 5 / np.sqrt(2 / 3)))
    assert test.df == pytest.approx(np.full(4, 16.0))


def test_missing_values_take_degrees_of_freedom_from_their_row_alone():
    draw = np.random.default_rng(3)
    first = draw.normal(size=(40, 4)) * draw.gamma(2, size=(40, 1))
    second = draw.normal(size=(40, 4)) * draw.gamma(2, size=(40, 1))
    first[0, :2] = np.nan
    first[1, 1:] = np.nan
    second[2] = np.nan
    found = moderated_t(first, second)
    assert found.first[:3].tolist() == [2, 1, 4]
    assert np.isfinite(found.p).tolist() == [True, False, False] + [True] * 37
    assert np.isnan(found.difference).tolist() == [False, False, True] + [False] * 37
    kept = [first[0, 2:], second[0]]
    pooled = sum(((x - x.mean()) ** 2).sum() for x in kept) / 4
    prior = found.prior
    squeezed = (prior.df * prior.variance + 4 * pooled) / (prior.df + 4)
    by_hand = (kept[1].mean() - kept[0].mean()) / np.sqrt(squeezed * (1 / 2 + 1 / 4))
    assert found.t[0] == pytest.approx(by_hand)
    assert found.df[0] == pytest.approx(4 + prior.df)
    assert found.df[3] == pytest.approx(6 + prior.df)


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_values_all_equal_give_no_p_value_and_no_warning(rows):
    values = np.full((rows, 3), 7.0)
    found = moderated_t(values, values)
    assert found.difference.tolist() == [0.0] * rows
    assert not (found.p < 1).any()


def test_without_a_test_there_are_differences_alone():
    found = moderated_t(np.array([[1.0]]), np.array([[3.0]]), test=False)
    assert found.difference.tolist() == [2.0]
    assert np.isnan(found.p).all()
    assert found.prior is None


def test_p_values_are_uniform_where_nothing_differs():
    # 200 experiments of 50 peptides, three simulated replicates a side, variances of their own.
    draw = np.random.default_rng(2026)
    p = []
    for _ in range(200):
        spread = np.sqrt(0.1 * 4 / draw.chisquare(4, size=(50, 1)))
        values = draw.normal(20, 2, size=(50, 1)) + spread * draw.normal(size=(50, 6))
        p.append(moderated_t(values[:, :3], values[:, 3:]).p)
    assert stats.kstest(np.concatenate(p), "uniform").pvalue > 0.01
