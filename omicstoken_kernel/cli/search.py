"""``omicstoken search``: peptides with the same letters, and peptides alike."""

from __future__ import annotations

from typing import Annotated

import typer

from omicstoken_kernel.analysis.wording import plural
from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, workbench
from omicstoken_kernel.cli._models import Model
from omicstoken_kernel.errors import InputError

__all__ = ["search"]


@guarded
def search(
    query: Annotated[str, typer.Argument(help="A sequence, or the id of a feature.")],
    k: Annotated[int, typer.Option("-k", help="How many similar peptides to show.")] = 10,
    run: Annotated[
        list[str] | None, typer.Option("--run", help="Search in this run only; may be repeated.")
    ] = None,
    length: Annotated[
        str | None, typer.Option("--length", help="Only these lengths: 9, or 8-11.")
    ] = None,
    motif: Annotated[
        str | None, typer.Option("--motif", help="Only this motif, as in xLxxxxxxV.")
    ] = None,
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find a peptide's exact and similar peptides across your runs.

    Example: omicstoken search SIINFEKL -k 5 --length 8-11
    """
    result = workbench(home).search(
        query, k=k, runs=run, lengths=_lengths(length), motif=motif, model=model
    )
    if as_json:
        emit(result.as_json())
        return
    for note in (result.stale, result.note):
        if note:
            say(f"note: {note}")
    say(f"Exact: {len(result.exact)}")
    for hit in result.exact:
        say(f"  {hit.sequence}  {hit.kind}  in {', '.join(run.name for run in hit.runs)}")
    say(
        f"Similar, of {plural(result.searched, 'peptide')} compared"
        f" (a likeness with its percentile, not a probability; {result.model_key}):"
    )
    rows: list[dict[str, object]] = [
        {
            "sequence": hit.sequence,
            "similarity": hit.similarity,
            "percentile": hit.percentile,
            "runs": ", ".join(run.name for run in hit.runs),
        }
        for hit in result.hits
    ]
    table(rows, {key: key for key in ("sequence", "similarity", "percentile", "runs")})


def _lengths(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    low, _, high = text.partition("-")
    if not low.isdigit() or (high and not high.isdigit()) or text.endswith("-"):
        msg = f"--length takes a number or a range; found '{text}'."
        raise InputError(msg, "For example: --length 8-11")
    return int(low), int(high or low)
