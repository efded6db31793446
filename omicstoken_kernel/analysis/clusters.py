"""Grouping of peptides: what every method returns, the methods there are, and clusters in words.

A method groups peptides by their vectors or their sequences, never by their place on the map. It
finds the number of clusters itself, may find one, and leaves what fits nowhere unassigned. Another
method is one module with ``SETTINGS`` and ``cluster``, and one line in :data:`METHODS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from omicstoken_kernel.analysis.length_profile import call_class, count_lengths
from omicstoken_kernel.analysis.motifs import cores_of, motif_name, position_weights
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.fingerprints import Cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "BY_CORE",
    "BY_MOTIF",
    "BY_MOTIFS",
    "BY_VECTOR",
    "METHODS",
    "ClusterMethod",
    "Clustering",
    "describe_clusters",
    "length_agreement",
    "method_for",
    "method_named",
    "ordered_by_size",
]

#: The methods: by the motifs of class I ligands, by the cores of class II ligands, and by the
#: vectors of any peptides.
BY_MOTIF, BY_CORE, BY_VECTOR = "motif-mixture", "core-mixture", "gaussian-mixture"
#: Those whose clusters are motifs.
BY_MOTIFS = (BY_MOTIF, BY_CORE)

#: Method name to the module it lives in.
METHODS = {
    BY_MOTIF: "omicstoken_kernel.analysis.motif_mixture",
    BY_CORE: "omicstoken_kernel.analysis.motif_core_mixture",
    BY_VECTOR: "omicstoken_kernel.analysis.mixture",
}


@dataclass(frozen=True)
class Clustering:
    """Peptides, grouped.

    Parameters
    ----------
    labels
        (n,) int32; clusters count from 1, the largest; 0 means unassigned.
    responsibilities
        (n,) float64, 0..1: how surely a peptide belongs to its likeliest cluster.
    quality
        What the method says of itself: ``stability`` and the like.
    cores
        (n,) int32: where the nine-residue core of a class II ligand begins, counted from 0; -1
        where it has none. None for methods that look for no core.
    """

    labels: NDArray[np.int32]
    responsibilities: NDArray[np.float64]
    quality: dict[str, Any] = field(default_factory=dict)
    cores: NDArray[np.int32] | None = None


class ClusterMethod(Protocol):
    """A module that groups peptides."""

    #: Everything but the seed that its result depends on; stored with each fingerprint.
    SETTINGS: dict[str, float | int | str]

    def cluster(
        self, sequences: Sequence[str], vectors: NDArray[np.float32], *, seed: int
    ) -> Clustering:
        """Group n peptides with unit vectors (n, dim); the same seed gives the same groups."""
        ...


def method_for(sequences: Sequence[str]) -> str:
    """Return the name of the method for peptides: by motif if they look like HLA ligands."""
    return {"class_i": BY_MOTIF, "class_ii": BY_CORE}.get(call_class(sequences).kind, BY_VECTOR)


def method_named(name: str) -> ClusterMethod:
    """Return a method by its name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in METHODS:
        msg = f"There is no clustering method '{name}'."
        raise InputError(msg, f"Methods are: {', '.join(METHODS)}.")
    method: ClusterMethod = import_module(METHODS[name])
    return method


def ordered_by_size(labels: NDArray[np.int32], *, least: int = 1) -> NDArray[np.int32]:
    """Return labels renumbered from 1, the largest first; equal sizes in the order of their rows.

    Negative labels and groups of fewer than ``least`` become 0, unassigned.

    >>> ordered_by_size(np.array([7, 2, 2, -1, 7, 2, 5], dtype=np.int32), least=2).tolist()
    [2, 1, 1, 0, 2, 1, 0]
    """
    found, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    kept = [
        (-size, row, label)
        for label, row, size in zip(found, first, sizes, strict=True)
        if label >= 0 and size >= least
    ]
    ordered = np.zeros(len(labels), dtype=np.int32)
    for number, (_, _, label) in enumerate(sorted(kept), start=1):
        ordered[labels == label] = number
    return ordered


def length_agreement(sequences: Sequence[str], labels: NDArray[np.int32]) -> float | None:
    """Return how far each peptide's length alone tells its group.

    None where there are not two groups, or no sequences to the labels. The adjusted Rand index
    between the groups and, for each peptide, the group most of its length are in.
    """
    from sklearn.metrics import adjusted_rand_score

    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
    if len(lengths) != len(labels) or labels.max(initial=0) < 2:
        return None
    told = np.zeros(len(labels), dtype=np.int64)
    for length in np.unique(lengths):
        rows = lengths == length
        told[rows] = np.bincount(labels[rows]).argmax()
    return float(adjusted_rand_score(labels, told))


def describe_clusters(
    sequences: Sequence[str],
    labels: NDArray[np.int32],
    cores: Sequence[int | None] | NDArray[np.int32] | None = None,
) -> tuple[Cluster, ...]:
    """Return each cluster with its size, share of all peptides, motif and lengths.

    Where peptides have ``cores``, the places they begin at, the motif is that of distinct cores.
    """
    members: dict[int, list[str]] = {}
    for sequence, label in zip(sequences, labels.tolist(), strict=True):
        members.setdefault(label, []).append(sequence)
    shown = members
    if cores is not None:
        shown = {label: cores_of(sequences, cores, labels == label) for label in members if label}
    return tuple(
        Cluster(
            id=number,
            size=len(members[number]),
            share=len(members[number]) / len(sequences),
            motif=motif_name(position_weights(shown[number])),
            lengths=count_lengths(members[number]),
        )
        for number in sorted(members)
        if number > 0
    )
