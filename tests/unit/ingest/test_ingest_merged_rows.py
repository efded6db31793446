"""Samples that only a column nobody read tells apart: merged, but never without a word."""

import pytest
from ingest_files import features_of, write

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import ReadOptions, read


def table(tmp_path, head, *rows):
    return write(tmp_path / "x.tsv", [head, *rows])


@pytest.mark.parametrize(
    "header", ["#SpecFile", "MS/MS sample name", "Replicate Name", "donor", "Patient ID"]
)
def test_rows_of_several_samples_are_several_runs(tmp_path, header):
    path = table(tmp_path, [header, "Peptide"], ["a", "AAAK"], ["b", "AAAK"])
    parsed = read(path)
    assert [run.name for run in parsed.runs] == ["a", "b"]
    assert parsed.ledger.merged == 0


@pytest.fixture
def replicates(tmp_path):
    return table(
        tmp_path,
        ["Peptide", "Experiment", "Replicate", "Gene", "Intensity"],
        ["AAAK", "A", 1, "x", 10],
        ["AAAK", "A", 2, "y", 20],
        ["AAAK", "B", 1, "x", 5],
    )


def test_a_column_that_tells_merged_rows_apart_is_named(replicates):
    (said,) = read(replicates).warnings
    assert said.startswith("1 rows were merged")
    assert "'Replicate' differs" in said
    assert '--column "run=Experiment;Replicate"' in said
    assert "Gene" not in said


def test_several_columns_name_the_run_together(replicates):
    parsed = read(replicates, ReadOptions(columns={"run": "Experiment;Replicate"}))
    assert features_of(parsed) == [
        ("A, 1", "AAAK", None, 10.0, 2),
        ("A, 2", "AAAK", None, 20.0, 3),
        ("B, 1", "AAAK", None, 5.0, 4),
    ]
    assert parsed.columns["run"] == "Experiment; Replicate"
    assert not parsed.warnings


def test_a_run_named_by_a_column_that_is_not_there_is_refused(replicates):
    with pytest.raises(InputError, match="no column 'Experiment;Batch'"):
        read(replicates, ReadOptions(columns={"run": "Experiment;Batch"}))


def test_a_part_of_a_runs_name_that_is_blank_is_left_out(tmp_path):
    path = table(tmp_path, ["Peptide", "Day", "Plate"], ["AAAK", "x", ""], ["CCCK", "", ""])
    parsed = read(path, ReadOptions(columns={"run": "Day;Plate"}))
    assert [run.name for run in parsed.runs] == ["x"]
    assert parsed.ledger.rejected == {"names no run": 1}


def test_spectra_and_proteins_of_one_feature_are_no_samples(tmp_path):
    path = table(
        tmp_path,
        ["Peptide", "Scan", "Protein", "Score", "Missed cleavages", "Type", "Recalibrated"],
        ["AAAK", 1, "P1", 1.5, 0, "MULTI", "TRUE"],
        ["AAAK", 2, "P2", 2.5, 1, "MSMS", "FALSE"],
    )
    assert read(path).warnings == ()


def test_a_matrix_says_that_a_column_of_runs_was_passed_over(tmp_path):
    rows = [["AAAK", "x", 1, 2], ["CCCK", "y", 3, 4]]
    parsed = read(table(tmp_path, ["Peptide", "Batch", "Intensity A", "Intensity B"], *rows))
    assert parsed.warnings == ()
    parsed = read(table(tmp_path, ["Peptide", "Sample", "Intensity A", "Intensity B"], *rows))
    assert [run.name for run in parsed.runs] == ["A", "B"]
    assert any('--column run="Sample"' in said for said in parsed.warnings)
