"""``omicstoken models``: the embedders and whether they can be used here."""

from __future__ import annotations

import typer

from omicstoken_kernel.cli._edge import Home, Json, chosen_home, emit, guarded, say, table

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
    table(
        models, {"name": "name", "dim": "dimensions", "available": "available", "used_for": "for"}
    )
    for model in models:
        if not model["available"]:
            say(f"{model['name']}: {model['reason']}")
