"""AlphaPept's results as CSV, modifications as letters before their residue (``oxM``)."""

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
    name="alphapept",
    title="AlphaPept results",
    version="1",
    reads="the results of AlphaPept as CSV; one run per raw file.",
)

_NOTATION = Notation(prefixes=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is AlphaPept's table of results."""
    del name
    table = parse_head(head)
    naked = table.has("sequence_naked") or table.has("naked_sequence")
    return 0.95 if naked and table.has("sequence", "shortname") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return AlphaPept's results; rows of one peptidoform, charge and run add up."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("modified",), what=INFO.title)
    return read_precursors(frame, notation=_NOTATION, q_values=["q_value"])
