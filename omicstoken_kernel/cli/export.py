"""``omicstoken export``: a run as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench
from omicstoken_kernel.cli._models import Model

__all__ = ["export"]


@guarded
def export(
    run: Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")],
    to: Annotated[Path, typer.Option("--to", help="File to write.")],
    format: Annotated[
        Literal["json", "csv", "parquet"] | None,
        typer.Option("--format", help="json (OmicsToken v1), csv or parquet; default by ending."),
    ] = None,
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write a run with its vectors (JSON), or its features (CSV, Parquet), to a file.

    Example: omicstoken export 2289 --to 2289.json
    """
    result = workbench(home).export(run, to, format=format, model=model)
    if as_json:
        emit(result.as_json())
    else:
        say(f"{result.path}: {result.records} records, sha256 {result.sha256}")
