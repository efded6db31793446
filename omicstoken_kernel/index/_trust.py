"""What must be true of an index before it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.index._file import Stale, Unusable
from omicstoken_kernel.index.manifest import SCHEMA_VERSION
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.index.exact import FlatIndex
    from omicstoken_kernel.index.manifest import IndexManifest
    from omicstoken_kernel.store.vectors import Model

__all__ = ["compare_with_store", "plausible", "require_count", "require_fresh"]

_SELF_QUERIES = 3
_SAME = 1 - 1e-5  # cosine of a vector with itself, less rounding


def plausible(manifest: IndexManifest | None, model: Model) -> IndexManifest:
    """Return a manifest if it can be one of this model in this database, else raise Unusable."""
    if manifest is None:
        msg = "there is no readable manifest"
        raise Unusable(msg)
    if manifest.schema_version != SCHEMA_VERSION:
        msg = f"its version is {manifest.schema_version}, expected {SCHEMA_VERSION}"
        raise Unusable(msg)
    if (manifest.model_key, manifest.dim) != (model.model_key, model.dim):
        msg = "it belongs to another model"
        raise Unusable(msg)
    if manifest.generation > model.generation:
        msg = "it is newer than the store: it belongs to another database"
        raise Unusable(msg)
    return manifest


def require_fresh(manifest: IndexManifest, model: Model) -> None:
    """Raise Stale if the store has changed since the index was built."""
    if manifest.generation < model.generation:
        msg = f"the store is at generation {model.generation}, it is at {manifest.generation}"
        raise Stale(msg)


def require_count(manifest: IndexManifest, stored: int, *, fresh: bool) -> None:
    """Raise Unusable unless the store has as many vectors; an older index may lack some."""
    if stored < manifest.count or (fresh and stored > manifest.count):
        msg = f"it holds {manifest.count} vectors, the store {stored}"
        raise Unusable(msg)


def compare_with_store(ctx: Context, index: FlatIndex, *, fresh: bool) -> None:
    """Raise Unusable unless the store has these vectors, by their count and by a few of them."""
    require_count(index.manifest, Vectors(ctx).count(index.model_key), fresh=fresh)
    if not len(index):
        return
    places = np.unique(np.linspace(0, len(index) - 1, _SELF_QUERIES).astype(np.int64))
    ids, vectors = Vectors(ctx).of_peptides(index.model_key, index.ids[places])
    if not np.array_equal(ids, index.ids[places]):
        msg = "the store does not have its peptides: it is of another database"
        raise Unusable(msg)
    best, _ = index.search(vectors, 1)
    alone = [index.search(vectors[[row]], 1, allowed=ids[[row]])[0] for row in range(len(ids))]
    if min(best.min(), np.concatenate(alone).min()) < _SAME:
        msg = "its vectors are not those of the store"
        raise Unusable(msg)
