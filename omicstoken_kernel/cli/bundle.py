"""``omicstoken bundle``: several runs in one zip that can be read back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, workbench

__all__ = ["app"]

app = typer.Typer(help="Pack runs into one zip, look into it, read it back.", no_args_is_help=True)


@app.command("create")
@guarded
def create(
    runs: Annotated[list[str], typer.Argument(help="Ids or unambiguous names of runs.")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Pack runs with files, vectors, fingerprints and reports.

    Runs that came in the same file travel together.

    Example: omicstoken bundle create 2289 2584 --to samples.zip
    """
    result = workbench(home).bundle_create(runs, to)
    if as_json:
        emit(result.as_json())
    else:
        say(f"{result.path}: {result.records} runs, sha256 {result.sha256}")
        for note in result.notes:
            say(note)


@app.command("inspect")
@guarded
def inspect(
    bundle: Annotated[Path, typer.Argument(help="A bundle.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Verify a bundle's checksums and say what is in it.

    Example: omicstoken bundle inspect samples.zip
    """
    from omicstoken_kernel.export.bundle import inspect as look

    del home  # a bundle is looked at without a workspace
    manifest = look(bundle)
    if as_json:
        emit(manifest.as_json())
        return
    table(
        [dict(run) for run in manifest.runs],
        {"name": "run", "id": "id", "features": "features", "peptides": "peptides"},
    )
    for model in manifest.models:
        say(f"{model.vectors} vectors of {model.model_key}")
    say(f"{manifest.fingerprints} fingerprints, {manifest.reports} reports")
    for note in manifest.notes:
        say(note)
    made_by = manifest.software.get("omicstoken", "of unknown version")
    say(f"Made {manifest.created_at:%Y-%m-%d %H:%M} UTC by omicstoken {made_by}.")
    say(f"All {len(manifest.members)} members are as they were packed.")


@app.command("import")
@guarded
def import_bundle(
    bundle: Annotated[Path, typer.Argument(help="A bundle.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read a bundle into the workspace; what is there already stays as it is.

    Example: omicstoken bundle import samples.zip
    """
    result = workbench(home).bundle_import(bundle)
    if as_json:
        emit(result.as_json())
        return
    table(
        [vars(run) for run in result.runs],
        {"name": "run", "run_id": "id", "status": "status"},
    )
    for model_key, added in result.vectors.items():
        say(f"{added} new vectors of {model_key}")
    say(f"{result.fingerprints} new fingerprints, {result.reports} new reports")
    for packed, here in result.samples.items():
        say(f"The sample '{packed}' is called '{here}' here, where the name was taken.")
    if any(run.status == "differs" for run in result.runs):
        say("Runs that differ were left as they are here: the same file was read in another way.")
