"""Quantities of whole runs, peptide by peptide: what a comparison of abundance begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_row
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import FEATURE, RUN

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
    query = (
        sa.select(FEATURE.c.peptide_id, FEATURE.c.quantity)
        .where(FEATURE.c.run_id == run_id, FEATURE.c.quantity.is_not(None))
        .order_by(FEATURE.c.ordinal)
    )
    with reading(ctx.engine) as connection:
        owned_row(connection, ctx.owner, RUN, run_id)
        rows = connection.execute(query).all()
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return ids, np.fromiter((row[1] for row in rows), dtype=np.float64, count=len(rows))
