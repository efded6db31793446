"""How remarkable a similarity is: its percentile among random pairs of the same lengths.

A cosine means nothing by itself. Under a mean-pooled language model two random nonamers easily
have 0.9, under the ``anchor`` model 0.0, and short peptides are more alike than long ones. So each
cosine is placed among those of random pairs: background peptides of the two lengths, drawn with
the residue frequencies of the human proteome and embedded by the same model. The draw is seeded by
length, so the same model gives the same percentiles everywhere. The background's vectors are kept
in the index's folder; what is derived from them, in the process.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME
from omicstoken_kernel.index.manifest import folder_of
from omicstoken_kernel.logs import get_logger

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.base import BaseEmbedder

__all__ = ["background_peptides", "background_vectors", "percentiles", "random_cosines"]

# 300 x 300 pairs give the percentile a resolution of 0.001 points; long peptides cost more to
# embed and vary less, so they get fewer.
_PEPTIDES = 300
_FEWEST = 30
_RESIDUES = 15_000
_VERSION = 1  # of the draw; another draw is another file
_KEPT_IN_MEMORY = 64  # pairs of lengths, 360 KB each

_log = get_logger(__name__)

_cosines: dict[tuple[str, int, int], NDArray[np.float32]] = {}
_computing = threading.Lock()


def background_peptides(length: int, side: int) -> list[str]:
    """Return the random peptides of a length; ``side`` 0 and 1 are two independent draws.

    >>> len(background_peptides(9, 0)), len(background_peptides(100, 0))
    (300, 150)
    """
    draw = np.random.default_rng([_VERSION, length, side])
    count = min(_PEPTIDES, max(_FEWEST, _RESIDUES // length))
    letters = np.array(list(HUMAN_PROTEOME))
    shares = np.array(list(HUMAN_PROTEOME.values()))
    residues = draw.choice(letters, size=(count, length), p=shares / shares.sum())
    return ["".join(row) for row in residues]


def percentiles(
    ctx: Context, model: BaseEmbedder, length: int, *, similarities: ArrayLike, lengths: ArrayLike
) -> NDArray[np.float64]:
    """Return the percentile of each similarity among random pairs of the same lengths.

    Parameters
    ----------
    ctx
        The workspace, where the background's vectors are kept.
    model
        The model the similarities are of.
    length
        Length of the query in residues.
    similarities
        Cosines, (n,).
    lengths
        Lengths of the peptides found, (n,).

    Returns
    -------
    ndarray of float64, (n,)
        0..100: the share of random pairs that are at most as similar.
    """
    cosines = np.asarray(similarities, dtype=np.float32)
    partners = np.asarray(lengths, dtype=np.int64)
    found = np.empty(len(cosines), dtype=np.float64)
    for partner in np.unique(partners).tolist():
        reference = random_cosines(ctx, model, (length, partner))
        chosen = partners == partner
        found[chosen] = np.searchsorted(reference, cosines[chosen], side="right") / len(reference)
    return found * 100


def random_cosines(
    ctx: Context, model: BaseEmbedder, lengths: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the cosines of random pairs of two lengths, (pairs,) float32, ascending."""
    short, long = sorted(lengths)
    key = (model.model_key, short, long)
    with _computing:
        if key not in _cosines:
            first, second = (
                background_vectors(ctx, model, length, side=side)
                for side, length in enumerate((short, long))
            )
            while len(_cosines) >= _KEPT_IN_MEMORY:
                del _cosines[next(iter(_cosines))]
            _cosines[key] = np.sort((first @ second.T).ravel())
        return _cosines[key]


def background_vectors(
    ctx: Context, model: BaseEmbedder, length: int, *, side: int = 0
) -> NDArray[np.float32]:
    """Return the unit vectors of the background peptides, (n, dim) float32, kept on disk."""
    path = folder_of(ctx, model.model_key) / f"background-{_VERSION}-{length}-{side}.npy"
    peptides = background_peptides(length, side)
    kept = _read(path)
    if kept is not None and kept.shape == (len(peptides), model.dim):
        return kept
    vectors = model.embed_batch(peptides)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    _keep(path, unit)
    return unit


def _read(path: Path) -> NDArray[np.float32] | None:
    """Return the vectors of a file, or None if it is missing or does not hold unit vectors."""
    try:
        vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        return None
    good = np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    return vectors if good else None


def _keep(path: Path, vectors: NDArray[np.float32]) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            np.save(file, vectors)
        temporary.replace(path)
    except OSError as error:
        # They can be computed again; a search must not fail for want of a cache.
        _log.warning("background_not_kept", file=path.name, reason=error.strerror)
    finally:
        temporary.unlink(missing_ok=True)
