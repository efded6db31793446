"""``omicstoken demo``: four real samples through every step of the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Json, emit, guarded, say, watch

__all__ = ["demo"]


@guarded
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for all that the demo writes.")],
    as_json: Json = False,
) -> None:
    """Walk four real immunopeptidomes through every step, into reports you can open.

    The demo works in its own workspace inside the folder and leaves yours alone.

    Example: omicstoken demo --out demo-out
    """
    from omicstoken_kernel.demo.tour import tour

    with watch("Demo") as progress:
        result = tour(out, progress=progress)
    if as_json:
        emit(result.as_json())
        return
    for step in result.steps:
        say(f"{step.seconds:6.1f} s  {step.name:<11} {step.result}")
    say(f"{result.seconds:6.1f} s  in all")
    say()
    say("Written:")
    for path in result.files:
        say(f"  {path}")
    say()
    say("What to do next:")
    say(f"  open {result.reports[0]} in a browser; it needs no network")
    say(f"  omicstoken search SIINFEKL --home {result.home}")
    say("  omicstoken upload YOUR-TABLE --embed, or: omicstoken lab")
    say()
    say(f"Report: {result.reports[0]}")
