"""Whose vectors an export carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.embedding.choice import choose_model
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context

__all__ = ["model_key_for"]

# As the setting ``auto`` reads: the general model where the run has it.
_PREFERENCE = ("esm2", "ligand", "anchor")


def model_key_for(ctx: Context, run_id: str, model: str | None = None) -> str:
    """Return the key of the model whose vectors of a run are exported.

    Parameters
    ----------
    model
        Name or key of a model; None means the settings' choice. ``auto`` takes the first of esm2,
        ligand and anchor that the run has vectors of. Vectors that are stored are exported even
        where their model is no longer at hand.

    Raises
    ------
    InputError
        If there is no such model.
    ModelUnavailable
        If the run has no vectors of the model and the model cannot be loaded.
    NotFound
        If the run does not exist or belongs to someone else.
    """
    vectors = Vectors(ctx)
    wanted = model or ctx.settings.embedder
    names = _PREFERENCE if wanted == "auto" else (wanted,)
    stored = vectors.models()
    for name in names:
        keys = [found.model_key for found in stored if name in (found.name, found.model_key)]
        of_run = [key for key in keys if vectors.count(key, [run_id])]
        if len(of_run) == 1:
            return of_run[0]
        if of_run:
            # Vectors of several weights under one name: the weights at hand decide.
            return choose_model(ctx.settings, name).model_key
    if wanted in [found.model_key for found in stored]:
        return wanted
    return choose_model(ctx.settings, model).model_key
