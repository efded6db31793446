"""Two to a hundred runs side by side: their peptides, vectors, clusters and settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.compare_words import comparison_sentences
from omicstoken_kernel.analysis.joint import ClusterShares, EmbeddingDistance, joint_clusters, shift
from omicstoken_kernel.analysis.overlap import Overlap, overlap_of
from omicstoken_kernel.analysis.run_settings import Difference, differences
from omicstoken_kernel.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["MOST_RUNS", "Comparison", "compare"]

#: Most runs one comparison takes.
MOST_RUNS = 100


@dataclass(frozen=True)
class Comparison:
    """Runs, side by side.

    Parameters
    ----------
    run_ids, names
        The runs in the order given, and their names by id.
    il_equivalent
        Whether I and L count as one residue; then a peptide is counted once however it is written.
    seed
        Seed of everything random.
    overlap
        Peptides: membership in full, shared, unique, and every pair's overlap.
    embedding
        Distance between the runs' vectors, with its reference.
    clusters
        Joint clusters with each run's share; empty where there are none.
    clusters_note
        Why there are no clusters; empty where there are.
    differences
        What differs between how the runs were made and read, and nothing else.
    sentences
        What was found, in words.
    """

    run_ids: tuple[str, ...]
    names: dict[str, str]
    il_equivalent: bool
    seed: int
    overlap: Overlap
    embedding: EmbeddingDistance
    clusters: tuple[ClusterShares, ...]
    clusters_note: str
    differences: tuple[Difference, ...]
    sentences: tuple[Sentence, ...]

    def as_json(self) -> dict[str, object]:
        """Return the comparison in the shape of ``omicstoken compare --json``."""
        overlap = self.overlap
        return {
            "runs": list(self.run_ids),
            "names": self.names,
            "il_equivalent": self.il_equivalent,
            "seed": self.seed,
            "peptides": overlap.sizes,
            "shared": len(overlap.shared),
            "unique": {run: len(peptides) for run, peptides in overlap.unique.items()},
            "shared_peptides": list(overlap.shared),
            "unique_peptides": {run: list(found) for run, found in overlap.unique.items()},
            "intersections": self._by_pair(overlap.intersections),
            "jaccard": self._by_pair(overlap.jaccard),
            "overlap_coefficient": self._by_pair(overlap.coefficient),
            "embedding": self.embedding.as_json(),
            "clusters": [cluster.as_json() for cluster in self.clusters],
            "clusters_note": self.clusters_note,
            "differences": [difference.as_json() for difference in self.differences],
            "sentences": [sentence.as_json() for sentence in self.sentences],
        }

    def _by_pair(self, matrix: NDArray[Any]) -> dict[str, dict[str, float | None]]:
        return {
            run: {
                other: None if np.isnan(value) else value
                for other, value in zip(self.run_ids, row, strict=True)
            }
            for run, row in zip(self.run_ids, matrix.tolist(), strict=True)
        }


def compare(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    il_equivalent: bool = False,
    model: str | None = None,
    seed: int = 0,
) -> Comparison:
    """Return 2 to 100 of the owner's runs side by side; stores nothing.

    Parameters
    ----------
    ctx
        The Context.
    run_ids
        The runs; the result keeps their order.
    il_equivalent
        True counts I and L, which have the same mass, as one residue.
    model
        Name of the embedder; None means the settings' choice, and runs without vectors are then
        compared by their peptides alone.
    seed
        Seed of everything random.

    Raises
    ------
    InputError
        If there are fewer than 2 or more than 100 different runs.
    NotFound
        If a run does not exist or belongs to someone else; or, where a model is named, if a run
        has no vectors of it.
    """
    from omicstoken_kernel.store.peptides import Peptides

    runs = _runs(ctx, run_ids)
    peptides = {run.id: Peptides(ctx).of_runs([run.id])["sequence"].to_pylist() for run in runs}
    overlap = overlap_of(peptides, il_equivalent=il_equivalent)
    embedded, reason = _embedded(ctx, tuple(peptides), model)
    embedding = shift(embedded, peptides, seed=seed, reason=reason)
    clusters, note = joint_clusters(ctx, embedded, peptides, seed=seed)
    different = differences(ctx, runs)
    names = {run.id: run.name for run in runs}
    return Comparison(
        run_ids=tuple(peptides),
        names=names,
        il_equivalent=il_equivalent,
        seed=seed,
        overlap=overlap,
        embedding=embedding,
        clusters=clusters,
        clusters_note=note,
        differences=different,
        sentences=comparison_sentences(
            runs, overlap, embedding, clusters=clusters, differences=different
        ),
    )


def _runs(ctx: Context, run_ids: Sequence[str]) -> tuple[Run, ...]:
    from omicstoken_kernel.store.runs import Runs

    wanted = list(dict.fromkeys(run_ids))
    if not 2 <= len(wanted) <= MOST_RUNS:
        msg = f"A comparison takes 2 to {MOST_RUNS} different runs, found {len(wanted)}."
        raise InputError(msg, "'omicstoken runs list' shows the runs there are.")
    return tuple(Runs(ctx).get(run_id) for run_id in wanted)


def _embedded(
    ctx: Context, run_ids: tuple[str, ...], model: str | None
) -> tuple[Embedded | None, str]:
    """Return the runs' vectors, or None and why there are none for all of them."""
    from omicstoken_kernel.analysis.embedded import embedded_peptides

    try:
        return embedded_peptides(ctx, run_ids, model=model), ""
    except NotFound as error:
        # The runs exist, so it is the vectors that are missing; peptides can be compared without.
        if model is not None:
            raise
        return None, str(error)
