"""``omicstoken fingerprint``, ``explain`` and ``summarize``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, watch, workbench
from omicstoken_kernel.cli._models import Model

__all__ = ["explain", "fingerprint", "summarize"]

Seed = Annotated[int, typer.Option("--seed", help="Seed of everything random.")]
Runs = Annotated[list[str], typer.Argument(help="Ids or unambiguous names of runs.")]


@guarded
def fingerprint(
    runs: Runs,
    table_file: Annotated[
        Path | None,
        typer.Option("--table", help="Also write one row per peptide to this csv or parquet file."),
    ] = None,
    model: Model = None,
    seed: Seed = 0,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Map a run's peptides and group them by likeness; several runs are mapped jointly.

    Example: omicstoken fingerprint 2289 --table 2289-map.csv
    """
    bench = workbench(home)
    with watch("Fingerprint") as progress:
        found = bench.fingerprint(*runs, model=model, seed=seed, progress=progress)
    hla = bench.motif_hla(found)
    if table_file is not None:
        from omicstoken_kernel.analysis.motif_weights import points_with_cores
        from omicstoken_kernel.export.tables import write_rows

        write_rows(points_with_cores(found), table_file)
    if as_json:
        emit(found.as_json() | {"hla": hla.as_json()})
        return
    from omicstoken_kernel.analysis.traits import pattern_in_words
    from omicstoken_kernel.analysis.wording import plural, share

    mapped = plural(found.points.num_rows, "peptide")
    say(f"{mapped}, {found.unassigned} unassigned, {found.model_key}")
    columns = {"id": "cluster", "size": "peptides", "share": "share", "motif": "motif"}
    rows: list[dict[str, object]] = [
        {
            "id": cluster.id,
            "size": cluster.size,
            "share": share(cluster.share),
            "motif": pattern_in_words(cluster) or "no fixed residue",
            "hla": hla.in_short(cluster.id),
        }
        for cluster in found.clusters
    ]
    table(rows, columns | ({"hla": "HLA (suggested)"} if hla.clusters else {}))
    for number, said in found.quality.get("traits", {}).items():
        say(f"Cluster {number}: {said['sentence']}")
    for line in (*hla.texts, *found.quality.get("notes", [])):
        say(line)


@guarded
def explain(
    run: Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")],
    peptide: Annotated[str, typer.Argument(help="A peptide of that run.")],
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what is known about one peptide of a run, and on what grounds.

    Example: omicstoken explain 2289 VYVSRPSHF
    """
    found = workbench(home).explain(run, peptide, model=model)
    if as_json:
        emit(found.as_json())
        return
    for sentence in found.sentences:
        say(f"{sentence.text} ({sentence.grade})")


@guarded
def summarize(
    run: Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")],
    model: Model = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what a run is made of, and on what grounds.

    Example: omicstoken summarize 2289
    """
    found = workbench(home).summarize(run, model=model)
    if as_json:
        emit(found.as_json())
        return
    for sentence in found.sentences:
        say(f"{sentence.text} ({sentence.grade})")
