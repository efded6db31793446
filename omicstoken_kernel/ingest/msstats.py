"""The long table MSstats takes, as OpenMS, quantms, FragPipe and others write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

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
    name="msstats",
    title="MSstats input",
    version="1",
    reads="MSstats' long format; one run per run or raw file.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is MSstats' long format."""
    del name
    table = parse_head(head)
    known = ("ProteinName", "PeptideSequence", "Run", "Intensity", "BioReplicate")
    if not table.has(*known) or table.has("Channel"):
        return 0.0
    return 0.95 if table.has("FragmentIon", "ProductCharge") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the long table; fragments of one precursor and run add up."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    if "label" in frame:
        heavy = pc.is_in(pc.utf8_lower(frame.text("label")), value_set=pa.array(["h", "heavy"]))
        frame.outcomes.filter(
            heavy.to_numpy(zero_copy_only=False), "heavy label (a reference, not the sample)"
        )
    return read_precursors(frame, notation=_NOTATION, identified=False)
