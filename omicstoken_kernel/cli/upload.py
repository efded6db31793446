"""``omicstoken upload``: files in, runs out, every row accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, exit_code, guarded, watch, workbench
from omicstoken_kernel.cli._models import Model
from omicstoken_kernel.cli._reading import tell_upload
from omicstoken_kernel.errors import InputError, OmicsTokenError

if TYPE_CHECKING:
    from omicstoken_kernel.ingest import ReadOptions
    from omicstoken_kernel.workbench import Workbench

__all__ = ["upload"]


@guarded
def upload(
    files: Annotated[list[Path], typer.Argument(help="Result tables of search engines.")],
    format: Annotated[
        str | None, typer.Option("--format", help="Reader to use instead of the recognised one.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="Override a column: NAME=HEADER, as in sequence=Peptide or run=Batch; repeatable.",
        ),
    ] = None,
    q_value: Annotated[
        float | None, typer.Option("--q-value", help="Largest q-value kept (default 0.01).")
    ] = None,
    unfiltered: Annotated[
        bool, typer.Option("--unfiltered", help="Keep every identification whatever its q-value.")
    ] = False,
    drop_contaminants: Annotated[
        bool,
        typer.Option("--drop-contaminants", help="Drop what only contaminants could explain."),
    ] = False,
    keep_decoys: Annotated[
        bool, typer.Option("--keep-decoys", help="Keep what the file marks as decoys.")
    ] = False,
    quantity_kind: Annotated[
        str | None,
        typer.Option("--quantity-kind", help="What the quantities are, as in spectral_count."),
    ] = None,
    quantity_scale: Annotated[
        str | None, typer.Option("--quantity-scale", help="linear or log2.")
    ] = None,
    rt_unit: Annotated[
        str | None, typer.Option("--rt-unit", help="Unit of retention times: min or s.")
    ] = None,
    run_name: Annotated[
        str | None, typer.Option("--run-name", help="Name of the run, where the file has none.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="Sheet of a workbook; else the first with peptides."),
    ] = None,
    embed: Annotated[
        bool, typer.Option("--embed", help="Go on to vectors and the search index.")
    ] = False,
    model: Model = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how the files would be read; store nothing.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read result tables and store their runs.

    Every row is stored, merged, filtered or rejected, and counted.

    Example: omicstoken upload peptides.txt --embed
    """
    from omicstoken_kernel.ingest import ReadOptions

    options = ReadOptions(
        format=format,
        columns=_columns(column or []),
        q_value=q_value,
        unfiltered=unfiltered,
        drop_contaminants=drop_contaminants,
        run_name=run_name,
        sheet=sheet,
        keep_decoys=keep_decoys,
        quantity_kind=quantity_kind,  # type: ignore[arg-type]  # checked below
        quantity_scale=quantity_scale,  # type: ignore[arg-type]
        rt_unit=rt_unit,  # type: ignore[arg-type]
    )
    options.check()
    bench = None if dry_run else workbench(home)
    entries: list[dict[str, Any]] = []
    worst = 0
    for path in files:
        try:
            if bench is None:
                entry = _dry(path, options)
            else:
                entry = _store(bench, path, options)
                if embed and entry["runs"]:
                    worst = max(worst, _embed(bench, entry, model))
        except OmicsTokenError as error:
            entry = {"file": path.name, "upload_id": None, "format": None, "status": "refused"}
            entry |= {"error": error.body()["error"], "runs": [], "ledger": None}
            worst = max(worst, exit_code(error))
        entries.append(entry)
        if not as_json:
            tell_upload(entry)
    if as_json:
        emit(entries)
    if worst:
        raise typer.Exit(worst)


def _columns(overrides: list[str]) -> dict[str, str]:
    columns = {}
    for override in overrides:
        name, sign, header = override.partition("=")
        if not sign or not name or not header:
            msg = f"--column takes NAME=HEADER; found '{override}'."
            raise InputError(msg, "For example: --column sequence=Peptide")
        columns[name.strip()] = header
    return columns


def _dry(path: Path, options: ReadOptions) -> dict[str, Any]:
    from omicstoken_kernel.ingest import preview

    return {"file": path.name, "upload_id": None, "status": "readable", "error": None} | dict(
        preview(path, options).as_json()
    )


def _store(bench: Workbench, path: Path, options: ReadOptions) -> dict[str, Any]:
    from dataclasses import asdict

    return dict(bench.upload(path, **asdict(options)).as_json()) | {"file": path.name}


def _embed(bench: Workbench, entry: dict[str, Any], model: str | None) -> int:
    """Go on to vectors, add what came of it to the file's entry, and return the exit code.

    The file is stored whatever becomes of its vectors, and its entry goes on saying so.
    """
    run_ids = [run["run_id"] for run in entry["runs"]]
    try:
        with watch("Embedding") as progress:
            entry["embed"] = bench.embed(*run_ids, model=model, progress=progress).as_json()
    except OmicsTokenError as error:
        entry["embed"] = error.body()
        return exit_code(error)
    return 0
