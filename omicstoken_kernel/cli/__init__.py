"""The command line: one file per group of commands, no logic of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omicstoken_kernel.cli import (
    _edge,
    _models,
    analysis,
    bundle,
    compare,
    configuration,
    demo,
    doctor,
    embed,
    export,
    lab,
    models,
    predictions,
    proteome,
    quality,
    report,
    runs,
    search,
    upload,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="omicstoken",
    help="Read, embed, find, compare and explain peptides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from omicstoken_kernel import __version__

        _edge.say(f"omicstoken {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    home: Annotated[
        Path | None, typer.Option("--home", help="The workspace folder (OMICSTOKEN_HOME).")
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Read, embed, find, compare and explain peptides."""
    del version  # answered by its callback
    _edge.remember_home(home)


app.command("demo")(demo.demo)
app.command("lab")(lab.lab)
app.command("upload", cls=_models.ChoosesModel)(upload.upload)
app.add_typer(runs.app, name="runs")
app.command("embed", cls=_models.ChoosesModel)(embed.embed)
app.command("search", cls=_models.ChoosesModel)(search.search)
app.command("fingerprint", cls=_models.ChoosesModel)(analysis.fingerprint)
app.command("compare", cls=_models.ChoosesModel)(compare.compare)
app.command("explain", cls=_models.ChoosesModel)(analysis.explain)
app.command("summarize", cls=_models.ChoosesModel)(analysis.summarize)
app.command("quality")(quality.quality)
app.command("report")(report.report)
app.command("export", cls=_models.ChoosesModel)(export.export)
app.add_typer(proteome.app, name="proteome")
app.add_typer(predictions.app, name="predictions")
app.add_typer(bundle.app, name="bundle")
app.add_typer(models.app, name="models")
app.command("doctor")(doctor.doctor)
app.command("config")(configuration.config)


def main() -> None:
    """Run the command line; the entry point of ``omicstoken``."""
    app()
