"""The weightless model: its formula, its invariants and what it is for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.base import EMBEDDABLE
from omicstoken_kernel.embedding.blosum import BLOSUM62, RESIDUES

SEQUENCES = st.text(alphabet=sorted(EMBEDDABLE), min_size=1, max_size=60)


def by_hand(sequence):
    """The documented formula, residue by residue, in float64."""
    rows = BLOSUM62.astype(float) - BLOSUM62.astype(float).mean(axis=0)
    row = {letter: rows[place] for place, letter in enumerate(RESIDUES)}
    residues = [row[{"U": "C", "O": "K"}.get(letter, letter)] for letter in sequence]
    empty = np.zeros(20)
    n_weights, c_weights = (1, 2, 1, 0.5, 0.25, 0.25), (2, 0.5, 0.5, 0.25, 0.25, 0.25)
    slots = [
        weight * residues[place] if place < len(residues) else empty
        for place, weight in enumerate(n_weights)
    ]
    slots += [
        weight * residues[-1 - place] if place < len(residues) else empty
        for place, weight in enumerate(c_weights)
    ]
    for part in np.array_split(np.arange(6, max(6, len(residues) - 6)), 4):
        slots.append(0.5 * np.mean([residues[i] for i in part], axis=0) if len(part) else empty)
    vector = np.concatenate(slots)
    return vector / np.linalg.norm(vector)


def test_blosum62_is_symmetric_and_has_the_published_corners():
    assert (BLOSUM62.T == BLOSUM62).all()
    score = {(a, b): BLOSUM62[i, j] for i, a in enumerate(RESIDUES) for j, b in enumerate(RESIDUES)}
    assert score["W", "W"] == 11
    assert score["C", "C"] == 9
    assert score["I", "V"] == 3
    assert score["D", "L"] == -4
    assert BLOSUM62.diagonal().sum() == 116


@given(SEQUENCES)
def test_the_vector_is_the_documented_formula(sequence):
    np.testing.assert_allclose(AnchorEmbedder().embed(sequence), by_hand(sequence), atol=1e-6)


@pytest.mark.parametrize("length", [1, 2, 5, 6, 7, 11, 12, 13, 16, 50, 1022])
def test_every_length_has_a_unit_vector_of_320_numbers(length):
    vector = AnchorEmbedder().embed("W" * length)
    assert vector.shape == (320,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


@given(st.lists(SEQUENCES, min_size=1, max_size=40))
def test_a_batch_gives_each_sequence_the_vector_it_has_alone(sequences):
    model = AnchorEmbedder()
    together = model.embed_batch(sequences)
    alone = np.stack([model.embed(sequence) for sequence in sequences])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_a_conservative_change_at_an_anchor_costs_less_than_a_radical_one():
    nonamer, conservative, radical = AnchorEmbedder().embed_batch(
        ["SLYNTVATL", "SMYNTVATL", "SDYNTVATL"]
    )
    assert nonamer @ conservative > 0.9
    assert nonamer @ radical < 0.5


def test_the_second_and_the_last_position_weigh_most():
    model = AnchorEmbedder()
    start = "AAAAAAAAA"
    changed = [start[:place] + "W" + start[place + 1 :] for place in range(9)]
    likeness = model.embed_batch(changed) @ model.embed(start)
    assert set(np.argsort(likeness)[:2]) == {1, 8}


def test_selenocysteine_is_read_as_cysteine_and_pyrrolysine_as_lysine():
    model = AnchorEmbedder()
    assert np.array_equal(model.embed("SUINFEOL"), model.embed("SCINFEKL"))


def test_the_same_peptides_have_the_same_vectors_in_another_copy_of_the_model():
    sequences = ["SIINFEKL", "GILGFVFTL", "AAA"]
    assert np.array_equal(
        AnchorEmbedder().embed_batch(sequences), AnchorEmbedder().embed_batch(sequences)
    )
