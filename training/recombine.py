"""Alleles that do not exist, made of the pockets of those that do.

Problem: a network trained on some eighty alleles learns these alleles. On alleles it never saw it
is then no better than a substitution matrix.

Choice: what an unseen allele has in common with the seen ones is its pockets, one by one. So every
class of a batch is an invented allele: the nine end positions (five from the N-terminus, four from
the C-terminus) are cut into two to four stretches, and each stretch is taken from the ligands of
another allele; now and then a stretch is anybody's, for not every pocket binds. Residues of one
stretch come from one real ligand, so what belongs together inside a pocket stays together. Lengths
and middles come from one more allele or from all.

Measured while choosing (families of the training folds left out in turn, neighbours that share the
allele, one network): real classes only 0.424, half of them recombined 0.476, all of them 0.479.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.batch import Batch, encode
from training.ligands import LENGTHS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Recombiner"]

_FROM_N, _FROM_C = 5, 4
_SLOTS = _FROM_N + _FROM_C
_STRETCHES = (2, 4)  # the fewest and the most
_ANYBODYS = 0.1  # share of stretches without a preference
_MIDDLE_ANYBODYS = 0.3  # share of classes whose lengths and middles are those of all ligands
_EVENNESS = 0.3  # alleles are drawn by their number of ligands to this power
WIDTH = LENGTHS[1]


class Recombiner:
    """Draws batches of invented alleles from labelled ligands."""

    def __init__(self, ligands: pd.DataFrame) -> None:
        ordered = ligands.sort_values("allele", kind="stable")
        self._codes, self._lengths = encode(ordered["peptide"].tolist(), WIDTH)
        _, allele, self._counts = np.unique(
            ordered["allele"].to_numpy(str), return_inverse=True, return_counts=True
        )
        self._starts = np.cumsum(self._counts) - self._counts
        share = self._counts**_EVENNESS / (self._counts**_EVENNESS).sum()
        self._alleles_up_to = np.cumsum(share)
        self._ligands_up_to = np.cumsum((share / self._counts)[allele])

    def lengths(self, draw: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Return lengths as the ligands have them, (count,) int64."""
        return self._lengths[draw.integers(0, len(self._lengths), count)]

    def batch(self, draw: np.random.Generator, classes: int, members: int) -> Batch:
        """Return ``members`` peptides of each of ``classes`` invented alleles."""
        donors, donors_of_middle = self._donors(draw, classes)
        template = self._ligands_of(draw, np.repeat(donors_of_middle, members))
        codes, lengths = self._codes[template].copy(), self._lengths[template]
        sources = self._sources(draw, np.repeat(donors, members, axis=0))
        rows = np.arange(len(codes))
        for slot in range(_FROM_N):
            source = sources[:, slot]
            # The last four residues of either peptide belong to the other end.
            free = slot < np.minimum(lengths, self._lengths[source]) - _FROM_C
            codes[free, slot] = self._codes[source[free], slot]
        for slot in range(_FROM_C):
            source = sources[:, -1 - slot]
            codes[rows, lengths - 1 - slot] = self._codes[source, self._lengths[source] - 1 - slot]
        return Batch(codes, lengths, np.repeat(np.arange(classes), members))

    def _donors(
        self, draw: np.random.Generator, classes: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the allele of each slot, (classes, 9), and of the middle, (classes,).

        Slots of one stretch have one donor. A negative number stands for "anybody", another one
        for each stretch.
        """
        cuts = draw.integers(_STRETCHES[0], _STRETCHES[1], classes, endpoint=True) - 1
        places = draw.random((classes, _SLOTS - 1)).argsort(axis=1).argsort(axis=1)
        is_cut = places < cuts[:, np.newaxis]
        stretch = np.concatenate([np.zeros((classes, 1), int), np.cumsum(is_cut, axis=1)], axis=1)
        of_stretch = self._draw_alleles(draw, (classes, _STRETCHES[1]))
        anybodys = draw.random(of_stretch.shape) < _ANYBODYS
        of_stretch = np.where(anybodys, -1 - np.arange(_STRETCHES[1]), of_stretch)
        middle = self._draw_alleles(draw, (classes,))
        middle[draw.random(classes) < _MIDDLE_ANYBODYS] = -1
        return np.take_along_axis(of_stretch, stretch, axis=1), middle

    def _sources(self, draw: np.random.Generator, donors: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ligand each slot's residue comes from, (n, 9), one per stretch."""
        begins = np.concatenate(
            [np.ones((len(donors), 1), bool), donors[:, 1:] != donors[:, :-1]], axis=1
        )
        first = np.maximum.accumulate(np.where(begins, np.arange(_SLOTS), 0), axis=1)
        return np.take_along_axis(self._ligands_of(draw, donors), first, axis=1)

    def _draw_alleles(self, draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int64]:
        chosen = np.searchsorted(self._alleles_up_to, draw.random(shape))
        return np.minimum(chosen, len(self._counts) - 1)

    def _ligands_of(
        self, draw: np.random.Generator, alleles: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return a random ligand of each allele, of anybody where the allele is negative."""
        chance = draw.random(alleles.shape)
        own = self._starts[alleles] + (chance * self._counts[alleles]).astype(np.int64)
        anybodys = np.searchsorted(self._ligands_up_to, chance * self._ligands_up_to[-1])
        return np.where(alleles < 0, np.minimum(anybodys, len(self._lengths) - 1), own)
