"""Permutation of replicates' labels."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.relabelled import relabel, within_and_between


def distances(points):
    return np.abs(points[:, None] - points[None, :])


def test_three_against_three_cannot_fall_below_a_tenth():
    points = np.array([0.0, 0.1, 0.2, 9.0, 9.1, 9.2])
    found = relabel(distances(points), [0, 0, 0, 1, 1, 1], np.random.default_rng(0))
    assert (found.p_value, found.least_p_value, found.labellings) == (0.1, 0.1, 20)
    assert found.exact


@pytest.mark.parametrize(
    ("sizes", "ways", "least"),
    [((3, 4), 35, 1 / 35), ((4, 4), 70, 2 / 70), ((3, 3, 3), 1680, 6 / 1680)],
)
def test_the_least_p_value_is_told(sizes, ways, least):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    points = labels * 10.0 + np.arange(len(labels)) * 0.01
    found = relabel(distances(points), labels, np.random.default_rng(0))
    assert found.labellings == ways
    assert found.least_p_value == pytest.approx(least)
    assert found.p_value == pytest.approx(least)


def test_many_labellings_are_drawn_and_the_observed_one_counts():
    labels = [0] * 10 + [1] * 10
    points = np.array(labels) * 10.0 + np.arange(20) * 0.01
    found = relabel(distances(points), labels, np.random.default_rng(0))
    assert not found.exact
    assert found.p_value == pytest.approx(found.least_p_value) == pytest.approx(1e-4)


def test_p_values_are_uniform_where_labels_mean_nothing():
    draw = np.random.default_rng(5)
    labels = [0] * 4 + [1] * 4
    p = np.array(
        [relabel(distances(draw.normal(size=8)), labels, draw).p_value for _ in range(200)]
    )
    # Discrete: P(p <= a) is a at each attainable value, 35 of them.
    for level in (2 / 70 * 5, 2 / 70 * 17, 2 / 70 * 28):
        error = np.sqrt(level * (1 - level) / len(p))
        assert abs((p <= level + 1e-9).mean() - level) < 3 * error


def test_distances_within_and_between_leave_out_what_is_missing():
    matrix = distances(np.array([0.0, 1.0, 5.0, 7.0]))
    matrix[0, 3] = matrix[3, 0] = np.nan
    assert within_and_between(matrix, [0, 0, 1, 1]) == (1.5, pytest.approx(15 / 3))
    assert np.isnan(within_and_between(matrix, [0, 1, 2, 3])[0])
