"""``omicstoken compare``: its options, its JSON and its refusals."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from omicstoken_kernel.cli import app

KEYS = {"runs", "by", "sides", "shared", "unique", "jaccard", "chance", "abundance", "embedding"}
KEYS |= {"clusters", "unique_related", "il_equivalent", "normalise", "differences", "sentences"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A workspace with two files of two formats: a list, and a table with quantities."""
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMICSTOKEN_USER", "ana")
    monkeypatch.delenv("OMICSTOKEN_DATABASE_URL", raising=False)
    (tmp_path / "one.txt").write_text("SIINFEKL\nGILGFVFTL\nNLVPMVATV\n", encoding="ascii")
    table = "Sequence,Intensity\nSLINFEKL,1000\nGILGFVFTL,2000\nNLVPMVATVA,500\n"
    (tmp_path / "two.csv").write_text(table, encoding="ascii")
    for name in ("one.txt", "two.csv"):
        assert call("upload", tmp_path / name)[0] == 0
    return tmp_path


def call(*arguments: object) -> tuple[int, object, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    document = json.loads(result.stdout) if "--json" in arguments and result.stdout else None
    return result.exit_code, document, result.stdout + result.stderr


def test_across_formats_i_and_l_count_as_one_unless_told(home):
    document = call("compare", "one", "two", "--json")[1]
    assert set(document) >= KEYS
    assert (document["il_equivalent"], document["shared"]) == (True, 2)
    for option in ("--il-distinct", "--no-il-equivalent"):
        document = call("compare", "one", "two", option, "--json")[1]
        assert (document["il_equivalent"], document["shared"]) == (False, 1)
    assert document["unique_related"][0]["kind"] == "contains"
    assert {each["kind"] for each in document["unique_related"]} == {
        "contains",
        "contained",
        "il_equal",
    }


def test_the_table_has_a_row_for_each_peptide(home):
    path = home / "compared.csv"
    assert call("compare", "one", "two", "--table", path)[0] == 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["sequence"]: row for row in csv.DictReader(file)}
    assert rows["SIINFEKL"]["variants"] == "SIINFEKL;SLINFEKL"
    assert rows["NLVPMVATV"]["only in"] == "one"
    assert rows["NLVPMVATV"]["relative"] == "NLVPMVATVA"
    assert call("compare", "one", "two", "--table", home / "x.pdf")[0] == 2


def test_runs_without_a_condition_and_foreign_runs_are_refused(home, monkeypatch):
    code, _, text = call("compare", "one", "two", "--by", "condition")
    assert code == 2
    assert "2 runs without a condition: one and two" in text
    assert "omicstoken runs annotate" in text
    assert call("compare", "one", "one")[0] == 2
    assert call("compare", "one", "nobody")[0] == 3
    monkeypatch.setenv("OMICSTOKEN_USER", "ben")
    assert call("compare", "one", "two")[0] == 3


def test_one_replicate_each_by_condition_has_no_p_value(home):
    call("runs", "annotate", "one", "--condition", "a")
    call("runs", "annotate", "two", "--condition", "b")
    document = call("compare", "one", "two", "--by", "condition", "--no-normalise", "--json")[1]
    assert document["by"] == "condition"
    assert list(document["unique"]) == ["a", "b"]
    assert document["normalise"] is False
    assert document["embedding"]["p_value"] is None
    assert "1 run of 2 without quantities" in document["abundance"]["note"]
