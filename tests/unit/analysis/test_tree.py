"""The tree of distances: near ones join low and stand together."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.tree import tree_of


def test_two_near_pairs_join_first_and_stand_side_by_side():
    matrix = np.array([[0, 9, 1, 8], [9, 0, 8, 2], [1, 8, 0, 9], [8, 2, 9, 0]], float)
    found = tree_of(matrix)
    assert {frozenset(found.order[:2]), frozenset(found.order[2:])} == {
        frozenset({0, 2}), frozenset({1, 3}),
    }  # fmt: skip
    heights = sorted(max(y for _, y in fork) for fork in found.forks)
    assert heights == pytest.approx([1, 2, 8.5])
    assert {x for fork in found.forks for x, y in fork if y == 0} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((0, 0)),
        np.zeros((2, 2)),
        np.array([[0, 1, np.nan], [1, 0, 1], [np.nan, 1, 0]]),
    ],
)
def test_too_few_sides_or_a_missing_distance_give_no_tree(matrix):
    assert tree_of(matrix) is None


def test_sides_all_alike_join_at_nothing():
    found = tree_of(np.zeros((3, 3)))
    assert sorted(found.order) == [0, 1, 2]
    assert {y for fork in found.forks for _, y in fork} == {0}


def test_the_same_distances_give_the_same_tree():
    drawn = np.random.default_rng(0).uniform(0, 1, (12, 12))
    matrix = (drawn + drawn.T) / 2
    assert tree_of(matrix) == tree_of(matrix.copy())
