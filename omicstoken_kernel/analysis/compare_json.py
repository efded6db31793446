"""A comparison as one JSON document, with the keys that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.joint import shifts_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.compare import Comparison
    from omicstoken_kernel.analysis.overlap_chance import ChanceOverlap

__all__ = ["as_document"]


def as_document(found: Comparison) -> dict[str, object]:
    """Return a comparison in the shape of ``omicstoken compare --json``."""
    overlap = found.overlap
    return {
        "runs": list(found.run_ids),
        "by": found.choices.by,
        "sides": [side.as_json() for side in found.sides],
        "names": found.names,
        "il_equivalent": found.il_equivalent,
        "normalise": found.choices.normalise,
        "seed": found.choices.seed,
        "peptides": overlap.sizes,
        "shared": len(overlap.shared),
        "unique": {side: len(peptides) for side, peptides in overlap.unique.items()},
        "shared_peptides": list(overlap.shared),
        "unique_peptides": {side: list(unique) for side, unique in overlap.unique.items()},
        "unique_replicates": _in_replicates(found),
        "unique_related": [related.as_json() for related in found.related],
        "intersections": _by_pair(found, overlap.intersections),
        "jaccard": _by_pair(found, overlap.jaccard),
        "overlap_coefficient": _by_pair(found, overlap.coefficient),
        "chance": _chance(found, found.chance),
        "abundance": found.abundance.as_json(),
        "embedding": found.embedding.as_json(),
        "clusters": _clusters(found),
        "clusters_note": found.clusters_note,
        "differences": [difference.as_json() for difference in found.differences],
        "sentences": [sentence.as_json() for sentence in found.sentences],
    }


def _in_replicates(found: Comparison) -> dict[str, dict[str, object]]:
    """Return by side with several replicates in how many of them each of its own peptides is."""
    listed: dict[str, dict[str, object]] = {}
    for place, side in enumerate(found.sides):
        if len(side.replicates) < 2:
            continue
        alone = found.identity.member[:, place] & (found.identity.member.sum(axis=1) == 1)
        times = found.identity.replicates[side.id][alone].sum(axis=1).tolist()
        unique = found.overlap.unique[side.id]
        listed[side.id] = {
            "replicates": len(side.replicates),
            "found_in": dict(zip(unique, times, strict=True)),
        }
    return listed


def _chance(found: Comparison, chance: ChanceOverlap) -> dict[str, object]:
    return {
        "null": "each side drawn at random, as large as it is at each length, from all peptides of "
        "that length in the owner's runs",
        "expected": _by_pair(found, chance.expected),
        "low": _by_pair(found, chance.low),
        "high": _by_pair(found, chance.high),
        "pool": _by_pair(found, chance.pool),
    }


def _clusters(found: Comparison) -> list[dict[str, object]]:
    """Return the clusters, each with the shift of every other side from the first."""
    first, *others = (side.id for side in found.sides)
    shifts = {
        other: shifts_between(found.clusters, first, other) if found.clusters else ()
        for other in others
    }
    return [
        cluster.as_json()
        | {
            "shift_from": first,
            "shifts": {other: shifts[other][place].as_json() for other in others},
        }
        for place, cluster in enumerate(found.clusters)
    ]


def _by_pair(found: Comparison, matrix: NDArray[Any]) -> dict[str, dict[str, float | None]]:
    ids = [side.id for side in found.sides]
    return {
        side: {
            other: None if np.isnan(value) else value for other, value in zip(ids, row, strict=True)
        }
        for side, row in zip(ids, matrix.tolist(), strict=True)
    }
