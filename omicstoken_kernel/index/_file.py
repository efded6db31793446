"""The index file on disk: written under its content's name, checked before it is believed."""

from __future__ import annotations

import functools
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.index.exact import FlatIndex
from omicstoken_kernel.index.manifest import IndexManifest, sync_folder, write_manifest
from omicstoken_kernel.store.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from omicstoken_kernel.store.vectors import Model

__all__ = ["Stale", "Unusable", "checked_path", "load", "new_index", "publish"]

_ENDING = ".faiss"


class Unusable(Exception):
    """Why an index on disk must not be used: a finding that leads to a rebuild, never an edge."""


class Stale(Unusable):
    """The index is whole, but the store has changed since."""


def new_index(dim: int) -> Any:  # noqa: ANN401 - faiss has no types
    """Return an empty FAISS index: exact inner product, with ids inside."""
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dim))


def publish(index: Any, model: Model, folder: Path) -> FlatIndex:  # noqa: ANN401
    """Write an index and then its manifest, remove what they replace, and return the index.

    A crash before the manifest's rename leaves the index before in force, one after it leaves files
    that the next call removes.

    Raises
    ------
    OSError
        If the disk does not take the file; the index before stays in force.
    """
    import faiss

    temporary = folder / f"{os.getpid()}.tmp"
    try:
        try:
            faiss.write_index(index, str(temporary))
        except RuntimeError as error:
            # FAISS reports what the disk refused as a line of its own source.
            msg = "the disk did not take its file"
            raise OSError(msg) from error
        size = temporary.stat().st_size
        expected = _size_on_disk(index.d, index.ntotal)
        if size != expected:
            msg = f"the disk took {size} of {expected} bytes"
            raise OSError(msg)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        sha256 = digest_of(temporary)
        path = folder / f"{sha256[:16]}{_ENDING}"
        temporary.replace(path)
        sync_folder(folder)
        manifest = IndexManifest(
            model_key=model.model_key,
            dim=model.dim,
            count=index.ntotal,
            generation=model.generation,
            file=path.name,
            sha256=sha256,
            size_bytes=size,
            library=f"faiss {faiss.__version__}",
            created_at=datetime.now(UTC).isoformat(),
        )
        write_manifest(folder, manifest)
    finally:
        temporary.unlink(missing_ok=True)
    _remove_all_but(path, folder)
    return FlatIndex(manifest, index)


def checked_path(manifest: IndexManifest, folder: Path) -> Path:
    """Return the path of a manifest's file after comparing it with the manifest.

    Raises
    ------
    Unusable
        If the file is missing or is not the one that was written.
    """
    path = folder / manifest.file
    try:
        stat = path.stat()
        if path.parent != folder or not path.is_file():
            msg = "its manifest names no file of its folder"
            raise Unusable(msg)
        if stat.st_size != manifest.size_bytes:
            msg = f"its file has {stat.st_size} bytes instead of {manifest.size_bytes}"
            raise Unusable(msg)
        sha256 = _digest_once(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except FileNotFoundError as error:
        msg = "its file is missing"
        raise Unusable(msg) from error
    if sha256 != manifest.sha256:
        msg = "its file is damaged: the checksum differs"
        raise Unusable(msg)
    return path


def load(manifest: IndexManifest, folder: Path) -> FlatIndex:
    """Return the index a manifest speaks of, read from disk and compared with it.

    Raises
    ------
    Unusable
        If the file is missing, damaged, or holds something else.
    """
    import faiss

    path = checked_path(manifest, folder)
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        msg = "its file cannot be read"
        raise Unusable(msg) from error
    if not (
        isinstance(index, faiss.IndexIDMap2)
        and isinstance(faiss.downcast_index(index.index), faiss.IndexFlat)
        and index.metric_type == faiss.METRIC_INNER_PRODUCT
    ):
        msg = "its file holds an index of another kind"
        raise Unusable(msg)
    if (index.d, index.ntotal) != (manifest.dim, manifest.count):
        msg = "its file holds other vectors than its manifest says"
        raise Unusable(msg)
    found = FlatIndex(manifest, index)
    if len(found) > 1 and not (found.ids[1:] > found.ids[:-1]).all():
        msg = "its peptide ids are out of order"
        raise Unusable(msg)
    return found


@functools.lru_cache(maxsize=64)
def _digest_once(path: Path, _modified_ns: int, _size: int, _inode: int) -> str:
    """Return a file's digest, computed once per process as long as the file stays the same."""
    return digest_of(path)


def _size_on_disk(dim: int, count: int) -> int:
    import faiss

    return len(faiss.serialize_index(new_index(dim))) + count * (4 * dim + 8)


def _remove_all_but(path: Path, folder: Path) -> None:
    """Remove earlier index files and what crashed writers left; only under the folder's lock."""
    for old in _leftovers(folder):
        if old != path:
            # A reader on Windows keeps its file; it goes with a later rebuild.
            try:
                old.unlink(missing_ok=True)
            except PermissionError:
                continue


def _leftovers(folder: Path) -> Iterable[Path]:
    yield from folder.glob(f"*{_ENDING}")
    yield from folder.glob("*.tmp")
