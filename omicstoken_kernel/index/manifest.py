"""What an index file holds, said beside it; written last, so that it never names half a file."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.context import Context

__all__ = [
    "MANIFEST",
    "SCHEMA_VERSION",
    "IndexManifest",
    "folder_of",
    "read_manifest",
    "sync_folder",
    "write_manifest",
]

#: Version of the manifest and of how vectors lie in the file.
SCHEMA_VERSION = 1

#: Its name in the folder of the index.
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class IndexManifest:
    """What an index file holds.

    Parameters
    ----------
    model_key, dim
        The model whose vectors it holds, and their length.
    count
        Number of vectors.
    generation
        The store's counter for that model when the vectors were read; another number means that the
        store has other vectors by now.
    file, sha256, size_bytes
        The file's name beside the manifest, and its content; empty and 0 where there are no
        vectors.
    library
        The library that wrote it, with its version.
    created_at
        When, as ISO 8601 in UTC.
    schema_version
        :data:`SCHEMA_VERSION`.
    """

    model_key: str
    dim: int
    count: int
    generation: int
    file: str
    sha256: str
    size_bytes: int
    library: str
    created_at: str
    schema_version: int = SCHEMA_VERSION

    @classmethod
    def of_nothing(cls, model_key: str) -> IndexManifest:
        """Return the manifest of a model that has no vectors; it is never written."""
        return cls(model_key, 0, 0, 0, "", "", 0, "", datetime.now(UTC).isoformat())

    def as_json(self) -> dict[str, object]:
        """Return the manifest as a JSON object."""
        return asdict(self)


_SHAPE = TypeAdapter(IndexManifest)


def folder_of(ctx: Context, model_key: str) -> Path:
    """Return the folder of a model's index in the workspace, made if missing.

    The name is readable, and the digest in it keeps apart keys that look the same as file names.
    """
    readable = re.sub(r"[^A-Za-z0-9._-]+", "_", model_key)[:80]
    digest = hashlib.sha256(model_key.encode("utf-8")).hexdigest()[:8]
    folder = ctx.folder("index") / f"{readable}-{digest}"
    folder.mkdir(exist_ok=True)
    return folder


def read_manifest(folder: Path) -> IndexManifest | None:
    """Return the manifest of a folder, or None where there is none or it is not one."""
    try:
        return _SHAPE.validate_json((folder / MANIFEST).read_bytes(), strict=True)
    except (FileNotFoundError, ValidationError):
        return None


def write_manifest(folder: Path, manifest: IndexManifest) -> None:
    """Put a manifest in the place of the one before, in one step that also survives a power cut."""
    temporary = folder / f"{MANIFEST}.{os.getpid()}.tmp"
    with temporary.open("wb") as file:
        file.write(TypeAdapter(dict[str, str | int]).dump_json(asdict(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / MANIFEST)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder outlast a power cut, where the platform lets folders be synced."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
