"""SpectroMine's reports of isobaric labels: one row per match, or per peptide, a column a channel.

The names of columns and of labels change with the plex (``PSM.TMT6_126 (Raw)``,
``PSM.TMT18_127N``), and R writes dots for their brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._channels import Channel, assemble_channels, filled
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="spectromine",
    title="SpectroMine report",
    version="1",
    reads="SpectroMine's reports of PSMs or peptides; one run per raw file and channel.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

_CHANNEL = re.compile(
    r"(?i)(PSM|PP|PEP)\.((?:TMT(?:pro)?|iTRAQ)[a-z]*\d*_\d{3}[NC]?D?)(?:[ .]*\(?(Raw)\)?\.*)?"
)
#: The finest level goes first: what a peptide has in all stands on each of its rows.
_LEVELS = ("PSM", "PP", "PEP")

_LABEL = r"\[(?:TMT|iTRAQ)\w*_(?:N-?ter\w*|Lys|Tyr|Ser|Thr|K|Y)\]"
#: What a plex is called in its columns, and the label's name in UniMod.
_REAGENTS = (
    (re.compile(r"(?i)TMT(?:pro|1[68]|3[25])"), "TMTpro"),
    (re.compile(r"(?i)TMT(?:6|1[01])?_"), "TMT6plex"),
    (re.compile(r"(?i)TMT2_"), "TMT2plex"),
    (re.compile(r"(?i)iTRAQ8"), "iTRAQ8plex"),
    (re.compile(r"(?i)iTRAQ"), "iTRAQ4plex"),
)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a report of SpectroMine."""
    del name
    table = parse_head(head)
    if not table.has("R.FileName") or table.has("EG.PrecursorId") or table.has("EG.Qvalue"):
        return 0.0
    if not (table.has("P.MoleculeID") or table.has("PEP.StrippedSequence")):
        return 0.0
    if _channels(table.names)[0]:
        return 0.98
    return 0.9 if table.has("PSM.Qvalue") or table.has("PP.Charge", "P.MoleculeID") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a report; the channels of one peptidoform, charge and raw file add up."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("run",),
        what=INFO.title,
        more=lambda names: [one.header for one in _channels(names)[0]],
    )
    channels, level = _channels(frame.table.names)
    _name_labels(frame, channels)
    matches = level == "PSM" or "psm_q_value" in frame
    if "psm_q_value" in frame:
        frame.mapping["q_value"] = frame.mapping.pop("psm_q_value")
    numbers = {"psm_count": np.ones(len(frame)) if matches else np.full(len(frame), np.nan)}
    runs = RunColumn(frame.text("run"), "run")
    channels = [] if "quantity" in options.columns else filled(frame, channels)
    if not channels:
        kind: QuantityKind = "precursor_intensity" if "charge" in frame else "peptide_intensity"
        measured = Quantities(kind, frame.mapping["quantity"]) if "quantity" in frame else None
        return read_psms(
            frame,
            notation=_NOTATION,
            runs=runs,
            q_values=["q_value"],
            quantities=measured,
            numbers=numbers,
        )
    if level == "PEP":
        # The same on every charge of the peptide: it belongs to none of them.
        frame.mapping.pop("charge", None)
    _warn_of_unused(frame)
    long = read_long(
        frame, notation=_NOTATION, runs=runs, q_values=["q_value"], quantities=Quantities()
    )
    long.rows.numbers.update(numbers)
    return assemble_channels(frame, long, channels)


def _channels(names: Sequence[str]) -> tuple[list[Channel], str]:
    """Return the channels of the finest level, as measured rather than normalised, and the level.

    >>> _channels(["PSM.TMT6_126..Raw.", "PSM.TMT6_126", "PEP.TMT6_126 (Raw)"])[0]
    [Channel(name='TMT6_126', header='PSM.TMT6_126..Raw.')]
    """
    found = [(name, match) for name in names if (match := _CHANNEL.fullmatch(name))]
    for level in _LEVELS:
        mine = [(name, match) for name, match in found if match[1].upper() == level]
        raw = [(name, match) for name, match in mine if match[3]]
        if mine:
            return [Channel(match[2], name) for name, match in raw or mine], level
    return [], ""


def _name_labels(frame: Frame, channels: Sequence[Channel]) -> None:
    """Write ``[TMT_Lys]`` as the label of the plex that the channels are of, in place."""
    if "modified" not in frame or not channels:
        return
    plex = channels[0].name
    reagent = next((name for pattern, name in _REAGENTS if pattern.match(plex)), None)
    if reagent is not None:
        header = frame.mapping["modified"]
        written = pc.replace_substring_regex(frame.text("modified"), _LABEL, f"[{reagent}]")
        frame.table.columns[header] = pa.array(written)


def _warn_of_unused(frame: Frame) -> None:
    if "used" not in frame:
        return
    unused = int((frame.outcomes.alive & ~flags(frame.column("used"))).sum())
    if unused:
        frame.warnings.append(
            f"{unused} rows that SpectroMine did not use for its own quantities "
            f"('{frame.mapping['used']}') were added up with the others."
        )
