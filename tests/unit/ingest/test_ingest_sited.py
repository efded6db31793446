"""Lists of modifications beside bare sequences, in tables of any origin."""

import pytest
from ingest_files import features_of, write

from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._sites import read_sited
from omicstoken_kernel.ingest.peptidoforms import Notation

LISTED_APART = "modifications are listed apart from the sequence: where they sit is not read"
NOT_FITTING = "a listed modification does not fit the sequence"
TOTAL_OR_SHIFT = "unsigned mass: could be the shift or the residue's total"


@pytest.mark.parametrize(
    ("listed", "proforma"),
    [
        ("M3(Oxidation)", "AAM[Oxidation]MK"),
        ("N-Term(Acetyl); M3(Oxidation)", "[Acetyl]-AAM[Oxidation]MK"),
        ("Oxidation@M3;Oxidation@M4", "AAM[Oxidation]M[Oxidation]K"),
        ("Acetyl@N-term;Oxidation@M4", "[Acetyl]-AAMM[Oxidation]K"),
        ("Oxidation (M3), Acetyl (Protein N-term)", "[Acetyl]-AAM[Oxidation]MK"),
        ("1xOxidation [M3]", "AAM[Oxidation]MK"),
        ("5|Acetyl|0|Acetyl", "[Acetyl]-AAMMK[Acetyl]"),
        ("-1|Amidated", "AAMMK-[Amidated]"),
        ("3-UNIMOD:35,0-UNIMOD:1,6-UNIMOD:2", "[Acetyl]-AAM[Oxidation]MK-[Amidated]"),
        ("3M(15.9949), N-term(42.0106)", "[+42.0106]-AAM[+15.9949]MK"),
        ("M3(+15.9949)", "AAM[+15.9949]MK"),
        ("3,Oxidation[M];", "AAM[Oxidation]MK"),
        (
            "0,Acetyl[ProteinN-term];3,Oxidation[M];4,Oxidation[M];",
            "[Acetyl]-AAM[Oxidation]M[Oxidation]K",
        ),
        ("6,Amidated[AnyC-term];", "AAMMK-[Amidated]"),
        ("Oxidation(M)@3; Oxidation(M)@4", "AAM[Oxidation]M[Oxidation]K"),
        ("Acetyl (Protein N-term)@1", "[Acetyl]-AAMMK"),
        ("[3] Oxidation (M)", "AAM[Oxidation]MK"),
        ("(3)Oxidation", "AAM[Oxidation]MK"),
        ("3:Oxidation;5:Acetyl (K)", "AAM[Oxidation]MK[Acetyl]"),
        ("3(Oxidation (M))", "AAM[Oxidation]MK"),
        ("3[+15.99]", "AAM[+15.99]MK"),
        ("Oxidation M3", "AAM[Oxidation]MK"),
        ("Oxidation [M3(100)]", "AAM[Oxidation]MK"),
    ],
)
def test_a_list_that_names_its_places_is_put_there(listed, proforma):
    assert read_sited("AAMMK", listed, Notation()).proforma == proforma


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ("A3(Oxidation)", NOT_FITTING),
        ("Oxidation@M9", NOT_FITTING),
        ("Oxidation@M0", NOT_FITTING),
        ("M3(147.0354)", TOTAL_OR_SHIFT),
        ("M3(Probe)", "modification not understood"),
        ("2,Oxidation[M];", NOT_FITTING),
        ("9,Oxidation[M];", NOT_FITTING),
        ("Oxidation(M)@2", NOT_FITTING),
        ("[2] Oxidation (M)", NOT_FITTING),
        ("Oxidation M2", NOT_FITTING),
        ("Oxidation [M2(100)]", NOT_FITTING),
        ("3:Acetyl (N-term)", NOT_FITTING),
        ("Acetyl(K)@0", NOT_FITTING),
        ("7:Oxidation", NOT_FITTING),
        ("3(15.99)", TOTAL_OR_SHIFT),
    ],
)
def test_a_place_or_name_that_cannot_be_is_a_defect(listed, reason):
    assert read_sited("AAMMK", listed, Notation()).reason == reason


@pytest.mark.parametrize("listed", ["Oxidation (M)", "2 Oxidation (M)", "1xOxidation [M]", "ox"])
def test_a_list_without_places_is_none(listed):
    assert read_sited("AAMMK", listed, Notation()) is None


def test_a_generic_table_reads_lists_with_places_and_rejects_those_without(tmp_path):
    rows = [
        ["Sequence", "Modifications", "Intensity"],
        ["AAMMK", "M3(Oxidation)", 1],
        ["AAMMK", "", 2],
        ["AAMMK", "Oxidation (M)", 3],  # where?
        ["AAM[Oxidation]MK", "M3(Oxidation)", 4],  # in the sequence already: merges
        ["AAMMK", "A3(Oxidation)", 5],
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert [feature[1:4] for feature in features_of(parsed)] == [
        ("AAM[Oxidation]MK", None, 4.0),
        ("AAMMK", None, 2.0),
    ]
    assert parsed.ledger.rejected == {LISTED_APART: 1, NOT_FITTING: 1}


def test_a_generic_table_pairs_names_with_a_column_of_sites(tmp_path):
    rows = [
        ["peptide", "mods", "mod_sites", "charge"],
        ["AAMMK", "Oxidation@M;Acetyl@Protein N-term", "3;0", 2],
        ["AAMMK", "Oxidation@M", "3;4", 2],  # two sites for one name
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert [feature[1] for feature in features_of(parsed)] == ["[Acetyl]-AAM[Oxidation]MK"]
    assert parsed.ledger.rejected == {NOT_FITTING: 1}


def test_a_peptide_record_of_ms2rescore_is_read(tmp_path):
    rows = [
        ["spec_id", "modifications", "peptide", "charge"],
        ["a", "0|Acetyl|2|Oxidation", "AMK", 2],
        ["b", "-", "AMK", 3],
    ]
    parsed = read(write(tmp_path / "x.peprec", rows))
    assert [feature[1:3] for feature in features_of(parsed)] == [
        ("[Acetyl]-AM[Oxidation]K", 2),
        ("AMK", 3),
    ]
