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

# Packs of fewer tokens are not made for the sake of an even share: starting one costs more.
_TINY = 128

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


def make_packs(
    sequences: Sequence[str], *, tokens_per_pack: int, workers: int = 1
) -> Iterator[Pack]:
    """Yield the sequences in packs of nearly equal size, shortest sequences first.

    Sorted by length, so that a pack holds few lengths. There are as many packs for each worker as
    for any other, unless that made them tiny.

    Parameters
    ----------
    sequences
        Clean, embeddable sequences.
    tokens_per_pack
        About the most a pack holds, the two special tokens of each sequence included; the last
        sequence of a pack may reach beyond.
    workers
        How many packs are computed at a time.
    """
    order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
    ends = np.cumsum([len(sequences[place]) + 2 for place in order])
    total = int(ends[-1]) if order else 0
    rounds = -(-total // (workers * tokens_per_pack))
    count = min(rounds * workers, max(-(-total // tokens_per_pack), total // _TINY))
    # Each pack ends with the sequence that holds the last token of its share.
    limits = [total * (pack + 1) // count for pack in range(count)]
    begin = 0
    for end in np.searchsorted(ends, limits) + 1 if count else ():
        if end > begin:
            places = order[begin:end]
            yield Pack(tuple(places), tuple(sequences[place] for place in places))
            begin = int(end)
