"""``omicstoken proteome``: add, list and remove proteomes, and find a run's peptides in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, watch, workbench

__all__ = ["app"]

app = typer.Typer(
    help="Add, list and remove proteomes (FASTA), and find a run's peptides in one.",
    no_args_is_help=True,
)

ProteomeName = Annotated[str, typer.Argument(help="Id or unambiguous name of a proteome.")]


@app.command("add")
@guarded
def add(
    file: Annotated[Path, typer.Argument(help="FASTA file of proteins, plain or packed (.gz).")],
    name: Annotated[
        str | None, typer.Option("--name", help="Its name; default: the file's.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read and store the proteins of a FASTA file; the same file again is known.

    Example: omicstoken proteome add human.fasta.gz --name human
    """
    from omicstoken_kernel.annotation_verbs import add_proteome

    found, known = add_proteome(workbench(home).context, file, name=name)
    if as_json:
        emit({"status": "known" if known else "stored", **found.as_json()})
        return
    say(
        f"{found.name}: {found.proteins:,} proteins, {found.genes:,} gene names, "
        f"{found.residues:,} residues ({'known' if known else 'stored'} as {found.id})."
    )
    for note in found.report["notes"]:
        say(note)
    for each in found.report["rejections"][:5]:
        say(f"Line {each['line']}: {each['reason']} ({each['value']}).")


@app.command("list")
@guarded
def list_proteomes(home: Home = None, as_json: Json = False) -> None:
    """List your proteomes.

    Example: omicstoken proteome list
    """
    from omicstoken_kernel.store.proteomes import Proteomes

    rows = [each.as_json() for each in Proteomes(workbench(home).context).list()]
    if as_json:
        emit(rows)
    elif not rows:
        say("No proteomes yet. Begin with: omicstoken proteome add FILE")
    else:
        columns = {
            "proteome_id": "id",
            "name": "name",
            "file": "file",
            "proteins": "proteins",
            "genes": "genes",
            "residues": "residues",
        }
        table(rows, columns)


@app.command("remove")
@guarded
def remove(
    proteome: ProteomeName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Remove a proteome and the mappings of runs to it.

    Example: omicstoken proteome remove human --yes
    """
    from omicstoken_kernel.store.proteomes import Proteomes

    proteomes = Proteomes(workbench(home).context)
    found = proteomes.find(proteome)
    if not yes:
        typer.confirm(f"Remove proteome '{found.name}' and the mappings to it?", abort=True)
    proteomes.remove(found.id)
    removed = {"removed": found.id, "name": found.name}
    emit(removed) if as_json else say(f"Removed {found.name}.")


@app.command("map")
@guarded
def map_peptides(
    run: Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")],
    proteome: Annotated[
        str | None,
        typer.Option("--proteome", help="Id or name of a proteome; default: the only one."),
    ] = None,
    il_equivalent: Annotated[
        bool, typer.Option("--il-equivalent", help="Count I and L as the same residue.")
    ] = False,
    flank: Annotated[
        int, typer.Option("--flank", help="Residues to keep on either side, 0 to 30.")
    ] = 3,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Also write one row per place to this csv or parquet file."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find every peptide of a run in a proteome, letter for letter, at all positions.

    Example: omicstoken proteome map 2289 --proteome human --to 2289-places.csv
    """
    from omicstoken_kernel.analysis.mapping_words import mapping_json, mapping_sentences

    with watch("Mapping") as progress:
        found = workbench(home).proteome_map(
            run, proteome=proteome, il_equivalent=il_equivalent, flank=flank, progress=progress
        )
    if to is not None:
        from omicstoken_kernel.export.tables import write_rows

        write_rows(found.places, to)
    if as_json:
        emit(mapping_json(found))
        return
    for sentence in mapping_sentences(found):
        say(sentence.text)
