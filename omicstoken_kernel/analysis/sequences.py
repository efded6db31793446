"""Peptides found by their letters: every match there is, none guessed.

A vector index can miss; this search cannot. Peptides of the query's length are compared letter by
letter (one pass over a byte matrix, position by position, a few milliseconds for a million),
longer ones are searched for the query, and shorter ones looked up among the query's own stretches.

I and L have the same mass, so a mass spectrometer reports either for both: they count as one
residue when substitutions are counted, and peptides that differ in nothing else are their own
kind, ``il_equal``. Containment is literal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.composition import as_strings, flatten
from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from omicstoken_kernel.context import Context

__all__ = ["KINDS", "MAX_SUBSTITUTIONS", "Kind", "SequenceIndex", "SequenceMatch", "find_exact"]

Kind = Literal["equal", "il_equal", "substitutions", "contains", "contained"]

#: The ways a peptide can match, in the order of the results: the same letters; the same but for I
#: and L; substitutions at the same length; the query lies in the peptide; the peptide lies in the
#: query.
KINDS: tuple[Kind, ...] = ("equal", "il_equal", "substitutions", "contains", "contained")

MAX_SUBSTITUTIONS = 2

_I, _L = (np.uint8(ord(letter) - ord("A")) for letter in "IL")


class SequenceMatch(NamedTuple):
    """A peptide that matches a query; ``substitutions`` counts I and L as one residue."""

    peptide_id: int
    sequence: str
    kind: Kind
    substitutions: int


class SequenceIndex:
    """Peptides held in memory, to be searched by their letters.

    Parameters
    ----------
    peptide_ids
        (n,) int64.
    sequences
        n distinct sequences in upper-case letters.

    Raises
    ------
    InputError
        If a sequence has a character that is not a letter A-Z.

    Examples
    --------
    >>> index = SequenceIndex([1, 2, 3], ["SIINFEKL", "SLINFEKL", "AASIINFEKLTT"])
    >>> [(match.sequence, match.kind) for match in index.find("SIINFEKL")]
    [('SIINFEKL', 'equal'), ('SLINFEKL', 'il_equal'), ('AASIINFEKLTT', 'contains')]
    """

    def __init__(
        self, peptide_ids: ArrayLike, sequences: Sequence[str] | pa.Array | pa.ChunkedArray
    ) -> None:
        self._ids = np.asarray(peptide_ids, dtype=np.int64)
        self._strings = as_strings(sequences)
        flat = flatten(self._strings)
        self._letters = np.where(flat.letters == _I, _L, flat.letters)
        self._starts = flat.offsets[:-1]
        self._lengths = flat.lengths
        self._distinct_lengths = np.flatnonzero(np.bincount(flat.lengths)).tolist()
        self._groups: dict[int, tuple[NDArray[np.int64], NDArray[np.uint8]]] = {}

    def __len__(self) -> int:
        return self._ids.size

    def find(
        self, query: str, *, substitutions: int = 0, kinds: Collection[Kind] = KINDS
    ) -> tuple[SequenceMatch, ...]:
        """Return all peptides that match a query, best kind first, each once.

        Parameters
        ----------
        query
            A stripped sequence; blanks and case do not matter.
        substitutions
            The most substitutions at the same length, 0..2.
        kinds
            The kinds of match sought.

        Raises
        ------
        InputError
            If the query is no sequence, or the number of substitutions is not 0..2.
        """
        query = _clean(query)
        if not 0 <= substitutions <= MAX_SUBSTITUTIONS:
            msg = f"A search with {substitutions} substitutions is not offered."
            raise InputError(
                msg, f"Ask for 0 to {MAX_SUBSTITUTIONS}; use the likeness search beyond."
            )
        found = [
            match for match in self._matches(query, substitutions, kinds) if match.kind in kinds
        ]
        found.sort(key=lambda match: (*_rank(match, query), match.sequence))
        return tuple(found)

    def _matches(
        self, query: str, substitutions: int, kinds: Collection[Kind]
    ) -> Iterator[SequenceMatch]:
        rows, distances = self._near(query, substitutions)
        sequences = self._strings.take(pa.array(rows)).to_pylist()
        for row, sequence, distance in zip(rows, sequences, distances, strict=True):
            kind: Kind = "substitutions" if distance else "il_equal"
            if sequence == query:
                kind = "equal"
            yield SequenceMatch(int(self._ids[row]), sequence, kind, int(distance))
        if "contains" in kinds:
            inside = pc.match_substring(self._strings, query).to_numpy(zero_copy_only=False)
            yield from self._listed(inside & (self._lengths > len(query)), "contains")
        stretches = pa.array(self._stretches(query), pa.large_string())
        if "contained" in kinds and len(stretches):
            inside = pc.is_in(self._strings, value_set=stretches).to_numpy(zero_copy_only=False)
            yield from self._listed(inside, "contained")

    def _near(self, query: str, most: int) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """Return the rows within so many substitutions of the query, and these, both (m,)."""
        rows, matrix = self._group(len(query))
        letters = np.frombuffer(query.replace("I", "L").encode(), np.uint8) - np.uint8(ord("A"))
        distances = np.zeros(rows.size, dtype=np.uint16)
        for column, letter in zip(matrix, letters, strict=True):
            distances += column != letter
        near = np.flatnonzero(distances <= most)
        return rows[near], distances[near]

    def _group(self, length: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Return the rows of one length, (m,), and their letters by position, (length, m) uint8."""
        if length not in self._groups:
            rows = np.flatnonzero(self._lengths == length)
            places = self._starts[rows] + np.arange(length)[:, np.newaxis]
            self._groups[length] = rows, self._letters[places]
        return self._groups[length]

    def _listed(self, chosen: NDArray[np.bool_], kind: Kind) -> Iterator[SequenceMatch]:
        rows = np.flatnonzero(chosen)
        sequences = self._strings.take(pa.array(rows)).to_pylist()
        for row, sequence in zip(rows, sequences, strict=True):
            yield SequenceMatch(int(self._ids[row]), sequence, kind, 0)

    def _stretches(self, query: str) -> list[str]:
        """Return the parts of the query that have the length of some peptide but not its own."""
        lengths = [length for length in self._distinct_lengths if 0 < length < len(query)]
        return [query[at : at + n] for n in lengths for at in range(len(query) - n + 1)]


def find_exact(
    ctx: Context,
    query: str,
    *,
    substitutions: int = 0,
    run_ids: Sequence[str] | None = None,
    lengths: tuple[int, int] | None = None,
    allowed_ids: NDArray[np.int64] | None = None,
) -> tuple[SequenceMatch, ...]:
    """Return all peptides visible to the owner that match a query by their letters.

    Parameters
    ----------
    ctx
        Whose peptides.
    query
        A stripped sequence.
    substitutions
        The most substitutions at the same length, 0..2.
    run_ids
        Only peptides of these runs; None means all of the owner's.
    lengths
        Shortest and longest peptide, in residues; None means any.
    allowed_ids
        (n,) peptide ids to which the search is restricted further; None means no restriction.

    Raises
    ------
    InputError
        If the query is no sequence, or the number of substitutions is not 0..2.
    NotFound
        If a run does not exist or is not the owner's.
    """
    from omicstoken_kernel.store.peptides import Peptides

    visible = Peptides(ctx).visible(run_ids=run_ids, lengths=lengths)
    ids = visible["peptide_id"].to_numpy()
    sequences = visible["sequence"].combine_chunks()
    if allowed_ids is not None:
        kept = np.flatnonzero(np.isin(ids, allowed_ids))
        ids, sequences = ids[kept], sequences.take(pa.array(kept))
    return SequenceIndex(ids, sequences).find(query, substitutions=substitutions)


def _clean(query: str) -> str:
    clean = "".join(query.split()).upper()
    strange = sorted({letter for letter in clean if not "A" <= letter <= "Z"})
    if strange or not clean:
        found = f"it holds {strange[0]!r}" if strange else "it is empty"
        msg = f"'{query[:40]}' cannot be searched as a sequence: {found}."
        raise InputError(msg, "Give the one-letter codes of the residues, without modifications.")
    return clean


def _rank(match: SequenceMatch, query: str) -> tuple[int, int, int]:
    return KINDS.index(match.kind), match.substitutions, abs(len(match.sequence) - len(query))
