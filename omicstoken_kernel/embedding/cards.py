"""A model's card: what it is for and what it is not for, known without loading it."""

from __future__ import annotations

from dataclasses import dataclass

from omicstoken_kernel.embedding import _registry

__all__ = ["ModelCard", "model_cards"]


@dataclass(frozen=True)
class ModelCard:
    """A model by name, with what it is for and not for in plain words."""

    name: str
    used_for: str
    not_for: str


def model_cards() -> dict[str, ModelCard]:
    """Return the card of every model by its name.

    >>> model_cards()["esm2"].used_for.startswith("peptides")
    True
    """
    entries = map(_registry._entry, _registry.model_names())
    return {entry.name: ModelCard(entry.name, entry.used_for, entry.not_for) for entry in entries}
