"""Where a run stands among the owner's others: what it shares with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from omicstoken_kernel.context import Context

__all__ = ["Neighbour", "neighbouring_runs"]


@dataclass(frozen=True)
class Neighbour:
    """Another run of the owner: how many peptides it has, and how many of them are this run's too.

    ``jaccard`` is shared over the union, 0..1; None where both runs are empty.
    """

    run_id: str
    name: str
    peptides: int
    shared: int
    jaccard: float | None


def neighbouring_runs(ctx: Context, run_id: str, features: pa.Table) -> tuple[Neighbour, ...]:
    """Return the owner's other runs, the highest Jaccard index first.

    Parameters
    ----------
    ctx
        The Context.
    run_id
        The run.
    features
        Its features, with the column ``peptide_id``.
    """
    import numpy as np

    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    own = np.unique(features["peptide_id"].to_numpy())
    found = []
    for run in Runs(ctx).list():
        if run.id == run_id:
            continue
        theirs = Peptides(ctx).visible_ids(run_ids=[run.id])
        shared = int(np.intersect1d(own, theirs, assume_unique=True).size)
        union = own.size + theirs.size - shared
        jaccard = shared / union if union else None
        found.append(Neighbour(run.id, run.name, int(theirs.size), shared, jaccard))
    return tuple(sorted(found, key=lambda other: (-(other.jaccard or 0.0), other.name)))
