"""Sequences of one length at a time, as bytes: what both built-in models compute on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["same_length_batches"]


def same_length_batches(
    sequences: Sequence[str], *, residues_per_batch: int, sequences_per_batch: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint8]]]:
    """Yield the sequences in batches of exactly equal length, so that nothing needs padding.

    Parameters
    ----------
    sequences
        Clean sequences in ASCII.
    residues_per_batch, sequences_per_batch
        The most a batch holds of either; it always has at least one sequence.

    Yields
    ------
    tuple
        Positions in ``sequences``, (n,) intp, and the letters' ASCII codes, (n, length) uint8.
    """
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for position, sequence in enumerate(sequences):
        by_length[len(sequence)].append(position)
    for length, positions in sorted(by_length.items()):
        size = max(1, min(sequences_per_batch, residues_per_batch // length))
        for start in range(0, len(positions), size):
            chosen = positions[start : start + size]
            letters = "".join([sequences[position] for position in chosen]).encode("ascii")
            codes = np.frombuffer(letters, dtype=np.uint8).reshape(len(chosen), length)
            yield np.array(chosen, dtype=np.intp), codes
