"""The overlap that random draws would have."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.overlap_chance import chance_overlap


def test_expectation_and_spread_are_those_of_drawing():
    draw = np.random.default_rng(0)
    pool = np.array([1500, 2500])
    counts = np.array([[60, 100], [40, 120]])
    shared = np.array([[160, 30], [30, 160]])
    found = chance_overlap(counts, pool, shared)
    drawn = [
        sum(
            len(set(draw.choice(n, a, replace=False)) & set(draw.choice(n, b, replace=False)))
            for n, a, b in zip(pool, *counts, strict=True)
        )
        for _ in range(2000)
    ]
    assert found.expected[0, 1] == pytest.approx(60 * 40 / 1500 + 100 * 120 / 2500)
    assert found.expected[0, 1] == pytest.approx(np.mean(drawn), rel=0.03)
    inside = np.mean([found.low[0, 1] <= each <= found.high[0, 1] for each in drawn])
    assert 0.9 < inside < 0.99
    assert found.pool[0, 1] == 4000


def test_a_pool_not_much_larger_than_the_two_sides_gives_no_expectation():
    counts = np.array([[10], [10]])
    found = chance_overlap(counts, np.array([149]), np.array([[10, 5], [5, 10]]))
    assert not found.known
    assert np.isnan(found.expected).all()


def test_no_peptides_have_no_expectation():
    none = np.zeros((2, 1), dtype=np.int64)
    assert not chance_overlap(none, np.zeros(1, dtype=np.int64), np.zeros((2, 2))).known
