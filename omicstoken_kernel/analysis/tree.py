"""The tree of pairwise distances: which sides join first, and the order that puts them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tree", "tree_of"]


@dataclass(frozen=True)
class Tree:
    """A dendrogram.

    Parameters
    ----------
    order
        Rows of the matrix from left to right, so that near ones stand together.
    forks
        Corners of each fork, ``((x, height), ...)`` four each: x counts the leaves from 0 in that
        order, height is the distance at which both sides join.
    """

    order: tuple[int, ...]
    forks: tuple[tuple[tuple[float, float], ...], ...]


def tree_of(distances: NDArray[np.float64]) -> Tree | None:
    """Return the tree of a symmetric matrix of distances, or None where it has none.

    Average linkage (UPGMA, Sokal and Michener 1958) with the optimal order of leaves (Bar-Joseph,
    Gifford and Jaakkola, Bioinformatics 17:S22, 2001). It takes three sides and every distance.

    Parameters
    ----------
    distances
        (n, n) float64, at least 0; the diagonal is not looked at.
    """
    from scipy.cluster.hierarchy import dendrogram, linkage
    from scipy.spatial.distance import squareform

    n = len(distances)
    apart = ~np.eye(n, dtype=bool)
    if n < 3 or not np.isfinite(distances[apart]).all():
        return None
    matrix = np.where(apart, np.maximum((distances + distances.T) / 2, 0.0), 0.0)
    joined = linkage(squareform(matrix, checks=False), method="average", optimal_ordering=True)
    drawn = dendrogram(joined, no_plot=True)
    # scipy places leaves at 5, 15, 25, ...
    forks = tuple(
        tuple((float((x - 5) / 10), float(y)) for x, y in zip(xs, ys, strict=True))
        for xs, ys in zip(drawn["icoord"], drawn["dcoord"], strict=True)
    )
    return Tree(tuple(int(leaf) for leaf in drawn["leaves"]), forks)
