"""``omicstoken export``: a run as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from omicstoken_kernel.analysis.wording import plural
from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench
from omicstoken_kernel.cli._models import Model
from omicstoken_kernel.errors import InputError

__all__ = ["export"]


@guarded
def export(
    run: Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")],
    to: Annotated[Path, typer.Option("--to", help="File to write.")],
    format: Annotated[
        Literal["json", "csv", "parquet"] | None,
        typer.Option("--format", help="json (OmicsToken v1), csv or parquet; default by ending."),
    ] = None,
    program: Annotated[
        Literal["netmhcpan", "netmhciipan", "mixmhcpred", "mhcflurry", "gibbscluster"] | None,
        typer.Option("--for", help="Write a list of peptides as this program reads it."),
    ] = None,
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write a run with its vectors (JSON), or its features (CSV, Parquet), to a file.

    With --for it writes the peptides that another program takes, says which are left out, and
    prints that program's command line.

    Example: omicstoken export 2289 --to 2289.json
    """
    if program is not None:
        _export_list(run, to, program, format=format, home=home, as_json=as_json)
        return
    result = workbench(home).export(run, to, format=format, model=model)
    if as_json:
        emit(result.as_json())
    else:
        say(f"{result.path}: {result.records} records, sha256 {result.sha256}")


def _export_list(
    run: str, to: Path, program: str, *, format: str | None, home: Path | None, as_json: bool
) -> None:
    """Write a list for another program and say what is in it."""
    if format is not None:
        msg = f"--format {format} was given beside --for {program}."
        raise InputError(msg, "The program decides what the file looks like: leave --format out.")
    result = workbench(home).export_list(run, to, program=program)
    if as_json:
        emit(result.as_json())
        return
    written = plural(result.records, "peptide")
    say(f"{result.path}: {written} for {result.program}, sha256 {result.sha256}")
    for reason, number in result.left_out.items():
        say(f"{number:,} left out: {reason}.")
    if result.modified_only:
        say(f"{result.modified_only:,} are known with modifications only, which it does not see.")
    for allele, reason in result.alleles_left_out.items():
        say(f"{allele} left out: {reason}.")
    for note in result.notes:
        say(note)
    say(f"Run: {result.command}")
