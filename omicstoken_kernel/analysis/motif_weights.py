"""The position weight matrix of each cluster of a fingerprint, as its card and logo show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from omicstoken_kernel.analysis.motifs import CORE, cores_of, position_weights

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.motifs import PositionWeights
    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["CORE_STARTS", "cluster_weights", "points_with_cores"]

#: Where in a fingerprint's quality it is said where each peptide's class II core begins: a list in
#: the order of its points, counted from 0, None where a peptide has none.
CORE_STARTS = "core_starts"


def cluster_weights(fingerprint: Fingerprint) -> dict[int, PositionWeights]:
    """Return the matrix of each cluster: of its peptides, or of their distinct class II cores."""
    sequences = fingerprint.points["sequence"]
    labels = fingerprint.points["cluster"].fill_null(0).to_numpy()
    starts = fingerprint.quality.get(CORE_STARTS)
    found = {}
    for cluster in fingerprint.clusters:
        chosen = labels == cluster.id
        if starts is None:
            found[cluster.id] = position_weights(sequences.filter(pa.array(chosen)))
        else:
            members = cores_of(sequences.to_pylist(), starts, chosen)
            found[cluster.id] = position_weights(members)
    return found


def points_with_cores(fingerprint: Fingerprint) -> pa.Table:
    """Return the points of a fingerprint, those of class II with a column more: ``core``.

    It holds the nine residues, null where a peptide has no core, which is where it is unassigned.
    """
    starts = fingerprint.quality.get(CORE_STARTS)
    points = fingerprint.points
    if starts is None:
        return points
    cores = [
        None if start is None else sequence[start : start + CORE]
        for sequence, start in zip(points["sequence"].to_pylist(), starts, strict=True)
    ]
    return points.append_column("core", pa.array(cores, pa.string()))
