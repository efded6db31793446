"""Check that everything is in order: ``omicstoken doctor``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench

__all__ = ["doctor"]


@guarded
def doctor(
    repair: Annotated[
        bool, typer.Option("--repair/--no-repair", help="Rebuild a damaged search index.")
    ] = True,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check database, files, models, index, jobs and disk, and mend the index.

    Example: omicstoken doctor
    """
    from omicstoken_kernel.health import check_up

    checks = check_up(workbench(home).context, repair=repair)
    if as_json:
        emit([asdict(check) for check in checks])
    else:
        for check in checks:
            say(f"{check.state:>6}  {check.name}: {check.found} {check.hint}".rstrip())
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(1)
