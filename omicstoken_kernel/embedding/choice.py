"""Which models a run is embedded with, and which of several is preferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.embedding._registry import is_at_hand

if TYPE_CHECKING:
    from omicstoken_kernel.settings import Settings

__all__ = ["AUTO", "BUILT_IN", "OF_LIGANDS", "OF_PEPTIDES", "names_to_embed"]

#: What the setting ``embedder``, or a user, says to leave the choice to us.
AUTO = "auto"

#: Order of preference for peptides of any origin; "anchor" only where nothing else has vectors.
OF_PEPTIDES = ("esm2", "ligand", "anchor")
#: The same for maps of HLA ligands: a mean over residues does not tell alleles apart.
OF_LIGANDS = ("ligand", "esm2", "anchor")

#: The model every run is embedded with: its weights are in the package.
BUILT_IN = "ligand"


def names_to_embed(settings: Settings, name: str | None = None) -> tuple[str, ...]:
    """Return the names of the models a run is embedded with, the built-in one first; loads none.

    Parameters
    ----------
    name
        That model alone. None and ``auto`` mean the built-in model always, ``esm2`` where its
        weights are at hand, and the model that the setting ``embedder`` names.

    Raises
    ------
    InputError
        If there is no model of that name.
    """
    if name is not None and name != AUTO:
        is_at_hand(name, settings)  # an unknown name is an error of its own
        return (name,)
    names = [BUILT_IN]
    if settings.embedder == "esm2" or is_at_hand("esm2", settings):
        names.append("esm2")
    if settings.embedder not in (AUTO, *names):
        names.append(settings.embedder)
    return tuple(names)
