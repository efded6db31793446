"""``omicstoken lab``: JupyterLab on a copy of the notebooks, in the user's workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, workbench

__all__ = ["lab"]


@guarded
def lab(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load and embed the demo's runs first.")
    ] = False,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser window.")
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Copy the notebooks and say where; open nothing.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open JupyterLab on your own copy of the notebooks.

    Example: omicstoken lab --demo
    """
    from omicstoken_kernel.lab import open_lab, place_notebooks

    bench = workbench(home)
    folder = place_notebooks(bench.context)
    if demo:
        from omicstoken_kernel.demo.tour import load_embedded

        load_embedded(bench.context)
    emit({"notebooks": str(folder)}) if as_json else say(f"Notebooks: {folder}")
    if not dry_run:
        raise typer.Exit(open_lab(bench.context, folder, browser=browser))
