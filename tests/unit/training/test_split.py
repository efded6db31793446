"""The split the weights were made with: nothing held out, nor its relatives, was trained on."""

import csv
import json
import struct
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from training import families, relatives
from training.ligands import demo_peptides, read_ligands
from training.split import make_split

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def split():
    return make_split()


def metadata():
    content = (files("omicstoken_kernel.embedding") / "ligand.safetensors").read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + size])["__metadata__"]


def test_weights_were_made_from_exactly_this_training_set(split):
    assert metadata()["train_sha256"] == split.train_sha256
    assert metadata()["train_ligands"] == str(len(split.train))


def test_published_table_is_the_split(split):
    with (ROOT / "training" / "families.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    published = {tuple(row["alleles"].split()): row["held_out"] == "yes" for row in rows}
    assert published == {family.alleles: family.fold == 0 for family in split.families}


def test_documentation_has_the_same_table():
    with (ROOT / "training" / "families.csv").open(newline="") as file:
        rows = [row["alleles"].replace("HLA-", "") for row in csv.DictReader(file)]
    text = (ROOT / "docs" / "embedding.md").read_text()
    assert [f" {row} |" in text for row in rows] == [True] * len(rows)


def test_no_family_is_on_both_sides(split):
    sides = {
        allele: "train" if family.fold else "held out"
        for family in split.families
        for allele in family.alleles
    }
    assert {sides[allele] for allele in split.train["allele"].unique()} == {"train"}
    assert {sides[allele] for allele in split.held_out["allele"].unique()} == {"held out"}


def test_motifs_of_different_families_differ_by_more_than_the_limit(split):
    alleles = [allele for family in split.families for allele in family.alleles]
    number = np.repeat(
        np.arange(len(split.families)), [len(family.alleles) for family in split.families]
    )
    motifs = families._motifs(read_ligands(), alleles)
    apart = families.motif_distances_bits(motifs)[number[:, None] != number]
    assert apart.min() > families.LEAST_DISTANCE_BITS


def test_no_relative_of_a_held_out_or_demo_peptide_was_trained_on(split):
    kept_away = {*split.held_out["peptide"], *demo_peptides()}
    trained = set(split.train["peptide"])
    # Written otherwise than the filter: every substitution and extension is made and looked up.
    letters = "ACDEFGHIKLMNPQRSTVWY"
    assert not trained & kept_away
    for peptide in kept_away:
        shorter = {peptide[:at] + peptide[at + 1 :] for at in range(len(peptide))}
        assert not trained & shorter, peptide
    for peptide in sorted(kept_away)[::25]:
        places = range(len(peptide))
        swapped = {peptide[:at] + r + peptide[at + 1 :] for at in places for r in letters}
        longer = {
            peptide[:at] + r + peptide[at:] for at in (*places, len(peptide)) for r in letters
        }
        assert not trained & (swapped | longer), peptide


def test_relatives_are_one_residue_away_and_no_further():
    near = ["SIINFEKL", "SIINFEK", "IINFEKL", "SIINFEKLA", "SIIINFEKL", "SIINFDKL"]
    far = ["SIINFE", "SIINFEKLAA", "SLLNFEKL", "LIINFEKS", "IINFEKLS"]
    found = relatives.are_relatives([*near, *far], ["SIINFEKL"])
    assert found.tolist() == [True] * len(near) + [False] * len(far)
