"""Weights taken in from a file, and thrown away again."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.embedding.weights import record_of, write_record, write_whole
from omicstoken_kernel.errors import InputError, NotFound, ServiceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.embedding._esm2_shape import Architecture
    from omicstoken_kernel.embedding._esm2_tensors import Checkpoint
    from omicstoken_kernel.embedding.weights import Record

__all__ = ["Added", "add_weights", "no_room", "remove_weights"]

# What a folder of weights may hold, the first that is there.
_IN_A_FOLDER = ("model.safetensors", "pytorch_model.bin", "*.safetensors", "*.pt", "*.bin")


@dataclass(frozen=True)
class Added:
    """Weights that were taken in: the model they are for, and their record."""

    name: str
    model_key: str
    dim: int
    path: Path
    record: Record

    def as_json(self) -> dict[str, object]:
        """Return it in the shape of ``omicstoken models add --json``."""
        return {
            "name": self.name,
            "model_key": self.model_key,
            "dim": self.dim,
            "path": str(self.path),
            "sha256": self.record.sha256,
            "size_bytes": self.record.size_bytes,
            "source_name": self.record.source_name,
            "source_sha256": self.record.source_sha256,
            "format": self.record.format,
            "ignored": list(self.record.ignored),
        }


def add_weights(
    folder: Path, path: Path, *, size: Architecture | None = None, source_name: str | None = None
) -> Added:
    """Check weights and store them as what their model uses from now on.

    Nothing is left behind when they are refused, and what was used before still is.

    Parameters
    ----------
    folder
        The folder of weights.
    path
        fair-esm's ``.pt``, Hugging Face's ``pytorch_model.bin`` or ``model.safetensors``, or the
        folder that holds one.
    size
        What they have to be; None takes any size of ESM-2.
    source_name
        Name to record where the file's own says nothing.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is damaged, of another model or no weights at all.
    ServiceUnavailable
        If the folder cannot be written, for instance because the disk is full.
    """
    from omicstoken_kernel.embedding._esm2_tensors import packed
    from omicstoken_kernel.embedding.esm2 import Esm2Embedder, usable_vectors

    source = _file_of(path)
    checkpoint, source_sha256 = _opened(source)
    if size is not None and checkpoint.size != size:
        raise _refused(source, f"it is {checkpoint.size.published}, expected {size.published}")
    embedder = Esm2Embedder(checkpoint, device="cpu")
    if not usable_vectors(embedder):
        raise _refused(source, "its weights give vectors that are not numbers")
    content = packed(checkpoint)
    name = f"{checkpoint.size.published}/{checkpoint.digest[:12]}.safetensors"
    record = record_of(
        checkpoint,
        file=name,
        content=content,
        source_name=source_name or source.name,
        source_sha256=source_sha256,
    )
    stored = folder / name
    known = stored.exists()
    try:
        write_whole(stored, content)
        write_record(folder, checkpoint.size, record)
    except OSError as error:
        if not known:
            _leave_nothing(stored)
        raise no_room(folder, error) from error
    for other in stored.parent.glob("*.safetensors"):
        if other != stored:
            other.unlink(missing_ok=True)
    return Added(embedder.name, embedder.model_key, embedder.dim, stored, record)


def remove_weights(folder: Path, size: Architecture) -> tuple[Path, ...]:
    """Delete a model's weights, however they came here, and return the paths that were deleted.

    Raises
    ------
    NotFound
        If there are none.
    ServiceUnavailable
        If they cannot be deleted.
    """
    own = folder / size.published
    there = tuple(path for path in (own, folder / size.file_name) if path.exists())
    if not there:
        msg = f"The model '{size.name}' has no weights in {folder}."
        raise NotFound(msg, "See 'omicstoken models list' for what is here.")
    try:
        for path in there:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError as error:
        msg = f"The weights in {folder} cannot be deleted: {error.strerror or error}."
        raise ServiceUnavailable(msg, "Check the folder's permissions.") from error
    return there


def no_room(folder: Path, error: OSError) -> ServiceUnavailable:
    """Return the error of a folder of weights that cannot be written."""
    msg = f"The folder of weights {folder} cannot be written: {error.strerror or error}."
    return ServiceUnavailable(
        msg, "Free some disk space, or set OMICSTOKEN_MODELS to a folder with room for them."
    )


def _file_of(path: Path) -> Path:
    """Return the weights file a path means."""
    if not path.exists():
        msg = f"There is no file '{path}'."
        raise NotFound(msg, "Check the path; relative paths start where the command runs.")
    if not path.is_dir():
        return path
    for pattern in _IN_A_FOLDER:
        found = sorted(path.glob(pattern))
        if len(found) > 1:
            msg = f"The folder '{path}' holds several weights files: {found[0].name}, ..."
            hint = "Give the file itself; weights in several parts (shards) are not read."
            raise InputError(msg, hint)
        if found:
            return found[0]
    msg = f"The folder '{path}' holds no weights file."
    raise InputError(msg, f"Weights files are: {', '.join(_IN_A_FOLDER)}.")


def _opened(path: Path) -> tuple[Checkpoint, str]:
    """Return what a file holds, and its sha256."""
    from omicstoken_kernel.embedding._esm2_tensors import Unsuitable, read_checkpoint

    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"The file '{path}' cannot be read: {error.strerror}."
        raise InputError(msg, "Check its permissions.") from error
    try:
        return read_checkpoint(content), hashlib.sha256(content).hexdigest()
    except Unsuitable as error:
        raise _refused(path, str(error)) from error


def _refused(path: Path, reason: str) -> InputError:
    msg = f"The file '{path}' cannot be used as weights of ESM-2: {reason}."
    return InputError(
        msg,
        "Use fair-esm's published .pt file, or Hugging Face's model.safetensors or "
        "pytorch_model.bin of an ESM-2.",
    )


def _leave_nothing(stored: Path) -> None:
    """Delete a file whose record could not be written, and its folder if that is all it held."""
    with contextlib.suppress(OSError):
        stored.unlink(missing_ok=True)
        stored.parent.rmdir()
