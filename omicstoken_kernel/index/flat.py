"""The index of a model through its life: built, opened, checked, and rebuilt when it must be.

The vectors in the store are the truth; the index is derived from them and can always be made again.
So whatever is wrong with an index on disk - stale, torn, damaged, of another database - the answer
is the same: say why in the log and rebuild. FAISS itself loads a damaged file without a word, hence
the checks: the manifest's shape, the file's checksum, its counts against the store, and a few
vectors looked up in both. Where the rebuild fails (a full disk), the index before is used if it
passes all checks but being up to date, and says that it is stale.

Several processes may open the same index at once: one of them rebuilds, the others wait for it and
find the index current. Old files go only after the manifest has changed, and whoever has an index
open has all of it in memory.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import filelock
import numpy as np

from omicstoken_kernel.errors import IndexUnavailable
from omicstoken_kernel.index._file import Stale, Unusable, checked_path, load, new_index, publish
from omicstoken_kernel.index._trust import (
    compare_with_store,
    plausible,
    require_count,
    require_fresh,
)
from omicstoken_kernel.index.exact import FlatIndex
from omicstoken_kernel.index.manifest import (
    MANIFEST,
    IndexManifest,
    folder_of,
    read_manifest,
)
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress

__all__ = ["FlatIndex", "IndexManifest", "IndexStatus", "open_index", "rebuild", "status"]

_BATCH = 16_384  # vectors read from the store at once: 21 MB
_PATIENCE_S = 900  # how long a process waits for another one's rebuild
# Indexes a process keeps in memory, one of a million peptides 1.3 GB: beyond, the oldest go first.
_KEPT_BYTES = 1_500_000_000
_MAKE_ROOM = "Free some disk space, and check that the workspace can be written."

State = Literal["empty", "absent", "current", "stale", "damaged"]

_log = get_logger(__name__)

_opened: dict[Path, FlatIndex] = {}
_opening = threading.RLock()


@dataclass(frozen=True)
class IndexStatus:
    """How the index of a model stands to the store.

    Parameters
    ----------
    model_key
        The model.
    state
        ``empty`` (the store has no vectors), ``absent`` (never built), ``current``, ``stale``
        (whole, but the store has changed) or ``damaged``; the last two and ``absent`` are mended by
        the next search.
    reason
        Why it is stale or damaged; None otherwise.
    indexed, stored
        Vectors in the index and in the store.
    path
        The index file; None where there is none.
    """

    model_key: str
    state: State
    reason: str | None
    indexed: int
    stored: int
    path: Path | None


def open_index(ctx: Context, model_key: str) -> FlatIndex:
    """Return the index of a model, up to date and checked; built first where it is not.

    A model without vectors has an empty index. An index is read and checked once per process.

    Raises
    ------
    IndexUnavailable
        If it must be built and cannot be, and there is none before that may be used.
    """
    folder = _folder(ctx, model_key)
    with _opening:
        try:
            return _current(ctx, model_key, folder)
        except Unusable:
            pass  # said in the log below, by whoever gets to rebuild
        try:
            return _bring_up_to_date(ctx, model_key, folder, silent)
        except IndexUnavailable as error:
            previous = _previous(ctx, model_key, folder)
            if previous is None:
                raise
            _log.warning("index_stale", model_key=model_key, reason=error.message)
            return previous.as_stale(f"{error.message} The index before it is used instead.")


def rebuild(ctx: Context, model_key: str, *, progress: Progress = silent) -> IndexManifest:
    """Bring the index of a model up to date and return its manifest.

    Where it is up to date and passes its checks nothing is written. A model without vectors has no
    file, and the manifest says count 0. ``progress`` may cancel; the index before then stays.

    Raises
    ------
    IndexUnavailable
        If it cannot be written; the index before stays as it was.
    """
    folder = _folder(ctx, model_key)
    with _opening:
        return _bring_up_to_date(ctx, model_key, folder, progress).manifest


def status(ctx: Context, model_key: str) -> IndexStatus:
    """Return how the index of a model stands to the store, without mending anything."""
    folder = _folder(ctx, model_key)
    on_disk = read_manifest(folder)
    model = Vectors(ctx).model(model_key)
    stored = Vectors(ctx).count(model_key)

    def found(
        state: State, reason: str | None = None, path: Path | None = None, indexed: int = 0
    ) -> IndexStatus:
        return IndexStatus(model_key, state, reason, indexed, stored, path)

    if model is None:
        return found("empty")
    if on_disk is None and not (folder / MANIFEST).exists():
        return found("absent")
    try:
        manifest = plausible(on_disk, model)
        path = checked_path(manifest, folder)
        require_fresh(manifest, model)
        require_count(manifest, stored, fresh=True)
    except Stale as reason:
        return found("stale", str(reason), path, manifest.count)
    except Unusable as reason:
        return found("damaged", str(reason))
    return found("current", None, path, manifest.count)


def _folder(ctx: Context, model_key: str) -> Path:
    try:
        return folder_of(ctx, model_key)
    except OSError as error:
        msg = f"The folder of the search index cannot be made: {error.strerror}."
        raise IndexUnavailable(msg, _MAKE_ROOM) from error


def _current(ctx: Context, model_key: str, folder: Path) -> FlatIndex:
    """Return the index if it may be used as it is; raises Unusable with the reason otherwise."""
    # The manifest before the store: should another process rebuild in between, it looks too old
    # rather than too new, and the next look finds it current.
    manifest = read_manifest(folder)
    model = Vectors(ctx).model(model_key)
    if model is None:
        return FlatIndex(IndexManifest.of_nothing(model_key), new_index(0))
    if manifest is None and not (folder / MANIFEST).exists():
        msg = "there is none yet"
        raise Stale(msg)
    manifest = plausible(manifest, model)
    require_fresh(manifest, model)
    return _checked(ctx, manifest, folder, fresh=True)


def _previous(ctx: Context, model_key: str, folder: Path) -> FlatIndex | None:
    """Return the index on disk if all is well with it but its age, else None."""
    model = Vectors(ctx).model(model_key)
    if model is None:
        return None
    try:
        return _checked(ctx, plausible(read_manifest(folder), model), folder, fresh=False)
    except Unusable:
        return None


def _checked(ctx: Context, manifest: IndexManifest, folder: Path, *, fresh: bool) -> FlatIndex:
    """Return the index of a manifest, compared with its file and the store once per process."""
    known = _opened.get(folder)
    if known is not None and known.manifest == manifest:
        return known
    _make_room_for(manifest.count * manifest.dim)
    index = load(manifest, folder)
    compare_with_store(ctx, index, fresh=fresh)
    _opened[folder] = index
    return index


def _bring_up_to_date(ctx: Context, model_key: str, folder: Path, progress: Progress) -> FlatIndex:
    """Return the index after rebuilding it where needed, one process at a time."""
    try:
        with filelock.FileLock(folder / ".lock", timeout=_PATIENCE_S):
            try:
                return _current(ctx, model_key, folder)
            except Unusable as reason:
                # Growing old is the way of an index; anything else should not have happened.
                log = _log.info if isinstance(reason, Stale) else _log.warning
                log("index_rebuilding", model_key=model_key, reason=str(reason))
            return _build(ctx, model_key, folder, progress)
    except filelock.Timeout as error:
        msg = f"Another process has been rebuilding the search index for {_PATIENCE_S} s."
        raise IndexUnavailable(msg, "Wait for it to finish, or end it, and try again.") from error
    except (OSError, MemoryError) as error:
        cause = getattr(error, "strerror", None) or str(error) or "not enough memory"
        msg = f"The search index of {model_key} cannot be built: {cause}."
        _log.warning("index_rebuild_failed", model_key=model_key, reason=cause)
        raise IndexUnavailable(msg, _MAKE_ROOM) from error


def _build(ctx: Context, model_key: str, folder: Path, progress: Progress) -> FlatIndex:
    """Return the index made from the store's vectors, written and in force."""
    vectors = Vectors(ctx)
    # Read first: vectors added while the others stream in make the index stale, never wrong.
    model = vectors.model(model_key)
    if model is None:
        return FlatIndex(IndexManifest.of_nothing(model_key), new_index(0))
    total = vectors.count(model_key)
    _make_room_for(total * model.dim)
    index = new_index(model.dim)
    for ids, batch in vectors.stream(model_key, _BATCH):
        index.add_with_ids(batch / np.linalg.norm(batch, axis=1, keepdims=True), ids)
        progress(index.ntotal, max(total, index.ntotal), "vectors")
    built = publish(index, model, folder)
    _opened[folder] = built
    _log.info("index_rebuilt", model_key=model_key, count=len(built), file=built.manifest.file)
    return built


def _make_room_for(numbers: int) -> None:
    """Let the oldest of the indexes in memory go until another of so many float32 has room."""
    kept = sum(len(index) * index.dim for index in _opened.values())
    while _opened and 4 * (kept + numbers) > _KEPT_BYTES:
        oldest = _opened.pop(next(iter(_opened)))
        kept -= len(oldest) * oldest.dim
