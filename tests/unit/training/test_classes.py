"""The generators of classes keep their word."""

import numpy as np
import pandas as pd
import pytest

from omicstoken_kernel.chemistry.residues import TWENTY
from training import recombine, simulate
from training.batch import BLANK, Batch, encode, random_peptides, together
from training.recombine import Recombiner


def letters(batch):
    return ["".join((TWENTY + "-")[code] for code in row).rstrip("-") for row in batch.codes]


@pytest.fixture
def two_alleles():
    # One allele has only A and C at its ends, the other only D and E.
    draw = np.random.default_rng(0)
    rows = [
        ("".join(draw.choice(list(pair), draw.integers(8, 13))), allele)
        for allele, pair in (("one", "AC"), ("two", "DE"))
        for _ in range(50)
    ]
    return pd.DataFrame(rows, columns=["peptide", "allele"])


def test_every_end_position_comes_from_a_real_pocket(two_alleles, monkeypatch):
    monkeypatch.setattr(recombine, "_ANYBODYS", 0.0)
    batch = Recombiner(two_alleles).batch(np.random.default_rng(1), 40, 8)
    peptides = letters(batch)
    assert {len(p) for p in peptides} <= set(range(8, 15))
    mixed = 0
    for number in range(40):
        members = [p for p, c in zip(peptides, batch.classes, strict=True) if c == number]
        ends = [p[:4] + p[-4:] for p in members]
        # At each end position all members of a class have the same donor.
        donors = ["AC" if set(column) <= set("AC") else "DE" for column in zip(*ends, strict=True)]
        assert all(set(c) <= set(d) for c, d in zip(zip(*ends, strict=True), donors, strict=True))
        mixed += len(set(donors)) == 2
    assert mixed > 10


def test_same_seed_gives_the_same_batch(two_alleles):
    ligands = Recombiner(two_alleles)
    first, second = (ligands.batch(np.random.default_rng(3), 5, 4) for _ in range(2))
    assert (first.codes == second.codes).all()
    assert (first.lengths == second.lengths).all()


def test_core_classes_hold_every_core_twice_with_ragged_ends():
    batch = simulate.core_classes(np.random.default_rng(0), 6, 8)
    peptides = letters(batch)
    assert [len(p) for p in peptides] == batch.lengths.tolist()
    for first, second in zip(peptides[::2], peptides[1::2], strict=True):
        nines = {first[at : at + 9] for at in range(len(first) - 8)}
        assert any(second[at : at + 9] in nines for at in range(len(second) - 8))


def test_kin_are_alike_within_a_class():
    batch = simulate.kin_classes(np.random.default_rng(0), 20, 6)
    threes = [{p[at : at + 3] for at in range(len(p) - 2)} for p in letters(batch)]
    same = [len(a & b) > 0 for a, b in zip(threes[::6], threes[1::6], strict=True)]
    other = [len(a & b) > 0 for a, b in zip(threes[:-6:6], threes[6::6], strict=True)]
    assert np.mean(same) > 0.6 > 0.1 > np.mean(other)
    assert batch.lengths.min() >= 4


def test_batches_are_joined_with_their_classes_apart():
    draw = np.random.default_rng(0)
    codes, lengths = encode(["ACD", "WY"], 5)
    assert codes[1].tolist() == [TWENTY.index("W"), TWENTY.index("Y"), BLANK, BLANK, BLANK]
    joined = together(
        Batch(codes, lengths, np.array([0, 0])), random_peptides(draw, np.array([4, 5]), 5)
    )
    assert joined.classes.tolist() == [0, 0, 1, 2]
    assert (joined.codes != BLANK).sum(axis=1).tolist() == [3, 2, 4, 5]
    assert joined.widened(7).codes.shape == (4, 7)
