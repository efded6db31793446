"""Charge of peptides in water at a pH, and the pH at which it vanishes.

Henderson-Hasselbalch for every group on its own (Moore 1985, Biochem. Educ. 13:10). The charge
falls strictly with the pH, so bisection finds the isoelectric point.

With h = 10^-pH and K = 10^-pKa a basic group carries h / (h + K), an acidic one h / (h + K) - 1.
So the charge is one weighted sum over all groups minus the number of acidic ones, and a bisection
step needs one power per peptide instead of one per group. Peptides with the same numbers of
ionisable groups share their isoelectric point: it is computed once for each such set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.residues import PKA_CHARGE, PKA_ISOELECTRIC, per_letter

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["charges_at", "isoelectric_points"]

_SIDE_CHAINS = "CDEHKRY"
_COLUMNS = [ord(letter) - ord("A") for letter in _SIDE_CHAINS]
_TERMINI = "+-"
_ACIDIC = frozenset("CDEY-")

# 14 / 2^36 is 2e-10: beyond what any pKa is known to.
_STEPS = 36
# Rows at a time in the bisection, so that its arrays stay in the processor's cache.
_BLOCK = 8_192


def charges_at(ph: float) -> tuple[NDArray[np.float64], float]:
    """Return the charge of each residue at a pH after the pKa of Lehninger, and of the termini.

    Parameters
    ----------
    ph
        0..14.

    Returns
    -------
    tuple
        Charge of each letter A..Z, (26,) float64, and of the two termini, in elementary charges.
    """
    h = 10.0**-ph
    charge = {group: h / (h + 10.0**-pka) - (group in _ACIDIC) for group, pka in PKA_CHARGE.items()}
    side_chains = {group: charge[group] for group in _SIDE_CHAINS}
    return per_letter(side_chains, 0.0), sum(charge[group] for group in _TERMINI)


def isoelectric_points(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the pH without net charge after the pKa of EMBOSS, (n,) float64 in 0..14.

    Parameters
    ----------
    counts
        Letters of each peptide, (n, 26) float64.
    """
    ionisable = counts[:, _COLUMNS]
    keys = _composition_keys(ionisable)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    distinct = ionisable[first]
    blocks = [_bisect(distinct[at : at + _BLOCK]) for at in range(0, len(distinct), _BLOCK)]
    return np.concatenate([np.zeros(0), *blocks])[inverse]


def _composition_keys(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return one integer for each distinct row: its counts as digits of a mixed-radix number."""
    radices = [int(top) + 1 for top in counts.max(axis=0, initial=0)]
    places = np.cumprod([1, *radices], dtype=object)
    if places[-1] >= 2**53:  # counts in the hundreds everywhere: give every row its own key
        return np.arange(len(counts))
    return (counts @ places[:-1].astype(np.float64)).astype(np.int64)


def _bisect(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the isoelectric points of (n, 7) counts of side chains, each with two termini."""
    groups = _SIDE_CHAINS + _TERMINI
    acidic = np.array([group in _ACIDIC for group in groups])
    constants = np.array([10.0 ** -PKA_ISOELECTRIC[group] for group in groups])[:, np.newaxis]
    amounts = np.concatenate([counts.T, np.ones((2, len(counts)))])
    acids = amounts[acidic].sum(axis=0)
    low = np.zeros(len(counts))
    width = 14.0
    for _ in range(_STEPS):
        width /= 2
        h = np.power(10.0, -(low + width))
        positive = (amounts * (h / (h + constants))).sum(axis=0) >= acids
        low += width * positive
    return low + width / 2
