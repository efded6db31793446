"""A mixture of position weight matrices with a trash component, fitted by variational Bayes.

Each peptide comes from one of some motifs or from the trash, whose residues are those of the human
proteome and whose lengths are even. A motif's residue shares follow :class:`MotifPrior`, its
lengths a Dirichlet distribution around those of known ligands, the motifs' weights an even one.
The bound on the logarithm of the evidence (Attias H, Proc UAI 15:21, 1999; Corduneanu A, Bishop
CM, Proc AISTATS 8:27, 2001) charges each motif for its parameters, so mixtures of different numbers
of motifs can be compared by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.motif_ends import LENGTH_BINS, POSITIONS
from omicstoken_kernel.analysis.motifs import BACKGROUND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.motif_ends import Ends
    from omicstoken_kernel.analysis.motif_prior import MotifPrior

__all__ = ["Mixture", "fit", "responsibilities", "without"]

_CONVERGED = 0.1  # natural units of the bound between two rounds


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture of k motifs.

    Parameters
    ----------
    residues
        Logarithm of each residue's share over the background's, (k, 180) float64.
    lengths
        Logarithm of each length's share over the trash's, (k, 8) float64.
    weights
        Logarithm of the weights, (k + 1,) float64, that of the trash first.
    bound
        On the logarithm of the evidence over that of trash alone, in natural units.
    """

    residues: NDArray[np.float64]
    lengths: NDArray[np.float64]
    weights: NDArray[np.float64]
    bound: float

    @property
    def motifs(self) -> int:
        """Number of motifs."""
        return len(self.residues)


def responsibilities(mixture: Mixture, ends: Ends) -> NDArray[np.float64]:
    """Return how surely each peptide belongs to the trash, then to each motif, (n, k + 1)."""
    odds = np.empty((len(ends), mixture.motifs + 1))
    odds[:, 0] = mixture.weights[0]
    odds[:, 1:] = ends.one_hot @ mixture.residues.T + mixture.weights[1:]
    odds[:, 1:] += mixture.lengths[:, ends.length_bins].T
    odds -= odds.max(axis=1, keepdims=True)
    shares = np.exp(odds)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def fit(
    ends: Ends, start: NDArray[np.float64], prior: MotifPrior, *, rounds: int
) -> tuple[Mixture, NDArray[np.float64]]:
    """Return the mixture reached from responsibilities, (n, k + 1), and those of that mixture."""
    lengths = np.eye(LENGTH_BINS)[ends.length_bins]
    shares, before = start, -np.inf
    for _ in range(rounds):
        mixture = _learn(ends, lengths, shares, prior)
        shares = responsibilities(mixture, ends)
        if mixture.bound - before < _CONVERGED:
            break
        before = mixture.bound
    return mixture, shares


def without(mixture: Mixture, motif: int) -> Mixture:
    """Return the mixture without one of its motifs, counted from 0."""
    return Mixture(
        np.delete(mixture.residues, motif, axis=0),
        np.delete(mixture.lengths, motif, axis=0),
        np.delete(mixture.weights, motif + 1),
        mixture.bound,
    )


def _learn(
    ends: Ends, lengths: NDArray[np.float64], shares: NDArray[np.float64], prior: MotifPrior
) -> Mixture:
    """Return the mixture that responsibilities give, with their bound."""
    from scipy.special import digamma, xlogy

    motifs = shares[:, 1:]
    k = motifs.shape[1]
    counts = (motifs.T @ ends.one_hot).reshape(k, POSITIONS, len(BACKGROUND))
    columns = prior.columns(counts)
    by_length = motifs.T @ lengths
    seen = by_length + prior.lengths
    sizes = shares.sum(axis=0) + 1.0
    bound = (
        columns.evidence
        - float((counts * np.log(BACKGROUND)).sum())
        + _dirichlet_evidence(by_length, prior.lengths)
        + float(by_length.sum()) * np.log(LENGTH_BINS)
        + _dirichlet_evidence(shares.sum(axis=0)[np.newaxis], np.ones(k + 1))
        - float(xlogy(shares, shares).sum())
    )
    return Mixture(
        residues=(columns.log_shares - np.log(BACKGROUND)).reshape(k, -1),
        lengths=digamma(seen) - digamma(seen.sum(axis=1, keepdims=True)) + np.log(LENGTH_BINS),
        weights=np.asarray(digamma(sizes) - digamma(sizes.sum()), dtype=np.float64),
        bound=float(bound),
    )


def _dirichlet_evidence(counts: NDArray[np.float64], prior: NDArray[np.float64]) -> float:
    """Return the logarithm of the probability of counts, one distribution a row, summed."""
    from scipy.special import gammaln

    of_residues = (gammaln(counts + prior) - gammaln(prior)).sum()
    of_totals = (gammaln(counts.sum(axis=1) + prior.sum()) - gammaln(prior.sum())).sum()
    return float(of_residues - of_totals)
