"""Progenesis' peptide ions: three header lines, blocks, and what R and Excel make of them."""

import csv

import pytest
from ingest_files import MAKERS, features_of
from made_workbooks import Sheet, write_workbook

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._progenesis import find_layout


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def save(path, rows, *, delimiter=",", quoting=csv.QUOTE_MINIMAL):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(rows)
    return path


@pytest.fixture
def rows(tmp_path):
    return rows_of(MAKERS["progenesis"](tmp_path).path)


@pytest.fixture
def golden(tmp_path):
    return MAKERS["progenesis"](tmp_path).features


def test_a_file_that_r_read_and_wrote_gives_the_same(tmp_path, rows, golden):
    blank = iter(["X", *(f"X.{n}" for n in range(1, 99))])
    rows[0] = [cell.replace(" ", ".") if cell else next(blank) for cell in rows[0]]
    assert features_of(read(save(tmp_path / "x", rows))) == golden


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_any_delimiter_and_every_field_in_quotes_is_read(tmp_path, rows, golden, delimiter):
    path = save(tmp_path / "x", rows, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    assert features_of(read(path)) == golden


def test_normalised_abundances_count_only_where_none_are_raw(tmp_path, rows):
    for row in rows:
        del row[12:14]
    features = features_of(read(save(tmp_path / "x", rows)))
    assert {feature[3] for feature in features} == {7.0}


@pytest.mark.parametrize("lost", [1, 2])
def test_a_sample_without_a_column_of_counts_has_no_matches_known(tmp_path, rows, lost):
    parsed = read(save(tmp_path / "x", [row[:-lost] for row in rows]))
    known = {row["run"]: row["psm_count"] for row in parsed.features.to_pylist()}
    assert known[1] is None
    assert not any(row["matched"] for row in parsed.features.to_pylist() if row["run"] == 1)


def test_a_peak_without_a_spectrum_of_its_own_is_matched(tmp_path, rows):
    parsed = read(save(tmp_path / "x", [*rows[:3], rows[3]]))
    assert parsed.features["matched"].to_pylist() == [False, True]
    assert parsed.features["psm_count"].to_pylist() == [2, 0]


def test_headers_of_the_older_program_are_known(tmp_path, rows, golden):
    rows[0][5] = "Best peptide match"
    rows[2][7] = "Variable modifications ([position] description)"
    rows[2][8] = "Protein"
    assert features_of(read(save(tmp_path / "x", rows))) == golden


def test_samples_of_one_name_stay_two_runs(tmp_path, rows):
    for place in (10, 11, 12, 13, 14, 15):
        rows[2][place] = "same"
    runs = read(save(tmp_path / "x", rows[:4])).runs
    assert len({run.key for run in runs}) == len({run.name for run in runs}) == 2


def test_a_workbook_that_lost_the_line_of_blocks_is_refused_with_what_to_do(tmp_path, rows):
    rows[2].insert(9, "Max fold change")
    rows = [rows[2], *([*row[:9], "1.5", *row[9:]] for row in rows[3:])]
    path = write_workbook(tmp_path / "x.xlsx", {"Sheet1": Sheet(rows)})
    with pytest.raises(ParseError, match="no line of blocks at its top") as caught:
        read(path)
    assert "as CSV" in caught.value.hint


def test_a_table_of_proteins_or_compounds_is_none_of_peptides():
    for names in (b"#,Accession,Charge,m/z,Measured mass\n1,P1,2,400,798\n", b"", b"#\n", b"\x00"):
        assert find_layout(names) is None
