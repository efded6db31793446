"""Nearest neighbours of every point: nearly all are found, and their distances are right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from omicstoken_kernel.index.nearest import nearest_to_each


@pytest.mark.parametrize(("n", "k"), [(60, 59), (60, 5), (3_000, 30)])
def test_nearly_all_neighbours_are_found_and_their_distances_are_right(n, k):
    points = np.random.default_rng(k).normal(size=(n, 8))
    rows, distances = nearest_to_each(points, k)
    every = cdist(points, points)
    assert rows.shape == distances.shape == (n, k)
    assert (rows != np.arange(n)[:, None]).all()
    assert np.allclose(np.take_along_axis(every, rows, axis=1), distances, atol=1e-3)
    np.fill_diagonal(every, np.inf)
    true = np.argsort(every, axis=1)[:, :k]
    found = np.mean([len(set(a) & set(b)) / k for a, b in zip(rows, true, strict=True)])
    assert found > 0.9


def test_equal_points_are_neighbours_of_each_other_and_nobody_of_himself():
    rows, distances = nearest_to_each(np.ones((40, 3)), 5)
    assert (rows != np.arange(40)[:, None]).all()
    assert (distances == 0).all()


def test_the_same_points_have_the_same_neighbours():
    points = np.random.default_rng(0).normal(size=(500, 4))
    first, second = nearest_to_each(points, 10), nearest_to_each(points, 10)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
