"""Which column is which."""

import pytest

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest import ReadOptions, read
from omicstoken_kernel.ingest._columns import dialect, map_columns, require
from omicstoken_kernel.ingest._head import spelling

FORMATS = ("diann_report", "maxquant_evidence", "maxquant_peptides", "ligand_list", "generic")


def test_names_mangled_by_r_are_the_same_names():
    mangled = ["Modified.sequence", "Raw.file", "m.z", "MS.MS.Count", "Potential.contaminant"]
    mapping = map_columns(mangled, dialect("maxquant_evidence"))
    assert mapping == {
        "run": "Raw.file",
        "modified": "Modified.sequence",
        "mz": "m.z",
        "psm_count": "MS.MS.Count",
        "contaminant": "Potential.contaminant",
    }


def test_the_preferred_spelling_wins_wherever_it_stands():
    mapping = map_columns(["Leading razor protein", "Proteins"], dialect("maxquant_peptides"))
    assert mapping["proteins"] == "Proteins"


def test_columns_that_only_contain_the_word_are_not_taken():
    names = ["Sequence", "Max intensity m/z 0", "Intensity correlation", "Match q-value"]
    mapping = map_columns(names, dialect("maxquant_evidence"))
    assert "quantity" not in mapping
    assert "q_value" not in mapping


def test_what_the_user_names_goes_before_every_spelling():
    mapping = map_columns(
        ["Peptide", "Area", "Intensity"], dialect("generic"), {"quantity": "Area"}
    )
    assert mapping["quantity"] == "Area"


def test_an_override_of_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match="no column called 'intensity'") as caught:
        map_columns(["Area"], dialect("generic"), {"intensity": "Area"})
    assert "quantity" in caught.value.hint


def test_an_override_with_a_missing_header_names_close_ones():
    with pytest.raises(InputError, match="no column 'Ara', named for 'quantity'") as caught:
        map_columns(["Peptide", "Area"], dialect("generic"), {"quantity": "Ara"})
    assert "Did you mean: Area" in caught.value.hint


def test_a_missing_column_is_named_with_its_spellings():
    with pytest.raises(ParseError, match=r"no column 'Q\.Value'"):
        require(
            {"modified": "x"}, ["modified", "q_value"], dialect("diann_report"), "DIA-NN report"
        )


def test_an_override_reaches_the_reader(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Peptide,Area,Height\nAAK,1,2\nCCK,3,4\n")
    parsed = read(path, ReadOptions(columns={"quantity": "Height"}))
    assert parsed.features["quantity"].to_pylist() == [2.0, 4.0]
    assert parsed.columns["quantity"] == "Height"


def test_an_unlikely_peptide_column_can_be_named(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("what,n\nAAK,1\nCCK,3\n")
    with pytest.raises(ParseError, match="no column of peptides"):
        read(path)
    parsed = read(path, ReadOptions(columns={"sequence": "what"}))
    assert parsed.features["sequence"].to_pylist() == ["AAK", "CCK"]


@pytest.mark.parametrize("name", FORMATS)
def test_within_a_format_no_spelling_stands_twice(name):
    for headers in dialect(name).columns.values():
        spellings = [spelling(header) for header in headers]
        assert sorted(set(spellings)) == sorted(spellings)
