"""What the tables of PEAKS have in common, whichever version wrote them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.modifications import by_name
from omicstoken_kernel.ingest._channels import Channel, filled
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._head import Head

__all__ = ["FILTER_NOTE", "NOTATION", "find_channels", "has_score", "prepare", "used_channels"]

NOTATION = Notation(unsigned_mass="delta")

#: PEAKS cuts at a score before it exports, and does not write which.
FILTER_NOTE = f"{NO_Q_VALUES} (PEAKS cut at a score of its own)"

# 'Acetylation (Protein N-term)', but not 'Carboxymethyl (KW  X@N-term)': that may sit on a residue.
_N_TERMINAL = re.compile(r"\((?:Protein )?N-term\)$", re.IGNORECASE)
_FIRST = re.compile(r"((?:[A-Z]\.)?)([A-Z])\(([+-]\d*\.\d+)\)(?!\()")
# PEAKS rounds to two decimals.
_ROUNDING_DA = 0.0051

# So many different peptides without an I would be a wonder.
_ENOUGH_PEPTIDES = 50


#: 'Intensity TMT10-126', 'TMT10-127N', with a sample's name before or behind it or without.
_REPORTER = re.compile(
    r"(?i)(?:(?:area|intensity)[ ._:]+)?(.*\b(?:TMT(?:pro)?|iTRAQ)\d*[-_. ]?1[123]\d[NC]?D?\b.*?)"
    r"(?:[ ._]+(?:area|intensity))?"
)
_NO_REPORTER = re.compile(r"(?i)\b(?:ratio|cv|sd|std|quality|significance|normali[sz]ed)\b|/")


def find_channels(names: Sequence[str]) -> list[Channel]:
    """Return the columns of reporter ions.

    >>> find_channels(["Intensity TMT10-126", "TMT10-127N", "Ratio TMT10-127N"])[0]
    Channel(name='TMT10-126', header='Intensity TMT10-126')
    """
    found = [(name, match) for name in names if (match := _REPORTER.fullmatch(name))]
    channels: dict[str, str] = {}
    for name, match in found:
        if not _NO_REPORTER.search(name):
            channels.setdefault(match[1].strip(" ._"), name)
    return [Channel(channel, header) for channel, header in channels.items()]


def used_channels(frame: Frame) -> list[Channel]:
    """Return the channels that measured something; none where the user names the quantity."""
    if "quantity" in frame.options.columns:
        return []
    return filled(frame, find_channels(frame.table.names))


def has_score(table: Head) -> bool:
    """Return whether PEAKS' score is there, also in R's spelling."""
    return table.has("-10lgP") or table.has("X.10lgP")


def prepare(frame: Frame) -> None:
    """Bring a table's proteins and N-terminal modifications into the common form, in place."""
    if "proteins" in frame:
        header = frame.mapping["proteins"]
        column = pc.replace_substring(frame.text("proteins"), ":", ";")
        frame.table.columns[header] = column
    if "modifications" in frame:
        # The notation carries every mass; the list is only needed for what sits at the N-terminus.
        header = frame.mapping.pop("modifications")
        _move_to_n_terminus(frame, frame.table.columns[header])
    _warn_of_one_letter(frame)


def _move_to_n_terminus(frame: Frame, listed: pa.Array) -> None:
    """Put masses that PEAKS writes behind the first residue where its list says they sit."""
    listed = pc.fill_null(listed.cast(pa.string()), "")
    if not pc.any(pc.match_substring(listed, "N-term", ignore_case=True)).as_py():
        return
    pairs = pc.dictionary_encode(
        pc.binary_join_element_wise(frame.text("sequence"), listed, "\x1f")
    )
    moved = [_moved(*pair.split("\x1f", 1)) for pair in pairs.dictionary.to_pylist()]
    frame.table.columns[frame.mapping["sequence"]] = pa.array(moved, pa.string()).take(
        pairs.indices
    )


def _moved(peptide: str, listed: str) -> str:
    """Return a peptide as PEAKS writes it with its N-terminal mass before the first residue.

    >>> _moved("M(+42.01)EGP", "Acetylation (Protein N-term)")
    '(+42.01)MEGP'
    >>> _moved("M(+15.99)EGP", "Acetylation (Protein N-term); Oxidation (M)")
    'M(+15.99)EGP'
    """
    first = _FIRST.match(peptide)
    if first is None:
        return peptide
    mass = float(first[3])
    for name in listed.split(";"):
        known = by_name(name.strip()) if _N_TERMINAL.search(name.strip()) else None
        if known is None or known.mass_monoisotopic_da is None:
            continue
        if abs(known.mass_monoisotopic_da - mass) < _ROUNDING_DA:
            return f"{first[1]}({first[3]}){first[2]}{peptide[first.end() :]}"
    return peptide


def _warn_of_one_letter(frame: Frame) -> None:
    """Say so where the table does not tell isoleucine from leucine."""
    bare = pc.replace_substring_regex(frame.text("sequence"), r"\([^)]*\)|^[A-Z]\.|\.[A-Z]$", "")
    if pc.count_distinct(bare).as_py() < _ENOUGH_PEPTIDES:
        return
    for missing, written in ("IL", "LI"):
        if not pc.any(pc.match_substring(bare, missing)).as_py():
            frame.warnings.append(
                f"No peptide of the file has an {missing}: {written} stands for both isoleucine "
                "and leucine."
            )
