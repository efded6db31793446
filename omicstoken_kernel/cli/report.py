"""``omicstoken report``: one HTML file that opens anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, watch, workbench
from omicstoken_kernel.errors import InputError

__all__ = ["report"]


@guarded
def report(
    template: Annotated[str, typer.Argument(help="insight_report or comparison_report.")],
    run: Annotated[list[str], typer.Option("--run", help="A run; repeat it for several.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path(),
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="A parameter of the template: NAME=VALUE."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a report about runs: an executed notebook and one HTML file.

    Example: omicstoken report insight_report --run 2289 --out reports
    """
    parameters: dict[str, object] = {}
    for item in parameter or []:
        name, sign, value = item.partition("=")
        if not sign:
            msg = f"--parameter takes NAME=VALUE; found '{item}'."
            raise InputError(msg, "For example: --parameter seed=1")
        parameters[name] = value
    with watch("Report") as progress:
        result = workbench(home).report(template, run, out, progress=progress, **parameters)
    if as_json:
        emit(result.as_json())
    else:
        say(f"Report: {result.html}")
        say(f"Notebook: {result.notebook}")
