import json
import os

import pytest

from omicstoken_kernel.errors import Cancelled, InputError, NotFound, ReportError
from omicstoken_kernel.report.run import make_report
from omicstoken_kernel.store.reports import Reports

SECTION = """from markupsafe import Markup
from omicstoken_kernel.report.sections import Section
Section("told", Markup("<p>{}</p>").format(run))"""
STORY = [("md", "# A small report"), ("parameters", 'run: str = "a"\nseed: int = 0')]


@pytest.fixture
def run(ctx, store_runs, make_sequences):
    return store_runs(ctx, {"1382": make_sequences(20)})[0]


def test_a_report_is_published_as_notebook_and_page_and_recorded(ctx, run, make_template, tmp_path):
    make_template("small", [*STORY, ("md", "## Told"), ("code", SECTION)])
    told = []
    result = make_report(
        ctx,
        "small",
        {"run": "1382", "seed": "4"},
        out_dir=tmp_path / "out",
        progress=lambda *step: told.append(step),
    )
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "small-1382.html",
        "small-1382.ipynb",
    ]
    assert "<p>1382</p>" in result.html.read_text("utf-8")
    assert result.parameters == {"run": "1382", "seed": 4}
    assert told[-1] == (3, 3, "cells")
    assert Reports(ctx).list(run.id)[0].html_sha256 == result.sha256
    assert set(result.as_json()) >= {"html", "notebook", "template", "parameters", "seconds"}


def test_the_child_has_the_context_and_not_the_surroundings(
    ctx, run, make_template, tmp_path, monkeypatch
):
    monkeypatch.setenv("OMICSTOKEN_USER", "somebody else")
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "elsewhere"))
    code = """import os
from markupsafe import escape
from omicstoken_kernel import Workbench
from omicstoken_kernel.report.sections import Section
found = Workbench().run(run)
Section("told", escape(f"{os.getpid()} {found.id} {os.environ['OMICSTOKEN_USER']}"))"""
    make_template("child", [*STORY, ("code", code)])
    page = make_report(ctx, "child", {"run": run.id}, out_dir=tmp_path / "out").html
    told = page.read_text("utf-8")
    assert f"{run.id} tester" in told
    assert f">{os.getpid()} " not in told


def test_a_failing_cell_is_named_and_leaves_nothing(ctx, run, make_template, tmp_path):
    code = 'raise ValueError("first line\\nno such column: intensity")'
    make_template(
        "broken", [*STORY, ("code", SECTION), ("md", "## How good is it"), ("code", code)]
    )
    with pytest.raises(
        ReportError, match="failed at 'How good is it': no such column: intensity"
    ) as raised:
        make_report(ctx, "broken", {"run": "1382"}, out_dir=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert Reports(ctx).list() == ()
    assert "raise ValueError" in raised.value.__notes__[0]


def test_a_notebook_that_shows_nothing_is_not_published(ctx, run, make_template, tmp_path):
    make_template("hollow", [*STORY, ("code", "x = 1")])
    with pytest.raises(ReportError, match="displayed no section"):
        make_report(ctx, "hollow", {"run": "1382"}, out_dir=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_run_is_known_before_anything_starts(ctx, run, make_template, tmp_path):
    make_template("small", [*STORY, ("code", SECTION)])
    with pytest.raises(NotFound):
        make_report(ctx, "small", {"run": "no such run"}, out_dir=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_foreign_run_is_not_found(ctx, run, make_template, tmp_path, other):
    make_template("small", [*STORY, ("code", SECTION)])
    with pytest.raises(NotFound):
        make_report(other(ctx), "small", {"run": run.id}, out_dir=tmp_path / "out")


def test_an_unknown_parameter_is_refused(ctx, run, make_template, tmp_path):
    make_template("small", [*STORY, ("code", SECTION)])
    with pytest.raises(InputError, match="no parameter 'sede'"):
        make_report(ctx, "small", {"run": "1382", "sede": 1}, out_dir=tmp_path / "out")


def test_a_name_with_path_separators_stays_in_the_folder(
    ctx, store_runs, make_sequences, make_template, tmp_path
):
    found = store_runs(ctx, {"../../etc/<b>x</b>": make_sequences(5)})[0]
    make_template("small", [*STORY, ("code", SECTION)])
    result = make_report(ctx, "small", {"run": found.id}, out_dir=tmp_path / "out")
    assert result.html.parent == tmp_path / "out"
    assert result.html.name == f"small-etc-b-x-b-{found.id[-6:]}.html"


def test_cancelling_stops_the_report_and_leaves_nothing(ctx, run, make_template, tmp_path):
    def cancel(done, total, what):
        raise Cancelled("The report was cancelled.")

    make_template("small", [*STORY, ("code", SECTION)])
    with pytest.raises(Cancelled):
        make_report(ctx, "small", {"run": "1382"}, out_dir=tmp_path / "out", progress=cancel)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_report_error(ctx, run, make_template, tmp_path):
    (tmp_path / "file").write_text("")
    make_template("small", [*STORY, ("code", SECTION)])
    with pytest.raises(ReportError, match="cannot be written"):
        make_report(ctx, "small", {"run": "1382"}, out_dir=tmp_path / "file" / "out")


def test_the_executed_notebook_names_no_folder_of_this_machine(ctx, run, make_template, tmp_path):
    make_template("small", [*STORY, ("code", SECTION)])
    result = make_report(ctx, "small", {"run": "1382"}, out_dir=tmp_path / "out")
    metadata = json.loads(result.notebook.read_text("utf-8"))["metadata"]
    assert metadata["papermill"]["input_path"] == "small.ipynb"
