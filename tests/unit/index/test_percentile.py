"""Percentiles beside a plain count over random pairs, and the files they rest on."""

from __future__ import annotations

import os

import numpy as np
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.index import percentile
from omicstoken_kernel.index.manifest import folder_of
from omicstoken_kernel.index.percentile import background_peptides, percentiles, random_cosines


@pytest.fixture(autouse=True)
def _fresh_process():
    percentile._cosines.clear()
    yield
    percentile._cosines.clear()


class Counting(AnchorEmbedder):
    """The anchor model, counting what it embeds."""

    def __init__(self):
        super().__init__()
        self.embedded = 0

    def _forward(self, sequences):
        self.embedded += len(sequences)
        return super()._forward(sequences)


def test_a_percentile_is_the_share_of_random_pairs_at_most_as_similar(ctx):
    model = AnchorEmbedder()
    first = model.embed_batch(background_peptides(8, 0))
    second = model.embed_batch(background_peptides(9, 1))
    cosines = (first @ second.T).ravel()
    asked = [-0.9, -0.05, 0.0, 0.31, 0.8, 1.0]
    found = percentiles(ctx, model, 9, similarities=asked, lengths=[8] * 6)
    expected = [100 * np.mean(cosines <= value + 1e-7) for value in asked]
    np.testing.assert_allclose(found, expected, atol=0.01)
    assert found[0] == 0
    assert found[-1] == 100


def test_query_and_hit_may_change_places(ctx):
    model = AnchorEmbedder()
    assert random_cosines(ctx, model, (8, 11)) is random_cosines(ctx, model, (11, 8))


def test_each_hit_is_placed_among_pairs_of_its_own_lengths(ctx):
    model = AnchorEmbedder()
    together = percentiles(ctx, model, 9, similarities=[0.5, 0.5, 0.5], lengths=[8, 9, 15])
    for place, length in enumerate((8, 9, 15)):
        alone = percentiles(ctx, model, 9, similarities=[0.5], lengths=[length])
        assert together[place] == alone[0]


def test_the_background_is_embedded_once_and_read_in_the_next_process(ctx):
    model = Counting()
    first = random_cosines(ctx, model, (9, 9)).copy()
    assert model.embedded == 600
    percentile._cosines.clear()
    np.testing.assert_array_equal(random_cosines(ctx, model, (9, 9)), first)
    assert model.embedded == 600


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_background_is_made_anew(ctx, damage):
    model = AnchorEmbedder()
    before = random_cosines(ctx, model, (9, 9)).copy()
    percentile._cosines.clear()
    for path in folder_of(ctx, model.model_key).glob("*.npy"):
        if damage is None:
            np.save(path, np.zeros((300, 320), dtype=np.float32))
        else:
            path.write_bytes(damage)
    np.testing.assert_array_equal(random_cosines(ctx, model, (9, 9)), before)


def test_a_disk_that_takes_nothing_costs_the_cache_and_not_the_answer(ctx, monkeypatch):
    def refuse(self, *arguments, **keywords):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(percentile.np, "save", refuse)
    with structlog.testing.capture_logs() as lines:
        assert len(random_cosines(ctx, AnchorEmbedder(), (9, 9))) == 90_000
    assert {line["event"] for line in lines} == {"background_not_kept"}
    assert not list(folder_of(ctx, AnchorEmbedder.model_key).iterdir())


@given(st.integers(1, 1022), st.integers(0, 1))
def test_the_background_is_the_same_wherever_it_is_drawn(length, side):
    peptides = background_peptides(length, side)
    assert peptides == background_peptides(length, side)
    assert peptides != background_peptides(length, 1 - side)
    assert 30 <= len(peptides) <= 300
    assert {len(peptide) for peptide in peptides} == {length}


def test_the_background_has_the_residues_of_the_human_proteome():
    letters = "".join(background_peptides(50, 0))
    for residue, share in HUMAN_PROTEOME.items():
        assert letters.count(residue) / len(letters) == pytest.approx(share, abs=0.01)


def test_memory_of_many_lengths_is_bounded(ctx):
    model = AnchorEmbedder()
    for length in range(1, 80):
        random_cosines(ctx, model, (1, length))
    assert len(percentile._cosines) == 64
