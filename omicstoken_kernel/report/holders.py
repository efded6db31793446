"""Which runs hold which peptides, for a page or a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["holders"]

# Runs looked at in one go: half of the bits of a number.
_RUNS = 32


def holders(
    peptide_ids: NDArray[np.int64], members: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return in which combinations of runs peptides are, and which of them each peptide is in.

    ``peptide_ids`` (n,) and the ``members`` of each run are ascending and distinct. The
    combinations are (k, runs) bool; for a peptide its combination's place, (n,).

    >>> found, which = holders(np.array([1, 2, 3]), [np.array([1, 2]), np.array([2, 3])])
    >>> found[which].tolist()
    [[True, False], [True, True], [False, True]]
    """
    held = np.array([np.isin(peptide_ids, one, assume_unique=True) for one in members])
    first = which = np.zeros(len(peptide_ids), dtype=np.intp)
    for at in range(0, len(members), _RUNS):
        key = which.astype(np.uint64) << np.uint64(_RUNS)
        for place, there in enumerate(held[at : at + _RUNS]):
            key |= there.astype(np.uint64) << np.uint64(place)
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return held[:, first].T, which
