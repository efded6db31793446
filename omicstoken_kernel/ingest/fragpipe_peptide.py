"""FragPipe's tables of one experiment: peptide.tsv (one row per peptide) and ion.tsv (per ion)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._channels import assemble_channels
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._fragpipe import (
    NOTATION,
    UNFILTERED,
    channel_headers,
    join_proteins,
    used_channels,
)
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, read_long
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.fragpipe_combined import per_sample

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="fragpipe_peptide",
    title="FragPipe peptides or ions",
    version="2",
    reads="peptide.tsv and ion.tsv of FragPipe and Philosopher; the file (or channel) is one run.",
)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a peptide.tsv or an ion.tsv, and of one experiment."""
    del name
    table = parse_head(head)
    peptide = any(table.has(one) for one in ("Peptide", "Peptide Sequence", "Sequence"))
    if not (peptide and table.has("Spectral Count", "Protein")) or table.has("Spectrum"):
        return 0.0
    if per_sample(table.names) or not (table.has("Charges") or table.has("Charge")):
        return 0.0
    philosopher = table.has("Assigned Modifications", "Mapped Proteins")
    return 0.97 if philosopher else 0.6 if table.has("Assigned Modifications") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a peptide.tsv or an ion.tsv."""
    spellings = dialect(INFO.name)
    frame = open_frame(
        path,
        options,
        spellings,
        needed=("sequence",),
        what=INFO.title,
        more=lambda names: channel_headers(names, spellings),
    )
    channels = used_channels(frame, frame.table.names)
    join_proteins(frame)
    if "charge" not in frame:
        _forget_modifications(frame)
    quantities = Quantities() if channels else _quantities(frame)
    long = read_long(
        frame,
        notation=NOTATION,
        runs=None,
        q_values=["q_value"],
        quantities=quantities,
        unfiltered=UNFILTERED,
    )
    probability = frame.optional_number("probability", low=0.0, high=1.0)
    if probability is not None:
        long.rows.numbers["pep"] = np.round(1 - probability, 12)
    if channels:
        return assemble_channels(frame, long, channels)
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)


def _quantities(frame: Frame) -> Quantities:
    """Return which numbers are the quantities where there are no channels."""
    if "quantity" in frame:
        ions = "charge" in frame
        kind: QuantityKind = "precursor_intensity" if ions else "peptide_intensity"
        return Quantities(kind, frame.mapping["quantity"])
    if "psm_count" in frame:
        frame.mapping["quantity"] = frame.mapping["psm_count"]
        return Quantities("spectral_count", frame.mapping["psm_count"])
    return Quantities()


def _forget_modifications(frame: Frame) -> None:
    """Leave out the modifications of peptide.tsv, which are those of all of a peptide's forms."""
    frame.mapping.pop("modified", None)
    if frame.mapping.get("modifications") is None:
        return
    listed = int(pc.sum(pc.not_equal(frame.text("modifications"), "")).as_py() or 0)
    header = frame.mapping.pop("modifications")
    if listed:
        frame.warnings.append(
            f"{listed} peptides list modifications in '{header}', which this table gathers over "
            "all forms of a peptide: they were stored as plain peptides. ion.tsv and psm.tsv tell "
            "the forms apart."
        )
