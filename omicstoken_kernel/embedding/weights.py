"""Weights on this machine: one file per model, and a record of what it is and where it came from.

The folder of weights holds, for each size of ESM-2, a folder named as fair-esm names it::

    esm2_t6_8M_UR50D/record.json            which file is used, its sha256, its origin
    esm2_t6_8M_UR50D/3f9a04c1d2e7.safetensors

The record is written last and by rename, so it never names a file that is not whole. A published
``esm2_t6_8M_UR50D.pt`` that someone put into the folder is used where it lies: the first look
writes the record. From then on the file has to have the digest of the record; one that changed is
refused, not used as another model in silence.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.errors import ModelUnavailable
from omicstoken_kernel.logs import get_logger

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.embedding._esm2_shape import Architecture
    from omicstoken_kernel.embedding._esm2_tensors import Checkpoint

__all__ = [
    "Record",
    "Weights",
    "find_weights",
    "load_weights",
    "read_record",
    "record_of",
    "write_record",
    "write_whole",
]

_log = get_logger(__name__)


@dataclass(frozen=True)
class Record:
    """What is known of the weights of one model.

    Parameters
    ----------
    architecture
        fair-esm's name of the size.
    file
        The file in use, from the folder of weights on.
    sha256, size_bytes
        Of that file.
    digest
        sha256 over the tensors; the same for the same weights in any format.
    source_name, source_sha256, format
        The file they came from, and what it was.
    ignored
        Parts for another task that the source holds, too.
    added_at
        When, in UTC.
    version
        Of this record's form.
    """

    architecture: str
    file: str
    sha256: str
    size_bytes: int
    digest: str
    source_name: str
    source_sha256: str
    format: str
    ignored: tuple[str, ...]
    added_at: str
    version: int = 1


@dataclass(frozen=True)
class Weights:
    """Weights as they were read: the digest is that of exactly these bytes."""

    path: Path
    sha256: str
    checkpoint: Checkpoint


def record_of(
    checkpoint: Checkpoint, *, file: str, content: bytes, source_name: str, source_sha256: str
) -> Record:
    """Return the record of weights whose stored file has these bytes, dated now."""
    return Record(
        architecture=checkpoint.size.published,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        digest=checkpoint.digest,
        source_name=source_name,
        source_sha256=source_sha256,
        format=checkpoint.format,
        ignored=checkpoint.ignored,
        added_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def read_record(folder: Path, size: Architecture) -> Record | None:
    """Return the record of a model's weights, None where there is none.

    Raises
    ------
    ModelUnavailable
        If the record is damaged.
    """
    path = _record_path(folder, size)
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        record = Record(**{**found, "ignored": tuple(found["ignored"])})
        inside = (folder / record.file).resolve().is_relative_to(folder.resolve())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        msg = f"The record {path} of the model '{size.name}' cannot be read: {error}."
        raise ModelUnavailable(msg, _replace_hint(size)) from error
    if record.version != 1 or record.architecture != size.published or not inside:
        msg = f"The record {path} is not one of weights of {size.published} in this folder."
        raise ModelUnavailable(msg, _replace_hint(size))
    return record


def write_record(folder: Path, size: Architecture, record: Record) -> None:
    """Write a model's record; it replaces the one before in one step."""
    text = json.dumps(asdict(record), indent=2) + "\n"
    write_whole(_record_path(folder, size), text.encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears under its name only when it is whole, and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def find_weights(folder: Path, size: Architecture) -> Path | None:
    """Return the path of a model's weights without reading them, None where there are none.

    A recorded file counts as being there even if it is lost or its record is damaged: to load it
    says so, where going on with another model would not.
    """
    try:
        record = read_record(folder, size)
    except ModelUnavailable:
        return _record_path(folder, size)
    if record is not None:
        return folder / record.file
    published = folder / size.file_name
    return published if published.is_file() else None


def load_weights(folder: Path, size: Architecture) -> Weights:
    """Return a model's weights, read once so that what is hashed is what is loaded.

    Raises
    ------
    ModelUnavailable
        If there are none, or they are damaged, changed since they were added, or of another model.
    """
    from omicstoken_kernel.embedding._esm2_tensors import Unsuitable, read_checkpoint

    record = read_record(folder, size)
    path, content = _read(folder, size)
    sha256 = hashlib.sha256(content).hexdigest()
    found = f"The weights file {path} ({len(content)} bytes, sha256 {sha256[:12]})"
    if record is not None and sha256 != record.sha256:
        msg = f"{found} has changed since it was added: then its sha256 was {record.sha256[:12]}."
        raise ModelUnavailable(msg, _replace_hint(size))
    try:
        checkpoint = read_checkpoint(content)
    except Unsuitable as error:
        msg = f"{found} cannot be used as {size.published}: {error}."
        raise ModelUnavailable(msg, _replace_hint(size)) from error
    if checkpoint.size != size:
        msg = f"{found} cannot be used as {size.published}: it is {checkpoint.size.published}."
        raise ModelUnavailable(msg, _replace_hint(size))
    if record is None:
        first = record_of(
            checkpoint, file=path.name, content=content, source_name=path.name, source_sha256=sha256
        )
        # A folder that cannot be written, as on a shared server, is no reason not to use it.
        with contextlib.suppress(OSError):
            write_record(folder, size, first)
            _log.info("weights_recorded", path=str(path), sha256=sha256)
    return Weights(path=path, sha256=sha256, checkpoint=checkpoint)


def _record_path(folder: Path, size: Architecture) -> Path:
    return folder / size.published / "record.json"


def _read(folder: Path, size: Architecture) -> tuple[Path, bytes]:
    path = find_weights(folder, size)
    if path is None:
        msg = (
            f"The model '{size.name}' has no weights here: there is no file '{size.file_name}' in "
            f"{folder}."
        )
        raise ModelUnavailable(
            msg,
            f"Run 'omicstoken models fetch', or bring the published '{size.file_name}' to this "
            "machine and run 'omicstoken models add PATH'; the built-in 'ligand' needs no file.",
        )
    try:
        return path, path.read_bytes()
    except OSError as error:
        msg = (
            f"The weights file {path} of the model '{size.name}' cannot be read: {error.strerror}."
        )
        raise ModelUnavailable(msg, _replace_hint(size)) from error


def _replace_hint(size: Architecture) -> str:
    return (
        f"Replace it with the published '{size.file_name}': 'omicstoken models add PATH' checks "
        "the file and takes it over."
    )
