"""Whether a hit means anything: how near random peptides come to what is searched.

A percentile among random pairs places one similarity. It does not say whether the best of a hundred
thousand is remarkable, for the best of so many is always high. So the best hit is placed among the
best hits of random queries: a hundred peptides of the query's length, drawn with the residue
frequencies of the human proteome and a seed that depends on the length only (the draw of
:mod:`~omicstoken_kernel.index.percentile`), each searched among the very peptides the query was.
A best hit counts as nearer than chance where at most 5 in 100 of them find one at least as similar,
that is, where it lies above the 95th percentile of that distribution; and so does a search that
finds the query's own letters but for one, which no random peptide does, however the model sees it:
``anchor`` moves a peptide far away when a residue at its anchors is replaced.

The distribution of a model, a length and a set of peptides is kept in the process: the first search
of a set computes it, later ones look it up.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.index.percentile import background_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.index.exact import FlatIndex

__all__ = ["LEVEL", "Chance", "chance_of", "nearest_by_chance"]

#: Share of random peptides that may come as near as a hit that counts as nearer than chance.
LEVEL = 0.05

_DRAWN = 100
_KEPT_IN_MEMORY = 256  # sets of peptides, 400 bytes each

_nearest: dict[tuple[str, int, str], NDArray[np.float32]] = {}
_computing = threading.Lock()


@dataclass(frozen=True)
class Chance:
    """The best hit of a search among the best hits of random peptides.

    Parameters
    ----------
    share
        Share of the random peptides, 0..1, that find one at least as similar as the best hit.
    similarity
        What a hit must exceed to be nearer than chance: the 95th percentile of their best
        similarities.
    drawn
        How many random peptides there were.
    by_letters
        Whether a searched peptide has the query's letters, all or all but one.
    """

    share: float
    similarity: float
    drawn: int
    by_letters: bool

    @property
    def nearer(self) -> bool:
        """Whether something was found that is nearer than chance."""
        return self.by_letters or self.share <= LEVEL

    def as_json(self) -> dict[str, object]:
        """Return the figures in the shape of ``omicstoken search --json``."""
        return {
            "nearer": self.nearer,
            "share": round(self.share, 4),
            "similarity": round(self.similarity, 6),
            "drawn": self.drawn,
            "by_letters": self.by_letters,
        }


def chance_of(nearest: NDArray[np.float32], best: float, *, by_letters: bool = False) -> Chance:
    """Return where a best similarity stands among those of random peptides, ascending.

    >>> chance_of(np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32), 0.35).share
    0.25
    """
    below = int(np.searchsorted(nearest, np.float32(best), side="left"))
    threshold = float(np.quantile(nearest, 1 - LEVEL, method="higher"))
    share = (len(nearest) - below) / len(nearest)
    return Chance(share, threshold, len(nearest), by_letters)


def nearest_by_chance(
    ctx: Context,
    model: BaseEmbedder,
    length: int,
    *,
    index: FlatIndex,
    allowed: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return the best similarity of each random peptide among some peptides, (n,) ascending.

    Parameters
    ----------
    ctx
        The workspace, where the random peptides' vectors are kept.
    model
        The model of the index.
    length
        Length of the random peptides in residues.
    index
        What is searched; at least one of the allowed peptides must be in it.
    allowed
        Peptide ids to search among.
    """
    searched = hashlib.blake2b(index.manifest.sha256.encode())
    searched.update(np.asarray(allowed, dtype=np.int64).tobytes())
    key = (model.model_key, length, searched.hexdigest())
    with _computing:
        if key not in _nearest:
            drawn = background_vectors(ctx, model, length)[:_DRAWN]
            while len(_nearest) >= _KEPT_IN_MEMORY:
                del _nearest[next(iter(_nearest))]
            _nearest[key] = np.sort(index.best(drawn, allowed))
        return _nearest[key]
