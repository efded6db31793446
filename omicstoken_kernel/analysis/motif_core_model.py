"""A mixture of nine-residue cores that lie somewhere in their peptides: variational Bayes.

Each peptide comes from one of some motifs, with its core at any place of the peptide alike and
residues of the human proteome around it, or from the trash, which is nothing but such residues.
Which motif and which place are unknown alike (as in GibbsCluster, Andreatta M, Alvarez B, Nielsen
M, Nucleic Acids Res 45:W458, 2017, which samples them; here their probabilities are followed). The
residue shares of a motif follow a Dirichlet distribution around the proteome's, at the first place
around mostly the hydrophobic ones: the first pocket of class II takes large hydrophobic residues
more often than not (Stern et al. 1994, Nature 368:215), and what is expected there keeps a motif
from settling a residue or two beside its core. The bound on the logarithm of
the evidence charges each motif for its parameters, as in :mod:`motif_model`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.motifs import BACKGROUND, CORE
from omicstoken_kernel.chemistry.composition import as_strings, flatten
from omicstoken_kernel.chemistry.residues import TWENTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "Cores",
    "Windows",
    "begins_hydrophobic",
    "cut",
    "fit",
    "responsibilities",
    "shifted",
    "without",
]

_CONVERGED = 0.1  # natural units of the bound between two rounds
_HYDROPHOBIC = np.array([letter in "FILMVWY" for letter in TWENTY])
_FIRST_POCKET = 0.8  # weight of the hydrophobic residues in what is expected at the first place

_COLUMN_OF = np.full(26, -1)
_COLUMN_OF[[ord(letter) - ord("A") for letter in TWENTY]] = np.arange(len(TWENTY))


@dataclass(frozen=True)
class Windows:
    """Every stretch of nine residues of peptides that have at least nine.

    Parameters
    ----------
    one_hot
        (windows, 180) float32: residue by place; what is none of the twenty has none.
    starts
        The first window of each peptide, (n,) int64.
    counts
        Windows of each peptide, (n,) int64: its length less eight.
    """

    one_hot: NDArray[np.float32]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of peptides."""
        return len(self.starts)


@dataclass(frozen=True)
class Cores:
    """A fitted mixture of k motifs.

    Parameters
    ----------
    residues
        Logarithm of each residue's share over the background's, (k, 180) float64.
    weights
        Logarithm of the weights, (k + 1,) float64, that of the trash first.
    bound
        On the logarithm of the evidence over that of trash alone, in natural units.
    """

    residues: NDArray[np.float64]
    weights: NDArray[np.float64]
    bound: float

    @property
    def motifs(self) -> int:
        """Number of motifs."""
        return len(self.residues)


def cut(sequences: Sequence[str]) -> Windows:
    """Return all windows of peptides of at least nine residues.

    >>> windows = cut(["PKYVKQNTLKLAT", "SIINFEKLA"])
    >>> len(windows), windows.counts.tolist(), int(windows.one_hot.sum())
    (2, [5, 1], 54)
    """
    flat = flatten(as_strings(sequences))
    counts = flat.lengths.astype(np.int64) - CORE + 1
    starts = np.cumsum(counts) - counts
    first = np.repeat(flat.offsets[:-1] - starts, counts) + np.arange(int(counts.sum()))
    one_hot = np.zeros((len(first), CORE, len(TWENTY)), dtype=np.float32)
    for place in range(CORE):
        residues = _COLUMN_OF[flat.letters[first + place]]
        known = np.flatnonzero(residues >= 0)
        one_hot[known, place, residues[known]] = 1.0
    return Windows(one_hot.reshape(len(first), -1), starts, counts)


def responsibilities(
    cores: Cores, windows: Windows
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how surely each peptide is trash, (n,), and each window a motif's core, (windows, k).

    Those of a peptide sum to 1.
    """
    odds = (windows.one_hot @ cores.residues.T.astype(np.float32)).astype(np.float64)
    odds += cores.weights[1:]
    odds -= np.repeat(np.log(windows.counts), windows.counts)[:, np.newaxis]
    if not cores.motifs:
        return np.ones(len(windows)), odds
    highest = np.maximum(np.maximum.reduceat(odds.max(axis=1), windows.starts), cores.weights[0])
    shares = np.exp(odds - np.repeat(highest, windows.counts)[:, np.newaxis])
    trash = np.exp(cores.weights[0] - highest)
    total = trash + np.add.reduceat(shares.sum(axis=1), windows.starts)
    shares /= np.repeat(total, windows.counts)[:, np.newaxis]
    return trash / total, shares


def fit(
    windows: Windows, start: NDArray[np.float64], *, strengths: tuple[float, float], rounds: int
) -> tuple[Cores, NDArray[np.float64]]:
    """Return the mixture reached from responsibilities of windows, (windows, k), and its own.

    ``strengths`` are how many peptides what is expected of a motif weighs: at the first place of
    the core, and at the others.
    """
    prior = np.array([strengths[0]] + [strengths[1]] * (CORE - 1))[:, np.newaxis] * _expected()
    shares = start
    trash = 1.0 - np.add.reduceat(shares.sum(axis=1), windows.starts)
    before = -np.inf
    for _ in range(rounds):
        cores = _learn(windows, np.clip(trash, 0.0, 1.0), shares, prior)
        trash, shares = responsibilities(cores, windows)
        if cores.bound - before < _CONVERGED:
            break
        before = cores.bound
    return cores, shares


def begins_hydrophobic(windows: Windows) -> NDArray[np.bool_]:
    """Return which windows begin with what the first pocket of class II mostly takes."""
    return np.asarray(windows.one_hot[:, : len(TWENTY)] @ _HYDROPHOBIC > 0)


def without(cores: Cores, motif: int) -> Cores:
    """Return the mixture without one of its motifs, counted from 0."""
    return Cores(
        np.delete(cores.residues, motif, axis=0), np.delete(cores.weights, motif + 1), cores.bound
    )


def shifted(
    windows: Windows, shares: NDArray[np.float64], motif: int, by: int
) -> NDArray[np.float64]:
    """Return responsibilities with one motif's cores ``by`` places further on (back if negative).

    What would begin outside of its peptide is left to the trash.
    """
    rows = np.arange(len(shares))
    place = rows - np.repeat(windows.starts, windows.counts)
    room = np.repeat(windows.counts, windows.counts)
    there = np.flatnonzero((place + by >= 0) & (place + by < room))
    moved = shares.copy()
    moved[:, motif] = 0.0
    moved[there + by, motif] = shares[there, motif]
    return moved


def _expected() -> NDArray[np.float64]:
    """Return the residue shares expected of a motif, (9, 20)."""
    shares = np.tile(BACKGROUND, (CORE, 1))
    hydrophobic = _HYDROPHOBIC * BACKGROUND
    shares[0] *= 1 - _FIRST_POCKET
    shares[0] += _FIRST_POCKET * hydrophobic / hydrophobic.sum()
    return shares


def _learn(
    windows: Windows,
    trash: NDArray[np.float64],
    shares: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> Cores:
    """Return the mixture that responsibilities give, with their bound."""
    from scipy.special import digamma, gammaln, xlogy

    k = shares.shape[1]
    counts = (shares.T.astype(np.float32) @ windows.one_hot).astype(np.float64)
    counts = counts.reshape(k, CORE, len(BACKGROUND))
    seen = counts + prior
    totals = seen.sum(axis=2, keepdims=True)
    evidence = (gammaln(seen) - gammaln(prior)).sum()
    evidence += (gammaln(prior.sum(axis=1)) - gammaln(totals[:, :, 0])).sum()
    in_motifs = shares.sum(axis=0)
    sizes = np.concatenate([[trash.sum()], in_motifs]) + 1.0
    of_windows = np.repeat(np.log(windows.counts), windows.counts)
    bound = (
        evidence
        - (counts * np.log(BACKGROUND)).sum()
        - of_windows @ shares.sum(axis=1)
        + gammaln(sizes).sum()
        - gammaln(sizes.sum())
        + gammaln(k + 1)
        - xlogy(shares, shares).sum()
        - xlogy(trash, trash).sum()
    )
    logs = digamma(seen) - digamma(totals) - np.log(BACKGROUND)
    return Cores(
        residues=np.asarray(logs.reshape(k, -1), dtype=np.float64),
        weights=np.asarray(digamma(sizes) - digamma(sizes.sum()), dtype=np.float64),
        bound=float(bound),
    )
