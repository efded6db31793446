"""Where the report notebooks are, and what each one takes.

An installed package carries them as ``omicstoken_kernel/_notebooks/reports``, a checkout has them
in ``notebooks/reports``; nothing else in the package knows.
"""

from __future__ import annotations

import ast
import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import omicstoken_kernel
from omicstoken_kernel.errors import NotFound, ReportError

__all__ = ["Template", "assignments", "find_template", "notebooks_folder", "template_names"]


@dataclass(frozen=True)
class Template:
    """A report notebook.

    Parameters
    ----------
    name
        The file's name without its ending.
    title
        Its first heading.
    path
        The notebook.
    source
        The text of its cell tagged ``parameters``.
    required
        Parameters that a report must be given, though the notebook has a default for trying out.
    """

    name: str
    title: str
    path: Path
    source: str
    required: tuple[str, ...]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks that come with the package."""
    package = Path(omicstoken_kernel.__file__).parent
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if (folder / "reports").is_dir():
            return folder
    msg = f"The report notebooks are missing beside {package}."
    raise ReportError(msg, "Install the package again: its files are incomplete.")


def template_names() -> tuple[str, ...]:
    """Return the names of the report notebooks, sorted."""
    return tuple(sorted(path.stem for path in (notebooks_folder() / "reports").glob("*.ipynb")))


def find_template(name: str) -> Template:
    """Return a report notebook by its name.

    Raises
    ------
    NotFound
        If there is none of this name; the message lists those there are.
    ReportError
        If the notebook has no cell tagged ``parameters``.
    """
    names = template_names()
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean '{close[0]}'?" if close else f"There are: {', '.join(names)}."
        msg = f"There is no report template '{name}'."
        raise NotFound(msg, hint)
    path = notebooks_folder() / "reports" / f"{name}.ipynb"
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    if len(tagged) != 1:
        msg = f"The notebook {path} has {len(tagged)} cells tagged 'parameters'; expected one."
        raise ReportError(msg, "Tag the one cell that assigns the parameters' defaults.")
    return Template(
        name=name,
        title=_title(cells) or name.replace("_", " ").capitalize(),
        path=path,
        source=_text(tagged[0]),
        required=tuple(tagged[0]["metadata"].get("omicstoken", {}).get("required", [])),
    )


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _title(cells: list[dict[str, Any]]) -> str:
    lines = [
        line
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in _text(cell).splitlines()
    ]
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def assignments(template: Template) -> list[ast.AnnAssign]:
    """Return the annotated assignments of the parameters cell, in their order.

    Raises
    ------
    ReportError
        If the cell holds anything else: a parameter without a type cannot be checked.
    """
    found: list[ast.AnnAssign] = []
    for statement in ast.parse(template.source).body:
        if (
            not isinstance(statement, ast.AnnAssign)
            or not isinstance(statement.target, ast.Name)
            or statement.value is None
        ):
            msg = (
                f"Line {statement.lineno} of the parameters cell of '{template.name}' is not a "
                "typed default such as 'seed: int = 0'."
            )
            raise ReportError(msg, f"Correct the notebook {template.path}.")
        found.append(statement)
    return found
