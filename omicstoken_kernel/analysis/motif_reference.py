"""What the ligands of known HLA class I molecules look like, and how well a motif fits them.

The fit of a motif and an allele is Pearson's correlation, over nine end positions and twenty
residues, of the square roots of their residue shares less the square roots of the proteome's: 1 at
best. Square roots let the rarer residues of a pocket count beside its favourite. Chosen on mixtures
of training families among shares, log-odds, heights in a logo and shares weighted by information:
all name the right family nearly always, and this one parts best what fits from what does not.

A correlation alone says little, for molecules share pockets. So the null mixes them: at each of the
nine positions, each by itself, the column of a random allele of the reference is taken, and it is
seen how well such a combination of known pockets, which belongs to nobody, fits the allele it fits
best.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.analysis.motif_ends import POSITIONS, encode
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.chemistry.composition import as_strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["FEW_LIGANDS", "LEAST_FIT", "PATH", "HlaReference", "hla_reference", "shares_of"]

#: Where ``training/references.py`` puts the tables.
PATH = Path(__file__).with_name("hla_reference.safetensors")

#: Below this fit no allele is suggested. Of motifs in mixtures of training families 99 % reach it
#: with their own family, 4 % with another one when theirs is left out.
LEAST_FIT = 0.78
#: Alleles whose table rests on fewer ligands are named with their number.
FEW_LIGANDS = 200

_PSEUDOCOUNTS = 20.0
_SLICE = 10_000
_ENOUGH_FOR_NULL = 100  # ligands of an allele whose columns are taken
_COMBINATIONS = 2_000  # combinations of pockets in the null


def shares_of(sequences: Sequence[str] | pa.ChunkedArray) -> NDArray[np.float64]:
    """Return residue shares of peptides at their nine end positions, with pseudocounts, (9, 20).

    Peptides shorter than eight residues are left out.
    """
    strings = as_strings(sequences)
    long_enough = strings.filter(pc.greater_equal(pc.binary_length(strings), POSITIONS - 1))
    counts = np.zeros((POSITIONS, BACKGROUND.size))
    # By the slice, for a peptide takes a kilobyte and a half meanwhile.
    for at in range(0, len(long_enough), _SLICE):
        part = encode(long_enough.slice(at, _SLICE))
        counts += part.one_hot.sum(axis=0).reshape(counts.shape)
    return _shares(counts)


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum(axis=-1, keepdims=True)
    return np.asarray((counts + _PSEUDOCOUNTS * BACKGROUND) / (total + _PSEUDOCOUNTS))


def _profiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 180) whose inner products are correlations; zeros where nothing varies."""
    flat = (np.sqrt(shares) - np.sqrt(BACKGROUND)).reshape(len(shares), -1)
    flat -= flat.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.divide(flat, lengths, out=np.zeros_like(flat), where=lengths > 1e-9))


@dataclass(frozen=True)
class HlaReference:
    """Alleles with their tables.

    Parameters
    ----------
    alleles
        Names, as ``HLA-A*02:01``.
    shares
        Residue shares, (alleles, 9, 20) float64.
    ligands
        How many ligands each table rests on, (alleles,) int64.
    """

    alleles: tuple[str, ...]
    shares: NDArray[np.float64]
    ligands: NDArray[np.int64]

    @classmethod
    def from_counts(
        cls, alleles: Sequence[str], counts: NDArray[np.float64], ligands: NDArray[np.int64]
    ) -> HlaReference:
        """Return the reference of residue counts, (alleles, 9, 20)."""
        return cls(tuple(alleles), _shares(counts), ligands)

    def fits(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the fit of motifs, (n, 9, 20), with each allele, (n, alleles), -1..1."""
        return np.asarray(_profiles(shares) @ self._own.T, dtype=np.float64)

    def p_value(self, fit: float) -> float:
        """Return how often a combination of known pockets fits any allele at least as well.

        Davison AC, Hinkley DV, Bootstrap Methods and their Application, 1997, p. 148: one more in
        numerator and denominator, so it is never 0.
        """
        return float((1 + (self._null >= fit).sum()) / (1 + len(self._null)))

    @cached_property
    def place(self) -> dict[str, int]:
        """The row of each allele."""
        return {allele: row for row, allele in enumerate(self.alleles)}

    @cached_property
    def _own(self) -> NDArray[np.float64]:
        return _profiles(self.shares)

    @cached_property
    def _null(self) -> NDArray[np.float64]:
        """Return the best fits of random combinations of pockets, (2000,)."""
        draw = np.random.default_rng(0)
        known = np.flatnonzero(self.ligands >= _ENOUGH_FOR_NULL)
        if not known.size:
            known = np.arange(len(self.alleles))
        rows = draw.choice(known, (_COMBINATIONS, POSITIONS))
        return np.asarray(self.fits(self.shares[rows, np.arange(POSITIONS)]).max(axis=1))


@cache
def hla_reference() -> HlaReference:
    """Return the reference in the package."""
    from safetensors.numpy import load

    content = PATH.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    about = json.loads(content[8 : 8 + size])["__metadata__"]
    tensors = load(content)
    return HlaReference.from_counts(
        json.loads(about["alleles"]),
        tensors["counts"].astype(np.float64),
        tensors["ligands"].astype(np.int64),
    )
