"""Weights files on this machine: found, read whole, and named by their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ModelUnavailable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Weights", "find_weights", "read_weights"]


@dataclass(frozen=True)
class Weights:
    """A weights file as it was read: the digest is that of exactly these bytes."""

    path: Path
    content: bytes
    sha256: str


def find_weights(folder: Path, file_name: str) -> Path | None:
    """Return the path of a weights file, or None where the folder does not have it."""
    path = folder / file_name
    return path if path.is_file() else None


def read_weights(folder: Path, file_name: str, *, model: str) -> Weights:
    """Return a weights file, read once so that what is hashed is what is loaded.

    Raises
    ------
    ModelUnavailable
        If the file is not there or cannot be read; says which file belongs where.
    """
    path = find_weights(folder, file_name)
    if path is None:
        msg = (
            f"The model '{model}' has no weights here: there is no file '{file_name}' in {folder}."
        )
        raise ModelUnavailable(
            msg,
            f"Put the file published as '{file_name}' into {folder}, or set OMICSTOKEN_MODELS to "
            "the folder that has it; the model 'anchor' needs no file.",
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"The weights file {path} of the model '{model}' cannot be read: {error.strerror}."
        raise ModelUnavailable(msg, "Check the file's permissions and the disk.") from error
    return Weights(path=path, content=content, sha256=hashlib.sha256(content).hexdigest())
