"""Sequences side by side in packs: all tokens in one row, nothing padded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.embedding._esm2_shape import BEGIN, END, TOKENS
from omicstoken_kernel.embedding.base import EMBEDDABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Pack", "make_packs"]

_TOKEN_OF = np.zeros(256, dtype=np.int64)
for _letter in EMBEDDABLE:
    _TOKEN_OF[ord(_letter)] = TOKENS.index(_letter)


@dataclass(frozen=True)
class Pack:
    """Sequences that go through the network together, shortest first.

    Parameters
    ----------
    places
        Where each sequence stands in the caller's list.
    sequences
        The sequences.
    """

    places: tuple[int, ...]
    sequences: tuple[str, ...]

    def groups(self) -> tuple[tuple[int, int], ...]:
        """Return how many sequences of which length, in tokens, follow each other."""
        lengths = groupby(len(sequence) + 2 for sequence in self.sequences)
        return tuple((sum(1 for _ in same), tokens) for tokens, same in lengths)

    def tokens(self) -> NDArray[np.int64]:
        """Return the tokens of all sequences in one row, the special ones included."""
        letters = np.frombuffer(
            "".join([f" {sequence} " for sequence in self.sequences]).encode("ascii"), np.uint8
        )
        ends = np.cumsum([len(sequence) + 2 for sequence in self.sequences])
        tokens = _TOKEN_OF[letters]
        tokens[ends - 1] = END
        tokens[np.concatenate(([0], ends[:-1]))] = BEGIN
        return tokens

    def halves(self) -> tuple[Pack, Pack]:
        """Return two packs of half the sequences each."""
        middle = len(self.sequences) // 2
        return (
            Pack(self.places[:middle], self.sequences[:middle]),
            Pack(self.places[middle:], self.sequences[middle:]),
        )


def make_packs(sequences: Sequence[str], *, tokens_per_pack: int) -> Iterator[Pack]:
    """Yield the sequences in packs of at most so many tokens, or of one sequence.

    Sorted by length, so that a pack holds few lengths.

    Parameters
    ----------
    sequences
        Clean, embeddable sequences.
    tokens_per_pack
        The most a pack holds, the two special tokens of each sequence included.
    """
    order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
    begin = tokens = 0
    for end, place in enumerate(order):
        size = len(sequences[place]) + 2
        if end > begin and tokens + size > tokens_per_pack:
            yield _pack(sequences, order[begin:end])
            begin, tokens = end, 0
        tokens += size
    if begin < len(order):
        yield _pack(sequences, order[begin:])


def _pack(sequences: Sequence[str], places: Sequence[int]) -> Pack:
    return Pack(tuple(places), tuple(sequences[place] for place in places))
