"""Motifs of HLA class II ligands: a mixture of position weight matrices over nine-residue cores.

Problem: the groove of class II is open at both ends, so its ligands are long, ragged, and held
somewhere in their middle; counted from their ends they have no motif.

Choice: nested sets are collapsed first (:mod:`motif_nested`), each counts once. Motif and place of
the core are then found together (:mod:`motif_core_model`). Several starts (k-means on the run's
vectors, and chance) begin with too many motifs; the one that is missed least is taken away, one
after the other, and the number with the highest bound on the evidence, less a penalty for each
motif, is kept. A motif may have settled a residue or two beside its core: each is tried up to four
places further on and back, and stays where the bound is highest. Motifs that are nearly the same
are made one. The other peptides of a set that contain its core have that core; what contains none
goes by itself. ``docs/science.md`` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.clusters import Clustering, ordered_by_size
from omicstoken_kernel.analysis.motif_core_model import (
    Cores,
    Windows,
    begins_hydrophobic,
    cut,
    fit,
    responsibilities,
    shifted,
    without,
)
from omicstoken_kernel.analysis.motif_likeness import (
    information_bits,
    most_alike,
    residue_shares,
)
from omicstoken_kernel.analysis.motif_nested import NestedSets, nested_sets
from omicstoken_kernel.analysis.motifs import CORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["SETTINGS", "cluster"]

SETTINGS: dict[str, float | int | str] = {
    "method_version": 2,
    "most_motifs": 8,
    "starts_from_vectors": 2,
    "starts_by_chance": 2,
    "penalty_per_motif": 25.0,
    "least_difference_bits": 1.0,
    "least_information_bits": 2.5,
    "least_size": 10,
    "least_responsibility": 0.5,
    "first_pocket_strength": 200.0,
    "pocket_strength": 20.0,
    "core": CORE,
    "trash": "residues of the human proteome",
    "largest_fit": 3_000,
}

_HALF = float(SETTINGS["least_responsibility"])
_SETS_PER_START = 25  # no start has more motifs than nested sets by this
_START_CERTAINTY = 0.9  # of a peptide in its k-means group; the rest is trash
_CHANCE = 0.3  # of the Dirichlet distribution random responsibilities are drawn from
_HYDROPHOBIC_FIRST = 5.0  # how much likelier a core begins with a hydrophobic residue, at the start
_FIRST_ROUNDS, _ROUNDS, _LAST_ROUNDS = 40, 20, 80
_FURTHEST = 4  # places a motif is moved to find its core
_SPARE = 3  # motifs that a half starts with beyond those it is to end with
_SPLITS = 2  # of the nested sets into random halves, for stability
_CHUNK = 20_000  # peptides whose windows are laid out at a time


@dataclass(frozen=True)
class _Place:
    """Where each peptide belongs: motif from 0 (-1: none), how surely, where its core begins."""

    labels: NDArray[np.int32]
    shares: NDArray[np.float64]
    cores: NDArray[np.int32]


def cluster(sequences: Sequence[str], vectors: NDArray[np.float32], *, seed: int) -> Clustering:
    """Group class II ligands by motif; ``vectors``, (n, dim) float32, only say where to start."""
    # A limit on threads holds for what is loaded when it begins, so scikit-learn comes first.
    import sklearn.cluster  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return _grouped(sequences, vectors, np.random.default_rng(seed))


def _grouped(
    sequences: Sequence[str], vectors: NDArray[np.float32], generator: np.random.Generator
) -> Clustering:
    sets = nested_sets(sequences)
    quality: dict[str, Any] = {
        "nested_sets": len(sets),
        "too_short": int((sets.of_peptide < 0).sum()),
        "stability": None,
    }
    n = len(sequences)
    if len(sets) < _SETS_PER_START:
        nobody = np.full(n, -1, dtype=np.int32)
        return Clustering(np.zeros(n, dtype=np.int32), np.zeros(n), quality, cores=nobody)
    rows = sets.typical
    if len(rows) > int(SETTINGS["largest_fit"]):
        chosen = generator.choice(len(rows), int(SETTINGS["largest_fit"]), replace=False)
        rows = rows[np.sort(chosen)]
    fitted = [sequences[row] for row in rows]
    best, bounds = _best(cut(fitted), vectors[rows], generator)
    place = _placed(best, sequences, sets)
    labels = np.where(place.shares >= _HALF, place.labels, -1).astype(np.int32)
    labels = ordered_by_size(labels, least=int(SETTINGS["least_size"]))
    quality["bound"] = bounds
    quality["stability"] = _stability(fitted, vectors[rows], best.motifs, generator)
    cores = np.where(labels > 0, place.cores, -1).astype(np.int32)
    return Clustering(labels, place.shares, quality, cores=cores)


def _best(
    windows: Windows, vectors: NDArray[np.float32], generator: np.random.Generator
) -> tuple[Cores, dict[str, float]]:
    """Return the mixture to keep, and by number of motifs the highest bound that was reached."""
    penalty = float(SETTINGS["penalty_per_motif"])
    bounds: dict[int, float] = {}
    best: Cores | None = None
    for start in _starts(windows, vectors, generator):
        for cores in _path(windows, start):
            bounds[cores.motifs] = max(cores.bound, bounds.get(cores.motifs, -np.inf))
            if best is None or cores.bound - penalty * cores.motifs > (
                best.bound - penalty * best.motifs
            ):
                best = cores
    if best is None:
        raise AssertionError
    kept = _telling(_merged(windows, _in_register(windows, best)))
    return kept, {str(k): bounds[k] for k in sorted(bounds)}


def _starts(
    windows: Windows, vectors: NDArray[np.float32], generator: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Return responsibilities of windows to start from, (windows, k) each."""
    n = len(windows)
    k = max(1, min(int(SETTINGS["most_motifs"]), n // _SETS_PER_START))
    of_peptides = [
        _k_means_shares(vectors, k, generator) for _ in range(int(SETTINGS["starts_from_vectors"]))
    ]
    for _ in range(int(SETTINGS["starts_by_chance"])):
        of_peptides.append(generator.dirichlet(np.full(k + 1, _CHANCE), n)[:, 1:])
    return [_at_chance_places(windows, shares, generator) for shares in of_peptides]


def _k_means_shares(
    vectors: NDArray[np.float32], k: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return shares of peptides in groups of alike vectors, (n, k) or fewer columns."""
    from sklearn.cluster import KMeans

    distinct = min(k, len(np.unique(vectors, axis=0)))
    means = KMeans(distinct, n_init=1, random_state=int(generator.integers(2**31)))
    return np.asarray(_START_CERTAINTY * np.eye(distinct)[means.fit(vectors).labels_])


def _at_chance_places(
    windows: Windows, shares: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return shares of peptides, (n, k), spread over their windows: by chance and first residue."""
    chance = generator.gamma(_CHANCE, size=len(windows.one_hot)) + 1e-9
    chance[begins_hydrophobic(windows)] *= _HYDROPHOBIC_FIRST
    chance /= np.repeat(np.add.reduceat(chance, windows.starts), windows.counts)
    return np.asarray(np.repeat(shares, windows.counts, axis=0) * chance[:, np.newaxis])


def _fit(windows: Windows, start: NDArray[np.float64], rounds: int) -> tuple[Cores, Any]:
    strengths = float(SETTINGS["first_pocket_strength"]), float(SETTINGS["pocket_strength"])
    return fit(windows, start, strengths=strengths, rounds=rounds)


def _path(windows: Windows, start: NDArray[np.float64], *, least: int = 1) -> list[Cores]:
    """Return the mixtures of ever fewer motifs, down to ``least``."""
    cores, shares = _fit(windows, start, _FIRST_ROUNDS)
    found = [cores]
    while cores.motifs > least:
        of_peptides = np.add.reduceat(shares, windows.starts, axis=0)
        # What the likelihood of all peptides loses if nothing takes the motif's place.
        missed = np.log1p(-np.minimum(of_peptides, 1 - 1e-12)).sum(axis=0)
        _, fewer = responsibilities(without(cores, int(missed.argmax())), windows)
        cores, shares = _fit(windows, fewer, _ROUNDS)
        found.append(cores)
    return found


def _in_register(windows: Windows, cores: Cores) -> Cores:
    """Return the mixture with each motif at the places where the bound is highest."""
    best, shares = _fit(windows, responsibilities(cores, windows)[1], _LAST_ROUNDS)
    for motif in range(best.motifs):
        for by in (step * sign for step in range(1, _FURTHEST + 1) for sign in (-1, 1)):
            moved, its = _fit(windows, shifted(windows, shares, motif, by), _ROUNDS)
            if moved.bound > best.bound:
                best, shares = moved, its
    return best


def _merged(windows: Windows, cores: Cores) -> Cores:
    """Return the mixture with motifs made one until all differ enough."""
    while cores.motifs > 1:
        # Place by place: a motif whose core is moved is another one here.
        one, other, difference = most_alike(_shares(cores))
        if difference >= float(SETTINGS["least_difference_bits"]):
            break
        _, shares = responsibilities(cores, windows)
        shares[:, one] += shares[:, other]
        cores, _ = _fit(windows, np.delete(shares, other, axis=1), _LAST_ROUNDS)
    return cores


def _shares(cores: Cores) -> NDArray[np.float64]:
    return residue_shares(cores.residues.reshape(cores.motifs, CORE, -1))


def _telling(cores: Cores) -> Cores:
    """Return the mixture without what is no motif."""
    bits = information_bits(_shares(cores))
    for motif in np.flatnonzero(bits < float(SETTINGS["least_information_bits"]))[::-1]:
        cores = without(cores, int(motif))
    return cores


def _placed(cores: Cores, sequences: Sequence[str], sets: NestedSets) -> _Place:
    """Return where each peptide belongs; those that contain the core of their set have that."""
    n = len(sequences)
    place = _Place(np.full(n, -1, np.int32), np.zeros(n), np.full(n, -1, np.int32))
    rows = np.flatnonzero(sets.of_peptide >= 0)
    for begin in range(0, len(rows) if cores.motifs else 0, _CHUNK):
        part = rows[begin : begin + _CHUNK]
        _place_each(cores, sequences, part, place)
    for row in rows.tolist():
        typical = int(sets.typical[sets.of_peptide[row]])
        core = sequences[typical][place.cores[typical] :][:CORE]
        if row == typical or place.cores[typical] < 0 or core not in sequences[row]:
            continue
        place.labels[row], place.shares[row] = place.labels[typical], place.shares[typical]
        place.cores[row] = sequences[row].index(core)
    return place


def _place_each(
    cores: Cores, sequences: Sequence[str], rows: NDArray[np.int64], place: _Place
) -> None:
    """Fill in the likeliest motif of peptides, and the likeliest place of its core."""
    windows = cut([sequences[row] for row in rows])
    _, shares = responsibilities(cores, windows)
    of_peptides = np.add.reduceat(shares, windows.starts, axis=0)
    place.labels[rows] = of_peptides.argmax(axis=1)
    place.shares[rows] = of_peptides.max(axis=1)
    for row, start, many in zip(rows, windows.starts, windows.counts, strict=True):
        place.cores[row] = shares[start : start + many, place.labels[row]].argmax()


def _stability(
    sequences: Sequence[str],
    vectors: NDArray[np.float32],
    motifs: int,
    generator: np.random.Generator,
) -> float | None:
    """Return how far two halves of the nested sets lead to the same motifs, one of each set.

    The mean adjusted Rand index between the groupings of all by mixtures fitted to either half;
    None where there are not two motifs, or too few sets to halve.
    """
    from sklearn.metrics import adjusted_rand_score

    windows, half = cut(sequences), len(sequences) // 2
    if motifs < 2 or half < _SETS_PER_START * motifs:
        return None
    agreements = []
    for _ in range(_SPLITS):
        order = generator.permutation(len(sequences))
        labels = []
        for rows in (np.sort(order[:half]), np.sort(order[half:])):
            part = cut([sequences[row] for row in rows])
            shares = _k_means_shares(vectors[rows], motifs + _SPARE, generator)
            start = _at_chance_places(part, shares, generator)
            cores = _path(part, start, least=motifs)[-1]
            trash, places = responsibilities(cores, windows)
            of_motifs = np.add.reduceat(places, windows.starts, axis=0)
            labels.append(np.column_stack([trash, of_motifs]).argmax(axis=1))
        agreements.append(adjusted_rand_score(*labels))
    return float(np.mean(agreements))
