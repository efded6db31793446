"""Motif patterns, position weight matrices and their names."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omicstoken_kernel.analysis.motifs import (
    ANCHORED_POSITIONS,
    BACKGROUND,
    motif_name,
    motif_pattern,
    position_weights,
    weights_from_counts,
)
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.errors import InputError

LETTERS = list(TWENTY)


def random_peptides(n: int, length: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(row) for row in rng.choice(LETTERS, (n, length), p=BACKGROUND)]


def planted(n: int, length: int, seed: int) -> list[str]:
    """Peptides of the background, with L at the second place and V or L at the last."""
    ends = np.random.default_rng(seed).choice(["V", "V", "L"], n)
    bodies = random_peptides(n, length, seed + 1)
    return [f"{body[0]}L{body[2:-1]}{end}" for body, end in zip(bodies, ends, strict=True)]


elements = st.one_of(
    st.just("x"), st.sampled_from("ILV"), st.text("ILV", min_size=1, max_size=3).map("[{}]".format)
)


@settings(deadline=None)
@given(st.lists(elements, min_size=1, max_size=6), st.lists(st.text("AILV", max_size=7)))
def test_a_pattern_finds_what_the_regular_expression_finds(parts, sequences):
    text = "".join(parts)
    expected = [bool(re.fullmatch(text.replace("x", "."), sequence)) for sequence in sequences]
    assert motif_pattern(text)(sequences).tolist() == expected


def test_a_pattern_takes_arrow_columns_and_remembers_its_text():
    pattern = motif_pattern("xLxx[VL]")
    column = pa.chunked_array([["ALAAV", "ALAAA"], ["ALAAL", "ALAAVV"]])
    assert pattern(column).tolist() == [True, False, True, False]
    assert pattern.text == "xLxx[VL]"
    assert pattern([]).tolist() == []


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("", "nothing"),
        ("xlxxV", "'l'"),
        ("xL*V", "'*'"),
        ("xL..V", "'.'"),
        ("xLB", "'B'"),
        ("x[LM", "'['"),
        ("x[]V", "'['"),
        ("xL]V", "']'"),
        ("x[L[M]]V", "'['"),
        ("x[Lx]V", "'['"),
        ("x L", "' '"),
        ("xL5", "'5'"),
    ],
)
def test_a_bad_pattern_is_refused_with_the_place(bad, named):
    with pytest.raises(InputError, match=re.escape(f"found {named}")) as caught:
        motif_pattern(bad)
    assert f"'{bad}'" in caught.value.message
    assert "xLxxxxxx[VL]" in caught.value.hint


def test_peptides_of_one_length_are_counted_position_by_position():
    weights = position_weights(["ACD", "ACE", "AGE"])
    assert weights.positions == ("1", "2", "3")
    assert weights.n == 3
    by_letter = [{TWENTY[i]: row[i] for i in np.flatnonzero(row)} for row in weights.counts]
    assert by_letter == [{"A": 3.0}, {"C": 2.0, "G": 1.0}, {"D": 1.0, "E": 2.0}]


def test_mixed_lengths_are_anchored_at_both_ends():
    weights = position_weights(["ACDEFGHIK", "ACDEFWWWGHIK"])
    assert weights.positions == ANCHORED_POSITIONS
    assert [TWENTY[i] for i in weights.counts.argmax(axis=1)] == list("ACDEFGHIK")
    assert weights.counts.sum(axis=1).tolist() == [2.0] * 9


def test_a_short_peptide_leaves_the_middle_empty_and_counts_each_residue_once():
    weights = position_weights(["ACDEFGHIK", "LMNPQRST", "VW", "Y"])
    columns = ["".join(TWENTY[i] for i in np.flatnonzero(row)) for row in weights.counts]
    assert columns == ["ALVY", "CM", "DN", "EP", "F", "GQ", "HR", "IS", "KTW"]
    assert weights.counts.sum() == 9 + 8 + 2 + 1


def test_residues_outside_the_twenty_count_nowhere():
    weights = position_weights(["AXU", "ACB"])
    assert weights.counts.sum(axis=1).tolist() == [2.0, 1.0, 0.0]
    assert weights.bits[2] == 0.0
    assert np.isinf(weights.chance_bits[2])


def test_information_is_the_relative_entropy_to_the_background():
    weights = position_weights(planted(500, 9, seed=1))
    np.testing.assert_allclose(weights.frequencies.sum(axis=1), 1.0)
    expected = (weights.frequencies * np.log2(weights.frequencies / BACKGROUND)).sum(axis=1)
    np.testing.assert_allclose(weights.bits, expected)
    # Nothing but leucine, which is a tenth of all residues: log2(1 / 0.0996) = 3.33 bits and a
    # little less.
    assert 2.9 < weights.bits[1] < 3.33
    assert (weights.bits[2:8] < 0.1).all()


def test_more_peptides_of_the_same_kind_give_more_information_never_beyond_the_letters():
    few, many = position_weights(["AWA"] * 4), position_weights(["AWA"] * 4000)
    assert few.bits[1] < many.bits[1] < -np.log2(BACKGROUND[TWENTY.index("W")])


def test_a_matrix_follows_from_its_counts_alone():
    weights = position_weights(planted(50, 9, seed=3))
    again = weights_from_counts(weights.counts, n=50, positions=weights.positions)
    assert np.array_equal(again.frequencies, weights.frequencies)
    assert np.array_equal(again.bits, weights.bits)


def test_a_planted_motif_gets_its_name():
    assert motif_name(position_weights(planted(300, 9, seed=5))) == "xLxxxxxx[VL]"
    mixed = [sequence for n in (8, 9, 10, 11) for sequence in planted(100, n, seed=n)]
    assert motif_name(position_weights(mixed)) == "xLxxxxxx[VL]"


def test_a_name_is_a_pattern_its_peptides_have():
    peptides = planted(300, 9, seed=6)
    assert motif_pattern(motif_name(position_weights(peptides)))(peptides).all()


@pytest.mark.parametrize("n", [1, 5, 20, 100, 2000])
def test_random_peptides_have_no_named_position(n):
    names = {motif_name(position_weights(random_peptides(n, 9, seed))) for seed in range(20)}
    assert names == {"x" * 9}


def test_what_is_merely_absent_names_no_position():
    # Without leucine, serine and alanine, all else as usual: informative, but no residue stands
    # out.
    counts = np.where(np.isin(LETTERS, list("LSAEGPVKRT")), 0.0, BACKGROUND * 10_000)
    name = motif_name(weights_from_counts(counts[np.newaxis], n=10_000, positions=("1",)))
    assert name.startswith("[")
    assert len(name) == 6
    half = np.where(np.isin(LETTERS, list("LSAEG")), 0.0, BACKGROUND * 10_000)
    assert motif_name(weights_from_counts(half[np.newaxis], n=10_000, positions=("1",))) == "x"


@pytest.mark.parametrize("sequences", [[], ["", ""]])
def test_no_peptides_give_no_motif(sequences):
    with pytest.raises(InputError, match="no peptides"):
        position_weights(sequences)
