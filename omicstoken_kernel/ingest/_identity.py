"""Which peptidoform each row is about; rows whose notation is not understood are rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._head import spelling
from omicstoken_kernel.ingest._sites import LIST_DEFECTS, NOTHING_LISTED, read_listed
from omicstoken_kernel.ingest._words import counted
from omicstoken_kernel.ingest.features import ALPHABET, MAX_RESIDUES
from omicstoken_kernel.ingest.peptidoforms import Notation, Reading, read_notation

if TYPE_CHECKING:
    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["DISAGREE", "Identities", "identify", "read_all"]

_PLAIN = f"^[{ALPHABET}]+$"
# Columns of ProForma: their brackets hold modifications and nothing else.
_PROFORMA = ("proforma", "peptidoform")
# Between a modified sequence and its list of modifications: never part of either.
_SEPARATOR = "\x1f"

DISAGREE = "modified sequence and sequence disagree"
LISTED_APART = "modifications are listed apart from the sequence: where they sit is not read"


@dataclass(frozen=True)
class Identities:
    """Distinct peptidoforms, and which one each row is (any value where the row was rejected)."""

    codes: npt.NDArray[np.int64]
    sequences: pa.Array
    proformas: pa.Array


def read_all(texts: pa.Array, notation: Notation) -> list[Reading]:
    """Return the reading of each text: plain sequences at once, the others one by one.

    Parameters
    ----------
    texts
        Distinct texts; each may carry its list of modifications, and their sites, each behind a
        unit separator.
    """
    plain = pc.and_(
        pc.match_substring_regex(texts, _PLAIN),
        pc.less_equal(pc.binary_length(texts), MAX_RESIDUES),
    )
    readings: list[Reading] = []
    for text, is_plain in zip(texts.to_pylist(), plain.to_pylist(), strict=True):
        if is_plain:
            readings.append(Reading(text, text))
            continue
        modified, listed, sites = (*text.split(_SEPARATOR), "", "")[:3]
        if notation.sites and (listed or sites):
            readings.append(read_listed(modified, listed, notation, sites=sites))
        else:
            readings.append(read_notation(modified, notation, listed=listed))
    return readings


def identify(frame: Frame, notation: Notation) -> Identities:
    """Return every row's peptidoform, rejecting rows that have none that is understood.

    Uses the canonical columns ``modified`` and ``sequence``: the first where it is filled, else the
    second; where a row has both they must agree. ``modifications``, if mapped, resolves
    abbreviations; where the notation says that it lists sites (and ``sites``, if mapped, has them),
    it is put into ``sequence`` and goes before ``modified``.

    Raises
    ------
    ParseError
        If there is neither of the two columns.
    """
    _require_peptides(frame)
    written = frame.mapping.get("modified") or frame.mapping["sequence"]
    if spelling(written) in _PROFORMA:
        notation = replace(notation, keep_names=True)
    texts, origin = _listed(frame) if notation.sites else _written(frame)
    encoded = pc.dictionary_encode(texts)
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    readings = read_all(encoded.dictionary, notation)
    reasons = [reading.reason for reading in readings]
    if any(reasons):
        bad = np.array([bool(reason) for reason in reasons])[codes]
        of_rows = _PerRow(reasons, codes)
        in_sequence = np.array([reason not in LIST_DEFECTS for reason in reasons])[codes]
        origin[(origin == "modifications") & in_sequence] = "sequence"
        for canonical in ("modifications", "modified", "sequence"):
            if canonical in frame:
                frame.reject(bad & (origin == canonical), canonical, of_rows)
    sequences = pa.array([reading.sequence for reading in readings], pa.string())
    proformas = pa.array([reading.proforma for reading in readings], pa.string())
    _reject_disagreeing(frame, sequences, codes, origin)
    if not notation.sites:
        _reject_listed_apart(frame, readings, codes)
    _warn_of_unknown(frame, readings, codes)
    distinct = pc.dictionary_encode(proformas)
    place = np.asarray(distinct.indices.to_numpy(zero_copy_only=False), np.int64)
    first = np.unique(place, return_index=True)[1]
    return Identities(
        place[codes] if len(place) else codes, sequences.take(pa.array(first)), distinct.dictionary
    )


def _require_peptides(frame: Frame) -> None:
    known = [name for name in ("sequence", "modified") if name in frame.spellings.columns]
    if not any(name in frame for name in known):
        expected = [header for name in known for header in frame.spellings.columns[name][:2]]
        named = " or ".join(f"'{header}'" for header in expected)
        msg = f"The file has no column of peptides; expected {named}."
        raise ParseError(msg, f"Name the column: --column {known[0]}=<its header>.")


def _reject_listed_apart(
    frame: Frame, readings: list[Reading], codes: npt.NDArray[np.int64]
) -> None:
    """Reject rows whose modifications stand in a column of their own and not in the sequence."""
    if "modifications" not in frame:
        return
    listed = pc.utf8_lower(frame.text("modifications"))
    nothing = pc.is_in(listed, value_set=pa.array(NOTHING_LISTED, listed.type))
    plain = np.array([reading.sequence == reading.proforma for reading in readings], bool)[codes]
    frame.reject(plain & ~nothing.to_numpy(zero_copy_only=False), "modifications", LISTED_APART)


class _PerRow(Sequence[str]):
    """Reasons by row, looked up only for the rows that are asked about."""

    def __init__(self, reasons: list[str], codes: npt.NDArray[np.int64]) -> None:
        self._reasons, self._codes = reasons, codes

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self._reasons[code] for code in self._codes[row].tolist()]
        return self._reasons[int(self._codes[row])]


def _written(frame: Frame, *, resolve: bool = True) -> tuple[pa.Array, npt.NDArray[np.str_]]:
    """Return what each row is read from, and from which canonical column.

    Parameters
    ----------
    resolve
        Whether the list of modifications goes along, to resolve abbreviations.
    """
    if "modified" not in frame:
        return frame.text("sequence"), np.full(len(frame), "sequence")
    texts = frame.text("modified")
    if resolve and "modifications" in frame:
        listed = frame.text("modifications")
        with_list = pc.binary_join_element_wise(texts, listed, _SEPARATOR)
        texts = pc.if_else(pc.match_substring(texts, "("), with_list, texts)
    origin = np.full(len(frame), "modified", dtype="<U8")
    if "sequence" in frame:
        blank = pc.equal(texts, "")
        texts = pc.if_else(blank, frame.text("sequence"), texts)
        origin[blank.to_numpy(zero_copy_only=False)] = "sequence"
    return texts, origin


def _listed(frame: Frame) -> tuple[pa.Array, npt.NDArray[np.str_]]:
    """Return plain sequences with their lists behind them, and where each row is read from.

    Where a row lists nothing, it is read as if there were no list.
    """
    texts, origin = _written(frame, resolve=False)
    if "modifications" not in frame:
        return texts, origin
    listed = frame.text("modifications")
    nothing = pc.is_in(pc.utf8_lower(listed), value_set=pa.array(NOTHING_LISTED, listed.type))
    columns = [frame.text("sequence"), listed]
    if "sites" in frame:
        columns.append(frame.text("sites"))
    together = pc.binary_join_element_wise(*columns, _SEPARATOR)
    origin = origin.astype("<U13")
    origin[~nothing.to_numpy(zero_copy_only=False)] = "modifications"
    return pc.if_else(nothing, texts, together), origin


def _reject_disagreeing(
    frame: Frame,
    sequences: pa.Array,
    codes: npt.NDArray[np.int64],
    origin: npt.NDArray[np.str_],
) -> None:
    if "modified" not in frame or "sequence" not in frame:
        return
    plain = frame.text("sequence")
    differ = pc.not_equal(sequences.take(pa.array(codes)), plain)
    if not pc.any(differ).as_py():
        return
    # Only a plain sequence can be compared; some tools put another notation there.
    comparable = pc.match_substring_regex(plain, _PLAIN)
    mask = pc.and_(differ, comparable).to_numpy(zero_copy_only=False)
    frame.reject(mask & (origin == "modified"), "modified", DISAGREE)


def _warn_of_unknown(frame: Frame, readings: list[Reading], codes: npt.NDArray[np.int64]) -> None:
    names = sorted({name for reading in readings for name in reading.unknown})
    if not names:
        return
    rows = int((np.array([bool(r.unknown) for r in readings])[codes] & frame.outcomes.alive).sum())
    if not rows:
        return
    shown = ", ".join(f"'{name}'" for name in names[:5]) + (" ..." if len(names) > 5 else "")
    frame.warnings.append(
        f"{counted(len(names), 'modification is', 'modifications are')} not in UniMod and kept "
        f"under the file's name, without a mass ({counted(rows, 'row', 'rows')}): {shown}."
    )
