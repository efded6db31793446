"""JupyterLab opens on a copy of the notebooks; the user's copy is never overwritten."""

from __future__ import annotations

from omicstoken_kernel.lab import place_notebooks


def test_every_notebook_is_copied_into_the_workspace(ctx):
    folder = place_notebooks(ctx)
    assert folder.is_relative_to(ctx.settings.home)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")}
    assert {"00_start_here.ipynb", "reports/insight_report.ipynb"} <= names


def test_what_the_user_changed_stays(ctx):
    mine = place_notebooks(ctx) / "00_start_here.ipynb"
    mine.write_text("mine", encoding="utf-8")
    place_notebooks(ctx)
    assert mine.read_text(encoding="utf-8") == "mine"
