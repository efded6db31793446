"""Quantities of whole runs, peptide by peptide: what a comparison of abundance begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.store._blocks import blocks_of
from omicstoken_kernel.store._owned import owned_row
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import RUN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context

__all__ = ["quantities_of"]


def quantities_of(ctx: Context, run_id: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the peptide and the quantity of each feature of a run that has one.

    Peptide ids, (n,) int64, one for each feature, and quantities, (n,) float64, on the run's scale.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    """
    ids, quantities = [_NO_IDS], [_NO_QUANTITIES]
    with reading(ctx.engine) as connection:
        owned_row(connection, ctx.owner, RUN, run_id)
        for block in blocks_of(connection, run_id, ("quantity",)):
            # Null becomes NaN, which no stored quantity is.
            found = block.values["quantity"].to_numpy()
            given = ~np.isnan(found)
            ids.append(block.peptide_ids[given])
            quantities.append(found[given])
    return np.concatenate(ids), np.concatenate(quantities)


_NO_IDS = np.zeros(0, dtype=np.int64)
_NO_QUANTITIES = np.zeros(0, dtype=np.float64)
