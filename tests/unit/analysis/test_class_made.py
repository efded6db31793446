"""Class calls of made runs: ligands by their anchors, digests cut from made proteins, mixtures."""

from __future__ import annotations

import re

import numpy as np
import pytest

from omicstoken_kernel.analysis.length_profile import call_class
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME

LETTERS = list("ACDEFGHIKLMNPQRSTVWY")
SHARES = np.array([HUMAN_PROTEOME[letter] for letter in LETTERS])
SHARES /= SHARES.sum()
# Lengths of class I ligands of people and of mice with H2-Kb, and of class II ligands.
HUMAN, MOUSE = {8: 6, 9: 62, 10: 17, 11: 11, 12: 4}, {8: 52, 9: 28, 10: 11, 11: 6, 12: 3}
CLASS_II = {12: 4, 13: 12, 14: 19, 15: 24, 16: 18, 17: 11, 18: 6, 19: 3, 20: 3}


def ligands(rng, number, lengths, *, second="LM", last="LVFY"):
    """Return distinct peptides with anchors at their second and last place."""
    chosen = rng.choice(
        list(lengths), number, p=np.array([*lengths.values()]) / sum(lengths.values())
    )
    found = set()
    for length in chosen:
        body = rng.choice(LETTERS, length, p=SHARES)
        body[1], body[-1] = rng.choice(list(second)), rng.choice(list(last))
        found.add("".join(body))
    return found


def digest(rng, number, *, missed=0.1, semi=0.0):
    """Return peptides of made proteins cut behind K and R, some of them once more anywhere."""
    found: set[str] = set()
    while len(found) < number:
        pieces = re.findall("[^KR]*[KR]", "".join(rng.choice(LETTERS, 500, p=SHARES)))
        for first, following in zip(pieces, [*pieces[1:], ""], strict=True):
            peptide = first + following if rng.random() < missed else first
            if 7 <= len(peptide) <= 30 and rng.random() < semi:
                cut = int(rng.integers(1, len(peptide)))
                peptide = peptide[:cut] if rng.random() < 0.5 else peptide[cut:]
            if 7 <= len(peptide) <= 30:
                found.add(peptide)
    return set(sorted(found)[:number])


def rng_of(seed):
    return np.random.default_rng(seed)


RUNS = {
    "class I": ("class_i", lambda r: ligands(r, 900, HUMAN)),
    "mouse H2-Kb": ("class_i", lambda r: ligands(r, 900, MOUSE, second=LETTERS, last="LIVM")),
    "class II": ("class_ii", lambda r: ligands(r, 900, CLASS_II, last=LETTERS)),
    "A*11:01 alone": ("class_i", lambda r: ligands(r, 900, HUMAN, second="VTS", last="KKKKR")),
    "A*11:01 among others": (
        "class_i",
        lambda r: ligands(r, 500, HUMAN) | ligands(r, 400, HUMAN, second="VTS", last="KR"),
    ),
    "tryptic": ("tryptic", lambda r: digest(r, 900)),
    "tryptic, many missed": ("tryptic", lambda r: digest(r, 900, missed=0.4)),
    "semi-tryptic": ("tryptic", lambda r: digest(r, 900, semi=0.9)),
    "class I and class II": (
        "mixed", lambda r: ligands(r, 450, HUMAN) | ligands(r, 450, CLASS_II, last=LETTERS),
    ),
    "class I and digest": ("mixed", lambda r: ligands(r, 450, HUMAN) | digest(r, 450)),
    "class II and digest": (
        "mixed", lambda r: ligands(r, 450, CLASS_II, last=LETTERS) | digest(r, 450),
    ),
    "30 peptides": ("unclear", lambda r: ligands(r, 30, HUMAN)),
    "all one length": ("class_i", lambda r: ligands(r, 300, {9: 1})),
    "flat over 10 to 15": ("unclear", lambda r: ligands(r, 900, dict.fromkeys(range(10, 16), 1))),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", RUNS)
def test_made_runs_are_called_what_they_are(name, seed, check_figures):
    kind, make = RUNS[name]
    call = call_class(sorted(make(rng_of(seed))))
    assert call.kind == kind
    check_figures(Sentence(call.reason, "computed", call.evidence))
    assert call.semi_specific == (name == "semi-tryptic")


def test_a_mixture_names_its_parts():
    def parts_of(name):
        return call_class(sorted(RUNS[name][1](rng_of(1)))).parts

    assert parts_of("class I and class II") == ("class_i", "class_ii")
    assert parts_of("class I and digest") == ("class_i", "tryptic")
    assert parts_of("class II and digest") == ("class_ii", "tryptic")
    assert parts_of("class I") == ()


def test_a_digest_of_the_lengths_of_ligands_is_still_a_digest():
    """Short peptides alone, as a filter for 8 to 11 residues leaves them."""
    short = sorted(p for p in digest(rng_of(0), 4000) if 8 <= len(p) <= 11)
    assert call_class(short).kind == "tryptic"


def test_ligands_that_end_in_k_or_r_are_told_apart_in_words():
    call = call_class(sorted(RUNS["A*11:01 alone"][1](rng_of(0))))
    assert "HLA-A*11:01" in call.reason
    assert "too many for a digest" in call.reason
