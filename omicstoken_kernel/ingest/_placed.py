"""Modifications that stand beside a bare sequence, with their places, written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest.features import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["ANYWHERE", "OUTSIDE", "Site", "Unplaced", "place", "place_listed"]

#: A place in a sequence (0 the N-terminus, 1 the first residue, length + 1 the C-terminus) and the
#: text of its modification.
Site = tuple[int, str]

#: The place of a modification that could sit at several; ProForma writes it before the sequence.
ANYWHERE = -1

OUTSIDE = "modification at a place the sequence does not have"

_SEPARATOR = "\x1f"
_RESIDUES = frozenset(ALPHABET)


class Unplaced(Exception):
    """Carries the reason why a list of modifications is not understood."""


def place(sequence: str, sites: Iterable[Site]) -> str:
    """Return a sequence with its modifications in brackets, each behind its residue.

    Raises
    ------
    Unplaced
        If a place is none of the sequence's.

    Examples
    --------
    >>> place("AMK", [(0, "Acetyl"), (2, "Oxidation")])
    '[Acetyl]-AM[Oxidation]K'
    """
    tags: dict[int, str] = {}
    for position, text in sites:
        if not ANYWHERE <= position <= len(sequence) + 1:
            raise Unplaced(OUTSIDE)
        tags[position] = tags.get(position, "") + f"[{text}]"
    if not tags:
        return sequence
    anywhere, first = tags.pop(ANYWHERE, ""), tags.pop(0, "")
    last = tags.pop(len(sequence) + 1, "")
    body = "".join(residue + tags.get(at, "") for at, residue in enumerate(sequence, 1))
    before = (f"{anywhere}?" if anywhere else "") + (f"{first}-" if first else "")
    return before + body + (f"-{last}" if last else "")


def place_listed(
    frame: Frame, parse: Callable[[str, str], Iterable[Site]], *, sequence: str = "sequence"
) -> None:
    """Write the column ``modifications`` into the sequences, and take it out of the mapping.

    Rows whose list is not understood are rejected with its text. A sequence that already holds
    more than residues keeps what it has.

    Parameters
    ----------
    parse
        From a list of modifications and its bare sequence to their sites; raises
        :class:`Unplaced`.
    sequence
        The canonical column of the bare sequences.
    """
    if "modifications" not in frame:
        return
    pairs = pc.binary_join_element_wise(
        frame.text(sequence), frame.text("modifications"), _SEPARATOR
    )
    encoded = pc.dictionary_encode(pairs)
    written, reasons = [], []
    for pair in encoded.dictionary.to_pylist():
        bare, _, listed = pair.partition(_SEPARATOR)
        reason = ""
        if listed and set(bare) <= _RESIDUES:
            try:
                bare = place(bare, parse(listed, bare))
            except Unplaced as problem:
                reason = str(problem)
        written.append(bare)
        reasons.append(reason)
    if any(reasons):
        codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
        for reason in sorted(set(reasons) - {""}):
            hit = np.array([one == reason for one in reasons], bool)[codes]
            frame.reject(hit, "modifications", reason)
    frame.table.columns[frame.mapping[sequence]] = pa.array(written, pa.string()).take(
        encoded.indices
    )
    del frame.mapping["modifications"]
