"""The map: two coordinates per peptide, for the eye only, with how far it can be trusted.

t-SNE by openTSNE (Poličar PG et al., J Stat Softw 109:3, 2024), seeded, started from the principal
components so that the large distances mean something. 125 + 250 steps at an angle of 0.8 are as
trustworthy as the library's 250 + 500 at 0.5 (0.99 on 1 250 and on 10 000 HLA ligands) in a third
of the time. Larger sets are interpolated on a grid (Linderman GC et al., Nat Methods 16:243, 2019)
and look for neighbours nearby only: as trustworthy, in three quarters of the time at 10 000. The
grid grows with the map; its cells are twice as wide as the library's, which halves the later steps
and keeps as many neighbours (0.985 of 10 000 made-up ligands with either). One thread: the same
picture on every machine. UMAP was rejected for its cold start (30 s to import, 17 s for the first
map).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.mixture import principal_components
from omicstoken_kernel.analysis.wording import count, statistic
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from omicstoken_kernel.progress import Progress

__all__ = ["SETTINGS", "Layout", "lay_out", "trust_in_words", "trustworthiness"]

SETTINGS: dict[str, float | int | str] = {
    "map": "t-sne",
    "map_version": 4,
    "map_components": 50,
    "perplexity": 30,
    "exaggerated_steps": 125,
    "steps": 250,
    "angle": 0.8,
    "grid_cell": 2,
}

# Fewer points than this are shown by their first two principal components.
_FEWEST_FOR_TSNE = 10
_STEPS_PER_REPORT = 25
# From here on interpolation is faster than the tree, and neighbours are looked for nearby only.
_INTERPOLATE_FROM = 5_000
_NEIGHBOURS = 15
_MOST_FOR_TRUST = 2_000


@dataclass(frozen=True)
class Layout:
    """A map.

    Parameters
    ----------
    xy
        (n, 2) float64, finite, without unit.
    quality
        ``map`` (``t-sne``, ``principal components`` or ``one point``), ``trustworthiness`` (0..1,
        None where it is not defined) with the neighbours and peptides it was measured on.
    """

    xy: NDArray[np.float64]
    quality: dict[str, Any]


def lay_out(vectors: NDArray[np.float32], *, seed: int, progress: Progress = silent) -> Layout:
    """Return a map of unit vectors, (n, dim) float32; the same seed gives the same map."""
    # A limit on threads holds for what is loaded when it begins, so these two come first.
    import openTSNE  # noqa: F401
    import sklearn.manifold  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        scores, explained = principal_components(vectors, int(SETTINGS["map_components"]))
        if explained is None:
            xy, kind = np.zeros((len(vectors), 2)), "one point"
        elif len(vectors) < _FEWEST_FOR_TSNE:
            xy, kind = _first_two(scores), "principal components"
        else:
            xy, kind = _tsne(scores, seed, progress), "t-sne"
        trust = trustworthiness(vectors, xy, seed=seed)
    quality = {
        "map": kind,
        "trustworthiness": trust,
        "trustworthiness_neighbours": _NEIGHBOURS,
        "trustworthiness_peptides": min(len(vectors), _MOST_FOR_TRUST),
    }
    return Layout(xy, quality)


def trust_in_words(quality: Mapping[str, Any], peptides: int) -> str:
    """Return how far a map of so many peptides can be trusted; empty where it is not measured."""
    trust = quality.get("trustworthiness")
    if trust is None:
        return ""
    near, measured = quality["trustworthiness_neighbours"], quality["trustworthiness_peptides"]
    of = (
        f"all {count(peptides)} peptides"
        if measured >= peptides
        else f"a random {count(measured)} of {count(peptides)} peptides"
    )
    return (
        f"The map is for the eye; clusters are never taken from it. Its trustworthiness is "
        f"{statistic(trust)}: 1 would mean that the {near} nearest neighbours of every peptide on "
        f"the map are its nearest in the full comparison too, 0.5 is about chance (measured on "
        f"{of})."
    )


def _first_two(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = np.zeros((len(scores), 2))
    width = min(2, scores.shape[1])
    xy[:, :width] = scores[:, :width]
    return xy


def _tsne(scores: NDArray[np.float64], seed: int, progress: Progress) -> NDArray[np.float64]:
    from openTSNE import TSNEEmbedding, affinity, initialization

    n = len(scores)
    perplexity = min(float(SETTINGS["perplexity"]), (n - 1) / 3)
    many = n >= _INTERPOLATE_FROM
    affinities = affinity.PerplexityBasedNN(
        None if many else scores,
        perplexity=perplexity,
        method="exact",
        knn_index=_neighbours(scores, perplexity) if many else None,
        n_jobs=1,
        random_state=seed,
    )
    start = initialization.rescale(_first_two(scores))
    initialization.jitter(start, inplace=True, random_state=seed)
    early, late = int(SETTINGS["exaggerated_steps"]), int(SETTINGS["steps"])
    done = 0

    def report(_step: int, _error: float, _embedding: object) -> None:
        nonlocal done
        done += _STEPS_PER_REPORT
        progress(min(done, early + late), early + late, "steps of the map")

    options = {"callbacks": report, "callbacks_every_iters": _STEPS_PER_REPORT}
    points = TSNEEmbedding(
        start,
        affinities,
        negative_gradient_method="fft" if many else "bh",
        theta=float(SETTINGS["angle"]),
        ints_in_interval=float(SETTINGS["grid_cell"]),
        n_jobs=1,
        random_state=seed,
    )
    points = points.optimize(early, exaggeration=12, **options).optimize(late, **options)
    return np.array(points, dtype=np.float64)


def _neighbours(scores: NDArray[np.float64], perplexity: float) -> object:
    """Return the neighbours openTSNE would look for, in a form it takes; see its own default k."""
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    from omicstoken_kernel.index.nearest import nearest_to_each

    return PrecomputedNeighbors(*nearest_to_each(scores, min(len(scores) - 1, int(3 * perplexity))))


def trustworthiness(
    vectors: NDArray[np.float32], xy: NDArray[np.float64], *, seed: int
) -> float | None:
    """Return how far neighbours on the map are neighbours in the embedding space too, 0..1.

    Venna and Kaski, ICANN 2001, with 15 neighbours; of more than 2 000 points a seeded sample is
    measured. None below 31 points, where it is not defined.
    """
    from sklearn.manifold import trustworthiness as measure

    n = len(vectors)
    if n <= 2 * _NEIGHBOURS:
        return None
    if n > _MOST_FOR_TRUST:
        rows = np.sort(np.random.default_rng(seed).choice(n, _MOST_FOR_TRUST, replace=False))
        vectors, xy = vectors[rows], xy[rows]
    return float(measure(vectors, xy, n_neighbors=_NEIGHBOURS))
