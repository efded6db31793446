"""Class I ligands as their ends: five residues from the amino end, four from the carboxyl end.

The molecule holds a ligand at both ends, so residues are counted from there, and longer ligands
bulge in the middle, which counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.composition import as_strings, flatten
from omicstoken_kernel.chemistry.residues import TWENTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["LENGTH_BINS", "POSITIONS", "SHORTEST", "Ends", "encode"]

_FIRST, _LAST = 5, 4
#: Positions of a motif.
POSITIONS = _FIRST + _LAST
#: Shortest peptide that has four residues at either end.
SHORTEST = 8
#: Lengths 8 to 14, and all that are longer.
LENGTH_BINS = 8

_COLUMN_OF = np.full(26, -1)
_COLUMN_OF[[ord(letter) - ord("A") for letter in TWENTY]] = np.arange(len(TWENTY))


@dataclass(frozen=True)
class Ends:
    """Peptides by their ends.

    Parameters
    ----------
    one_hot
        (n, 180) float64: residue by position; a position without one of the twenty has none. An
        octamer has no fifth residue from its amino end.
    length_bins
        (n,) int64, 0 for 8 residues .. 6 for 14, 7 for more.
    """

    one_hot: NDArray[np.float64]
    length_bins: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of peptides."""
        return len(self.length_bins)

    def rows(self, chosen: NDArray[np.int64]) -> Ends:
        """Return some of the peptides."""
        return Ends(self.one_hot[chosen], self.length_bins[chosen])


def encode(sequences: Sequence[str]) -> Ends:
    """Return peptides of at least :data:`SHORTEST` residues by their ends.

    >>> ends = encode(["SIINFEKL", "GILGFVFTL"])
    >>> ends.one_hot.sum(axis=1).tolist(), ends.length_bins.tolist()
    ([8.0, 9.0], [0, 1])
    """
    flat = flatten(as_strings(sequences))
    starts, ends = flat.offsets[:-1], flat.offsets[1:]
    n = flat.lengths.size
    one_hot = np.zeros((n, POSITIONS, len(TWENTY)))
    places = [starts + place for place in range(_FIRST)]
    places += [ends - back for back in range(_LAST, 0, -1)]
    for column, place in enumerate(places):
        there = flat.lengths > column + _LAST if column < _FIRST else np.ones(n, dtype=np.bool_)
        rows = np.flatnonzero(there)
        residues = _COLUMN_OF[flat.letters[place[rows]]]
        known = residues >= 0
        one_hot[rows[known], column, residues[known]] = 1.0
    bins = np.clip(flat.lengths - SHORTEST, 0, LENGTH_BINS - 1).astype(np.int64)
    return Ends(one_hot.reshape(n, POSITIONS * len(TWENTY)), bins)
