"""What the tables of Proteome Discoverer have in common, from version 1.4 on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._head import spelling
from omicstoken_kernel.ingest._tags import Notation
from omicstoken_kernel.ingest._words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["NOTATION", "of_engines", "prepare", "smallest"]

NOTATION = Notation(keep_names=True, sites=True)

_FLANKS = r"^\[?[A-Z;, *-]*\]?\.([A-Za-z]+)\.\[?[A-Z;, *-]*\]?$"
_PLACED = re.compile(r"\b([A-Z])(\d+)\b")
_UNPLACED = re.compile(r"\[[^\]]*(?<![A-Za-z])[A-Z](?:/[A-Z])*(?![A-Za-z\d])[^\]]*\]")
_ENGINE = re.compile(r"(.+?)[ .]*\(?by[ .]Search[ .]Engine\)?[ .:]*(.*)", re.IGNORECASE)


def prepare(frame: Frame) -> None:
    """Take flanks off the sequences and write their modified residues as capitals, in place.

    Proteome Discoverer may write a modified residue in lower case, and lists the modification in a
    column of its own. Only a residue that is listed becomes a capital.
    """
    listed = frame.text("modifications") if "modifications" in frame else None
    bare = pc.replace_substring_regex(frame.text("sequence"), _FLANKS, r"\1")
    if pc.any(pc.match_substring_regex(bare, "[a-z]")).as_py() and listed is not None:
        pairs = pc.dictionary_encode(pc.binary_join_element_wise(bare, listed, "\x1f"))
        capitals = [_capitals(*pair.split("\x1f", 1)) for pair in pairs.dictionary.to_pylist()]
        bare = pa.array(capitals, pa.string()).take(pairs.indices)
    frame.table.columns[frame.mapping["sequence"]] = bare
    _warn_of_low_confidence(frame)


def _capitals(sequence: str, listed: str) -> str:
    """Return a sequence in capitals if every lower-case residue has a modification.

    >>> _capitals("EVcHVPL", "C3(Carbamidomethyl)"), _capitals("EVcHVPL", "")
    ('EVCHVPL', 'EVcHVPL')
    """
    lower = {at for at, letter in enumerate(sequence, 1) if letter.islower()}
    if not lower or not listed:
        return sequence
    placed = {int(number) for _, number in _PLACED.findall(listed)}
    if re.search("N-?Term", listed, re.IGNORECASE):
        placed.add(1)
    if re.search("C-?Term", listed, re.IGNORECASE):
        placed.add(len(sequence))
    if lower <= placed or _UNPLACED.search(listed):
        return sequence.upper()
    return sequence


def _warn_of_low_confidence(frame: Frame) -> None:
    if "confidence" not in frame or "q_value" in frame:
        return
    confidence = pc.utf8_lower(frame.text("confidence"))
    low = pc.sum(pc.is_in(confidence, value_set=pa.array(["medium", "low"]))).as_py() or 0
    if low:
        frame.warnings.append(
            f"{counted(low, 'row has', 'rows have')} a confidence below High and stayed: the file "
            "carries no q-values."
        )


def of_engines(names: Iterable[str], what: str) -> list[str]:
    """Return the columns of one kind, one per search engine: ``XCorr (by Search Engine): A2``."""
    matches = ((name, _ENGINE.fullmatch(name)) for name in names)
    return [name for name, match in matches if match and spelling(match[1]) == spelling(what)]


def smallest(frame: Frame, headers: list[str], canonical: str) -> None:
    """Map a canonical column to the smallest value that any of these columns gives for a row."""
    known = [header for header in headers if header in frame.table.columns]
    if canonical in frame or not known:
        return
    frame.mapping[canonical] = known[0]
    if len(known) == 1:
        return
    least = np.full(len(frame), np.inf)
    for header in known:
        frame.mapping[canonical] = header
        least = np.fmin(least, frame.numbers(canonical).values)
    frame.mapping[canonical] = known[0]
    frame.table.columns[known[0]] = pa.array(least, mask=np.isinf(least))
