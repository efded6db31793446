"""``omicstoken models``: the embedders and whether they can be used here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omicstoken_kernel.cli._edge import (
    Home,
    Json,
    chosen_home,
    emit,
    exit_code,
    guarded,
    say,
    table,
    watch,
)
from omicstoken_kernel.errors import InputError, ModelUnavailable

if TYPE_CHECKING:
    from omicstoken_kernel.embedding import Architecture
    from omicstoken_kernel.embedding.intake import Added

__all__ = ["app"]

app = typer.Typer(help="The embedding models and their weights.", no_args_is_help=True)


@app.command("list")
@guarded
def list_models(home: Home = None, as_json: Json = False) -> None:
    """List the embedders, what each is for, and whether its weights are at hand.

    Example: omicstoken models list
    """
    from omicstoken_kernel.embedding import describe_models
    from omicstoken_kernel.settings import load_settings

    models = [model.as_json() for model in describe_models(load_settings(home=chosen_home(home)))]
    if as_json:
        emit(models)
        return
    columns = {
        "name": "name",
        "dim": "dimensions",
        "available": "available",
        "used_for": "for",
        "not_for": "not for",
        "model_key": "key",
    }
    table(models, columns)
    for model in models:
        if model["path"] and model["available"]:
            say(f"{model['name']}: {model['path']} ({_megabytes(model['size_bytes'])} MB)")
        elif not model["available"]:
            say(f"{model['name']}: {model['reason']}")


@app.command("add")
@guarded
def add(
    path: Annotated[
        Path,
        typer.Argument(
            help="fair-esm's .pt, Hugging Face's pytorch_model.bin or model.safetensors, or the "
            "folder that holds one."
        ),
    ],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check a file of ESM-2's weights and use it from now on; its size follows from what it holds.

    Example: omicstoken models add esm2_t6_8M_UR50D.pt
    """
    from omicstoken_kernel.embedding.intake import add_weights
    from omicstoken_kernel.settings import load_settings

    _report(add_weights(load_settings(home=chosen_home(home)).models, path), as_json=as_json)


@app.command("fetch")
@guarded
def fetch(
    name: Annotated[
        str, typer.Argument(help="esm2, esm2-35m, esm2-150m, esm2-650m, esm2-3b or esm2-15b.")
    ] = "esm2",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Download a model's published weights; a download that broke off is gone on with.

    Example: omicstoken models fetch esm2
    """
    from omicstoken_kernel.embedding.fetch import fetch_weights
    from omicstoken_kernel.settings import load_settings

    settings = load_settings(home=chosen_home(home))
    size = _with_weights(name)
    with watch(f"Fetching {size.file_name}") as progress:
        added = fetch_weights(settings.models, size, base=settings.models_url, progress=progress)
    _report(added, as_json=as_json)


@app.command("verify")
@guarded
def verify(
    name: Annotated[
        str | None, typer.Argument(help="One model; without it all that are at hand.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read the weights anew, compare their digests with the records, and embed a peptide.

    Example: omicstoken models verify
    """
    from omicstoken_kernel.embedding import verify_models
    from omicstoken_kernel.settings import load_settings

    models = verify_models(load_settings(home=chosen_home(home)), name)
    if as_json:
        emit([model.as_json() for model in models])
    else:
        for model in models:
            say(f"{model.name}: {model.model_key if model.available else model.reason}")
    if not all(model.available for model in models):
        raise typer.Exit(exit_code(ModelUnavailable("")))


@app.command("remove")
@guarded
def remove(
    name: Annotated[str, typer.Argument(help="The model whose weights to delete.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Delete a model's weights from this machine; vectors that were stored stay.

    Example: omicstoken models remove esm2-650m
    """
    from omicstoken_kernel.embedding.intake import remove_weights
    from omicstoken_kernel.settings import load_settings

    removed = remove_weights(load_settings(home=chosen_home(home)).models, _with_weights(name))
    if as_json:
        emit({"name": name, "removed": [str(path) for path in removed]})
        return
    for path in removed:
        say(f"Deleted {path}")


def _with_weights(name: str) -> Architecture:
    """Return which weights a model loads, or say that it needs none."""
    from omicstoken_kernel.embedding import weights_of

    size = weights_of(name)
    if size is None:
        msg = f"The model '{name}' comes with the package: there are no weights of it to manage."
        raise InputError(msg, "See 'omicstoken models list' for the models.")
    return size


def _report(added: Added, *, as_json: bool) -> None:
    if as_json:
        emit(added.as_json())
        return
    record = added.record
    say(f"{added.name}: {added.model_key}, {added.dim} dimensions")
    say(f"{added.path} ({_megabytes(record.size_bytes)} MB, sha256 {record.sha256})")
    say(f"from {record.source_name} ({record.format}, sha256 {record.source_sha256})")
    if record.ignored:
        say(f"Not used, for they serve another task: {', '.join(record.ignored)}")


def _megabytes(size: object) -> int:
    return round(int(str(size)) / 1e6)
