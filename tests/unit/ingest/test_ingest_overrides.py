"""Whatever a reader would do by itself, the user's word goes before it; the runs keep their ids."""

import math

import pytest
from ingest_files import MAKERS
from made_file import write

from omicstoken_kernel import Workbench
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import ReadOptions, read

HEAD = ["Peptide", "Other peptide", "Batch", "RT", "Signal", "Signal 2", "Flag", "Score", "q"]
ROWS = [
    ["AAAK", "CCCK", "x", 10, 4, 40, "", 5, 0.001],
    ["DDDK", "EEEK", "y", 20, 0, 50, "1", 6, 0.004],
    ["FFFK", "GGGK", "y", 30, -1, 60, "", 7, 0.5],
]


@pytest.fixture
def table(tmp_path):
    return write(tmp_path / "table.tsv", [HEAD, *ROWS])


def rows_of(path, **options):
    return read(path, ReadOptions(**options)).features.to_pylist()


def test_a_column_is_named_for_any_role(table):
    columns = {"sequence": "Other peptide", "quantity": "Signal 2", "q_value": "q", "rt_s": "RT"}
    found = rows_of(table, columns=columns)
    assert [row["sequence"] for row in found] == ["CCCK", "EEEK"]
    assert [row["quantity"] for row in found] == [40, 50]
    assert [row["rt_s"] for row in found] == [10, 20]


def test_the_threshold_is_another_or_none(table):
    columns = {"q_value": "q"}
    assert len(rows_of(table, columns=columns, q_value=0.002)) == 1
    assert len(rows_of(table, columns=columns, q_value=0.5)) == 3
    assert len(rows_of(table, columns=columns, unfiltered=True)) == 3


def test_decoys_are_named_and_kept_on_request(table):
    columns = {"decoy": "Flag"}
    assert [row["sequence"] for row in rows_of(table, columns=columns)] == ["AAAK", "FFFK"]
    parsed = read(table, ReadOptions(columns=columns, keep_decoys=True))
    assert parsed.features.num_rows == 3
    assert parsed.runs[0].filter_note.endswith("decoys kept on request")
    assert "1 row is a decoy" in " ".join(parsed.warnings)
    assert parsed.ledger.filtered == {}


def test_contaminants_are_named_and_dropped_on_request(table):
    columns = {"contaminant": "Flag"}
    assert [row["contaminant"] for row in rows_of(table, columns=columns)] == [False, True, False]
    assert len(rows_of(table, columns=columns, drop_contaminants=True)) == 2


def test_the_run_is_told_by_any_column(table):
    parsed = read(table, ReadOptions(columns={"run": "Batch"}))
    assert [run.key for run in parsed.runs] == ["x", "y"]


@pytest.mark.parametrize(("unit", "seconds"), [("min", 600), ("s", 10)])
def test_the_unit_of_retention_times_is_the_users(table, unit, seconds):
    parsed = read(table, ReadOptions(rt_unit=unit))
    assert parsed.features["rt_s"][0].as_py() == seconds
    assert "names no unit" not in " ".join(parsed.warnings)


def test_kind_and_scale_of_quantities_are_the_users(table):
    options = {"columns": {"quantity": "Signal"}, "quantity_kind": "spectral_count"}
    linear = read(table, ReadOptions(**options))
    assert linear.runs[0].quantity_kind == "spectral_count"
    assert linear.features["quantity"].to_pylist() == [4, None]
    assert linear.ledger.rejected == {"quantity is negative": 1}
    log2 = read(table, ReadOptions(**options, quantity_scale="log2"))
    assert log2.runs[0].quantity_scale == "log2"
    assert log2.features["quantity"].to_pylist() == [4, 0, -1]


def test_a_matrix_of_logarithms_keeps_zero_and_negative_numbers(tmp_path):
    rows = [["Peptide", "Intensity A", "Intensity B"], ["AAAK", -1, 0], ["CCCK", "", 3]]
    path = write(tmp_path / "m.tsv", rows)
    parsed = read(path, ReadOptions(quantity_scale="log2", quantity_kind="peptide_intensity"))
    assert parsed.features["quantity"].to_pylist() == [-1, 0, 3]
    assert parsed.ledger.cells_empty == 1
    with pytest.raises(InputError, match="one column of quantities per run"):
        read(MAKERS["maxquant_peptides"](tmp_path).path, ReadOptions(columns={"run": "id"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("quantity_kind", "none"), ("quantity_scale", "log10"), ("rt_unit", "h"), ("q_value", 5)],
)
def test_a_value_that_cannot_be_is_refused_with_the_choices(table, name, value):
    with pytest.raises(InputError, match=str(value)) as refused:
        read(table, ReadOptions(**{name: value}))
    assert refused.value.hint


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"sequenz": "Peptide"}, "Did you mean 'sequence'"),
        ({"quantity": "Signl"}, "Did you mean: Signal"),
    ],
)
def test_an_unknown_role_or_header_is_refused_with_what_is_close(table, columns, said):
    with pytest.raises(InputError) as refused:
        read(table, ReadOptions(columns=columns))
    assert said in refused.value.hint


@pytest.mark.parametrize("name", ["mzidentml", "pepxml", "idxml", "xtandem"])
def test_a_format_without_columns_says_that_none_can_be_named(tmp_path, name):
    path = MAKERS[name](tmp_path).path
    with pytest.raises(InputError, match="no columns to be named"):
        read(path, ReadOptions(columns={"sequence": "x"}))


def test_the_run_of_an_engines_table_can_be_another_column(tmp_path):
    path = MAKERS["diann_report"](tmp_path).path
    parsed = read(path, ReadOptions(columns={"run": "Protein.Group"}))
    assert {run.key for run in parsed.runs} >= {"P1", "Cont_P02769"}


def test_reading_again_keeps_the_runs_and_the_same_reading_is_known(tmp_path):
    path = MAKERS["diann_report"](tmp_path).path
    wb = Workbench(tmp_path / "home")
    first = wb.upload(path)
    assert (first.status, wb.upload(path).status) == ("stored", "known")
    for options in (
        {"q_value": 0.5},
        {"keep_decoys": True},
        {"rt_unit": "s"},
        {"unfiltered": True},
    ):
        again = wb.upload(path, **options)
        assert again.status == "stored"
        assert again.upload.id == first.upload.id
        assert [run.id for run in again.runs] == [run.id for run in first.runs]
        assert wb.upload(path, **options).status == "known"
    more = wb.upload(path, q_value=0.5)
    assert sum(run.features for run in more.runs) > sum(run.features for run in first.runs)
    assert wb.upload(path).status == "stored"


def test_a_preview_is_what_is_then_stored(tmp_path):
    path = MAKERS["maxquant_evidence"](tmp_path).path
    wb = Workbench(tmp_path / "home")
    seen = wb.preview(path, q_value=0.5)
    assert wb.runs().empty
    assert (seen.format, seen.confidence > 0.9) == ("maxquant_evidence", True)
    assert "MaxQuant" in seen.why
    assert seen.columns["modified"] == "Modified sequence"
    assert seen.rows[0]["proforma"] == "AAMK"
    stored = wb.upload(path, q_value=0.5)
    assert stored.upload.report["ledger"] == seen.as_json()["ledger"]
    assert [(draft.name, n) for draft, n, _ in seen.runs] == [
        (run.name, run.features) for run in stored.runs
    ]
    assert not math.isnan(seen.confidence)
