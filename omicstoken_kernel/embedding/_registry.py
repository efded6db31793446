"""The models by name: what each is for, and the one loaded copy of each per process."""

from __future__ import annotations

import difflib
import threading
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from omicstoken_kernel.embedding._esm2_shape import SIZES, is_esm2, size_of
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.esm2 import load_esm2
from omicstoken_kernel.embedding.ligand import LigandEmbedder, load_ligand
from omicstoken_kernel.embedding.weights import find_weights
from omicstoken_kernel.errors import InputError, ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from omicstoken_kernel.embedding._esm2_shape import Architecture
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.settings import Settings

__all__ = [
    "ModelInfo",
    "describe_models",
    "is_at_hand",
    "load_model",
    "model_names",
    "verify_models",
    "weights_of",
]


@dataclass(frozen=True)
class ModelInfo:
    """A model as ``omicstoken models list`` shows it.

    ``model_key``, ``path``, ``sha256`` and ``size_bytes`` are None where they are not known: no
    weights, or weights that cannot be used, which ``reason`` explains. ``path``, ``sha256`` and
    ``size_bytes`` are None, too, for a model without weights.
    """

    name: str
    model_key: str | None
    dim: int
    available: bool
    path: Path | None
    sha256: str | None
    size_bytes: int | None
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
    load: Callable[[Settings], BaseEmbedder]
    used_for: str
    not_for: str


def _load_esm2(name: str, settings: Settings) -> BaseEmbedder:
    return load_esm2(settings.models, size_of(name), device=settings.device)


_ENTRIES = {
    entry.name: entry
    for entry in (
        _Entry(
            name="esm2",
            dim=size_of("esm2").dim,
            load=partial(_load_esm2, "esm2"),
            used_for="peptides of any origin: what a protein language model holds to be alike",
            not_for="telling HLA ligands of different alleles apart: anchors drown in the mean",
        ),
        _Entry(
            name="ligand",
            dim=LigandEmbedder.dim,
            load=lambda _settings: load_ligand(),
            used_for="HLA ligands and a peptide's relatives of any kind; built in",
            not_for="judging by function or fold: it knows peptides, not proteins",
        ),
        _Entry(
            name="anchor",
            dim=AnchorEmbedder.dim,
            load=lambda _settings: AnchorEmbedder(),
            used_for="a baseline without training: residues at the ends of HLA class I ligands",
            not_for="long peptides, and likeness that does not sit at the ends",
        ),
    )
}

# The larger ESM-2 do what the smallest does, more slowly; shown where someone brought the weights.
_LARGER = {
    size.name: replace(
        _ENTRIES["esm2"],
        name=size.name,
        dim=size.dim,
        load=partial(_load_esm2, size.name),
    )
    for size in SIZES[1:]
}

_loaded: dict[tuple[object, ...], BaseEmbedder] = {}
_loading = threading.Lock()


def model_names() -> tuple[str, ...]:
    """Return the names of the models this version has, the larger sizes of ESM-2 last.

    >>> model_names()[:3]
    ('esm2', 'ligand', 'anchor')
    """
    return (*_ENTRIES, *_LARGER)


def weights_of(name: str) -> Architecture | None:
    """Return which weights a model loads from the folder of weights, None if it needs none.

    Raises
    ------
    InputError
        If there is no model of that name.
    """
    known = _entry(name).name
    return size_of(known) if is_esm2(known) else None


def is_at_hand(name: str, settings: Settings) -> bool:
    """Return whether all a model needs lies on this machine, without reading it."""
    size = weights_of(name)
    return size is None or find_weights(settings.models, size) is not None


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
            embedder = entry.load(settings)
            # The weights this process used until now are of no more use.
            for key in [key for key in _loaded if key[:2] == identity[:2]]:
                del _loaded[key]
            _loaded[identity] = embedder
        return _loaded[identity]


def describe_models(settings: Settings) -> tuple[ModelInfo, ...]:
    """Return every model with whether it can be used here, and if not, why.

    Weights that are present are loaded, for only that proves that they can be. A larger ESM-2 is
    left out where its weights are not.
    """
    return tuple(_describe(entry, settings, load_model) for entry in _shown(settings))


def verify_models(settings: Settings, name: str | None = None) -> tuple[ModelInfo, ...]:
    """Return the models at hand, or the named one, loaded anew: hashed, checked and tried out.

    Raises
    ------
    InputError
        If there is no model of that name.
    """

    def anew(name: str, settings: Settings) -> BaseEmbedder:
        embedder = _entry(name).load(settings)
        embedder.embed("SIINFEKL")
        return embedder

    entries = [_entry(name)] if name else _shown(settings)
    return tuple(
        _describe(entry, settings, anew)
        for entry in entries
        if name or is_at_hand(entry.name, settings)
    )


def _shown(settings: Settings) -> list[_Entry]:
    larger = [entry for entry in _LARGER.values() if is_at_hand(entry.name, settings)]
    return [*_ENTRIES.values(), *larger]


def _describe(
    entry: _Entry, settings: Settings, load: Callable[[str, Settings], BaseEmbedder]
) -> ModelInfo:
    size = weights_of(entry.name)
    path = find_weights(settings.models, size) if size else None
    model_key = reason = sha256 = None
    try:
        embedder = load(entry.name, settings)
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
        size_bytes=path.stat().st_size if path and path.is_file() else None,
        used_for=entry.used_for,
        not_for=entry.not_for,
        reason=reason,
    )


def _entry(name: str) -> _Entry:
    known = _ENTRIES | _LARGER
    if name in known:
        return known[name]
    choices = ", ".join(known)
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    msg = f"There is no model '{name}'."
    raise InputError(msg, f"{hint}Models are: {choices}.")


def _identity(entry: _Entry, settings: Settings) -> tuple[object, ...]:
    """Return what changes when the weights file does, so that a replaced one is loaded anew."""
    size = weights_of(entry.name)
    path = find_weights(settings.models, size) if size else None
    if path is None:
        return ()
    try:
        stat = path.stat()
    except OSError:
        return (settings.models, path)
    return (settings.models, path, settings.device, stat.st_mtime_ns, stat.st_size, stat.st_ino)
