"""Motifs: patterns to filter by, position weight matrices, and the names people give them.

Peptides of one length are aligned as they are. Ligands of one HLA molecule differ in length but
are held at both ends, so mixed lengths are anchored there: nine columns, the first five residues
and the last four. Middle residues of longer peptides count nowhere; a peptide shorter than nine
leaves middle columns empty (an octamer the fifth), so no residue counts twice and the columns may
rest on different numbers of peptides.

Information is the relative entropy against the human proteome (Kullback and Leibler 1951), not
against uniform letters: a leucine is less surprising than a tryptophan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.chemistry.composition import as_strings, flatten
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME, TWENTY
from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = [
    "ANCHORED_POSITIONS",
    "BACKGROUND",
    "CORE",
    "MotifPattern",
    "PositionWeights",
    "cores_of",
    "motif_name",
    "motif_pattern",
    "position_weights",
    "weights_from_counts",
]

#: Labels of the columns where lengths are mixed: from the amino end, then back from the carboxyl
#: end.
ANCHORED_POSITIONS: tuple[str, ...] = ("1", "2", "3", "4", "5", "-4", "-3", "-2", "-1")
_FIRST, _LAST = 5, 4

#: Residues of a class II core (Stern et al. 1994, Nature 368:215).
CORE = 9

#: Share of each of the twenty residues in the human proteome, (20,) float64, sums to 1.
BACKGROUND = np.array([HUMAN_PROTEOME[letter] for letter in TWENTY]) / sum(HUMAN_PROTEOME.values())

# A position has a letter in the name from this information on, in bits above what chance gives.
# Between anchors of HLA-I ligands it is 0.1-0.3 bits, at anchors 0.8-3.5.
_NAMED_BITS = 0.6
# Letters stand for a position if they are this much commoner than in the background ...
_ENRICHED = 2.0
# ... and at least this share of the commonest of them; at most so many are listed.
_OF_LEADER = 0.5
_MOST_LETTERS = 4

_ELEMENT = re.compile(rf"[xX]|[{TWENTY}UO]|\[[{TWENTY}UO]+\]")

_COLUMN_OF = np.full(26, -1)
_COLUMN_OF[[ord(letter) - ord("A") for letter in TWENTY]] = np.arange(20)


@dataclass(frozen=True)
class MotifPattern:
    """A motif of fixed length as a predicate over sequences; made by :func:`motif_pattern`.

    Parameters
    ----------
    text
        The pattern as written.
    allowed
        Letters allowed at each position; None where any is.
    """

    text: str
    allowed: tuple[frozenset[str] | None, ...]

    def __call__(self, sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
        """Return which sequences have the motif from end to end, (n,) bool."""
        flat = flatten(as_strings(sequences))
        rows = np.flatnonzero(flat.lengths == len(self.allowed))
        for position, letters in enumerate(self.allowed):
            if letters is None:
                continue
            fits = np.zeros(26, dtype=np.bool_)
            fits[[ord(letter) - ord("A") for letter in letters]] = True
            rows = rows[fits[flat.letters[flat.offsets[rows] + position]]]
        found = np.zeros(flat.lengths.size, dtype=np.bool_)
        found[rows] = True
        return found


def motif_pattern(text: str) -> MotifPattern:
    """Return the predicate of a motif: ``x`` any residue, a capital that residue, ``[LM]`` either.

    Raises
    ------
    InputError
        If the text is no pattern; the message names the place.

    Examples
    --------
    >>> motif_pattern("x[LM]xxxxxxV")(["YLNEQGDRV", "YMNEQGDRV", "YINEQGDRV", "YLNEQGDV"]).tolist()
    [True, True, False, False]
    """
    allowed: list[frozenset[str] | None] = []
    position = 0
    while position < len(text) or not allowed:
        element = _ELEMENT.match(text, position)
        if element is None:
            found = repr(text[position]) if text else "nothing"
            msg = f"The motif '{text}' is not understood at place {position + 1}: found {found}."
            hint = (
                "Write x for any residue, capitals for fixed ones, [LM] for a choice: xLxxxxxx[VL]."
            )
            raise InputError(msg, hint)
        allowed.append(None if element[0] in ("x", "X") else frozenset(element[0].strip("[]")))
        position = element.end()
    return MotifPattern(text, tuple(allowed))


@dataclass(frozen=True)
class PositionWeights:
    """A position weight matrix with what it rests on.

    Parameters
    ----------
    counts
        How often each residue stands at each position, (positions, 20) float64.
    frequencies
        Share of each residue with pseudocounts, (positions, 20) float64, rows sum to 1.
    bits
        Information of each position against the background, (positions,) float64, 0 .. 6.4 bits.
    n
        Number of peptides.
    positions
        Label of each position; negative numbers count back from the carboxyl end.
    background
        Share of each residue elsewhere, (20,) float64.
    letters
        The residues in the order of the columns.
    """

    counts: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    bits: NDArray[np.float64]
    n: int
    positions: tuple[str, ...]
    background: NDArray[np.float64]
    letters: str = TWENTY

    @property
    def chance_bits(self) -> NDArray[np.float64]:
        """Information that as many peptides of the background would show, (positions,) float64.

        (20 - 1) / (2 ln 2 n) bits after Schneider et al. 1986, J. Mol. Biol. 188:415: 1.4 bits
        with ten peptides, 0.14 with a hundred. It overstates the case here, for pseudocounts draw
        towards the background too. Infinite where a position has no residue.
        """
        n = self.counts.sum(axis=1)
        with np.errstate(divide="ignore"):
            return np.asarray((self.counts.shape[1] - 1) / (2 * np.log(2) * n), dtype=np.float64)


def position_weights(sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> PositionWeights:
    """Return the position weight matrix of peptides.

    Peptides of one length give a column for each residue, mixed lengths the nine columns
    :data:`ANCHORED_POSITIONS`. Letters outside the twenty count nowhere.

    Raises
    ------
    InputError
        If there is no peptide.

    Examples
    --------
    >>> weights = position_weights(["YLNEQGDRV", "GLFGGGGGV", "KLVALGINAV"])
    >>> weights.positions[-1], int(weights.counts[1].max()), weights.n
    ('-1', 3, 3)
    """
    flat = flatten(as_strings(sequences))
    lengths = flat.lengths
    if not lengths.size or not lengths.max():
        msg = "A motif cannot be drawn from no peptides."
        raise InputError(msg, "Choose runs, lengths or clusters that hold at least one peptide.")
    starts, ends = flat.offsets[:-1], flat.offsets[1:]
    if lengths.min() == lengths.max():
        places = [(starts + column, lengths > column) for column in range(int(lengths[0]))]
        labels = tuple(str(column + 1) for column in range(int(lengths[0])))
    else:
        from_end = np.minimum(_LAST, lengths // 2)
        places = [(starts + c, c < np.minimum(_FIRST, lengths - from_end)) for c in range(_FIRST)]
        places += [(ends - back, back <= from_end) for back in range(_LAST, 0, -1)]
        labels = ANCHORED_POSITIONS
    counts = np.stack([_count(flat.letters[place[there]]) for place, there in places])
    return weights_from_counts(counts, n=lengths.size, positions=labels)


def weights_from_counts(
    counts: NDArray[np.float64], *, n: int, positions: tuple[str, ...]
) -> PositionWeights:
    """Return the position weight matrix of counts, which may be fractions of peptides.

    The pseudocounts of a position are the square root of its count, shared out as the background
    (Lawrence et al. 1993, Science 262:208).

    Parameters
    ----------
    counts
        (positions, 20) float64, columns in the order of ``TWENTY``.
    n
        Number of peptides they rest on.
    positions
        Label of each position.
    """
    totals = counts.sum(axis=1, keepdims=True)
    # Without any residue the background is all that is known; 1 stands for the missing root.
    pseudo = np.sqrt(np.where(totals > 0, totals, 1.0))
    frequencies = (counts + pseudo * BACKGROUND) / (totals + pseudo)
    bits = (frequencies * np.log2(frequencies / BACKGROUND)).sum(axis=1)
    return PositionWeights(counts, frequencies, np.maximum(bits, 0.0), n, positions, BACKGROUND)


def cores_of(
    sequences: Sequence[str],
    starts: Sequence[int | None] | NDArray[np.int32],
    chosen: NDArray[np.bool_],
) -> list[str]:
    """Return the distinct nine-residue cores of the chosen class II ligands, sorted.

    ``starts`` says where each begins, counted from 0; None or a negative number where there is
    none. Distinct ones, so that a nested set counts once.

    >>> cores_of(["PKYVKQNTLKLAT", "KYVKQNTLKLATG", "SIINFEKLA"], [2, 1, None], np.full(3, True))
    ['YVKQNTLKL']
    """
    found = {
        sequence[start : start + CORE]
        for sequence, start, is_chosen in zip(sequences, starts, chosen, strict=True)
        if is_chosen and start is not None and start >= 0
    }
    return sorted(found)


def motif_name(weights: PositionWeights) -> str:
    """Return a readable name such as ``xLxxxxxx[VL]``: a letter where a position says something.

    A position is named if its information exceeds :attr:`PositionWeights.chance_bits` by 0.6. It
    is named after the residues at least twice as frequent as in the background: the commonest, and
    in brackets with it those at least half as frequent (four at most, commonest first).

    Examples
    --------
    >>> ligands = [f"{residue}L{residue * 6}V" for residue in "ACDEFGHIKLMNPQRSTVWY" * 3]
    >>> motif_name(position_weights(ligands))
    'xLxxxxxxV'
    """
    return "".join(
        _letters(frequencies) if bits >= _NAMED_BITS else "x"
        for frequencies, bits in zip(
            weights.frequencies, weights.bits - weights.chance_bits, strict=True
        )
    )


def _letters(frequencies: NDArray[np.float64]) -> str:
    enriched = np.where(frequencies >= _ENRICHED * BACKGROUND, frequencies, 0.0)
    if not enriched.any():
        return "x"
    order = np.argsort(-enriched, kind="stable")[:_MOST_LETTERS]
    chosen = "".join(TWENTY[i] for i in order if enriched[i] >= _OF_LEADER * enriched.max())
    return chosen if len(chosen) == 1 else f"[{chosen}]"


def _count(letters: NDArray[np.uint8]) -> NDArray[np.float64]:
    columns = _COLUMN_OF[letters]
    return np.bincount(columns[columns >= 0], minlength=20).astype(np.float64)
