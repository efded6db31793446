"""OpenSWATH's peak groups as PyProphet and TRIC export them: one row per precursor and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._precursors import read_precursors
from omicstoken_kernel.ingest._psms import filter_ranks
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="openswath",
    title="OpenSWATH peak groups",
    version="1",
    reads="tables of OpenSWATH with PyProphet or TRIC; one run per raw file.",
)

_NOTATION = Notation(keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of scored peak groups."""
    del name
    table = parse_head(head)
    if not table.has("transition_group_id", "FullPeptideName", "Charge"):
        return 0.0
    return 0.98 if table.has("m_score") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best peak group of every precursor and run."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "q_value"), what=INFO.title
    )
    filter_ranks(frame, "not the best peak group of its precursor")
    if "proteins" in frame:
        # '2/P1/P2': how many, and which.
        header = frame.mapping["proteins"]
        text = frame.text("proteins")
        counted = pc.match_substring_regex(text, r"^(?:DECOY_)?\d+/")
        listed = pc.replace_substring(pc.replace_substring_regex(text, r"\d+/", ""), "/", ";")
        frame.table.columns[header] = pc.if_else(counted, listed, text)
    return read_precursors(frame, notation=_NOTATION, q_values=["q_value"], identified=False)
