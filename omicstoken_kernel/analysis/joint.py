"""Several sides in one joint clustering: their shares of its clusters, and how these shift."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.clusters import describe_clusters, method_for
from omicstoken_kernel.analysis.composition import shifts_of_peptides, shifts_of_replicates
from omicstoken_kernel.analysis.fingerprint import group
from omicstoken_kernel.analysis.known_fingerprint import stored_fingerprint
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES
from omicstoken_kernel.analysis.sides import FEWEST_REPLICATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.composition import Shift
    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.analysis.sides import Members, Side
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = ["ClusterShares", "joint_clusters", "shares_of_sides", "shifts_between"]


@dataclass(frozen=True)
class ClusterShares:
    """A joint cluster: its size over all sides, and by side how many peptides and which share.

    ``id`` counts from 1, the largest; None means unassigned. A share (0..1) is of the side's
    peptides that have a vector; None where it has none. ``replicate_counts`` has the peptides of
    each of the side's replicates in turn.
    """

    id: int | None
    size: int
    share: float
    motif: str
    counts: dict[str, int]
    shares: dict[str, float | None]
    replicate_counts: dict[str, list[int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the cluster as a JSON object."""
        return vars(self).copy()


def shifts_between(
    clusters: Sequence[ClusterShares], reference: str, side: str
) -> tuple[Shift, ...]:
    """Return the shift of every cluster's share from one side to another, in their order."""
    by_replicate = [
        np.array([cluster.replicate_counts[each] for cluster in clusters], dtype=np.int64)
        for each in (reference, side)
    ]
    if all((counts.sum(axis=0) > 0).sum() >= FEWEST_REPLICATES for counts in by_replicate):
        return shifts_of_replicates(*by_replicate)
    together = [
        np.array([cluster.counts[each] for cluster in clusters], dtype=np.int64)
        for each in (reference, side)
    ]
    return shifts_of_peptides(*together)


def shares_of_sides(
    clusters: Sequence[ClusterShares], *, over_replicates: bool
) -> list[dict[str, float]]:
    """Return the share of every cluster by side; sides without peptides are left out.

    ``over_replicates`` gives the mean of a side's replicates, as intervals over replicates are
    about; otherwise a side's distinct peptides count together, as intervals over peptides are.
    """
    if not over_replicates:
        return [
            {side: part for side, part in cluster.shares.items() if part is not None}
            for cluster in clusters
        ]
    means: list[dict[str, float]] = [{} for _ in clusters]
    for side in clusters[0].replicate_counts if clusters else ():
        counts = np.array([cluster.replicate_counts[side] for cluster in clusters])
        counts = counts[:, counts.sum(axis=0) > 0]
        if counts.shape[1]:
            parts = (counts / counts.sum(axis=0)).mean(axis=1)
            for mean, part in zip(means, parts.tolist(), strict=True):
                mean[side] = part
    return means


def joint_clusters(
    ctx: Context,
    embedded: Embedded | None,
    sides: Sequence[Side],
    members: Members,
    *,
    seed: int,
) -> tuple[tuple[ClusterShares, ...], str]:
    """Return each joint cluster with the sides' shares, the unassigned last, or none and why.

    Where the runs have a stored joint fingerprint its clusters are used; it gives the same ones,
    for clusters do not depend on the map.
    """
    if embedded is None:
        return (), "The runs are not all embedded by one model."
    method = method_for(embedded.all_sequences)
    run_ids = tuple(run.id for side in sides for run in side.runs)
    known = stored_fingerprint(ctx, run_ids, embedded, seed=seed, method=method)
    clusters: tuple[Cluster, ...] = ()
    if known is not None:
        labels = np.array(known.points["cluster"].fill_null(0).to_numpy(), dtype=np.int32)
        clusters = known.clusters
    else:
        grouped = group(embedded.sequences, embedded.vectors, seed=seed, method=method)
        labels = np.zeros(0, dtype=np.int32) if grouped is None else grouped.labels
        if grouped is not None:
            clusters = describe_clusters(embedded.sequences, labels, grouped.cores)
    if not clusters and len(embedded.sequences) >= FEWEST_FOR_SHARES:
        return (), "No motif stands out among the peptides of the runs."
    if not clusters:
        return (), f"Fewer than {FEWEST_FOR_SHARES} peptides are not grouped."
    return _shares(embedded, members, labels, clusters), ""


def _shares(
    embedded: Embedded,
    members: Members,
    labels: NDArray[np.int32],
    clusters: tuple[Cluster, ...],
) -> tuple[ClusterShares, ...]:
    def counted(peptides: list[str]) -> NDArray[np.int64]:
        return np.bincount(labels[embedded.rows(peptides)], minlength=len(clusters) + 1)

    of_replicates = {
        side: [counted(peptides) for peptides in replicates] for side, replicates in members.items()
    }
    counts = {
        side: found[0] if len(found) == 1 else counted([p for held in members[side] for p in held])
        for side, found in of_replicates.items()
    }
    unassigned = int((labels == 0).sum())
    named: list[tuple[int | None, int, str]] = [(c.id, c.size, c.motif) for c in clusters]
    if unassigned:
        named.append((None, unassigned, ""))
    return tuple(
        ClusterShares(
            id=number,
            size=size,
            share=size / len(labels),
            motif=motif,
            counts={side: int(found[number or 0]) for side, found in counts.items()},
            shares={
                side: float(found[number or 0] / found.sum()) if found.sum() else None
                for side, found in counts.items()
            },
            replicate_counts={
                side: [int(each[number or 0]) for each in found]
                for side, found in of_replicates.items()
            },
        )
        for number, size, motif in named
    )
