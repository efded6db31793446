"""alphaDIA's precursors.tsv: a row per precursor and run, modifications in their own columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._precursors import read_precursors
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="alphadia",
    title="alphaDIA precursors",
    version="1",
    reads="precursors.tsv of alphaDIA; one run per raw file.",
)

_NOTATION = Notation(sites=True, keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is alphaDIA's table of precursors."""
    del name
    table = parse_head(head)
    if table.has("mods", "mod_sites", "sequence", "charge", "qval"):
        return 0.98
    return 0.98 if table.has("precursor.sequence", "precursor.mods", "precursor.qval") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return alphaDIA's precursors; a feature is one row."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence", "q_value"), what=INFO.title
    )
    return read_precursors(frame, notation=_NOTATION, q_values=["q_value"])
