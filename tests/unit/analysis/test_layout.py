"""The map."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis import layout
from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.layout import lay_out, trustworthiness
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.errors import Cancelled


def vectors_of(sequences):
    return unit(AnchorEmbedder().embed_batch(sequences))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 9, 10, 11, 49])
def test_a_map_of_few_peptides_is_finite(demo_peptides, n):
    vectors = vectors_of(demo_peptides["2289"][:n]) if n else np.zeros((0, 1), dtype=np.float32)
    found = lay_out(vectors, seed=0)
    assert found.xy.shape == (n, 2)
    assert np.isfinite(found.xy).all()
    assert found.quality["map"] == ("one point" if n < 2 else "principal components" if n < 10
                                    else "t-sne")  # fmt: skip


def test_identical_vectors_are_one_point():
    vectors = vectors_of(["SIINFEKL"] * 40)
    found = lay_out(vectors, seed=0)
    assert (found.xy == 0).all()
    assert found.quality["map"] == "one point"


def test_many_copies_of_a_few_vectors_give_a_finite_map():
    found = lay_out(vectors_of(["SIINFEKL", "GILGFVFTL"] * 30), seed=0)
    assert np.isfinite(found.xy).all()


def test_the_same_seed_gives_the_same_map_to_the_last_bit(demo_peptides):
    vectors = vectors_of(demo_peptides["2584"][:150])
    first, second = lay_out(vectors, seed=4), lay_out(vectors, seed=4)
    np.testing.assert_array_equal(first.xy, second.xy)
    assert first.quality == second.quality


def test_a_map_of_ligands_is_trustworthy_and_says_how_much(demo_peptides):
    found = lay_out(vectors_of(demo_peptides["2289"][:400]), seed=0)
    assert 0.95 < found.quality["trustworthiness"] <= 1
    assert found.quality["trustworthiness_peptides"] == 400


def test_a_random_map_is_not_trustworthy(demo_peptides):
    vectors = vectors_of(demo_peptides["2289"][:400])
    xy = np.random.default_rng(0).normal(size=(400, 2))
    assert trustworthiness(vectors, xy, seed=0) < 0.6


def test_trustworthiness_is_undefined_for_few_points(demo_peptides):
    vectors = vectors_of(demo_peptides["2289"][:30])
    assert trustworthiness(vectors, np.zeros((30, 2)), seed=0) is None


def test_large_maps_are_judged_by_a_sample(demo_peptides):
    sequences = demo_peptides["2289"] + demo_peptides["2584"]
    vectors = vectors_of(sequences)
    xy = vectors[:, :2].astype(np.float64)
    first, second = (trustworthiness(vectors, xy, seed=7) for _ in range(2))
    assert first == second
    assert 0 < first < 1


def test_progress_is_told_and_may_stop_the_map(demo_peptides):
    vectors = vectors_of(demo_peptides["2289"][:60])
    seen = []
    lay_out(vectors, seed=0, progress=lambda done, total, _what: seen.append((done, total)))
    assert seen[-1] == (375, 375)
    assert seen == sorted(seen)

    def stop(_done, _total, _what):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        lay_out(vectors, seed=0, progress=stop)


def test_many_points_are_interpolated_and_as_trustworthy(monkeypatch):
    draw = np.random.default_rng(3)
    centres = draw.normal(size=(4, 20)) * 4
    vectors = np.concatenate([centre + draw.normal(size=(100, 20)) for centre in centres])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    by_tree = lay_out(vectors, seed=0)
    monkeypatch.setattr(layout, "_INTERPOLATE_FROM", 100)
    first, second = lay_out(vectors, seed=0), lay_out(vectors, seed=0)
    assert np.array_equal(first.xy, second.xy)
    assert np.isfinite(first.xy).all()
    assert first.quality["trustworthiness"] > by_tree.quality["trustworthiness"] - 0.02
