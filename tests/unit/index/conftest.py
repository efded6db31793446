"""Indexes over vectors made up from a seed, and workspaces whose peptides have vectors."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.index._file import new_index
from omicstoken_kernel.index.exact import FlatIndex
from omicstoken_kernel.index.manifest import IndexManifest


def index_of(vectors, ids):
    """Return a FlatIndex of some vectors, made unit."""
    dim = vectors.shape[1]
    index = new_index(dim)
    index.add_with_ids(
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        np.asarray(ids, dtype=np.int64),
    )
    manifest = IndexManifest("made-up:1:test", dim, len(vectors), 1, "x", "y", 1, "faiss", "now")
    return FlatIndex(manifest, index)


@pytest.fixture
def make_index():
    """The function that makes a FlatIndex of vectors and ids."""
    return index_of


@pytest.fixture
def embed(store_runs, make_sequences):
    """A function that stores a run of ``count`` peptides with their anchor vectors."""

    def fill(ctx, count, seed=0):
        name = f"run {seed}"
        (run,) = store_runs(ctx, {name: make_sequences(count, seed)}, file=name)
        encode_runs(ctx, [run.id], model=AnchorEmbedder())
        return run

    return fill
