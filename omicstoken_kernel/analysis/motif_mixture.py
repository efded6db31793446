"""Motifs of HLA class I ligands: a mixture of position weight matrices over the peptides' ends.

Problem: a sample holds the ligands of three to six HLA molecules, and each molecule has its motif.
In the space of vectors the groups run into one another, and a single molecule falls into several.

Choice: each motif is a table of how often each residue stands at each of nine positions (five from
the amino end, four from the carboxyl end), with a distribution of lengths; peptides that fit none
better than the residues of the proteome are trash. Motifs are expected to have pockets like those
of known molecules (:mod:`motif_prior`), but no known motif is looked for as a whole. Several
starts (k-means on the run's vectors, and chance) begin with too many motifs; the motif that is
missed least is taken away, one after the other, and the number with the highest bound on the
evidence, less a penalty for each motif, is kept (:mod:`motif_model`). Motifs that are nearly the
same are then made one. Peptides shorter than eight residues, trash, and what no motif holds with
half of it stay unassigned. ``docs/science.md`` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.clusters import Clustering, ordered_by_size
from omicstoken_kernel.analysis.motif_ends import POSITIONS, SHORTEST, Ends, encode
from omicstoken_kernel.analysis.motif_likeness import (
    information_bits,
    most_alike,
    residue_shares,
)
from omicstoken_kernel.analysis.motif_model import Mixture, fit, responsibilities, without
from omicstoken_kernel.analysis.motif_prior import motif_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.motif_prior import MotifPrior

__all__ = ["SETTINGS", "cluster"]

SETTINGS: dict[str, float | int | str] = {
    "method_version": 2,
    "most_motifs": 12,
    "starts_from_vectors": 2,
    "starts_by_chance": 1,
    "penalty_per_motif": 25.0,
    "least_difference_bits": 1.0,
    "least_information_bits": 3.5,
    "least_size": 10,
    "least_responsibility": 0.5,
    "pocket_strength": 40.0,
    "length_strength": 20.0,
    "trash_handicap": 0.5,
    "trash": "residues of the human proteome, all lengths alike",
    "largest_fit": 5_000,
}

_HALF = float(SETTINGS["least_responsibility"])
_PEPTIDES_PER_START = 15  # no start has more motifs than peptides by this
_START_CERTAINTY = 0.9  # of a peptide in its k-means group; the rest is trash
_CHANCE = 0.3  # of the Dirichlet distribution random responsibilities are drawn from
_FIRST_ROUNDS, _ROUNDS, _LAST_ROUNDS = 30, 15, 60
_SPARE = 3  # motifs that a half starts with beyond those it is to end with
_SPLITS = 2  # of the peptides into random halves, for stability


@dataclass(frozen=True)
class _Data:
    """The peptides a mixture is fitted to, their vectors, and the prior."""

    ends: Ends
    vectors: NDArray[np.float32]
    prior: MotifPrior

    def part(self, rows: NDArray[np.int64]) -> _Data:
        return _Data(self.ends.rows(rows), self.vectors[rows], self.prior)


def cluster(sequences: Sequence[str], vectors: NDArray[np.float32], *, seed: int) -> Clustering:
    """Group class I ligands by motif; ``vectors``, (n, dim) float32, only say where to start."""
    # A limit on threads holds for what is loaded when it begins, so scikit-learn comes first.
    import sklearn.cluster  # noqa: F401
    from threadpoolctl import threadpool_limits

    rows = np.flatnonzero([len(sequence) >= SHORTEST for sequence in sequences])
    with threadpool_limits(limits=1):
        return _grouped(sequences, vectors, rows, np.random.default_rng(seed))


def _grouped(
    sequences: Sequence[str],
    vectors: NDArray[np.float32],
    rows: NDArray[np.int64],
    generator: np.random.Generator,
) -> Clustering:
    n = len(sequences)
    prior = motif_prior(float(SETTINGS["pocket_strength"]), float(SETTINGS["length_strength"]))
    long_enough = _Data(encode([sequences[row] for row in rows]), vectors[rows], prior)
    if len(rows) < _PEPTIDES_PER_START:
        return Clustering(np.zeros(n, dtype=np.int32), np.zeros(n), {"stability": None})
    fitted = long_enough.part(_sample(len(rows), generator))
    best, bounds = _best_mixture(fitted, generator)
    shares = responsibilities(_less_trash(best), long_enough.ends)
    highest, labels = np.zeros(n), np.full(n, -1, dtype=np.int32)
    if best.motifs:
        highest[rows] = shares[:, 1:].max(axis=1)
        labels[rows] = shares[:, 1:].argmax(axis=1)
    labels[highest < _HALF] = -1
    quality: dict[str, Any] = {
        "bound": bounds,
        "trash": float((shares[:, 0] >= _HALF).mean()),
        "too_short": n - len(rows),
        "stability": _stability(fitted, best.motifs, generator),
    }
    ordered = ordered_by_size(labels, least=int(SETTINGS["least_size"]))
    return Clustering(ordered, highest, quality)


def _less_trash(mixture: Mixture) -> Mixture:
    """Return the mixture with less weight on the trash, for the last look at each peptide.

    Half a natural unit less: of what is unassigned, more is junk (0.72 instead of 0.70 on mixtures
    of training families with 20 % junk) and a little less junk is recognised (0.87 for 0.88).
    """
    weights = mixture.weights.copy()
    weights[0] -= float(SETTINGS["trash_handicap"])
    return replace(mixture, weights=weights)


def _sample(n: int, generator: np.random.Generator) -> NDArray[np.int64]:
    most = int(SETTINGS["largest_fit"])
    if n <= most:
        return np.arange(n)
    return np.sort(generator.choice(n, most, replace=False))


def _best_mixture(data: _Data, generator: np.random.Generator) -> tuple[Mixture, dict[str, float]]:
    """Return the mixture to keep, and by number of motifs the highest bound that was reached."""
    penalty = float(SETTINGS["penalty_per_motif"])
    bounds: dict[int, float] = {}
    best, best_shares = None, None
    for start in _starts(data, generator):
        for mixture, shares in _path(data, start):
            bounds[mixture.motifs] = max(mixture.bound, bounds.get(mixture.motifs, -float("inf")))
            worth = mixture.bound - penalty * mixture.motifs
            if best is None or worth > best.bound - penalty * best.motifs:
                best, best_shares = mixture, shares
    if best is None or best_shares is None:
        raise AssertionError
    best, best_shares = fit(data.ends, best_shares, data.prior, rounds=_LAST_ROUNDS)
    kept = _telling(_merged(data, best, best_shares))
    return kept, {str(k): bounds[k] for k in sorted(bounds)}


def _starts(data: _Data, generator: np.random.Generator) -> list[NDArray[np.float64]]:
    """Return responsibilities to start from, (n, k + 1) each."""
    k = max(1, min(int(SETTINGS["most_motifs"]), len(data.ends) // _PEPTIDES_PER_START))
    from_vectors = [
        _k_means_start(data.vectors, k, generator)
        for _ in range(int(SETTINGS["starts_from_vectors"]))
    ]
    return from_vectors + [
        generator.dirichlet(np.full(k + 1, _CHANCE), len(data.ends))
        for _ in range(int(SETTINGS["starts_by_chance"]))
    ]


def _k_means_start(
    vectors: NDArray[np.float32], k: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    from sklearn.cluster import KMeans

    distinct = len(np.unique(vectors, axis=0))
    means = KMeans(min(k, distinct), n_init=1, random_state=int(generator.integers(2**31)))
    labels = means.fit(vectors).labels_
    shares = np.zeros((len(vectors), min(k, distinct) + 1))
    shares[:, 0] = 1 - _START_CERTAINTY
    shares[np.arange(len(vectors)), labels + 1] = _START_CERTAINTY
    return shares


def _path(
    data: _Data, start: NDArray[np.float64], *, least: int = 1
) -> list[tuple[Mixture, NDArray[np.float64]]]:
    """Return the mixtures of ever fewer motifs, down to ``least``, with their responsibilities."""
    found = [fit(data.ends, start, data.prior, rounds=_FIRST_ROUNDS)]
    while found[-1][0].motifs > least:
        mixture, shares = found[-1]
        # What the likelihood of all peptides loses if nothing takes the motif's place.
        missed = np.log1p(-np.minimum(shares[:, 1:], 1 - 1e-12)).sum(axis=0)
        fewer = responsibilities(without(mixture, int(missed.argmax())), data.ends)
        found.append(fit(data.ends, fewer, data.prior, rounds=_ROUNDS))
    return found


def _merged(data: _Data, mixture: Mixture, shares: NDArray[np.float64]) -> Mixture:
    """Return the mixture with motifs made one until all differ enough."""
    while mixture.motifs > 1:
        one, other, difference = most_alike(_shares(mixture))
        if difference >= float(SETTINGS["least_difference_bits"]):
            break
        joined = shares.copy()
        joined[:, one + 1] += joined[:, other + 1]
        joined = np.delete(joined, other + 1, axis=1)
        mixture, shares = fit(data.ends, joined, data.prior, rounds=_LAST_ROUNDS)
    return mixture


def _shares(mixture: Mixture) -> NDArray[np.float64]:
    return residue_shares(mixture.residues.reshape(mixture.motifs, POSITIONS, -1))


def _telling(mixture: Mixture) -> Mixture:
    """Return the mixture without what is no motif: peptides that share lengths but no pocket."""
    bits = information_bits(_shares(mixture))
    for motif in np.flatnonzero(bits < float(SETTINGS["least_information_bits"]))[::-1]:
        mixture = without(mixture, int(motif))
    return mixture


def _stability(data: _Data, motifs: int, generator: np.random.Generator) -> float | None:
    """Return how far two halves of the peptides lead to the same groups.

    The mean adjusted Rand index between the groupings of all peptides by mixtures fitted to either
    half; None where there are not two motifs, or too few peptides to halve.
    """
    from sklearn.metrics import adjusted_rand_score

    half = len(data.ends) // 2
    if motifs < 2 or half < _PEPTIDES_PER_START * motifs:
        return None
    agreements = []
    for _ in range(_SPLITS):
        order = generator.permutation(len(data.ends))
        labels = []
        for rows in (order[:half], order[half:]):
            part = data.part(np.sort(rows))
            start = _k_means_start(part.vectors, motifs + _SPARE, generator)
            mixture, _ = _path(part, start, least=motifs)[-1]
            labels.append(responsibilities(mixture, data.ends).argmax(axis=1))
        agreements.append(adjusted_rand_score(*labels))
    return float(np.mean(agreements))
