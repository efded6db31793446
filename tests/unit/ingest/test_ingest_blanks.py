"""What is missing, what is blank, and peptides that are spelled like it."""

import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import features_of, write

from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._runs import run_name


@pytest.mark.parametrize("peptide", ["NAN", "NIL", "MISSING", "FILTERED"])
@pytest.mark.parametrize("header", ["Peptide", "Modified sequence"])
def test_a_peptide_spelled_like_a_missing_value_is_a_peptide(tmp_path, peptide, header):
    rows = [[header, "Intensity"], ["SIINFEKL", 1], [peptide, 2]]
    parsed = read(write(tmp_path / "x", rows))
    assert [feature[1] for feature in features_of(parsed)] == ["SIINFEKL", peptide]


@pytest.mark.parametrize("word", ["NaN", "nan", "NA", "NULL", "null", "None", "#N/A", "-", "#NV"])
def test_what_stands_for_no_peptide_is_none(tmp_path, word):
    rows = [["Peptide", "Intensity"], ["SIINFEKL", 1], ["GILGFVFTL", 1], [word, 2]]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.ledger.rejected == {"no sequence": 1}


@pytest.mark.parametrize(
    "error",
    ["#WERT!", "#NV", "#ZAHL!", "#BEZUG!", "#DIV/0!", "#NOM?", "#VALEUR!", "#N/D", "#REF!"],
)
def test_an_error_of_excel_in_any_language_is_a_missing_quantity(tmp_path, error):
    rows = [["Peptide", "Intensity"], ["SIINFEKL", "1,5"], ["GILGFVFTL", error]]
    parsed = read(write(tmp_path / "x", rows, delimiter=";"))
    assert parsed.ledger.rejected == {}
    assert [feature[3] for feature in features_of(parsed)] == [1.5, None]


def test_rows_of_nothing_but_delimiters_are_blank_and_no_defects(tmp_path):
    rows = [["Peptide", "Intensity", ""], ["SIINFEKL", 1, ""], ["", "", ""], ["", " ", ""]]
    parsed = read(write(tmp_path / "x.csv", rows, delimiter=","))
    assert parsed.ledger.filtered == {"blank row": 2}
    assert parsed.ledger.rejected == {}


def test_a_row_without_a_peptide_and_with_a_quantity_is_still_a_defect(tmp_path):
    rows = [["Peptide", "Intensity"], ["SIINFEKL", 1], ["", 5], ["", ""]]
    parsed = read(write(tmp_path / "x.csv", rows, delimiter=","))
    assert (parsed.ledger.filtered, parsed.ledger.rejected) == (
        {"blank row": 1},
        {"no sequence": 1},
    )


def test_a_spectral_count_that_is_no_whole_number_is_kept_and_not_said_to_be_left_out(tmp_path):
    rows = [["Peptide", "# PSMs"], ["SIINFEKL", "3.5"], ["GILGFVFTL", "2"]]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.features["quantity"].to_pylist() == [3.5, 2.0]
    assert parsed.features["psm_count"].to_pylist() == [None, 2]
    assert parsed.warnings == ()


@pytest.mark.parametrize("header", ["RT", "RT (min)", "RT [s]"])
def test_a_duration_of_parquet_is_its_seconds_whatever_the_header(tmp_path, header):
    times = pa.array([datetime.timedelta(seconds=90), None], pa.duration("us"))
    pq.write_table(pa.table({"Peptide": ["SIINFEKL", "AAK"], header: times}), tmp_path / "x")
    parsed = read(tmp_path / "x")
    assert parsed.features["rt_s"].to_pylist() == [90.0, None]
    assert parsed.warnings == ()


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.fasta", "a.tsv.gz"])
def test_a_run_is_named_after_its_file_without_the_ending(name):
    assert run_name(name) == "a"
