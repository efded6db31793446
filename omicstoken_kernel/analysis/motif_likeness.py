"""How alike the motifs of a mixture are, and how much each tells, whatever the mixture is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.motifs import BACKGROUND

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["information_bits", "most_alike", "residue_shares"]


def residue_shares(log_ratios: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return residue shares, (motifs, positions, 20), from their log-ratios to the background."""
    shares = np.exp(log_ratios) * BACKGROUND
    return np.asarray(shares / shares.sum(axis=2, keepdims=True), dtype=np.float64)


def most_alike(shares: NDArray[np.float64]) -> tuple[int, int, float]:
    """Return the two motifs that differ least, and by how much.

    The difference is the Jensen-Shannon divergence in bits, summed over the positions; it is
    infinite where there are not two motifs.

    Parameters
    ----------
    shares
        (motifs, positions, 20) float64.
    """
    best = (0, 1, np.inf)
    for one in range(len(shares)):
        for other in range(one + 1, len(shares)):
            middle = (shares[one] + shares[other]) / 2
            parts = [each * np.log2(each / middle) for each in (shares[one], shares[other])]
            difference = float(sum(part.sum() for part in parts)) / 2
            if difference < best[2]:
                best = (one, other, difference)
    return best


def information_bits(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each motif tells against the background, summed over positions, (motifs,)."""
    bits: NDArray[np.float64] = (shares * np.log2(shares / BACKGROUND)).sum(axis=(1, 2))
    return bits
