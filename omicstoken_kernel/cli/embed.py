"""``omicstoken embed``: the vectors a run lacks, and the index over them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, watch, workbench
from omicstoken_kernel.cli._models import Model

__all__ = ["embed", "tell_embedded"]


@guarded
def embed(
    runs: Annotated[list[str], typer.Argument(help="Ids or unambiguous names of runs.")],
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Compute the vectors that runs lack and bring the search index up to date.

    Without --model a run gets the vectors of the built-in model, of esm2 where its weights are at
    hand, and of the model that OMICSTOKEN_EMBEDDER names. Stopped in the middle, the same command
    computes only the rest.

    Example: omicstoken embed 2289 2584
    """
    with watch("Embedding") as progress:
        result = workbench(home).embed(*runs, model=model, progress=progress).as_json()
    if as_json:
        emit(result)
        return
    tell_embedded(result)


def tell_embedded(result: dict[str, Any]) -> None:
    """Say what became of the peptides under each model, and which have no vector."""
    from omicstoken_kernel.analysis.wording import plural
    from omicstoken_kernel.progress import duration

    for each in result["models"]:
        known = f"{each['known']} {'was' if each['known'] == 1 else 'were'} known"
        say(
            f"{each['model_key']}: {plural(each['embedded'], 'peptide')} embedded, {known}"
            f" ({duration(each['seconds'])}, {each['peptides_per_second']:.0f} peptides/s)."
        )
    for failure in result["failed"]:
        say(f"  not embedded: {failure['sequence']} ({failure['reason']})")
    more = result["failed_count"] - len(result["failed"])
    if more:
        say(f"  not embedded: {more} more, of these reasons in all:")
        for reason, number in result["failed_reasons"].items():
            say(f"    {number}: {reason}")
