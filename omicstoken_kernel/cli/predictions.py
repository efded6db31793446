"""``omicstoken predictions``: what other programs predict for a run's peptides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli._edge import Home, Json, emit, guarded, say, table, workbench

__all__ = ["app"]

app = typer.Typer(
    help="Add, list and remove what NetMHCpan, NetMHCIIpan, MixMHCpred or MHCflurry predict.",
    no_args_is_help=True,
)

RunName = Annotated[str, typer.Argument(help="Id or unambiguous name of a run.")]


@app.command("add")
@guarded
def add(
    run: RunName,
    file: Annotated[Path, typer.Argument(help="Output file of the other program.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Store what an output file of another program says of a run's peptides.

    Read are what NetMHCpan and NetMHCIIpan print and their -xls files, and the tables of MixMHCpred
    and MHCflurry. The same file again replaces itself.

    Example: omicstoken predictions add 2289 2289-netmhcpan.xls
    """
    found = workbench(home).predictions_add(run, file)
    if as_json:
        emit(found.as_json())
        return
    for sentence in found.sentences:
        say(sentence.text)


@app.command("list")
@guarded
def list_predictions(run: RunName, home: Home = None, as_json: Json = False) -> None:
    """List the predictions stored for a run.

    Example: omicstoken predictions list 2289
    """
    found = workbench(home).predictions(run)
    rows = [each.as_json() for each in found]
    if as_json:
        emit(rows)
    elif not rows:
        say("No predictions yet. Begin with: omicstoken predictions add RUN FILE")
    else:
        shown: list[dict[str, object]] = [
            {
                "prediction_id": each.id,
                "tool": f"{each.tool} {each.tool_version}".strip(),
                "file": each.name,
                "peptides": each.report["counts"]["peptides_joined"],
                "alleles": ", ".join(each.report["alleles"]),
            }
            for each in found
        ]
        columns = {
            "prediction_id": "id",
            "tool": "program",
            "file": "file",
            "peptides": "peptides",
            "alleles": "alleles",
        }
        table(shown, columns)


@app.command("remove")
@guarded
def remove(
    prediction: Annotated[str, typer.Argument(help="Id of a set of predictions.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Remove one set of predictions; the run stays as it is.

    Example: omicstoken predictions remove pred_0123456789abcdef
    """
    from omicstoken_kernel.store.predictions import Predictions

    found = Predictions(workbench(home).context).remove(prediction)
    removed = {"removed": found.id, "run_id": found.run_id, "file": found.name}
    emit(removed) if as_json else say(f"Removed what {found.tool} said in {found.name}.")
