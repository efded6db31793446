"""Rejected rows as a table: complete, small where it is kept, harmless in a spreadsheet."""

import csv
import io
import json
import random

import pytest
from made_file import write

from omicstoken_kernel import Workbench
from omicstoken_kernel.export.tables import as_csv
from omicstoken_kernel.ingest import Rejection
from omicstoken_kernel.ingest.rejections import REJECTIONS, pack, rejections_of
from omicstoken_kernel.store.uploads import Uploads

MANY = 100_000


@pytest.mark.parametrize(
    "rejections",
    [
        (),
        (Rejection(7, "", "a\tb\n\"é\u2028'", "cut"),),
        (Rejection(1, "x", "\udcff lone", "odd"), Rejection(2**40, "x", "", "odd")),
    ],
)
def test_what_is_packed_comes_back(rejections):
    report = json.loads(json.dumps({"rejections": pack(rejections)}))
    found = rejections_of(report)
    assert found.schema.equals(REJECTIONS)
    assert [row["line"] for row in found.to_pylist()] == [one.line for one in rejections]
    if rejections and "\udcff" not in rejections[0].value:
        assert found.to_pylist()[0]["value"] == rejections[0].value


def test_reports_of_old_hold_a_list_and_none_holds_nothing():
    old = {"rejections": [{"line": 3, "column": "c", "value": "v", "reason": "r"}]}
    assert rejections_of(old).to_pylist() == old["rejections"]
    assert rejections_of({}).num_rows == 0


@pytest.fixture(scope="module")
def rejected_file(tmp_path_factory):
    """A workspace with a file of 100 000 defect rows among a few good ones."""
    folder = tmp_path_factory.mktemp("many")
    draw = random.Random(1)
    rows = [["sequence", "intensity"], ["AAAK", 1]]
    rows += [["PEPTIDEK", f"=cmd {draw.random()}"] for _ in range(MANY - 4)]
    rows += [["PEPTIDEK", text] for text in ("+x", "-x", "@x", "=1+1")]
    wb = Workbench(folder / "home", user="tester")
    wb.upload(write(folder / "many.tsv", rows), run_name="many")
    return wb


def test_a_hundred_thousand_rejections_are_kept_whole_and_small(rejected_file):
    found = rejected_file.rejections("many")
    assert list(found.columns) == ["line", "column", "value", "reason"]
    assert found["line"].tolist() == list(range(3, MANY + 3))
    assert found["value"].tolist()[-4:] == ["+x", "-x", "@x", "=1+1"]
    (upload,) = Uploads(rejected_file.context).list()
    assert upload.report["ledger"]["rejected"] == {"quantity is no number": MANY}
    assert rejected_file.provenance("many")["rejections"] == MANY
    assert len(json.dumps(upload.report)) < 40 * MANY


def test_no_cell_of_the_table_is_a_formula(rejected_file):
    (upload,) = Uploads(rejected_file.context).list()
    text = as_csv(rejections_of(upload.report))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == MANY
    assert not any(row["value"].startswith(("=", "+", "-", "@")) for row in rows)
    assert [row["value"] for row in rows[-4:]] == ["'+x", "'-x", "'@x", "'=1+1"]
