"""PEAKS' tables of database matches: DB search psm.csv, and the precursors of its DIA workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._channels import assemble_channels
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._peaks import (
    FILTER_NOTE,
    NOTATION,
    find_channels,
    has_score,
    prepare,
    used_channels,
)
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peaks_peptides import has_samples

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="peaks_psm",
    title="PEAKS PSMs",
    version="2",
    reads="DB search psm.csv and DIA precursors of PEAKS; one run per source file (and channel).",
)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of PEAKS' database matches."""
    del name
    table = parse_head(head)
    if not (table.has("Peptide", "RT") and has_score(table)) or has_samples(table.names):
        return 0.0
    if table.has("ALC (%)") or not (table.has("Source File") or table.has("Scan")):
        return 0.0
    return 0.97 if table.has("Mass", "ppm", "z") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a table of matches; those of one peptidoform, charge and source file merge.

    Each match carries the area of the peak it was taken from. Different areas are different peaks
    and add up, an equal one counts once: that gives PEAKS' own peptide table to the last digit.
    Where there are reporter ions they are the quantity, and add up over matches.
    """
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("sequence",),
        what=INFO.title,
        more=lambda names: [one.header for one in find_channels(names)],
    )
    channels = used_channels(frame)
    prepare(frame)
    quantities = Quantities()
    if "quantity" in frame and not channels:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
        quantities=quantities,
        unfiltered=FILTER_NOTE,
    )
    long.rows.numbers["psm_count"] = np.ones(len(frame))
    if channels:
        return assemble_channels(frame, long, channels)
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)
