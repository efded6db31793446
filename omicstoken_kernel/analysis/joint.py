"""Several runs in one embedding space: their distances and their shares of joint clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.clusters import describe_clusters, method_for
from omicstoken_kernel.analysis.distance import FEWEST, energy_distances
from omicstoken_kernel.analysis.fingerprint import group, stored_fingerprint
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = ["ClusterShares", "EmbeddingDistance", "joint_clusters", "shift"]

_NO_P_VALUE = "A test counts biological replicates: single runs give an effect size, no p-value."


@dataclass(frozen=True)
class EmbeddingDistance:
    """How far apart the runs' vectors lie.

    Parameters
    ----------
    model_key
        None where the runs have no vectors of one model.
    distance
        The energy coefficient, at most 1: of the pair, or the mean over the pairs of more than two
        runs that have one. None where there is none.
    reference
        What random halves of one run reach (95th percentile), of the run where that is largest.
    p_value
        Always None: there are no replicates in a comparison of single runs.
    distances, references, sampled
        The same by pair and by run, and how many vectors of each run were looked at.
    note
        Why there is no distance, or no p-value.
    """

    model_key: str | None = None
    distance: float | None = None
    reference: float | None = None
    p_value: float | None = None
    distances: dict[str, dict[str, float | None]] = field(default_factory=dict)
    references: dict[str, float | None] = field(default_factory=dict)
    sampled: dict[str, int] = field(default_factory=dict)
    note: str = _NO_P_VALUE

    def as_json(self) -> dict[str, object]:
        """Return the distance as a JSON object."""
        return vars(self).copy()


@dataclass(frozen=True)
class ClusterShares:
    """A joint cluster: its size over all runs, and by run how many peptides and which share.

    ``id`` counts from 1, the largest; None means unassigned. A share (0..1) is of the run's
    peptides that have a vector; None where it has none.
    """

    id: int | None
    size: int
    share: float
    motif: str
    counts: dict[str, int]
    shares: dict[str, float | None]

    def as_json(self) -> dict[str, object]:
        """Return the cluster as a JSON object."""
        return vars(self).copy()


def shift(
    embedded: Embedded | None,
    peptides: Mapping[str, Sequence[str]],
    *,
    seed: int,
    reason: str = "",
) -> EmbeddingDistance:
    """Return the distance between runs, or an empty one that says why.

    Parameters
    ----------
    embedded
        The peptides of all runs with their vectors; None where a run has none, for ``reason``.
    peptides
        Run id to sequences.
    seed
        Of the samples and random halves.
    reason
        Why there are no vectors.
    """
    if embedded is None:
        return EmbeddingDistance(note=reason)
    sets = [embedded.vectors[embedded.rows(found)] for found in peptides.values()]
    found = energy_distances(sets, np.random.default_rng(seed))
    pairs = found.matrix[np.triu_indices(len(sets), 1)]
    run_ids = tuple(peptides)
    defined = pairs[~np.isnan(pairs)]
    note = _NO_P_VALUE
    if not defined.size:
        note = f"A distance takes at least {FEWEST} peptides in each of two runs."
    return EmbeddingDistance(
        model_key=embedded.model_key,
        distance=float(defined.mean()) if defined.size else None,
        reference=float(np.nanmax(found.references)) if defined.size else None,
        distances={
            run: _numbers(run_ids, row) for run, row in zip(run_ids, found.matrix, strict=True)
        },
        references=_numbers(run_ids, found.references),
        sampled=dict(zip(run_ids, found.sampled.tolist(), strict=True)),
        note=note,
    )


def _numbers(run_ids: tuple[str, ...], values: NDArray[np.float64]) -> dict[str, float | None]:
    return {
        run: None if np.isnan(value) else float(value)
        for run, value in zip(run_ids, values, strict=True)
    }


def joint_clusters(
    ctx: Context,
    embedded: Embedded | None,
    peptides: Mapping[str, Sequence[str]],
    *,
    seed: int,
) -> tuple[tuple[ClusterShares, ...], str]:
    """Return each joint cluster with the runs' shares, the unassigned last, or none and why.

    Where the runs have a stored joint fingerprint its clusters are used; it gives the same ones,
    for clusters do not depend on the map.
    """
    if embedded is None:
        return (), "The runs are not all embedded by one model."
    method = method_for(embedded.all_sequences)
    known = stored_fingerprint(ctx, tuple(peptides), embedded, seed=seed, method=method)
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
    return _shares(embedded, peptides, labels, clusters), ""


def _shares(
    embedded: Embedded,
    peptides: Mapping[str, Sequence[str]],
    labels: NDArray[np.int32],
    clusters: tuple[Cluster, ...],
) -> tuple[ClusterShares, ...]:
    counts = {
        run: np.bincount(labels[embedded.rows(found)], minlength=len(clusters) + 1)
        for run, found in peptides.items()
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
            counts={run: int(found[number or 0]) for run, found in counts.items()},
            shares={
                run: float(found[number or 0] / found.sum()) if found.sum() else None
                for run, found in counts.items()
            },
        )
        for number, size, motif in named
    )
