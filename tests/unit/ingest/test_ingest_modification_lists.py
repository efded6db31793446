"""Lists of modifications under any header: never is a peptide stored without them."""

import pytest
from ingest_files import features_of, write

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read

HEADERS = (
    "Mod", "Modifs", "modification_info", "Modification Type(s)", "Variable Mods", "var_mods",
    "PTM sites", "Mod. sites", "Peptide modifications", "Assigned Modification", "VarMods",
    "All modifications", "Modifikationen", "Oxidation", "What happened",
)  # fmt: skip


def table(tmp_path, header, *rows):
    return write(tmp_path / "x.tsv", [["Peptide", *header], *map(list, rows)])


@pytest.mark.parametrize("header", HEADERS)
def test_a_list_is_read_under_any_header(tmp_path, header):
    path = table(tmp_path, [header, "Intensity"], ("AACMK", "M4(Oxidation)", 1), ("CCCK", "", 2))
    parsed = read(path)
    assert [feature[1] for feature in features_of(parsed)] == ["AACM[Oxidation]K", "CCCK"]
    assert parsed.columns["modifications"] == header
    assert any(f"'{header}' was read as the list" in said for said in parsed.warnings)


def test_a_list_of_msfragger_is_read_and_only_the_best_hit_of_a_spectrum(tmp_path):
    path = table(
        tmp_path,
        ["hit_rank", "modification_info"],
        ("AACMK", 1, "3C(57.0215), 4M(15.9949)"),
        ("CCCK", 2, ""),
    )
    parsed = read(path)
    assert [feature[1] for feature in features_of(parsed)] == ["AAC[+57.0215]M[+15.9949]K"]
    assert parsed.ledger.filtered == {"not the best match of its spectrum": 1}


def test_a_list_without_places_rejects_its_rows_and_no_others(tmp_path):
    path = table(tmp_path, ["var mods"], ("AACMMK", "Oxidation (M)"), ("CCCK", "none"))
    parsed = read(path)
    assert parsed.features["sequence"].to_pylist() == ["CCCK"]
    assert [(one.column, one.value) for one in parsed.rejections] == [("var mods", "Oxidation (M)")]


@pytest.mark.parametrize(
    ("flag", "no"), [("yes", "no"), ("TRUE", "FALSE"), ("+", ""), ("modified", "unmodified")]
)
def test_a_peptide_that_is_only_called_modified_is_none_without(tmp_path, flag, no):
    parsed = read(table(tmp_path, ["Modified"], ("AACMK", flag), ("CCCK", no)))
    assert parsed.features["sequence"].to_pylist() == ["CCCK"]


def test_of_several_lists_the_one_with_places_is_read_and_the_other_named(tmp_path):
    header = ["mod type", "mod info"]
    parsed = read(table(tmp_path, header, ("AACMK", "Oxidation", "M4(Oxidation)")))
    assert [feature[1] for feature in features_of(parsed)] == ["AACM[Oxidation]K"]
    assert any("'mod type' may tell of modifications" in said for said in parsed.warnings)


def test_several_lists_without_places_are_refused_until_one_is_named(tmp_path):
    path = table(tmp_path, ["mod type", "mod names"], ("AACMK", "Oxidation", "Oxidation (M)"))
    with pytest.raises(ParseError, match="several columns that may list") as refused:
        read(path)
    assert '--column modifications="mod type"' in refused.value.hint
    sited = write(
        tmp_path / "y.tsv",
        [["Peptide", "mod type", "mod place"], ["AACMK", "Oxidation", "4"], ["CCCK", "", ""]],
    )
    columns = {"modifications": "mod type", "sites": "mod place"}
    named = read(sited, ReadOptions(columns=columns))
    assert [feature[1] for feature in features_of(named)] == ["AACM[Oxidation]K", "CCCK"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Model", ("HF-X", "Exploris")),
        ("PTM score", ("12.5", "0")),
        ("mod_seq_hash", ("811", "812")),
        ("Modified on", ("2024-05-01", "2024-05-02")),
        ("Modality", ("DDA", "DIA")),
    ],
)
def test_columns_that_only_sound_like_lists_reject_nothing(tmp_path, header, cells):
    parsed = read(table(tmp_path, [header], ("AACMK", cells[0]), ("CCCK", cells[1])))
    assert parsed.ledger.features == 2
    assert "modifications" not in parsed.columns
    assert not parsed.warnings


def test_counts_of_modifications_beside_bare_sequences_are_named(tmp_path):
    parsed = read(table(tmp_path, ["Number of mods"], ("AACMK", 1), ("CCCK", 0)))
    assert any('--column modifications="Number of mods"' in said for said in parsed.warnings)
    none = read(table(tmp_path, ["Number of mods"], ("AACMK", 0), ("CCCK", 0)))
    assert not none.warnings


def test_sequences_that_carry_their_modifications_need_no_list(tmp_path):
    path = table(tmp_path, ["mod type", "PTM x"], ("AAC[Carbamidomethyl]K", "Oxidation", "Acetyl"))
    assert [feature[1] for feature in features_of(read(path))] == ["AAC[Carbamidomethyl]K"]


def test_a_column_that_spells_the_sequences_with_modifications_is_the_modified_one(tmp_path):
    path = table(tmp_path, ["Peptide mod"], ("AACMK", "AACM[Oxidation]K"), ("CCCK", "CCCK"))
    parsed = read(path)
    assert [feature[1] for feature in features_of(parsed)] == ["AACM[Oxidation]K", "CCCK"]
    assert parsed.columns["modified"] == "Peptide mod"
