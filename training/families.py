"""Families of alleles by the likeness of their motifs, and which of them are held out.

An encoder is only as good as it is on alleles it never saw, and an allele is not unseen if one with
the same motif was trained on. So alleles are joined into families by single linkage: two alleles
whose motifs differ by less than :data:`LEAST_DISTANCE_BITS` are in one family, and therefore no
held-out motif is nearer than that to one that is trained on. Whole families are dealt into folds;
fold 0 is held out; docs/embedding.md says what of it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from omicstoken_kernel.chemistry.residues import TWENTY

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = [
    "FEWEST_FOR_A_MOTIF",
    "FEWEST_TO_EVALUATE",
    "HELD_OUT",
    "LEAST_DISTANCE_BITS",
    "Family",
    "families",
    "motif_distances_bits",
]

#: Alleles with fewer ligands have no reliable motif: they are in no family and not used at all.
FEWEST_FOR_A_MOTIF = 100
#: Alleles with fewer ligands are not evaluated.
FEWEST_TO_EVALUATE = 500
#: Two alleles of different families differ by more than this.
LEAST_DISTANCE_BITS = 0.6
#: The fold that is held out.
HELD_OUT = 0
_FOLDS = 3
_END = 4  # positions of the motif at either end
_PSEUDOCOUNTS = 20.0


@dataclass(frozen=True)
class Family:
    """Alleles whose motifs are alike, and the fold they were dealt into (0 is held out)."""

    alleles: tuple[str, ...]
    fold: int


def _motifs(ligands: pd.DataFrame, alleles: list[str]) -> NDArray[np.float64]:
    """Return the alleles' residue shares at their four first and four last positions, (n, 8, 20).

    Pseudocounts follow the residues of all these alleles at all these positions.
    """
    counts = np.array([_counts(ligands.loc[ligands["allele"] == a, "peptide"]) for a in alleles])
    everywhere = counts.sum(axis=(0, 1)) / counts.sum()
    total = counts.sum(axis=2, keepdims=True)
    motifs: NDArray[np.float64] = (counts + _PSEUDOCOUNTS * everywhere) / (total + _PSEUDOCOUNTS)
    return motifs


def _counts(peptides: pd.Series) -> NDArray[np.float64]:
    columns = [peptides.str[at] for at in (*range(_END), *range(-_END, 0))]
    return np.array(
        [column.value_counts().reindex(list(TWENTY), fill_value=0) for column in columns], float
    )


def motif_distances_bits(motifs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jensen-Shannon divergence summed over the positions, (n, n) in bits, 0..8.

    Source: Lin J. Divergence measures based on the Shannon entropy. IEEE Trans. Inf. Theory 1991,
    37:145-151.
    """

    def against(motif: NDArray[np.float64]) -> NDArray[np.float64]:
        middle = (motif + motifs) / 2
        parts = motif * np.log2(motif / middle) + motifs * np.log2(motifs / middle)
        return parts.sum(axis=(1, 2)) / 2

    distances = np.array([against(motif) for motif in motifs])
    np.fill_diagonal(distances, 0.0)
    return (distances + distances.T) / 2


def families(ligands: pd.DataFrame) -> tuple[Family, ...]:
    """Return the families, the largest first, dealt into folds.

    Families are shuffled by a fixed seed; each goes to the fold that has the fewest alleles to
    evaluate so far.
    """
    sizes = ligands["allele"].value_counts()
    alleles = sorted(sizes.index[sizes >= FEWEST_FOR_A_MOTIF])
    motifs = _motifs(ligands, alleles)
    tree = linkage(squareform(motif_distances_bits(motifs), checks=False), method="single")
    numbers = fcluster(tree, LEAST_DISTANCE_BITS, criterion="distance")
    members = {
        number: [a for a, its in zip(alleles, numbers, strict=True) if its == number]
        for number in np.unique(numbers)
    }
    evaluated = [0] * _FOLDS
    dealt: list[list[str]] = [[] for _ in range(_FOLDS)]
    result = []
    for number in np.random.default_rng(0).permutation(sorted(members)):
        fold = min(range(_FOLDS), key=lambda fold: (evaluated[fold], len(dealt[fold])))
        dealt[fold] += members[number]
        evaluated[fold] += sum(sizes[a] >= FEWEST_TO_EVALUATE for a in members[number])
        result.append(Family(tuple(members[number]), fold))
    return tuple(sorted(result, key=lambda family: (-len(family.alleles), family.alleles)))
