"""The long table MSstats takes, as OpenMS, quantms, FragPipe and others write it.

MSstatsTMT's has a row for each spectrum and channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._channels import Channel, assemble_channels, name_pairs, pair_runs
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._precursors import read_precursors
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="msstats",
    title="MSstats input",
    version="2",
    reads="MSstats' and MSstatsTMT's long format; one run per run or raw file, and channel.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)
_SPECTRUM = r"(?i)_(?:controllerType|function|scan|index|spectrum)=.*$"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is MSstats' long format."""
    del name
    table = parse_head(head)
    known = ("ProteinName", "PeptideSequence", "Run", "Intensity", "BioReplicate")
    if not table.has(*known):
        return 0.0
    if table.has("Channel"):
        return 0.95 if table.has("Mixture") or table.has("Charge") else 0.0
    return 0.95 if table.has("FragmentIon", "ProductCharge") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the long table; fragments of one precursor and run, or spectra, add up."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    if "label" in frame:
        heavy = pc.is_in(pc.utf8_lower(frame.text("label")), value_set=pa.array(["h", "heavy"]))
        frame.outcomes.filter(
            heavy.to_numpy(zero_copy_only=False), "heavy label (a reference, not the sample)"
        )
    if "channel" not in frame or "quantity" not in frame:
        return read_precursors(frame, notation=_NOTATION, identified=False)
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(_runs_and_channels(frame), "channel"),
        q_values=[],
        quantities=Quantities(),
    )
    return assemble_channels(frame, name_pairs(long), [Channel("", frame.mapping["quantity"])])


def _runs_and_channels(frame: Frame) -> pa.Array:
    """Return each row's raw file (or run) and channel; nothing where it lacks either."""
    # OpenMS names the spectrum behind the raw file.
    files = pc.replace_substring_regex(frame.text("run"), _SPECTRUM, "")
    channels = frame.text("channel")
    return pair_runs(pc.if_else(pc.equal(channels, ""), "", files), channels)
