"""Small report notebooks of the tests' own, in place of those that come with the package."""

from __future__ import annotations

import nbformat
import pytest

from omicstoken_kernel.report import templates

PARAMETERS = {"tags": ["parameters"]}


@pytest.fixture
def make_template(tmp_path, monkeypatch):
    """A function that writes a template of cells ``("md" | "code" | "parameters", source)``."""
    folder = tmp_path / "templates"
    (folder / "reports").mkdir(parents=True)
    monkeypatch.setattr(templates, "notebooks_folder", lambda: folder)

    def make(name, cells, *, required=()):
        notebook = nbformat.v4.new_notebook()
        for position, (kind, source) in enumerate(cells):
            new = nbformat.v4.new_markdown_cell if kind == "md" else nbformat.v4.new_code_cell
            cell = new(source, id=f"cell-{position}")
            if kind == "parameters":
                cell.metadata = {**PARAMETERS, "omicstoken": {"required": list(required)}}
            notebook.cells.append(cell)
        nbformat.write(notebook, folder / "reports" / f"{name}.ipynb")
        return templates.find_template(name)

    return make
