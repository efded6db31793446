"""Nested sets: class II ligands of one stretch of a protein with ragged ends, taken as one.

Proteases trim what sticks out of the open groove of HLA class II, so one binding stretch is seen
as many peptides. Counted one by one, a single abundant protein would look like a motif. Peptides
that share nine residues in a row, the length of the core, are one set: the most shared stretch
first, each peptide in one set. The member whose ends are the typical ones stands for its set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.motifs import CORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["NestedSets", "nested_sets"]


@dataclass(frozen=True)
class NestedSets:
    """Peptides in sets.

    Parameters
    ----------
    of_peptide
        The set of each peptide, (n,) int64; -1 where the peptide is shorter than a core.
    typical
        The row of the peptide that stands for each set, (sets,) int64.
    """

    of_peptide: NDArray[np.int64]
    typical: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of sets."""
        return len(self.typical)


def nested_sets(sequences: Sequence[str]) -> NestedSets:
    """Return the nested sets of distinct peptides, the most shared stretches first.

    >>> sets = nested_sets(["GKPVSKMRMATPLLMQA", "PVSKMRMATPLLMQALPM", "AAAKAAAKAAAKA", "SIINFEKL"])
    >>> sets.of_peptide.tolist(), sets.typical.tolist()
    ([0, 0, 1, -1], [0, 2])
    """
    holders: dict[str, list[int]] = {}
    for row, sequence in enumerate(sequences):
        for at in range(len(sequence) - CORE + 1):
            rows = holders.setdefault(sequence[at : at + CORE], [])
            # A repeat within one peptide makes it no more than one holder.
            if not rows or rows[-1] != row:
                rows.append(row)
    of_peptide = np.full(len(sequences), -1, dtype=np.int64)
    typical: list[int] = []
    for stretch in sorted(holders, key=lambda stretch: (-len(holders[stretch]), stretch)):
        members = [row for row in holders[stretch] if of_peptide[row] < 0]
        if members:
            of_peptide[members] = len(typical)
            typical.append(_typical(sequences, members, stretch))
    return NestedSets(of_peptide, np.array(typical, dtype=np.int64))


def _typical(sequences: Sequence[str], members: list[int], stretch: str) -> int:
    """Return the member whose ends are nearest to the median ends, the shortest of equals."""
    before = np.array([sequences[row].index(stretch) for row in members])
    after = np.array([len(sequences[row]) for row in members]) - before
    off = np.abs(before - np.median(before)) + np.abs(after - np.median(after))
    first = min(range(len(members)), key=lambda i: (off[i], before[i] + after[i], members[i]))
    return members[first]
