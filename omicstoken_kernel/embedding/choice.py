"""Which model is used when the user names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.embedding._registry import is_at_hand, load_model

if TYPE_CHECKING:
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.settings import Settings

__all__ = ["choose_model", "chosen_name"]

# Strongest first; "anchor" needs nothing and so ends the search.
_PREFERENCE = ("esm2", "anchor")


def chosen_name(settings: Settings, name: str | None = None) -> str:
    """Return the name of the model to use, without loading it.

    A name wins over the setting ``embedder``; ``auto`` (by either way) means ``esm2`` if its
    weights are at hand, else ``anchor``. Weights that are there but damaged do not make ``auto``
    look further: then the user is told, instead of getting vectors of another model.
    """
    wanted = name or settings.embedder
    if wanted != "auto":
        return wanted
    return next(model for model in _PREFERENCE if is_at_hand(model, settings))


def choose_model(settings: Settings, name: str | None = None) -> BaseEmbedder:
    """Return the model to use, loaded; see :func:`chosen_name`.

    Raises
    ------
    InputError
        If there is no model of that name.
    ModelUnavailable
        If the model cannot be loaded.
    """
    return load_model(chosen_name(settings, name), settings)
