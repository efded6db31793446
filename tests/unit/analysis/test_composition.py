"""Shifts of clusters: intervals by the book, null behaviour and a planted change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from omicstoken_kernel.analysis.composition import (
    newcombe,
    shifts_of_peptides,
    shifts_of_replicates,
    wilson,
)
from omicstoken_kernel.analysis.joint import ClusterShares, shares_of_sides, shifts_between


@pytest.fixture(scope="module")
def labels(demo_peptides):
    """The motifs of the demo's sample 2584, one label per peptide; 0 is unassigned."""
    from omicstoken_kernel.analysis.clusters import BY_MOTIF, method_named
    from omicstoken_kernel.embedding import load_model
    from omicstoken_kernel.settings import load_settings

    sequences = demo_peptides["2584"]
    vectors = load_model("anchor", load_settings()).embed_batch(sequences)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return method_named(BY_MOTIF).cluster(sequences, vectors, seed=0).labels


def counted(labels, parts):
    """Return (clusters, parts) counts of labels dealt out to parts."""
    return np.array([np.bincount(labels[part], minlength=labels.max() + 1) for part in parts]).T


@pytest.mark.parametrize(
    ("pairs", "bounds"),
    [
        (((56, 70), (48, 80)), (0.0524, 0.3339)),
        (((9, 10), (3, 10)), (0.1705, 0.8090)),
        (((10, 10), (0, 10)), (0.6075, 1.0000)),
        (((0, 10), (0, 10)), (-0.2775, 0.2775)),
    ],
)
def test_newcombes_intervals_are_those_of_his_table(pairs, bounds):
    assert newcombe(*pairs) == pytest.approx(bounds, abs=5e-5)


def test_wilson_stays_within_0_and_1():
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1


def test_random_halves_of_one_run_have_no_cluster_beyond_its_interval(labels):
    draw = np.random.default_rng(7)
    beyond = 0
    for _ in range(200):
        order = draw.permutation(len(labels))
        counts = counted(labels, np.array_split(order, 2))
        beyond += any(shift.beyond for shift in shifts_of_peptides(counts[:, 0], counts[:, 1]))
    # All clusters together at 95 %: 10 of 200 expected, 18 at most with 99 %.
    assert beyond <= 18


def test_simulated_replicates_of_one_run_give_uniform_p_values(labels):
    draw = np.random.default_rng(8)
    p, found = [], 0
    for _ in range(200):
        order = draw.permutation(len(labels))
        counts = counted(labels, np.array_split(order, 6))
        shifts = shifts_of_replicates(counts[:, :3], counts[:, 3:])
        p.append(shifts[1].p_value)
        found += any(shift.q_value < 0.05 for shift in shifts)
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert found <= 18


def test_a_planted_change_of_a_cluster_is_found(labels):
    # Simulated replicates of the run's size and shares; on one side a tenth of the peptides moves
    # from the other clusters into the largest.
    draw = np.random.default_rng(9)
    shares = np.bincount(labels) / len(labels)
    planted = shares * (1 - 0.1 / (1 - shares[1]))
    planted[1] = shares[1] + 0.1
    found, covered = 0, 0
    for _ in range(100):
        sides = [draw.multinomial(len(labels), each, size=3).T for each in (shares, planted)]
        shift = shifts_of_replicates(*sides)[1]
        found += shift.q_value < 0.05
        covered += shift.low <= 0.1 <= shift.high
    assert found >= 90
    assert covered >= 95


def test_a_side_without_peptides_has_no_shift():
    none = np.zeros(2, dtype=np.int64)
    assert shifts_of_peptides(none, np.array([3, 4]))[0].difference is None
    empty = np.zeros((2, 3), dtype=np.int64)
    assert shifts_of_replicates(empty, empty + 4)[0].difference is None


def test_replicates_all_alike_have_a_difference_and_no_interval():
    same = np.array([[5, 5, 5], [5, 5, 5]])
    shift = shifts_of_replicates(same, same)[0]
    assert (shift.difference, shift.low, shift.p_value) == (0.0, None, None)


@pytest.mark.parametrize("replicates", [2, 3])
def test_the_shares_told_of_a_cluster_are_those_its_interval_is_about(replicates):
    counts = {
        "a": ([90, 30, 40][:replicates], [10, 300, 60][:replicates]),
        "b": ([20, 50, 30][:replicates], [180, 40, 90][:replicates]),
    }
    sums = {side: [sum(parts) for parts in both] for side, both in counts.items()}
    clusters = [
        ClusterShares(
            id=place + 1, size=1, share=0.5, motif="x",
            counts={side: both[place] for side, both in sums.items()},
            shares={side: both[place] / sum(both) for side, both in sums.items()},
            replicate_counts={side: both[place] for side, both in counts.items()},
        )
        for place in (0, 1)
    ]  # fmt: skip
    shift = shifts_between(clusters, "a", "b")[0]
    told = shares_of_sides(clusters, over_replicates=shift.unit == "replicates")[0]
    assert (shift.unit == "replicates") == (replicates == 3)
    assert told["b"] - told["a"] == pytest.approx(shift.difference)
    assert shift.low < shift.difference < shift.high
