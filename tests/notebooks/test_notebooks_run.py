"""The notebooks that people open run from top to bottom in a fresh kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One workspace for all, as one person has: what a notebook stored the next one finds."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("name", sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
def test_a_notebook_runs_in_a_fresh_kernel_and_shows_its_screens(name, home, tmp_path):
    executed = tmp_path / "executed.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3"]
    process = subprocess.run(
        [*command, str(NOTEBOOKS / f"{name}.ipynb"), str(executed)],
        env={**os.environ, "OMICSTOKEN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    notebook = nbformat.read(executed, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(VIEW in output.get("data", {}) for output in outputs)
    assert all(output.output_type != "error" for output in outputs)
    # A screen puts its errors into words; none may stand in what was kept of it.
    assert "the fault is ours" not in str(notebook.metadata.get("widgets", ""))
    if name == "00_start_here":
        assert "MHC class I ligands" in str(outputs)
        assert list((home / "reports").glob("insight_report*.html"))
