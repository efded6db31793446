"""MaxQuant's msms.txt: one row per identified spectrum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._channels import assemble_channels
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, count_rows, read_long
from omicstoken_kernel.ingest._maxquant import UNFILTERED
from omicstoken_kernel.ingest._maxquant_labels import reporter_channels, used
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="maxquant_msms",
    title="MaxQuant spectra",
    version="2",
    reads="msms.txt of MaxQuant, and the identified spectra of msmsScans.txt; one run per raw file "
    "(and channel).",
)

NOT_IDENTIFIED = "a spectrum without a peptide: not identified"

_NOTATION = Notation(keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is an msms.txt or msmsScans.txt, and not evidence.txt."""
    del name
    table = parse_head(head)
    if not table.has("Raw file", "Scan number", "Modified sequence", "Charge"):
        return 0.0
    if table.has("Identified"):
        return 0.98 if table.has("Total ion current", "Sequence") else 0.0
    if table.has("Intensity"):
        return 0.0
    spectra = table.has("Masses") or table.has("Precursor Intensity") or table.has("Delta score")
    return 0.98 if spectra and table.has("PEP") else 0.6 if spectra else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return an msms.txt; the spectra of one peptidoform, charge and raw file merge.

    Their precursors were measured where each spectrum was taken, several times along one peak: the
    largest counts. Where there are reporter ions they are the quantity.
    """
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "run", "charge"),
        what=INFO.title,
        more=lambda names: [one.header for one in reporter_channels(names)],
    )
    if "identified" in frame:
        frame.outcomes.filter(~flags(frame.column("identified")), NOT_IDENTIFIED)
    reporters = used(frame, reporter_channels(frame.table.names))
    quantities = Quantities()
    if "quantity" in frame and not reporters:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=["q_value"],
        quantities=quantities,
        unfiltered=UNFILTERED,
    )
    if reporters:
        # Reporter ions are each spectrum's own: they add up, and so do the spectra.
        long.rows.numbers["psm_count"] = np.ones(len(frame))
        return assemble_channels(frame, long, reporters)
    long.rows.numbers["psm_count"] = count_rows(long)
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")
