"""The notebook that beginners open runs from top to bottom in a fresh kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.slow
def test_start_here_runs_in_a_fresh_kernel_and_shows_its_results(tmp_path):
    executed = tmp_path / "executed.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3"]
    environment = {**os.environ, "OMICSTOKEN_HOME": str(tmp_path / "home")}
    process = subprocess.run(
        [*command, str(NOTEBOOKS / "00_start_here.ipynb"), str(executed)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    cells = nbformat.read(executed, as_version=4).cells
    shown = "".join(str(cell.get("outputs", "")) for cell in cells)
    assert "HLA class I ligands" in shown
    assert list((tmp_path / "home" / "reports").glob("insight_report*.html"))
