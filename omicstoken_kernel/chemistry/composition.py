"""Many sequences as one flat array of letters, and the letters counted.

A Python loop over a million peptides costs seconds per descriptor; one gather over ten million
letters costs milliseconds. Everything vectorised in this folder starts from :class:`FlatResidues`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["FlatResidues", "as_strings", "composition", "flatten"]


@dataclass(frozen=True)
class FlatResidues:
    """All letters of n sequences, one after the other.

    Parameters
    ----------
    letters
        (total,) uint8, 0 for A to 25 for Z.
    offsets
        (n + 1,) int64: sequence i has the letters ``offsets[i]`` up to ``offsets[i + 1]``.
    """

    letters: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each sequence in residues, (n,) int64."""
        return np.diff(self.offsets)

    @property
    def owners(self) -> NDArray[np.int64]:
        """Position of the sequence each letter belongs to, (total,) int64."""
        return np.repeat(np.arange(self.offsets.size - 1), self.lengths)


def as_strings(sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return sequences as one contiguous Arrow array of large strings; nulls stay null."""
    if isinstance(sequences, pa.ChunkedArray):
        sequences = sequences.combine_chunks()
    if isinstance(sequences, pa.Array):
        return sequences.cast(pa.large_string())
    return pa.array(sequences, type=pa.large_string())


def flatten(strings: pa.Array) -> FlatResidues:
    """Return the letters of an array of large strings; null counts as empty.

    Raises
    ------
    InputError
        If a sequence has a character that is not a letter A-Z; the message names the first.

    Examples
    --------
    >>> flatten(as_strings(["AC", "B"])).letters
    array([0, 2, 1], dtype=uint8)
    """
    if strings.null_count:
        strings = strings.fill_null("")
    n = len(strings)
    if n == 0:
        return FlatResidues(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    _, offset_buffer, data_buffer = strings.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[strings.offset : strings.offset + n + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]]
    # Letters below 'A' wrap round to large numbers, so one comparison finds all that is not A-Z.
    letters = data - np.uint8(ord("A"))
    if letters.size and letters.max() > 25:
        place = int(np.argmax(letters > 25)) + offsets[0]
        sequence = strings[int(np.searchsorted(offsets, place, side="right")) - 1].as_py()
        shown = sequence if len(sequence) <= 40 else sequence[:40] + "..."
        strange = next(character for character in sequence if not "A" <= character <= "Z")
        msg = f"The sequence '{shown}' holds {strange!r}, which is not a residue letter A-Z."
        raise InputError(msg, "Use upper-case one-letter codes; write modifications in ProForma.")
    return FlatResidues(letters, offsets - offsets[0])


def composition(flat: FlatResidues) -> NDArray[np.float64]:
    """Return how often each letter A..Z occurs in each sequence, (n, 26) float64.

    >>> composition(flatten(as_strings(["ABBA"])))[0, :3].tolist()
    [2.0, 2.0, 0.0]
    """
    n = flat.offsets.size - 1
    counts = np.bincount(flat.owners * 26 + flat.letters, minlength=26 * n)
    return counts.reshape(n, 26).astype(np.float64)
