"""The energy coefficient between sets of vectors, checked against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.distance import FEWEST, energy_distances
from omicstoken_kernel.analysis.embedded import unit


def cloud(n, *, shift=0.0, seed=0, dim=12):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, dim))
    points[:, 0] += shift
    return unit(points.astype(np.float32))


def by_definition(one, other):
    def mean_apart(a, b):
        return np.linalg.norm(a[:, None, :].astype(float) - b[None, :, :], axis=2)

    def within(a):
        return mean_apart(a, a).sum() / (len(a) * (len(a) - 1))

    between = mean_apart(one, other).mean()
    return (2 * between - within(one) - within(other)) / (2 * between)


def distance(*sets, seed=0):
    return energy_distances(sets, np.random.default_rng(seed))


@pytest.mark.parametrize("shift", [0.0, 1.0, 5.0])
def test_the_coefficient_is_that_of_its_definition(shift):
    one, other = cloud(60), cloud(45, shift=shift, seed=1)
    found = distance(one, other).matrix
    assert found[0, 1] == pytest.approx(by_definition(one, other), abs=1e-5)
    assert found[0, 1] == found[1, 0]
    assert found[0, 0] == 0


def test_two_different_points_are_at_distance_one():
    one = np.tile(np.array([[1, 0]], dtype=np.float32), (30, 1))
    other = np.tile(np.array([[0, 1]], dtype=np.float32), (30, 1))
    assert distance(one, other).matrix[0, 1] == pytest.approx(1.0)


def test_sets_that_are_one_and_the_same_point_are_at_distance_zero():
    point = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (30, 1))
    found = distance(point, point)
    assert found.matrix[0, 1] == pytest.approx(0, abs=1e-3)
    assert not np.isnan(found.references).any()


def test_halves_of_one_set_stay_within_the_reference_nineteen_times_in_twenty():
    within = 0
    for seed in range(40):
        points = cloud(240, seed=seed)
        found = distance(points[:120], points[120:], seed=seed)
        within += found.matrix[0, 1] <= found.references.max()
    assert within >= 36


def test_a_shift_is_far_beyond_the_reference():
    found = distance(cloud(300), cloud(300, shift=1.0, seed=1))
    assert found.matrix[0, 1] > 5 * found.references.max()


def test_the_sizes_of_the_sets_do_not_make_a_distance():
    distances = [
        distance(cloud(1500, seed=seed), cloud(60, seed=seed + 100)).matrix[0, 1]
        for seed in range(12)
    ]
    assert abs(np.mean(distances)) < 2 * np.std(distances)


@pytest.mark.parametrize("number", [0, 1, FEWEST - 1])
def test_small_sets_have_no_distance_but_do_not_spoil_the_others(number):
    found = distance(cloud(100), cloud(number, seed=1), cloud(100, seed=2))
    assert np.isnan(found.matrix[1]).all()
    assert np.isnan(found.references[1])
    assert np.isfinite(found.matrix[0, 2])


def test_large_sets_are_sampled_the_same_way_for_the_same_seed():
    one, other = cloud(2500), cloud(2500, shift=0.5, seed=1)
    first, second = distance(one, other, seed=3), distance(one, other, seed=3)
    assert (first.sampled == 2000).all()
    np.testing.assert_array_equal(first.matrix, second.matrix)
    np.testing.assert_array_equal(first.references, second.references)
