"""What is unique to one side and nearly in another: nested peptides, and those one residue apart.

A peptide that was detected on one side only is often there on the other as a longer or shorter
form of the same stretch, or with one residue replaced; then "unique" says little. All such pairs
are found at once: every peptide gets a number for each way of leaving one residue out, and every
stretch of a longer peptide a number of its own; equal numbers are candidates, and letters decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["RelatedUnique", "RelativeKind", "related_uniques"]

#: As in ``relatives.py``: the relative differs only by I and L, by one residue, contains the
#: peptide, or lies in it.
RelativeKind = Literal["il_equal", "substitutions", "contains", "contained"]

# Shorter peptides lie in too many others for that to mean anything.
_SHORTEST_NESTED = 7
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class RelatedUnique:
    """A peptide of one side with a relative in others.

    ``number`` counts its relatives of this kind; ``relative`` is the first by letters.
    """

    sequence: str
    side: str
    kind: RelativeKind
    relative: str
    relative_sides: tuple[str, ...]
    number: int

    def as_json(self) -> dict[str, object]:
        """Return the pair as a JSON object."""
        return vars(self) | {"relative_sides": list(self.relative_sides)}


def related_uniques(
    sequences: Sequence[str],
    member: NDArray[np.bool_],
    sides: Sequence[str],
    *,
    il_equivalent: bool = False,
) -> tuple[RelatedUnique, ...]:
    """Return the peptides of one side that have relatives in others, by sequence, then kind.

    Parameters
    ----------
    sequences
        Distinct peptides.
    member
        (peptides, sides) whether the side has the peptide.
    sides
        Ids of the sides.
    il_equivalent
        True looks at I and L as one residue.
    """
    letters = [s.replace("I", "L") for s in sequences] if il_equivalent else list(sequences)
    alone = member.sum(axis=1) == 1
    home = member.argmax(axis=1)
    found: dict[tuple[int, RelativeKind], list[int]] = {}
    for kind, here, there in _pairs(letters):
        # In another side: all that has it but the peptide's own side.
        elsewhere = member[there].sum(axis=1) > member[there, home[here]]
        for row, other in np.column_stack((here, there))[alone[here] & elsewhere].tolist():
            exact = _exactly(letters[row], letters[other], kind)
            if exact is not None:
                found.setdefault((row, exact), []).append(other)
    rows = []
    for (row, kind_found), others in found.items():
        first = min(others, key=lambda other: sequences[other])
        where = tuple(
            side for place, side in enumerate(sides) if member[first, place] and place != home[row]
        )
        rows.append(
            RelatedUnique(
                sequence=sequences[row],
                side=sides[home[row]],
                kind=kind_found,
                relative=sequences[first],
                relative_sides=where,
                number=len(set(others)),
            )
        )
    return tuple(sorted(rows, key=lambda each: (each.sequence, each.kind)))


def _exactly(peptide: str, relative: str, kind: RelativeKind) -> RelativeKind | None:
    """Return what the relative is to the peptide by their letters; None if the numbers misled."""
    if kind == "contains":
        return kind if peptide in relative else None
    if kind == "contained":
        return kind if relative in peptide else None
    different = [(a, b) for a, b in zip(peptide, relative, strict=True) if a != b]
    if len(different) != 1:
        return None
    return "il_equal" if set(different[0]) == {"I", "L"} else "substitutions"


def _pairs(
    letters: Sequence[str],
) -> Iterator[tuple[RelativeKind, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield candidates: the kind, rows of peptides and rows of their relatives."""
    by_length: dict[int, list[int]] = {}
    for row, sequence in enumerate(letters):
        by_length.setdefault(len(sequence), []).append(row)
    coded = {
        length: (
            np.array(rows, dtype=np.int64),
            np.frombuffer("".join(letters[row] for row in rows).encode(), dtype=np.uint8)
            .reshape(len(rows), length)
            .astype(np.uint64),
        )
        for length, rows in by_length.items()
        if length
    }
    for rows, codes in coded.values():
        one, other = _one_apart(codes)
        yield "substitutions", rows[one], rows[other]
        yield "substitutions", rows[other], rows[one]
    for length, (rows, codes) in coded.items():
        for longer, (long_rows, long_codes) in coded.items():
            if _SHORTEST_NESTED <= length < longer:
                inner, outer = _nested(codes, long_codes)
                yield "contains", rows[inner], long_rows[outer]
                yield "contained", long_rows[outer], rows[inner]


def _one_apart(codes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of rows that are equal but for one place, each pair once."""
    n, length = codes.shape
    weights = _powers(length)
    whole = (codes * weights).sum(axis=1, dtype=np.uint64)
    # The place left out is part of the number: a letter that does not occur, times its weight.
    without = (
        whole[:, None] - codes * weights + weights * np.arange(256, 256 + length, dtype=np.uint64)
    )
    flat = without.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    owner = order // length
    ones, others = [], []
    # At most as many share a number as there are residue letters.
    for step in range(1, n):
        same = np.flatnonzero(ordered[:-step] == ordered[step:])
        if not len(same):
            break
        ones.append(owner[same])
        others.append(owner[same + step])
    return _joined(ones), _joined(others)


def _nested(
    codes: NDArray[np.uint64], longer: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of a row of the shorter and a row of the longer that holds it."""
    length = codes.shape[1]
    weights = _powers(length)
    numbers = (codes * weights).sum(axis=1, dtype=np.uint64)
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    inner, outer = [], []
    for start in range(longer.shape[1] - length + 1):
        windows = (longer[:, start : start + length] * weights).sum(axis=1, dtype=np.uint64)
        places = np.minimum(np.searchsorted(ordered, windows), len(ordered) - 1)
        hits = np.flatnonzero(ordered[places] == windows)
        inner.append(order[places[hits]])
        outer.append(hits)
    return _joined(inner), _joined(outer)


def _powers(length: int) -> NDArray[np.uint64]:
    """Return an odd number for each place, (length,) uint64; sums wrap around at 2**64."""
    return np.cumprod(np.full(length, _BASE | np.uint64(1)), dtype=np.uint64)


def _joined(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
