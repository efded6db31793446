"""Every clustering method, and the Gaussian mixture by name."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from omicstoken_kernel.analysis.clusters import (
    METHODS,
    describe_clusters,
    method_named,
    ordered_by_size,
)
from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.mixture import cluster, principal_components
from omicstoken_kernel.analysis.traits import one_cluster_in_words
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME, TWENTY
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.settings import load_settings


def blobs(n, number, *, seed=0, dim=320):
    """Unit vectors around ``number`` far centres, and the centre of each."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(number, dim)) if number > 1 else np.full((1, dim), 3.0)
    labels = rng.integers(number, size=n)
    return unit((centres[labels] + rng.normal(size=(n, dim))).astype(np.float32)), labels


@pytest.mark.parametrize("name", METHODS)
def test_every_method_keeps_the_contract(name, demo_peptides):
    method = method_named(name)
    json.dumps(method.SETTINGS)
    sequences = demo_peptides["2289"][:300]
    vectors = unit(AnchorEmbedder().embed_batch(sequences))
    found = method.cluster(sequences, vectors, seed=1)
    assert found.labels.shape == found.responsibilities.shape == (300,)
    assert found.labels.min() >= 0
    assert ((found.responsibilities >= 0) & (found.responsibilities <= 1 + 1e-9)).all()
    sizes = np.bincount(found.labels)[1:]
    assert (sizes[:-1] >= sizes[1:]).all()
    assert (sizes > 0).all()
    json.dumps(found.quality)
    again = method.cluster(sequences, vectors, seed=1)
    np.testing.assert_array_equal(found.labels, again.labels)
    np.testing.assert_array_equal(found.responsibilities, again.responsibilities)


def test_an_unknown_method_is_named_with_those_there_are():
    with pytest.raises(InputError, match="no clustering method 'k-means'") as caught:
        method_named("k-means")
    assert "gaussian-mixture" in caught.value.hint


@pytest.mark.parametrize("n", [100, 500])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_the_number_of_clear_clusters_is_found(n, number):
    vectors, labels = blobs(n, number, seed=number)
    found = cluster([], vectors, seed=0)
    assert found.labels.max() == number
    assert adjusted_rand_score(labels, found.labels) > 0.99


def test_what_lengths_do_to_vectors_is_taken_out_and_other_groups_stay():
    vectors, labels = blobs(200, 2, seed=3)
    rng = np.random.default_rng(0)
    by_length = ["A" * int(8 + 6 * label + rng.integers(4)) for label in labels]
    assert cluster(by_length, vectors, seed=0).labels.tolist() == [1] * 200
    any_length = ["A" * int(length) for length in rng.integers(8, 18, 200)]
    kept = cluster(any_length, vectors, seed=0)
    assert adjusted_rand_score(labels, kept.labels) > 0.99
    assert kept.quality["length_agreement"] < 0.3


def test_groups_that_are_nothing_but_lengths_are_one_cluster_and_it_is_said():
    rng = np.random.default_rng(0)
    long = np.arange(400) % 2
    vectors = np.zeros((400, 40), dtype=np.float32)
    for group in (0, 1):
        # The same mean; what the vectors vary in goes by the length.
        rows = long == group
        vectors[rows, 20 * group : 20 * group + 20] = rng.normal(size=(200, 20))
    found = cluster(["A" * int(9 + 6 * group) for group in long], unit(vectors), seed=0)
    assert found.labels.tolist() == [1] * 400
    assert found.quality["length_agreement"] == 1.0
    assert "beyond that by length" in one_cluster_in_words(found.quality)


@pytest.mark.parametrize("seed", range(3))
def test_random_peptides_of_any_length_are_one_cluster(seed):
    rng = np.random.default_rng(seed)
    shares = [HUMAN_PROTEOME[letter] for letter in TWENTY]
    sequences = [
        "".join(rng.choice(list(TWENTY), length, p=np.array(shares) / sum(shares)))
        for length in rng.integers(7, 26, 250)
    ]
    vectors = unit(load_model("ligand", load_settings()).embed_batch(sequences))
    assert cluster(sequences, vectors, seed=seed).labels.max() == 1


def test_of_numbers_that_the_noise_does_not_tell_apart_the_fewest_are_taken():
    vectors, labels = blobs(400, 3, seed=5)
    found = cluster([], vectors, seed=0)
    assert found.quality["groups_tried"] == 3
    criteria = found.quality["bic"][found.quality["covariance"]]
    assert criteria[2] == min(criteria)
    assert adjusted_rand_score(labels, found.labels) > 0.99


def test_identical_vectors_are_one_cluster():
    vectors = np.tile(unit(np.ones((1, 320), dtype=np.float32)), (60, 1))
    found = cluster([], vectors, seed=0)
    assert (found.labels == 1).all()
    assert (found.responsibilities == 1).all()
    assert found.quality["stability"] is None


def test_a_few_distinct_vectors_do_not_break_it():
    vectors, labels = blobs(120, 3, seed=5)
    repeated = np.stack([vectors[labels == label][0] for label in labels])
    found = cluster([], repeated, seed=0)
    assert adjusted_rand_score(labels, found.labels) == 1.0


def test_ligands_of_different_molecules_fall_into_different_clusters():
    rng = np.random.default_rng(0)
    letters = list("ACDEFGHIKLMNPQRSTVWY")
    bodies = rng.choice(letters, (400, 9))
    truth = rng.integers(2, size=400)
    bodies[truth == 0, 1], bodies[truth == 0, -1] = "P", "Y"
    bodies[truth == 1, 1], bodies[truth == 1, -1] = "E", "L"
    vectors = unit(AnchorEmbedder().embed_batch(["".join(body) for body in bodies]))
    found = cluster([], vectors, seed=0)
    assigned = found.labels > 0
    for number in range(1, found.labels.max() + 1):
        mix = truth[found.labels == number].mean()
        assert min(mix, 1 - mix) < 0.05
    assert assigned.mean() > 0.8


def test_what_no_cluster_holds_with_half_of_it_is_unassigned(demo_peptides):
    vectors = unit(AnchorEmbedder().embed_batch(demo_peptides["1382"]))
    found = cluster([], vectors, seed=0)
    unsure = found.responsibilities < 0.5
    assert unsure.any()
    assert (found.labels[unsure] == 0).all()
    assert (found.labels == 0).mean() < 0.2


def test_the_number_of_threads_does_not_matter(demo_peptides):
    vectors = unit(AnchorEmbedder().embed_batch(demo_peptides["2584"][:200]))
    with threadpool_limits(limits=1):
        one = cluster([], vectors, seed=0)
    with threadpool_limits(limits=2):
        two = cluster([], vectors, seed=0)
    np.testing.assert_array_equal(one.labels, two.labels)
    np.testing.assert_array_equal(one.responsibilities, two.responsibilities)


def test_principal_components_hold_the_variance_they_say():
    vectors, _ = blobs(200, 3, seed=1, dim=30)
    scores, explained = principal_components(vectors, 5)
    total = vectors.astype(float).var(axis=0).sum()
    assert scores.shape == (200, 5)
    assert explained == pytest.approx(scores.var(axis=0).sum() / total)
    np.testing.assert_allclose(np.corrcoef(scores.T), np.eye(5), atol=1e-8)


@given(hnp.arrays(np.int32, st.integers(0, 40), elements=st.integers(-1, 6)), st.integers(1, 5))
def test_clusters_count_from_the_largest_and_small_ones_dissolve(labels, least):
    ordered = ordered_by_size(labels, least=least)
    sizes = np.bincount(ordered, minlength=1)[1:]
    assert (sizes[:-1] >= sizes[1:]).all()
    assert (sizes >= least).all()
    for number in range(1, ordered.max(initial=0) + 1):
        (label,) = set(labels[ordered == number].tolist())
        assert (labels == label).sum() == (ordered == number).sum()
    assert (ordered[labels < 0] == 0).all()


def test_clusters_are_described_by_size_share_motif_and_lengths():
    sequences = [f"{letter}PAAAAAA{end}" for letter in "ACDEFGHIKLMNPQRSTVWY" for end in "YF"]
    sequences += ["WWWWWWWWWW"] * 10
    labels = np.array([1] * 40 + [0] * 10, dtype=np.int32)
    (only,) = describe_clusters(sequences, labels)
    assert (only.id, only.size, only.share, only.lengths) == (1, 40, 0.8, {9: 40})
    assert only.motif[1] == "P"
