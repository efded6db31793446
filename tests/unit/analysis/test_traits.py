"""What sets clusters apart, in figures and in words; planted clusters and none at all."""

from __future__ import annotations

import json

import numpy as np
import pytest

from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.mixture import cluster
from omicstoken_kernel.analysis.traits import (
    one_cluster_in_words,
    pattern_in_words,
    traits_in_words,
    traits_of,
)
from omicstoken_kernel.store.fingerprints import Cluster

LETTERS = list("ACDEFGHILMNPQSTVWY")


def made(rng, number, lengths, *, last=None, letters=LETTERS):
    found = []
    for length in rng.integers(*lengths, number, endpoint=True):
        body = rng.choice(letters, length)
        if last:
            body[-1] = last
        found.append("".join(body))
    return found


def planted(seed=0):
    """Long peptides that end in K, among short ones."""
    rng = np.random.default_rng(seed)
    sequences = made(rng, 80, (15, 19), last="K") + made(rng, 160, (9, 13))
    return sequences, np.array([1] * 80 + [2] * 160, dtype=np.int32)


def test_effects_are_those_of_the_data():
    sequences, labels = planted()
    traits = {trait.name: trait for trait in traits_of(sequences, labels)[1]}
    lengths = np.array([len(s) for s in sequences], dtype=float)
    here, rest = lengths[labels == 1], lengths[labels == 2]
    pooled = np.sqrt((79 * here.var(ddof=1) + 159 * rest.var(ddof=1)) / 238)
    assert traits["length"].effect == pytest.approx((here.mean() - rest.mean()) / pooled)
    assert (traits["length"].here, traits["length"].elsewhere) == (np.median(here), np.median(rest))
    assert (traits["ends K"].here, traits["ends K"].elsewhere) == (1.0, 0.0)
    assert traits["ends K"].effect > 5


def test_a_planted_cluster_is_described_in_a_sentence():
    sequences, labels = planted()
    said = traits_in_words(traits_of(sequences, labels)[1])
    assert said[0].isupper()
    assert said.endswith(".")
    assert "longer than the rest (median 17 against 11 residues, d = " in said.lower()
    assert "100\u202f% end in K (elsewhere 0\u202f%" in said


def test_the_other_side_is_shorter():
    sequences, labels = planted()
    assert "shorter than the rest" in traits_in_words(traits_of(sequences, labels)[2]).lower()


def test_poverty_and_wealth_in_residues_are_told():
    rng = np.random.default_rng(3)
    acidic = made(rng, 100, (10, 12), letters=list("DEDEDE") + LETTERS)
    plain = made(rng, 100, (10, 12), letters=[x for x in LETTERS if x not in "DE"] + ["K", "R"])
    labels = np.array([1] * 100 + [2] * 100, dtype=np.int32)
    traits = traits_of(acidic + plain, labels)
    assert "rich in acidic residues" in traits_in_words(traits[1]).lower()
    assert "poor in acidic residues" in traits_in_words(traits[2]).lower()


@pytest.mark.parametrize("seed", range(5))
def test_random_labels_are_set_apart_by_nothing(seed):
    rng = np.random.default_rng(seed)
    sequences = made(rng, 400, (8, 15))
    labels = rng.integers(1, 3, 400).astype(np.int32)
    for traits in traits_of(sequences, labels).values():
        assert traits == ()
        assert traits_in_words(traits).startswith("Neither length nor charge")


def test_a_handful_of_peptides_is_not_described():
    sequences, labels = planted()
    labels[9:80] = 0
    assert traits_of(sequences, labels)[1] == ()


def test_odd_peptides_do_not_break_it():
    sequences = ["XXXXXXXXX"] * 20 + ["A"] * 20
    labels = np.array([1] * 20 + [2] * 20, dtype=np.int32)
    for traits in traits_of(sequences, labels).values():
        json.dumps([trait.as_json() for trait in traits], allow_nan=False)
    assert traits_of([], np.zeros(0, dtype=np.int32)) == {}


def uniform(seed, n=200):
    points = np.zeros((n, 8), dtype=np.float32)
    points[:, :3] = np.random.default_rng(seed).uniform(0, 1, (n, 3))
    points[:, 3] = 1
    return unit(points)


def gaussian(seed, n=200):
    return unit(np.random.default_rng(seed).normal(3, 1, (n, 100)).astype(np.float32))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("cloud", [uniform, gaussian])
def test_a_cloud_without_division_is_one_cluster(cloud, seed):
    found = cluster([], cloud(seed), seed=0)
    assert (found.labels == 1).all()
    assert "form one cluster" in one_cluster_in_words(found.quality)


def test_an_unstable_division_says_how_unstable():
    said = one_cluster_in_words({"groups_tried": 5, "stability": 0.417})
    assert "5 groups were tried" in said
    assert "agree to 0.417 only" in said


def test_a_pattern_shows_the_middle_that_counts_nowhere():
    long = Cluster(1, 60, 0.5, "xx[KP]xxxxxK", {12: 30, 15: 30})
    ligand = Cluster(1, 60, 0.5, "xLxxxxxxV", {9: 40, 10: 20})
    nothing = Cluster(1, 60, 0.5, "xxxxxxxxx", {9: 40, 10: 20})
    assert pattern_in_words(long) == "xx[KP]xx…xxxK"
    assert pattern_in_words(ligand) == "xLxxxxxxV"
    assert pattern_in_words(nothing) == ""


def test_clusters_of_one_length_each_have_a_finite_effect():
    sequences = ["ACDEFGHI"] * 20 + ["ACDEFGHIKLMNPQRSTVWY"] * 20
    labels = np.array([1] * 20 + [2] * 20, dtype=np.int32)
    traits = {trait.name: trait for trait in traits_of(sequences, labels)[2]}
    assert traits["length"].effect == pytest.approx((20 - 8) / 0.5)
