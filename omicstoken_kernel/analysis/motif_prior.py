"""What is known about motifs before any peptide is seen: which residues pockets take.

At each of the nine positions a motif is expected to look like one of a dozen kinds of pockets, or
like the mean of all. The kinds are those of known molecules (``training/pockets.py``), each
position on its own: a motif that nobody has seen is a new combination of them. In the language of
Sjölander K, Karplus K, Brown M et al., Comput Appl Biosci 12:327, 1996, the prior of a position is
a mixture of Dirichlet distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PATH", "Columns", "MotifPrior", "motif_prior"]

#: Where ``training/pockets.py`` puts the kinds of pockets.
PATH = Path(__file__).with_name("pockets.safetensors")

_NEGLIGIBLE = 1e-4  # weight of a kind


@dataclass(frozen=True)
class Columns:
    """Positions of motifs after peptides were seen.

    Parameters
    ----------
    log_shares
        Expected logarithm of each residue's share, (motifs, 9, 20) float64.
    evidence
        Logarithm of the probability of all counts under the prior, summed over motifs.
    """

    log_shares: NDArray[np.float64]
    evidence: float


@dataclass(frozen=True)
class MotifPrior:
    """The prior of motifs.

    Parameters
    ----------
    pseudocounts
        Of each kind of pocket at each position, (9, kinds, 20) float64.
    constants
        What the evidence of each kind has that no count changes, (9, kinds) float64: the logarithms
        of how common it is and of its normalisation.
    lengths
        Pseudocounts of the lengths, (8,) float64.
    """

    pseudocounts: NDArray[np.float64]
    constants: NDArray[np.float64]
    lengths: NDArray[np.float64]

    def columns(self, counts: NDArray[np.float64]) -> Columns:
        """Return what residue counts of motifs, (motifs, 9, 20) float64, make of the prior."""
        from scipy.special import digamma, gammaln, logsumexp

        seen = counts[:, :, np.newaxis, :] + self.pseudocounts
        totals = seen.sum(axis=3)
        of_kind = self.constants + gammaln(seen).sum(axis=3) - gammaln(totals)
        evidence = logsumexp(of_kind, axis=2, keepdims=True)
        kinds = np.exp(of_kind - evidence)
        # Nearly all the weight is on one or two kinds; the rest is not worth its logarithms.
        likely = np.nonzero(kinds > _NEGLIGIBLE)
        logs = digamma(seen[likely]) - digamma(totals[likely])[:, np.newaxis]
        log_shares = np.zeros(counts.shape)
        np.add.at(log_shares, likely[:2], kinds[likely][:, np.newaxis] * logs)
        log_shares /= np.where(kinds > _NEGLIGIBLE, kinds, 0.0).sum(axis=2)[..., np.newaxis]
        return Columns(log_shares, float(evidence.sum()))


@cache
def motif_prior(pocket_strength: float, length_strength: float) -> MotifPrior:
    """Return the prior whose pockets and lengths weigh as many peptides as these numbers say."""
    from safetensors.numpy import load
    from scipy.special import gammaln

    tensors = load(PATH.read_bytes())
    kinds = tensors["kinds"].astype(np.float64)
    kinds /= kinds.sum(axis=2, keepdims=True)
    lengths = tensors["lengths"].astype(np.float64)
    pseudocounts = pocket_strength * kinds
    normalisation = gammaln(pseudocounts.sum(axis=2)) - gammaln(pseudocounts).sum(axis=2)
    return MotifPrior(
        pseudocounts=pseudocounts,
        constants=np.log(tensors["weights"].astype(np.float64)) + normalisation,
        lengths=length_strength * lengths / lengths.sum(),
    )
