"""What the command line says about how a file is read, and gives of what it could not use."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from omicstoken_kernel.cli import app

TABLE = """Peptide\tIntensity\tBatch\tRT
AAAK\t4\tx\t10
CCCK\t=cmd\tx\t20
DDDK\t0\ty\t30
"""


def call(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout + result.stderr


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text(TABLE)
    return path


def test_a_dry_run_tells_a_person_how_the_file_is_read(table):
    code, said = call("upload", "--dry-run", table)
    assert code == 0
    for what in (
        "readable as generic", "column sequence = Peptide", "line 2: AAAK  4",
        "sure: 30%. No known format: read as a table with a column of peptides.",
        "run table", "peptide intensity from 'Intensity', linear; unfiltered",
        "rows: 3 in = 2 used", "rejected: 1 quantity is no number",
        "line 3, column 'Intensity', '=cmd'", "cells: 2 in = 2 features", "note: ",
    ):  # fmt: skip
        assert what in said


def test_every_override_reaches_the_reading(table):
    code, said = call(
        "upload", "--dry-run", "--json", "--column", "run=Batch", "--quantity-kind",
        "spectral_count", "--quantity-scale", "log2", "--rt-unit", "s", "--keep-decoys", table,
    )  # fmt: skip
    assert code == 0
    (entry,) = json.loads(said)
    assert [run["key"] for run in entry["runs"]] == ["x", "y"]
    assert {run["quantity_kind"] for run in entry["runs"]} == {"spectral_count"}
    assert {run["quantity_scale"] for run in entry["runs"]} == {"log2"}
    assert [row["rt_s"] for row in entry["preview"]] == [10, 30]
    assert entry["preview"][1]["quantity"] == 0


def test_an_option_that_cannot_be_exits_with_two(table):
    assert call("upload", "--dry-run", "--rt-unit", "h", table)[0] == 2


def test_rejected_rows_are_printed_written_and_counted(table, tmp_path):
    assert call("upload", table, "--run-name", "r")[0] == 0
    wanted = [
        {"line": 3, "column": "Intensity", "value": "=cmd", "reason": "quantity is no number"}
    ]
    assert json.loads(call("runs", "rejections", "r", "--json")[1]) == wanted
    printed = list(csv.DictReader(call("runs", "rejections", "r")[1].splitlines()))
    assert printed[0]["value"] == "'=cmd"
    out = tmp_path / "rejected.csv"
    assert "1 rows" in call("runs", "rejections", "r", "--to", out)[1]
    assert list(csv.DictReader(out.read_text().splitlines())) == printed
    shown = call("runs", "show", "r")[1]
    assert "rejected: 1 quantity is no number" in shown
    assert "cells: 2 in = 2 features" in shown
    assert call("runs", "rejections", "r", "--to", tmp_path / "x.txt")[0] == 2


def test_counts_of_spectra_are_not_called_no_quantities(tmp_path):
    path = tmp_path / "psms.mztab"
    rows = ["MTD\tmzTab-version\t1.0.0", "PSH\tsequence\tPSM_ID\tcharge"]
    path.write_text("\n".join([*rows, "PSM\tSIINFEKL\t1\t2", "PSM\tSIINFEKL\t2\t2"]) + "\n")
    _, said = call("upload", "--dry-run", path)
    assert "spectral count, counted from the rows; unfiltered" in said
    assert "no quantities" not in said
