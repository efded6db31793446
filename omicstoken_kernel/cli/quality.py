"""``omicstoken quality``: every check of runs and samples, with what it takes to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omicstoken_kernel.analysis.checks import Check

__all__ = ["quality"]


@guarded
def quality(
    runs: Annotated[list[str], typer.Argument(help="Ids or unambiguous names of runs.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check runs and their samples: each check with its grade, its figures and its threshold.

    Example: omicstoken quality 2289 1382
    """
    found = workbench(home).quality_of(*runs)
    if as_json:
        emit(found.as_json())
        return
    for run in found.runs:
        say(f"{run.run_name}: {run.grade} ({run.call.title})")
        _tell(run.checks, run.notes)
    for group in (*found.samples, *found.conditions):
        say(f"{group.kind} {group.name} ({', '.join(group.members)}): {group.grade}")
        if group.pooled is not None:
            _tell(group.pooled.checks, ())
        _tell(group.checks, group.notes)


def _tell(checks: Iterable[Check], notes: Iterable[str]) -> None:
    for check in checks:
        say(f"  {check.grade:4}  {check.title}: {check.reason} To pass: {check.threshold}.")
    for note in notes:
        say(f"  note  {note}")
