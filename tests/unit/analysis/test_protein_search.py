"""Peptides in proteins: what a plain search of every protein finds, and nothing else."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from fasta_files import proteome

from omicstoken_kernel.analysis import protein_search
from omicstoken_kernel.analysis.protein_search import ProteinText, find_places


def found(peptides, sequences, **how):
    places = find_places(peptides, ProteinText.of(sequences), **how)
    return {
        (peptides[peptide], protein, start)
        for peptide, protein, start in zip(*(each.tolist() for each in places), strict=True)
    }


def searched(peptides, sequences):
    """Return the same by looking through every protein, overlapping places included."""
    return {
        (peptide, number, match.start())
        for peptide in peptides
        for number, sequence in enumerate(sequences)
        for match in re.finditer(f"(?={peptide})", sequence)
    }


def cut(sequences, number, seed=0, lengths=(5, 30)):
    """Return distinct peptides cut from proteins."""
    draw = np.random.default_rng(seed)
    made = {}
    while len(made) < number:
        sequence = sequences[draw.integers(len(sequences))]
        length = int(draw.integers(*lengths))
        at = int(draw.integers(max(len(sequence) - length, 1)))
        made[sequence[at : at + length]] = None
    return [each for each in made if len(each) >= protein_search.SHORTEST]


@pytest.mark.parametrize("step", [50, 2_000_000])
def test_every_place_is_found_and_no_other(monkeypatch, step):
    monkeypatch.setattr(protein_search, "_STEP", step)
    monkeypatch.setattr(protein_search, "_MOST_PAIRS", 7)
    sequences = [*proteome(40, seed=1, median=150).values(), "AAAAAAAAAA", "SIINF", "MK"]
    peptides = [*cut(sequences[:40], 150), "AAAAA", "AAAAAA", "SIINF", "WWWWW", "SIINFEKL"]
    assert found(peptides, sequences) == searched(peptides, sequences)


def test_no_peptide_lies_across_two_proteins_or_a_stop():
    assert found(["PEPTIDE"], ["MPEP", "TIDEK", "PEP*TIDE"]) == set()


def test_ends_of_proteins_count():
    assert found(["SIINF", "EKLLL"], ["SIINFEKLLL"]) == {("SIINF", 0, 0), ("EKLLL", 0, 5)}


def test_i_and_l_are_one_residue_only_on_demand():
    sequences = ["MSIINFEKLK", "MSLLNFEKIK", "MSJJNFEKJK"]
    assert found(["SIINFEKL"], sequences) == {("SIINFEKL", 0, 1)}
    both = found(["SIINFEKL", "SLLNFEKL"], sequences, il_equivalent=True)
    assert {(peptide, protein) for peptide, protein, _ in both} == {
        (peptide, protein) for peptide in ("SIINFEKL", "SLLNFEKL") for protein in range(3)
    }


def test_an_unknown_residue_of_a_protein_matches_nothing():
    assert found(["SIINFEKL"], ["SIXNFEKL"]) == set()


def test_selenocysteine_is_a_letter_like_others():
    assert found(["GCVUGK"], ["MGCVUGKK"]) == {("GCVUGK", 0, 1)}


@pytest.mark.parametrize(("peptides", "sequences"), [([], ["MEEPQ"]), (["MEEPQ"], [])])
def test_nothing_in_nothing_is_nothing(peptides, sequences):
    assert found(peptides, sequences) == set()


def test_five_hundred_proteins_are_all_named():
    sequences = [f"M{'K' * (number % 7)}SIINFEKL" for number in range(500)]
    assert len({protein for _, protein, _ in found(["SIINFEKL"], sequences)}) == 500


def test_two_million_residues_take_seconds():
    sequences = list(proteome(4_000, seed=2).values())
    peptides = cut(sequences, 20_000, lengths=(8, 15))
    started = time.perf_counter()
    places = find_places(peptides, ProteinText.of(sequences))
    assert len(set(places.peptide.tolist())) == len(peptides)
    assert time.perf_counter() - started < 20
