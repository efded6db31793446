"""Class calls by length and ends."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.length_profile import call_class, count_lengths
from omicstoken_kernel.analysis.sentences import Sentence

LETTERS = list("ACDEFGHIKLMNPQRSTVWY")


def made_up(lengths, *, ends=None, seed=0):
    """Distinct peptides by length: ``{length: number}``; ``ends`` fixes the last letters."""
    rng = np.random.default_rng(seed)
    found = []
    for length, number in lengths.items():
        bodies = rng.choice(LETTERS, (number, length))
        if ends is not None:
            bodies[:, -1] = rng.choice(list(ends), number)
        found += ["".join(body) for body in bodies]
    return found


CLASS_I = {8: 10, 9: 120, 10: 40, 11: 20, 12: 5, 14: 5}
CLASS_II = {12: 5, 13: 20, 14: 35, 15: 50, 16: 40, 17: 20, 18: 10, 20: 4}
DIGEST = {7: 20, 8: 20, 9: 22, 10: 20, 11: 20, 12: 20, 14: 18, 17: 15, 20: 12, 25: 10}


@pytest.mark.parametrize("name", ["2289", "2584", "2821"])
def test_the_demos_good_samples_are_called_class_i(demo_peptides, name):
    assert call_class(demo_peptides[name]).kind == "class_i"


def test_the_demos_flat_sample_is_called_unclear_and_told_why(demo_peptides):
    call = call_class(demo_peptides["1382"])
    assert call.kind == "unclear"
    assert "9.3\u202f% have 9" in call.reason
    assert "flat from 10 to 15 residues" in call.reason


@pytest.mark.parametrize(
    ("lengths", "ends", "kind"),
    [
        (CLASS_I, None, "class_i"),
        (CLASS_II, None, "class_ii"),
        (DIGEST, "KR", "tryptic"),
        (DIGEST, "LVFY", "unclear"),
        ({9: 100}, None, "class_i"),
        ({15: 100}, None, "class_ii"),
        ({30: 100}, None, "unclear"),
        ({8: 30, 9: 80, 10: 20, 12: 3, 13: 12, 14: 30, 15: 40, 16: 30}, None, "mixed"),
    ],
)
def test_profiles_are_called_by_what_they_look_like(lengths, ends, kind):
    assert call_class(made_up(lengths, ends=ends)).kind == kind


def test_ligands_that_all_end_in_k_are_no_digest():
    assert call_class(made_up(CLASS_I, ends="K")).kind == "class_i"


@pytest.mark.parametrize("number", [1, 3, 49])
def test_fewer_than_fifty_peptides_are_not_called(number):
    call = call_class(made_up({9: number}))
    assert call.kind == "unclear"
    assert str(number) in call.reason


def test_fifty_peptides_are_called():
    assert call_class(made_up({9: 50})).kind == "class_i"


def test_no_peptides_are_said_to_be_none():
    call = call_class([])
    assert (call.kind, call.reason) == ("unclear", "There are no peptides.")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lengths", [CLASS_I, CLASS_II, DIGEST, {9: 30}, {30: 60, 31: 60, 33: 58}])
@pytest.mark.parametrize("ends", [None, "KR"])
def test_every_figure_of_a_reason_is_in_its_evidence(lengths, ends, seed, check_figures):
    call = call_class(made_up(lengths, ends=ends, seed=seed))
    check_figures(Sentence(call.reason, "computed", call.evidence))


def test_lengths_are_counted_in_ascending_order():
    assert list(count_lengths(["AAAA", "AA", "CC", "AAA"]).items()) == [(2, 2), (3, 1), (4, 1)]


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("CaronLab__MhcVizPipe__H2-Kb.tsv", "class_i"),
        ("CaronLab__MhcVizPipe__Lymphoma.txt", "class_i"),
        ("CaronLab__MhcVizPipe__PBMC_1.tsv", "class_i"),
        ("CaronLab__MhcVizPipe__mouse_liver.txt", "class_i"),
        ("CaronLab__MhcVizPipe__JY.tsv", "class_ii"),
    ],
)
def test_real_ligand_lists_are_called_right(real_file, file, kind):
    words = real_file(f"ligand_list/{file}").read_text().split()
    assert call_class(sorted({word for word in words if word.isupper()})).kind == kind


@pytest.mark.real
@pytest.mark.parametrize(
    "file", ["MannLabs__directlfq__mq_peptides.txt", "gangabhavani129__dep__peptides.txt"]
)
def test_real_digests_are_called_tryptic(real_file, file):
    lines = real_file(f"maxquant_peptides/{file}").read_text().splitlines()
    column = lines[0].split("\t").index("Sequence")
    assert call_class(sorted({line.split("\t")[column] for line in lines[1:]})).kind == "tryptic"
