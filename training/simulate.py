"""Classes for what the labelled ligands do not show: cores inside longer peptides, and kin.

Simulated, all of it: no class II ligand is read. A *core* class stands for an HLA class II
molecule: nine residues with preferences at P1, P4, P6 and P9, somewhere inside a peptide of 11 to
22 residues with ragged ends. What pockets prefer is invented, a residue and those that resemble it
by BLOSUM62; P1 is hydrophobic more often than not, as it is in HLA-DR (Stern et al. 1994, Nature
368:215). A *kin* class is one stretch of protein seen several times: substituted here and there,
cut or extended at the ends, as nested sets, missed cleavages and homologues are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding.blosum import BLOSUM62, RESIDUES
from training.batch import BLANK, Batch
from training.ligands import BACKGROUND

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["WIDTH", "core_classes", "kin_classes"]

#: Longest simulated peptide, in residues.
WIDTH = 26
_CORE = 9
_POCKETS = (0, 3, 5, 8)
_MORE_POCKETS = (1, 2, 6)  # one of these now and then
_HYDROPHOBIC = [TWENTY.index(letter) for letter in "FILMVWY"]
_order = [RESIDUES.index(letter) for letter in TWENTY]
_LIKENESS = BLOSUM62[np.ix_(_order, _order)].astype(float)
# What a residue is replaced by, never itself: the odds of BLOSUM62, in half bits.
_REPLACED_BY = BACKGROUND * 2 ** (_LIKENESS / 2) * (1 - np.eye(len(TWENTY)))
_REPLACED_BY /= _REPLACED_BY.sum(axis=1, keepdims=True)


def core_classes(draw: np.random.Generator, classes: int, members: int) -> Batch:
    """Return ``members`` peptides of each of ``classes`` invented class II molecules.

    Every core occurs in two peptides with different ends, as in a nested set.
    """
    cores = _cores(draw, classes, (members + 1) // 2)
    before, after = draw.integers(0, 7, (2, classes, members))
    lengths = (before + _CORE + after).ravel()
    codes = draw.choice(len(TWENTY), size=(len(lengths), WIDTH), p=BACKGROUND).astype(np.int8)
    own_core = np.repeat(cores, 2, axis=1)[:, :members].reshape(-1, _CORE)
    # The same flanks for both peptides of a core: they come from the same protein.
    flanks = codes.reshape(classes, members, WIDTH)
    flanks[:, 1::2] = flanks[:, 0 : members - members % 2 : 2]
    protein = np.concatenate([flanks.reshape(-1, WIDTH)[:, :6], own_core], axis=1)
    protein = np.concatenate([protein, flanks.reshape(-1, WIDTH)[:, 6:12]], axis=1)
    return _cut(protein, 6 - before.ravel(), lengths, np.repeat(np.arange(classes), members))


def _cores(draw: np.random.Generator, classes: int, count: int) -> NDArray[np.int8]:
    """Return ``count`` cores of each class, (classes, count, 9) int8."""
    shares = np.tile(BACKGROUND, (classes, _CORE, 1))
    for pocket in (*_POCKETS, draw.choice(_MORE_POCKETS)):
        favourite = draw.integers(0, len(TWENTY), classes)
        if pocket == 0:
            hydrophobic = draw.choice(_HYDROPHOBIC, classes)
            favourite = np.where(draw.random(classes) < 0.75, hydrophobic, favourite)
        strength = draw.uniform(0.3, 1.2, (classes, 1))
        shares[:, pocket] = BACKGROUND * np.exp(strength * _LIKENESS[favourite])
    up_to = np.cumsum(shares / shares.sum(axis=2, keepdims=True), axis=2)
    chance = draw.random((classes, count, _CORE, 1))
    cores = (chance > up_to[:, np.newaxis]).sum(axis=3)
    return np.minimum(cores, len(TWENTY) - 1).astype(np.int8)


def kin_classes(draw: np.random.Generator, classes: int, members: int) -> Batch:
    """Return ``members`` relatives of each of ``classes`` random stretches of protein."""
    protein = draw.choice(len(TWENTY), size=(classes, WIDTH + 6), p=BACKGROUND)
    length = draw.integers(6, WIDTH - 3, classes)
    rows = np.repeat(protein, members, axis=0)
    rate = draw.uniform(0.0, 0.2, (classes, 1)).repeat(members, axis=0)
    replaced = draw.random(rows.shape) < rate
    up_to = np.cumsum(_REPLACED_BY, axis=1)[rows[replaced]]
    substitutes = (draw.random((len(up_to), 1)) > up_to).sum(axis=1)
    rows[replaced] = np.minimum(substitutes, len(TWENTY) - 1)
    begins = 3 + draw.integers(-3, 4, len(rows))
    ends = np.repeat(length, members) + 3 + draw.integers(-3, 4, len(rows))
    lengths = np.maximum(ends - begins, 4)
    return _cut(rows.astype(np.int8), begins, lengths, np.repeat(np.arange(classes), members))


def _cut(
    protein: NDArray[np.int8],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
    classes: NDArray[np.int64],
) -> Batch:
    """Return a stretch of each row."""
    wide = np.pad(protein, ((0, 0), (0, WIDTH)), constant_values=BLANK)
    codes = np.take_along_axis(wide, begins[:, np.newaxis] + np.arange(WIDTH), axis=1)
    codes[np.arange(WIDTH) >= lengths[:, np.newaxis]] = BLANK
    return Batch(codes, lengths.astype(np.int64), classes.astype(np.int64))
