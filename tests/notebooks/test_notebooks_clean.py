"""Notebooks tell a story, call the package, and are kept without what a run leaves in them."""

import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
MAX_CELL_LINES = 10


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert {"00_start_here", "insight_report", "comparison_report"} <= {p.stem for p in NOTEBOOKS}


def test_a_notebook_is_valid(notebook):
    nbformat.validate(notebook)


def test_a_notebook_is_kept_without_outputs(notebook):
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_a_notebook_is_kept_without_traces_of_a_run(notebook):
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        # A report's cells say in "omicstoken" which part of the page they make.
        assert set(cell.metadata) <= {"tags", "omicstoken"}


@pytest.mark.parametrize("words", ["needs|inputs?", "gives|outputs?"])
def test_the_first_cell_says_what_the_notebook_is_for(notebook, words):
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert re.search(rf"\b({words})\b", first.source, re.IGNORECASE)


def test_cells_are_short_and_define_nothing(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= MAX_CELL_LINES
        assert not re.search(r"^\s*(def|class|lambda)\b", cell.source, re.MULTILINE)


def test_no_cell_holds_a_path_of_one_machine(notebook):
    for cell in notebook.cells:
        assert not re.search(r"(?<![\w.])(/home/|/Users/|/root/|/tmp/|[A-Z]:\\)", cell.source)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_report_has_one_cell_of_parameters_and_others_have_at_most_one(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1 or (not tagged and path.parent.name != "reports")


def test_code_parses(notebook):
    for cell in code_cells(notebook):
        compile(cell.source, "cell", "exec")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_file_ends_as_nbformat_writes_it(path):
    """So that opening and saving a notebook changes nothing."""
    content = path.read_text(encoding="utf-8")
    assert content == json.dumps(json.loads(content), indent=1, ensure_ascii=False) + "\n"
