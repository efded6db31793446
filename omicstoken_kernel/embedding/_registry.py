"""The models by name: what each is for, and the one loaded copy of each per process."""

from __future__ import annotations

import difflib
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.embedding import esm2
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.weights import find_weights
from omicstoken_kernel.errors import InputError, ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.settings import Settings

__all__ = ["ModelInfo", "describe_models", "is_at_hand", "load_model", "model_names"]


@dataclass(frozen=True)
class ModelInfo:
    """A model as ``omicstoken models list`` shows it.

    ``model_key``, ``path`` and ``sha256`` are None where they are not known: no weights, or weights
    that cannot be used, which ``reason`` explains. ``sha256`` is None, too, for a model without
    weights.
    """

    name: str
    model_key: str | None
    dim: int
    available: bool
    path: Path | None
    sha256: str | None
    used_for: str
    not_for: str
    reason: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the model in the shape of ``omicstoken models list --json``."""
        return asdict(self) | {"path": None if self.path is None else str(self.path)}


@dataclass(frozen=True)
class _Entry:
    """What the registry knows of a model before it is loaded."""

    name: str
    dim: int
    file_name: str | None  # None: the model has no weights
    load: Callable[[Path], BaseEmbedder]
    used_for: str
    not_for: str


_ENTRIES = {
    entry.name: entry
    for entry in (
        _Entry(
            name="esm2",
            dim=esm2.DIM,
            file_name=esm2.FILE_NAME,
            load=esm2.load_esm2,
            used_for="peptides of any origin: what a protein language model holds to be alike",
            not_for="telling HLA ligands of different alleles apart: anchors drown in the mean",
        ),
        _Entry(
            name="anchor",
            dim=AnchorEmbedder.dim,
            file_name=None,
            load=lambda _folder: AnchorEmbedder(),
            used_for="HLA class I ligands, by the residues at their anchors; works without weights",
            not_for="long peptides, and likeness that does not sit at the ends",
        ),
    )
}

# A name users may set before the model exists in this version.
_NOT_IN_THIS_VERSION = frozenset({"ligand"})

_loaded: dict[tuple[object, ...], BaseEmbedder] = {}
_loading = threading.Lock()


def model_names() -> tuple[str, ...]:
    """Return the names of the models this version has.

    >>> model_names()
    ('esm2', 'anchor')
    """
    return tuple(_ENTRIES)


def is_at_hand(name: str, settings: Settings) -> bool:
    """Return whether all a model needs lies on this machine, without reading it."""
    entry = _entry(name)
    return entry.file_name is None or find_weights(settings.models, entry.file_name) is not None


def load_model(name: str, settings: Settings) -> BaseEmbedder:
    """Return a model, loaded once per process; replaced weights are noticed and loaded anew.

    Raises
    ------
    InputError
        If there is no model of that name.
    ModelUnavailable
        If its weights are missing, damaged or of another model.
    """
    entry = _entry(name)
    with _loading:
        identity = (name, *_identity(entry, settings))
        if identity not in _loaded:
            embedder = entry.load(settings.models)
            # The weights this process used until now are of no more use.
            for key in [key for key in _loaded if key[:2] == identity[:2]]:
                del _loaded[key]
            _loaded[identity] = embedder
        return _loaded[identity]


def describe_models(settings: Settings) -> tuple[ModelInfo, ...]:
    """Return every model with whether it can be used here, and if not, why.

    Weights that are present are loaded, for only that proves that they can be.
    """
    return tuple(_describe(entry, settings) for entry in _ENTRIES.values())


def _describe(entry: _Entry, settings: Settings) -> ModelInfo:
    path = find_weights(settings.models, entry.file_name) if entry.file_name else None
    model_key = reason = sha256 = None
    try:
        embedder = load_model(entry.name, settings)
    except ModelUnavailable as error:
        reason = str(error)
    else:
        model_key, sha256 = embedder.model_key, embedder.weights_sha256
    return ModelInfo(
        name=entry.name,
        model_key=model_key,
        dim=entry.dim,
        available=reason is None,
        path=path,
        sha256=sha256,
        used_for=entry.used_for,
        not_for=entry.not_for,
        reason=reason,
    )


def _entry(name: str) -> _Entry:
    if name in _ENTRIES:
        return _ENTRIES[name]
    choices = ", ".join(_ENTRIES)
    if name in _NOT_IN_THIS_VERSION:
        msg = f"The model '{name}' is not part of this version."
        raise ModelUnavailable(msg, f"Models are: {choices}.")
    close = difflib.get_close_matches(name, _ENTRIES, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    msg = f"There is no model '{name}'."
    raise InputError(msg, f"{hint}Models are: {choices}.")


def _identity(entry: _Entry, settings: Settings) -> tuple[object, ...]:
    """Return what changes when the weights file does, so that a replaced one is loaded anew."""
    if entry.file_name is None:
        return ()
    path = settings.models / entry.file_name
    try:
        stat = path.stat()
    except OSError:
        return (path,)
    return (path, stat.st_mtime_ns, stat.st_size, stat.st_ino)
