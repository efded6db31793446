"""The position weight matrix of each cluster of a fingerprint, as its card and logo show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.motifs import cores_of, position_weights

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.motifs import PositionWeights
    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["CORE_STARTS", "cluster_weights"]

#: Where in a fingerprint's quality it is said where each peptide's class II core begins: a list in
#: the order of its points, counted from 0, None where a peptide has none.
CORE_STARTS = "core_starts"


def cluster_weights(fingerprint: Fingerprint) -> dict[int, PositionWeights]:
    """Return the matrix of each cluster: of its peptides, or of their distinct class II cores."""
    sequences = fingerprint.points["sequence"].to_pylist()
    labels = fingerprint.points["cluster"].fill_null(0).to_numpy()
    starts = fingerprint.quality.get(CORE_STARTS)
    found = {}
    for cluster in fingerprint.clusters:
        chosen = labels == cluster.id
        if starts is None:
            members = [sequences[row] for row in np.flatnonzero(chosen)]
        else:
            members = cores_of(sequences, starts, chosen)
        found[cluster.id] = position_weights(members)
    return found
