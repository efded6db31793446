"""Batches of labelled peptides as arrays: what the generators of classes make and the fit takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.residues import TWENTY
from training.ligands import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["BLANK", "Batch", "encode", "random_peptides", "together"]

#: The code of "no residue here".
BLANK = len(TWENTY)
_CODE_OF = np.full(128, BLANK, dtype=np.int8)
_CODE_OF[[ord(letter) for letter in TWENTY]] = np.arange(len(TWENTY))


@dataclass(frozen=True)
class Batch:
    """Peptides with the class each belongs to.

    Parameters
    ----------
    codes
        (n, width) int8, residues from the left, then :data:`BLANK`.
    lengths
        (n,) int64.
    classes
        (n,) int64; a peptide that is alone in its class is only ever contrasted.
    """

    codes: NDArray[np.int8]
    lengths: NDArray[np.int64]
    classes: NDArray[np.int64]

    def widened(self, width: int) -> Batch:
        """Return the same peptides in rows of another, greater width."""
        more = ((0, 0), (0, width - self.codes.shape[1]))
        return Batch(np.pad(self.codes, more, constant_values=BLANK), self.lengths, self.classes)


def encode(peptides: Sequence[str], width: int) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Return the codes, (n, width) int8, and lengths, (n,) int64, of peptides."""
    letters = np.array(peptides, dtype=f"S{width}").view(np.uint8).reshape(len(peptides), width)
    return _CODE_OF[letters], np.array([len(peptide) for peptide in peptides], dtype=np.int64)


def random_peptides(draw: np.random.Generator, lengths: NDArray[np.int64], width: int) -> Batch:
    """Return peptides of given lengths with the residues of the human proteome, each its class."""
    codes = draw.choice(len(TWENTY), size=(len(lengths), width), p=BACKGROUND).astype(np.int8)
    codes[np.arange(width) >= lengths[:, np.newaxis]] = BLANK
    return Batch(codes, lengths, np.arange(len(lengths)))


def together(*batches: Batch) -> Batch:
    """Return batches of one width as one, their classes kept apart."""
    first = np.cumsum([0, *(batch.classes.max() + 1 for batch in batches[:-1])])
    return Batch(
        np.concatenate([batch.codes for batch in batches]),
        np.concatenate([batch.lengths for batch in batches]),
        np.concatenate([batch.classes + at for batch, at in zip(batches, first, strict=True)]),
    )
