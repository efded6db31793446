"""``omicstoken compare``: runs, samples or conditions side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench
from omicstoken_kernel.cli._models import Model

__all__ = ["compare"]


@guarded
def compare(
    runs: Annotated[list[str], typer.Argument(help="Ids or unambiguous names of 2 to 100 runs.")],
    by: Annotated[
        Literal["run", "sample", "condition"],
        typer.Option(help="What is set side by side; biological replicates are the unit."),
    ] = "run",
    normalise: Annotated[
        bool,
        typer.Option(
            "--normalise/--no-normalise",
            help="Align the medians of the quantities on the peptides quantified in all runs.",
        ),
    ] = True,
    il_equivalent: Annotated[
        bool | None,
        typer.Option(
            "--il-equal/--il-distinct",
            "--il-equivalent/--no-il-equivalent",
            help="Count I and L as one residue, or not; by default only across file formats.",
        ),
    ] = None,
    table_file: Annotated[
        Path | None,
        typer.Option("--table", help="Also write one row per peptide to this csv or parquet file."),
    ] = None,
    model: Model = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything random.")] = 0,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Set runs, samples or conditions side by side.

    Example: omicstoken compare 2289 2584
    """
    found = workbench(home).compare(
        *runs, by=by, normalise=normalise, il_equivalent=il_equivalent, model=model, seed=seed
    )
    if table_file is not None:
        from omicstoken_kernel.analysis.compare_table import peptide_table
        from omicstoken_kernel.export.tables import write_rows

        write_rows(peptide_table(found), table_file)
    if as_json:
        emit(found.as_json())
        return
    for sentence in found.sentences:
        say(f"{sentence.text} ({sentence.grade})")
