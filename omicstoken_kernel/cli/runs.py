"""``omicstoken runs``: list, look at, rename, annotate and delete runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, workbench
from omicstoken_kernel.cli._reading import tell_ledger
from omicstoken_kernel.cli._sheet import say_sheet
from omicstoken_kernel.errors import InputError

__all__ = ["app"]

app = typer.Typer(help="List, look at, rename, annotate and delete runs.", no_args_is_help=True)

RunName = Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")]


@app.command("list")
@guarded
def list_runs(home: Home = None, as_json: Json = False) -> None:
    """List your runs.

    Example: omicstoken runs list
    """
    rows = workbench(home).runs_json()
    if as_json:
        emit(rows)
    elif not rows:
        say("No runs yet. Begin with: omicstoken upload FILE --embed")
    else:
        table(
            rows,
            {
                "run_id": "id",
                "name": "name",
                "sample": "sample",
                "condition": "condition",
                "peptides": "peptides",
                "features": "features",
                "status": "status",
            },
        )


@app.command("show")
@guarded
def show(run: RunName, home: Home = None, as_json: Json = False) -> None:
    """Show a run, its sample, and where it comes from.

    Example: omicstoken runs show 2289
    """
    bench = workbench(home)
    found = bench.run(run)
    row = next(row for row in bench.runs_json() if row["run_id"] == found.id)
    document: dict[str, Any] = row | {"provenance": bench.provenance(found.id)}
    if as_json:
        emit(document)
        return
    for key, value in row.items():
        say(f"{key}: {'not given' if value is None else value}")
    told = document["provenance"]
    ledger = told.pop("ledger", None)
    for key, value in told.items():
        say(f"{key}: {value}")
    if ledger:
        say("ledger:")
        tell_ledger(ledger)


@app.command("features")
@guarded
def features(
    run: RunName,
    to: Annotated[
        Path | None, typer.Option("--to", help="File to write; without it the table is printed.")
    ] = None,
    format: Annotated[
        Literal["csv", "parquet"] | None, typer.Option("--format", help="csv or parquet.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print or write a run's features as they were read.

    Example: omicstoken runs features 2289 --format csv --to 2289.csv
    """
    import json

    bench = workbench(home)
    frame = bench.features(run)
    if to is not None:
        emit_path = bench.export(run, to, format=format or to.suffix.lstrip(".") or "csv")
        emit(emit_path.as_json()) if as_json else say(f"{emit_path.path}")
        return
    if format == "parquet":
        msg = "Parquet is not printed on the screen."
        raise InputError(msg, "Add --to FILE.")
    renamed = frame.rename(columns={"quantity": "intensity"})
    if as_json:
        emit(json.loads(renamed.to_json(orient="records", double_precision=15)))
    else:
        typer.echo(renamed.to_csv(index=False), nl=False)


@app.command("rejections")
@guarded
def rejections(
    run: RunName,
    to: Annotated[
        Path | None, typer.Option("--to", help="CSV or Parquet file to write; else it is printed.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print or write the rejected rows of a run's file: line, column, value and reason.

    Example: omicstoken runs rejections 2289 --to rejected.csv
    """
    import pyarrow as pa

    from omicstoken_kernel.export.tables import as_csv, write_rows
    from omicstoken_kernel.ingest.rejections import REJECTIONS

    frame = workbench(home).rejections(run)
    found = pa.Table.from_pandas(frame, schema=REJECTIONS, preserve_index=False)
    if to is not None:
        written = write_rows(found, to)
        emit(written.as_json()) if as_json else say(f"{written.path}: {written.records} rows")
    elif as_json:
        emit(found.to_pylist())
    else:
        typer.echo(as_csv(found), nl=False)


@app.command("rename")
@guarded
def rename(
    run: RunName,
    name: Annotated[str, typer.Argument(help="The new name.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Give a run another name.

    Example: omicstoken runs rename run_0123456789abcdef "Tumour 1"
    """
    from omicstoken_kernel.store.runs import Runs

    bench = workbench(home)
    found = Runs(bench.context).rename(bench.run(run).id, name)
    emit({"run_id": found.id, "name": found.name}) if as_json else say(
        f"{found.id} is {found.name}"
    )


@app.command("annotate")
@guarded
def annotate(
    run: Annotated[
        str | None, typer.Argument(help="Id or name of a run, or a sample sheet (CSV, TSV, SDRF).")
    ] = None,
    sample: Annotated[str | None, typer.Option(help="Name of the sample.")] = None,
    donor: Annotated[str | None, typer.Option(help="Donor or patient.")] = None,
    condition: Annotated[str | None, typer.Option(help="Condition compared.")] = None,
    replicate: Annotated[str | None, typer.Option(help="Biological replicate.")] = None,
    technical_replicate: Annotated[str | None, typer.Option(help="Technical replicate.")] = None,
    fraction: Annotated[str | None, typer.Option(help="Fraction.")] = None,
    hla: Annotated[
        str | None,
        typer.Option(help="HLA types, parted by ';' or spaces: A2; HLA-B*07:02; H2-Kb."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Sample sheet that says it of many runs.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what a sheet would change; write nothing.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what a run is: its sample, donor, condition, replicates and HLA types.

    A sample sheet says it of many runs at once, all or none.

    Example: omicstoken runs annotate 2289 --condition tumour --replicate 1
    """
    given: dict[str, object] = {
        "sample": sample,
        "donor": donor,
        "condition": condition,
        "biological_replicate": replicate,
        "technical_replicate": technical_replicate,
        "fraction": fraction,
        "hla": hla,
    }
    fields = {key: value for key, value in given.items() if value is not None}
    bench = workbench(home)
    path = _sheet_of(run, sheet, fields, dry_run=dry_run)
    if path is not None:
        result = bench.annotate_sheet(path, dry_run=dry_run)
        emit(result.as_json()) if as_json else say_sheet(result)
    elif run is not None:
        found = bench.annotate(run, **fields)
        if hla is not None:
            fields["hla"] = "; ".join(found.sample.hla) or "none"
        row = next(row for row in bench.runs_json() if row["run_id"] == found.id)
        emit(row) if as_json else say(
            f"{found.name}: " + ", ".join(f"{k} {v}" for k, v in fields.items())
        )


def _sheet_of(
    run: str | None, sheet: Path | None, fields: dict[str, object], *, dry_run: bool
) -> Path | None:
    """Return the sheet to be read, None where one run is annotated; refuse what fits neither."""
    if sheet is None and run is not None and not fields and Path(run).is_file():
        return Path(run)
    if sheet is not None:
        if run is not None or fields:
            msg = "A sheet was given, and beside it a run or a field."
            raise InputError(msg, "Give the sheet alone; what it says goes into its columns.")
        return sheet
    if run is None:
        msg = "Neither a run nor a sample sheet was given."
        raise InputError(msg, "Give the name of a run, or the path of a sheet.")
    if dry_run:
        msg = f"There is no sample sheet '{run}', and --dry-run is for sheets."
        raise InputError(msg, "Check the path.")
    if not fields:
        msg = "Nothing to annotate was given."
        raise InputError(msg, "Give an option such as --condition tumour, or a sample sheet.")
    return None


@app.command("delete")
@guarded
def delete(
    run: RunName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Delete a run with its features and fingerprints; peptides' vectors stay for other runs.

    Example: omicstoken runs delete 2289 --yes
    """
    from omicstoken_kernel.store.runs import Runs

    bench = workbench(home)
    found = bench.run(run)
    if not yes:
        typer.confirm(f"Delete run '{found.name}' with {found.features} features?", abort=True)
    Runs(bench.context).delete(found.id)
    emit({"deleted": found.id, "name": found.name}) if as_json else say(f"Deleted {found.name}.")
