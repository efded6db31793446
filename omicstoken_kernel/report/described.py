"""Peptides with their descriptors and the runs that hold them, for a page or a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context

__all__ = ["described", "holders"]

# Runs looked at in one go: half of the bits of a number.
_RUNS = 32


def described(ctx: Context, peptide_ids: NDArray[np.int64]) -> pd.DataFrame:
    """Return peptides by ascending id, with the columns of ``store.peptides.DESCRIBED``.

    The descriptors are computed from the sequences, which takes a seventh of the time of reading
    them; they are the numbers that are stored.
    """
    import pyarrow as pa

    from omicstoken_kernel.chemistry.descriptors import describe
    from omicstoken_kernel.store.peptides import DESCRIBED, Peptides

    found = Peptides(ctx).by_ids(peptide_ids)
    computed = describe(found["sequence"])
    columns = [*found.columns, *(computed[name] for name in DESCRIBED.names[2:])]
    frame: pd.DataFrame = pa.table(columns, schema=DESCRIBED).to_pandas()
    return frame


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
