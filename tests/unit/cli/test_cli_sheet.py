"""``runs annotate`` with a sample sheet."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from omicstoken_kernel.cli import app


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "home"))
    table = tmp_path / "r1.csv"
    table.write_text("Sequence,Charge,Intensity\nSIINFEKL,2,10\n", encoding="ascii")
    assert CliRunner().invoke(app, ["upload", str(table)]).exit_code == 0
    path = tmp_path / "samples.csv"
    path.write_text("raw file,condition,HLA\nr1.raw,tumour,A0201\nr9.raw,,\n", encoding="ascii")
    return str(path)


def call(*arguments: str):
    return CliRunner().invoke(app, ["runs", "annotate", *arguments])


def condition() -> object:
    return json.loads(CliRunner().invoke(app, ["runs", "list", "--json"]).stdout)[0]["condition"]


def test_a_dry_run_shows_the_changes_and_what_is_left_over(sheet):
    shown = call(sheet, "--dry-run").stdout
    assert "tumour" in shown
    assert "HLA-A*02:01" in shown
    assert "Line 3 names no run of yours: r9.raw" in shown
    assert "Nothing was written" in shown
    assert condition() is None


@pytest.mark.parametrize("option", [[], ["--sheet"]])
def test_a_sheet_annotates_its_runs(sheet, option):
    document = json.loads(call(*option, sheet, "--json").stdout)
    assert document["runs"][0]["changes"]["condition"] == {"from": None, "to": "tumour"}
    assert document["rows_without_run"] == [{"line": 3, "run": "r9.raw"}]
    assert condition() == "tumour"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Neither a run nor a sample sheet"),
        (["r1", "--sheet", "x.csv"], "beside it a run or a field"),
        (["r1"], "Nothing to annotate"),
        (["r1", "--dry-run", "--donor", "p"], "There is no sample sheet 'r1'"),
        (["--sheet", "absent.csv"], "There is no file 'absent.csv'"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(sheet, arguments, reason):
    result = call(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
