"""What FragPipe's tables have in common: notation, proteins, and what their filter was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._channels import Channel, filled
from omicstoken_kernel.ingest._columns import map_columns
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._head import spelling
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omicstoken_kernel.ingest._columns import Dialect
    from omicstoken_kernel.ingest._frame import Frame

__all__ = [
    "NOTATION",
    "UNFILTERED",
    "channel_headers",
    "find_channels",
    "join_proteins",
    "used_channels",
]

#: Modifications stand in 'Assigned Modifications', exact and with their sites; inline, whole
#: numbers are totals (M[147], in psm.tsv) and decimals shifts (M[15.9949], in the other tables).
NOTATION = Notation(unsigned_mass="total_if_whole", sites=True)

#: Philosopher filters before it writes, at 1 % unless told otherwise, and does not say at which.
UNFILTERED = f"{NO_Q_VALUES} (FragPipe applied its own FDR)"


def join_proteins(frame: Frame) -> None:
    """Put the other proteins of a row ('Mapped Proteins', by commas) behind its first one."""
    if "proteins" not in frame or "mapped_proteins" not in frame:
        return
    others = pc.replace_substring_regex(frame.text("mapped_proteins"), r"\s*,\s*", ";")
    first = frame.text("proteins")
    joined = pc.binary_join_element_wise(first, others, ";")
    both = pc.and_(pc.not_equal(first, ""), pc.not_equal(others, ""))
    one = pc.if_else(pc.equal(first, ""), others, first)
    frame.table.columns[frame.mapping["proteins"]] = pc.if_else(both, joined, one)


# 'Channel 126' without an annotation, 'Intensity donor A' from version 22 on; before it a channel
# is called by its sample alone, behind all other columns.
_PREFIXED = re.compile(r"(?i)(?:channel|intensity)[ .](\S.*)")
_LAST_COLUMNS = ("Quan Usage", "Mapped Proteins")
_OTHERS = re.compile(
    r"(?i)(?:resolution|snr|is)[ .].*|(?:total[ .])?glycan[ .].*|.*q-?value|.*[ .]localization"
)
_FEWEST = 2
_MASS = re.compile(r"(?<!\d)1[123]\d[NC]?D?(?![\d.])")
# iTRAQ 4 and 8, TMT zero, 2 and 6 to 11, TMTpro, in Da.
_LABELS = r"\((?:144\.10|304\.20|224\.15|225\.1[56]|229\.1[67]|304\.21)\d*\)"


def find_channels(names: Sequence[str], known: Iterable[str]) -> list[Channel]:
    """Return the channels of reporter ions among a table's columns.

    Parameters
    ----------
    known
        Headers that are something else.

    Examples
    --------
    >>> find_channels(["Mapped Proteins", "Quan Usage", "126 x"], ())
    [Channel(name='126 x', header='126 x')]
    """
    taken = set(known)
    named = [(name, match[1]) for name in names if (match := _PREFIXED.fullmatch(name))]
    found = [Channel(sample, name) for name, sample in named if name not in taken]
    if found:
        return found
    by_spelling = {spelling(name): place for place, name in enumerate(names)}
    for column in _LAST_COLUMNS:
        place = by_spelling.get(spelling(column))
        if place is None:
            continue
        behind = [name for name in names[place + 1 :] if name not in taken]
        behind = [name for name in behind if not _OTHERS.fullmatch(name)]
        # Without the first of these columns, a column or two of another kind may stand there.
        if column == _LAST_COLUMNS[0] or len(behind) >= _FEWEST:
            return [Channel(name, name) for name in behind if not name.startswith("unnamed ")]
    return []


def channel_headers(names: Sequence[str], spellings: Dialect) -> list[str]:
    """Return the headers of what may be channels, for ``open_frame``."""
    known = map_columns(names, spellings).values()
    return [one.header for one in find_channels(names, known)]


def used_channels(frame: Frame, names: Sequence[str]) -> list[Channel]:
    """Return the channels that measured something; none where the user names the quantity."""
    if "quantity" in frame.options.columns:
        return []
    found = [
        one
        for one in find_channels(names, frame.mapping.values())
        if one.header in frame.table.columns and _may_be_numbers(frame, one.header)
    ]
    found = filled(frame, found)
    told = any(one.header != one.name or _MASS.search(one.name) for one in found)
    quan_usage = spelling(_LAST_COLUMNS[0]) in {spelling(name) for name in names}
    if not found or told or quan_usage or _labelled(frame):
        return found
    frame.warnings.append(
        f"{len(found)} columns behind the proteins were not read (the first is "
        f"'{found[0].header}'): nothing says that they are channels, and no peptide has a label."
    )
    return []


def _labelled(frame: Frame) -> bool:
    """Return whether any peptide carries the mass of TMT or iTRAQ."""
    if "modifications" not in frame:
        return False
    return bool(
        pc.any(pc.match_substring_regex(frame.text("modifications"), _LABELS)).as_py() or False
    )


def _may_be_numbers(frame: Frame, header: str) -> bool:
    """Return whether a column holds a number, or nothing at all."""
    cells = numbers(frame.table.columns[header], delimiter=frame.table.delimiter)
    return bool(cells.given.any() or not cells.bad.any())
