"""Where peptides lie in proteins, letter by letter: all positions, whole proteomes in seconds.

The proteins are one text of bytes. A table with one flag for each string of five letters says which
begin a peptide; of the 11 million places of the human proteome it leaves a few percent, and those
are compared with the peptides that begin so, one further letter at a time, until a peptide is
complete or differs. Measured beside it (``benchmarks/bench_proteome.py``): the automaton of
pyahocorasick takes five to seven times as long for 100 000 peptides, and would be one more library
to install.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.progress import Progress

__all__ = ["AMBIGUOUS", "SHORTEST", "Places", "ProteinText", "find_places"]

#: Shorter peptides are not searched: by chance alone one of four residues is found in the human
#: proteome 70 times.
SHORTEST = 5

#: Letters that stand for several residues, or none in particular: they match nothing.
AMBIGUOUS = frozenset("BJXZ")

_LETTERS = 27  # A-Z, and what parts two proteins
_STEP = 2_000_000  # places looked at together
_MOST_PAIRS = 4_000_000  # candidates compared together
_STOP = ord("*")


class Places(NamedTuple):
    """Where peptides were found, by peptide, then in the order of the proteins.

    Parameters
    ----------
    peptide
        (n,) int64, place in the peptides searched for.
    protein
        (n,) int64, place in the proteins.
    start
        (n,) int64, the first residue's place in the protein, counted from 0.
    """

    peptide: NDArray[np.int64]
    protein: NDArray[np.int64]
    start: NDArray[np.int64]


@dataclass(frozen=True)
class ProteinText:
    """All proteins as one text: ``letters`` (n,) uint8, ``*`` after each; ``starts`` (m,) int64."""

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, sequences: Sequence[str]) -> ProteinText:
        """Return the text of some proteins' sequences."""
        letters = np.frombuffer("".join(f"{each}*" for each in sequences).encode("ascii"), np.uint8)
        lengths = np.fromiter(map(len, sequences), np.int64, len(sequences)) + 1
        return cls(letters, np.cumsum(lengths) - lengths)


@dataclass(frozen=True)
class _Sought:
    """Peptides to be searched: their letters in a row, where each begins, and their codes.

    ``order`` (n,) sorts them by ``codes``, the number of their first five letters; ``codes`` is in
    that order.
    """

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    order: NDArray[np.int64]
    codes: NDArray[np.int32]


def find_places(
    peptides: Sequence[str],
    text: ProteinText,
    *,
    il_equivalent: bool = False,
    progress: Progress = silent,
) -> Places:
    """Return every place of every peptide.

    Parameters
    ----------
    peptides
        Distinct sequences of at least :data:`SHORTEST` letters, none of them :data:`AMBIGUOUS`.
    text
        The proteins.
    il_equivalent
        Whether I and L count as the same residue.

    Examples
    --------
    >>> found = find_places(["PTIDE"], ProteinText.of(["MPEPTIDEK", "PTLDE"]), il_equivalent=True)
    >>> found.protein.tolist(), found.start.tolist()
    ([0, 1], [3, 0])
    """
    if not peptides or not len(text.letters):
        none = np.zeros(0, np.int64)
        return Places(none, none, none)
    letters = _folded(text.letters) if il_equivalent else text.letters
    sought = _sought(peptides, il_equivalent=il_equivalent)
    begins = np.zeros(_LETTERS**SHORTEST, np.bool_)
    begins[sought.codes] = True
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    last = len(letters) - SHORTEST + 1
    for first in range(0, max(last, 0), _STEP):
        code = _codes(letters[first : min(first + _STEP, last) + SHORTEST - 1])
        here = np.flatnonzero(begins[code])
        found += _compared(letters, sought, here + first, code[here])
        progress(min(first + _STEP, last), last, "residues searched")
    peptide = np.concatenate([each[0] for each in found] or [np.zeros(0, np.int64)])
    at = np.concatenate([each[1] for each in found] or [np.zeros(0, np.int64)])
    order = np.lexsort((at, peptide))
    peptide, at = peptide[order], at[order]
    protein = np.searchsorted(text.starts, at, side="right") - 1
    return Places(peptide, protein, at - text.starts[protein])


def _folded(letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return letters with I for L, and for J, which means either."""
    table = np.arange(256, dtype=np.uint8)
    table[[ord("L"), ord("J")]] = ord("I")
    return table[letters]


def _codes(letters: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the number of each string of five letters, (n - 4,) int32."""
    digits = np.where(letters == _STOP, 0, letters - (ord("A") - 1)).astype(np.int32)
    number = len(letters) - SHORTEST + 1
    code = np.zeros(number, np.int32)
    for shift in range(SHORTEST):
        code = code * _LETTERS + digits[shift : shift + number]
    return code


def _sought(peptides: Sequence[str], *, il_equivalent: bool) -> _Sought:
    letters = np.frombuffer("".join(peptides).encode("ascii"), np.uint8)
    letters = _folded(letters) if il_equivalent else letters
    lengths = np.fromiter(map(len, peptides), np.int64, len(peptides))
    starts = np.cumsum(lengths) - lengths
    codes = _codes(letters)[starts]
    order = np.argsort(codes, kind="stable")
    return _Sought(letters, starts, lengths, order, codes[order])


def _compared(
    letters: NDArray[np.uint8],
    sought: _Sought,
    at: NDArray[np.int64],
    codes: NDArray[np.int32],
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return peptides and places that agree to the last letter, of places that begin like some."""
    first = np.searchsorted(sought.codes, codes, side="left")
    number = np.searchsorted(sought.codes, codes, side="right") - first
    total = np.cumsum(number)
    found = []
    begin = 0
    while begin < len(at):
        # As many places as have few enough candidates together; one place always.
        done = total[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + _MOST_PAIRS, side="right")))
        many = number[begin:end]
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        peptide = sought.order[np.repeat(first[begin:end], many) + within]
        found.append(_agreeing(letters, sought, peptide, np.repeat(at[begin:end], many)))
        begin = end
    return found


def _agreeing(
    letters: NDArray[np.uint8],
    sought: _Sought,
    peptide: NDArray[np.int64],
    at: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of peptide and place that agree in all letters; the first five do."""
    complete: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    length = SHORTEST
    while len(peptide):
        whole = sought.lengths[peptide] == length
        complete.append((peptide[whole], at[whole]))
        longer = ~whole & (at + length < len(letters))
        peptide, at = peptide[longer], at[longer]
        same = letters[at + length] == sought.letters[sought.starts[peptide] + length]
        peptide, at = peptide[same], at[same]
        length += 1
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([each[0] for each in complete] or [none]),
        np.concatenate([each[1] for each in complete] or [none]),
    )
