"""Filters that all formats share: which columns hold q-values, and what is said where none does."""

import pytest
from ingest_files import write

from omicstoken_kernel.ingest import ReadOptions, read

NONE = "unfiltered: the file carries no q-values"
NOT_KNOWN = "unfiltered: no column of q-values was recognised"


def table(tmp_path, header, values=("0.001", "0.2")):
    rows = [["Peptide", header, "Intensity"]]
    rows += [
        [peptide, value, 5] for peptide, value in zip(("SIINFEKL", "AAK"), values, strict=True)
    ]
    return write(tmp_path / "x.tsv", rows)


@pytest.mark.parametrize(
    "header", ["q_val", "FDR", "Peptide FDR", "PSM FDR", "Global q-value", "Run q-value"]
)
def test_a_column_of_q_values_is_filtered_on_by_any_clear_name(tmp_path, header):
    parsed = read(table(tmp_path, header))
    assert parsed.runs[0].filter_note == f"q-value <= 0.01 ({header})"
    assert parsed.ledger.filtered == {f"q-value > 0.01 ({header})": 1}


@pytest.mark.parametrize("header", ["FDR 2D", "Score q-value", "qvalue_2"])
def test_a_column_called_like_q_values_and_not_known_is_said_and_can_be_named(tmp_path, header):
    path = table(tmp_path, header)
    parsed = read(path)
    assert parsed.runs[0].filter_note == NOT_KNOWN
    assert any(f"--column q_value='{header}'" in warning for warning in parsed.warnings)
    named = read(path, ReadOptions(columns={"q_value": header}))
    assert named.runs[0].filter_note == f"q-value <= 0.01 ({header})"


@pytest.mark.parametrize("header", ["Protein q-value", "local FDR", "adj. p-value", "Comment"])
def test_other_columns_are_no_q_values_of_peptides(tmp_path, header):
    parsed = read(table(tmp_path, header))
    assert parsed.runs[0].filter_note == NONE


@pytest.mark.parametrize(
    ("header", "values"), [("FDR", ("0.5", "5")), ("FDR", ("1%", "5%")), ("%FDR", ("0.1", "0.5"))]
)
def test_percentages_of_false_discoveries_are_not_filtered_on(tmp_path, header, values):
    parsed = read(table(tmp_path, header, values))
    assert parsed.features.num_rows == 2
    assert parsed.features["q_value"].null_count == 2
    assert any("percentages" in warning for warning in parsed.warnings)


@pytest.mark.parametrize(("rows", "said"), [(19, 0), (20, 1)])
def test_a_share_of_contaminants_is_only_spoken_of_among_enough_rows(tmp_path, rows, said):
    table = [["Peptide", "Protein"]]
    table += [[f"AAA{'K' * n}", "CON__P1"] for n in range(rows)]
    warnings = read(write(tmp_path / "x.tsv", table)).warnings
    assert sum("sample itself" in warning for warning in warnings) == said


def test_byonics_decoys_and_contaminants_are_known_by_their_names(tmp_path):
    rows = [["Peptide", "Protein Name"], ["SIINFEKL", ">sp|P1|X"], ["AAK", ">Reverse >sp|P1|X"]]
    rows.append(["GILGFVFTL", ">Common contaminant protein"])
    parsed = read(write(tmp_path / "x.tsv", rows))
    assert parsed.ledger.filtered == {"decoy": 1}
    assert parsed.features["contaminant"].to_pylist() == [False, True]
