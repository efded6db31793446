"""``omicstoken embed``: the vectors a run lacks, and the index over them."""

from __future__ import annotations

from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, watch, workbench

__all__ = ["embed"]


@guarded
def embed(
    runs: Annotated[list[str], typer.Argument(help="Ids or unambiguous names of runs.")],
    model: Annotated[str | None, typer.Option("--model", help="esm2 or anchor.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Compute the vectors that runs lack and bring the search index up to date.

    Stopped in the middle, the same command computes only the rest.

    Example: omicstoken embed 2289 2584
    """
    with watch("Embedding") as progress:
        result = workbench(home).embed(*runs, model=model, progress=progress).as_json()
    if as_json:
        emit(result)
        return
    say(
        f"{result['embedded']} peptides embedded with {result['model_key']},"
        f" {result['known']} were known ({result['seconds']:.1f} s)."
    )
    for failure in result["failed"]:  # type: ignore[attr-defined]
        say(f"  not embedded: {failure['sequence']} ({failure['reason']})")
