"""Crux's tables: Tide's matches, with q-values where Percolator or assign-confidence added them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="crux",
    title="Crux table",
    version="1",
    reads="text tables of Crux (Tide, Comet, Percolator, assign-confidence); one run per file of "
    "spectra.",
)

_NOTATION = Notation(unsigned_mass="delta", sites=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of Crux."""
    del name
    table = parse_head(head)
    if not table.has("scan", "charge", "spectrum precursor m/z", "sequence", "flanking aa"):
        return 0.0
    # Comet within Crux calls the bare sequence 'sequence', Tide 'unmodified sequence'.
    bare = table.has("unmodified sequence") or table.has("modified sequence")
    return 0.98 if bare and table.has("modifications") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return Crux's best matches; those of one peptidoform, charge and file merge."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence", "charge"), what=INFO.title
    )
    filter_ranks(frame)
    if "proteins" in frame:
        # 'YMR242C(126),YMR309C(7)': each with the peptide's place in it.
        text = pc.replace_substring_regex(frame.text("proteins"), r"\(\d+\)", "")
        frame.table.columns[frame.mapping["proteins"]] = pc.replace_substring(text, ",", ";")
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
    )
