"""Descriptors against the package `peptides`, sequence by sequence, and at their edges."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import peptides
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omicstoken_kernel.chemistry.descriptors import DESCRIPTORS, describe
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.tables import PeptideRow

TWENTY = "ACDEFGHIKLMNPQRSTVWY"


def reference(sequence: str) -> dict[str, float]:
    """The same descriptors by the package `peptides`, which loops over one peptide at a time."""
    peptide = peptides.Peptide(sequence)
    return {
        "mass_average_da": peptide.molecular_weight(),
        "mass_monoisotopic_da": peptide.molecular_weight(average="monoisotopic"),
        "net_charge": sum(map(sequence.count, "KRH")) - sum(map(sequence.count, "DE")),
        "charge_ph7": peptide.charge(pH=7),
        "isoelectric_point": peptide.isoelectric_point(),
        "gravy": peptide.hydrophobicity(),
        "aromaticity": sum(map(sequence.count, "FWY")) / len(sequence),
        "aliphatic_index": peptide.aliphatic_index(),
        "instability_index": peptide.instability_index(),
        "boman_index": peptide.boman(),
    }


# Our monoisotopic masses carry six decimals, theirs five.
TOLERANCE = dict.fromkeys(DESCRIPTORS, 1e-6) | {"mass_monoisotopic_da": 1e-3}


def assert_equals_reference(sequences: list[str]) -> None:
    table = describe(sequences)
    expected = [reference(sequence) for sequence in sequences]
    for name in DESCRIPTORS:
        theirs = np.array([row[name] for row in expected])
        ours = table[name].to_numpy()
        worst = int(np.argmax(np.abs(ours - theirs)))
        assert abs(ours[worst] - theirs[worst]) <= TOLERANCE[name], (name, sequences[worst])


def generated(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list(TWENTY), rng.integers(2, 40))) for _ in range(n)]


def real_peptides(folder: Path) -> list[str]:
    """The distinct peptides at the start of a line of ligand lists and MaxQuant tables."""
    files = sorted(folder.glob("ligand_list/*")) + sorted(folder.glob("maxquant_*/*"))
    text = "\n".join(file.read_text(encoding="utf-8-sig", errors="replace") for file in files)
    return sorted(set(re.findall(rf"(?m)^[{TWENTY}]{{7,40}}(?=\t|,|\r?$)", text)))


def test_descriptors_of_generated_peptides_equal_the_package_peptides():
    assert_equals_reference(generated(400, seed=3))


@pytest.mark.real
@pytest.mark.slow
def test_descriptors_of_ten_thousand_real_peptides_equal_the_package_peptides(realdata):
    found = real_peptides(realdata)
    assert len(found) >= 10_000
    rng = np.random.default_rng(0)
    assert_equals_reference([found[i] for i in rng.choice(len(found), 10_000, replace=False)])


@settings(deadline=None)
@given(st.lists(st.text(TWENTY, min_size=1, max_size=60), max_size=30))
def test_a_sequence_has_the_same_descriptors_in_any_company(sequences: list[str]):
    together = describe(sequences).to_pylist()
    assert together == [describe([sequence]).to_pylist()[0] for sequence in sequences]


def test_batches_join_without_a_seam(monkeypatch: pytest.MonkeyPatch):
    sequences = generated(50, seed=5)
    whole = describe(sequences)
    monkeypatch.setattr("omicstoken_kernel.chemistry.descriptors._BATCH", 7)
    assert describe(sequences).combine_chunks() == whole.combine_chunks()


def test_columns_are_those_of_the_peptide_table():
    stored = set(PeptideRow.model_fields) - {"id", "sequence", "il_key"}
    assert describe([]).column_names == ["length", *DESCRIPTORS]
    assert stored == {"length", *DESCRIPTORS}
    assert describe([]).schema == describe(["PEPTIDE"]).schema


@pytest.mark.parametrize("letter", list("BJXZ"))
def test_an_ambiguous_residue_leaves_nothing_but_the_length(letter: str):
    row = describe([f"PEP{letter}IDE"]).to_pylist()[0]
    assert row == {"length": 7} | dict.fromkeys(DESCRIPTORS)


def test_selenocysteine_and_pyrrolysine_have_masses_and_no_scales():
    for letter, mass in {"U": 150.953635, "O": 237.147727}.items():
        with_letter, without = describe([f"PEP{letter}IDE", "PEPIDE"]).to_pylist()
        gained = with_letter["mass_monoisotopic_da"] - without["mass_monoisotopic_da"]
        assert math.isclose(gained, mass, abs_tol=1e-5)
        assert with_letter["net_charge"] == without["net_charge"]
        undefined = {name for name in DESCRIPTORS if with_letter[name] is None}
        assert undefined == {
            "charge_ph7", "isoelectric_point", "gravy", "instability_index", "boman_index",
        }  # fmt: skip


def test_one_residue_has_no_instability_index_and_an_empty_sequence_nothing():
    one, empty = describe(["K", ""]).to_pylist()
    assert one["instability_index"] is None
    assert one["gravy"] == -3.9
    assert empty == {"length": 0} | dict.fromkeys(DESCRIPTORS)


def test_null_stays_null_and_slices_and_chunks_are_read_right():
    array = pa.array(["AAAA", "PEPTIDE", None, "KR"])
    assert describe(array).column("length").to_pylist() == [4, 7, None, 2]
    assert describe(array.slice(1, 1)).to_pylist() == describe(["PEPTIDE"]).to_pylist()
    chunked = pa.chunked_array([["AAAA"], ["PEPTIDE", "KR"]])
    assert describe(chunked).to_pylist() == describe(["AAAA", "PEPTIDE", "KR"]).to_pylist()


@pytest.mark.parametrize("bad", ["PEpTIDE", "PEP TIDE", "M[Oxidation]", "PEPTÏDE", "PEP*"])
def test_a_character_that_is_no_residue_is_refused_by_name(bad: str):
    with pytest.raises(InputError, match=re.escape(bad)):
        describe(["PEPTIDE", bad, "PEPTIDE"])


def test_the_longest_peptides_have_an_isoelectric_point():
    # Counts too large for one key each: every row is then its own set.
    sequences = [letter * 1022 for letter in "CDEHKRY"] + ["CDEHKRY" * 146]
    points = describe(sequences)["isoelectric_point"].to_pylist()
    expected = [peptides.Peptide(sequence).isoelectric_point() for sequence in sequences]
    assert points == pytest.approx(expected, abs=1e-6)
