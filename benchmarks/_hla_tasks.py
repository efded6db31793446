"""Whether motifs found in a mixture are given the right molecule, or none if it is unknown."""

from __future__ import annotations

from collections import Counter

import numpy as np

from omicstoken_kernel.analysis.motif_ends import encode
from omicstoken_kernel.analysis.motif_hla import match_motifs
from omicstoken_kernel.analysis.motif_reference import HlaReference
from training.ligands import read_ligands
from training.references import tables

#: A motif counts for an allele if so much of it is that allele's.
_PURE = 0.6


class Known:
    """The tables of all alleles, from which the ligands of a mixture are taken away."""

    def __init__(self, families):
        self.alleles, self.counts, self.ligands = tables(read_ligands())
        self.family_of = {a: number for number, each in enumerate(families) for a in each.alleles}

    def without(self, peptides, labels, names):
        """Return the reference without the ligands that a mixture holds."""
        counts, ligands = self.counts.astype(float), self.ligands.copy()
        for number, name in enumerate(names):
            own = [p for p, label in zip(peptides, labels, strict=True) if label == number]
            row = self.alleles.index(name)
            counts[row] -= encode(own).one_hot.sum(axis=0).reshape(9, -1)
            ligands[row] -= len(own)
        return HlaReference.from_counts(self.alleles, counts, ligands)

    def lacking(self, reference, allele):
        """Return a reference without the family of an allele."""
        family = self.family_of[allele]
        kept = [
            row for row, each in enumerate(reference.alleles) if self.family_of.get(each) != family
        ]
        names = tuple(reference.alleles[row] for row in kept)
        return HlaReference(names, reference.shares[kept], reference.ligands[kept])


def figures(known, groups, peptides, labels, names):
    """Return what the motifs of one mixture are told, one entry a motif that is mostly one allele.

    ``groups`` are the motifs found (0: unassigned), ``labels`` the alleles (-1: junk).
    """
    reference = known.without(peptides, labels, names)
    peptides, told = np.array(peptides), []
    for number in range(1, int(groups.max(initial=0)) + 1):
        rows = np.flatnonzero(groups == number)
        own, many = Counter(labels[rows].tolist()).most_common(1)[0]
        if own < 0 or many < _PURE * len(rows):
            continue
        allele, motif = names[own], {1: peptides[rows].tolist()}
        found = match_motifs(motif, reference=reference).clusters[1]
        lacking = match_motifs(motif, reference=known.lacking(reference, allele)).clusters[1]
        suggested = [each.allele for each in found.suggested]
        families = [known.family_of.get(each) for each in suggested]
        told.append(
            {
                "HLA named": bool(suggested),
                "HLA right family": families[:1] == [known.family_of[allele]],
                "HLA right allele": suggested[:1] == [allele],
                "HLA among": allele in suggested,
                "HLA size": len(suggested) if suggested else None,
                "HLA none": not lacking.suggested,
            }
        )
    return told
