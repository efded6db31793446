"""Spectronaut's report in its long form: one row per precursor in a run, or per fragment of it.

Quantities of a precursor (``EG.``, ``FG.``) are repeated on each of its fragment rows and count
once. Only where the report has none are its fragments (``F.``) added up, those left out that
Spectronaut left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._spectronaut import (
    NOTATION,
    PEPTIDES,
    read_precursor_ids,
    write_formulas,
)

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="spectronaut_report",
    title="Spectronaut report",
    version="1",
    reads="Spectronaut's long report, with or without fragment rows; one run per R.FileName.",
)

#: Why a row is filtered whose quantity Spectronaut made up.
IMPUTED = "imputed: not measured in this run (EG.IsImputed)"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a long report of Spectronaut."""
    del name
    table = parse_head(head)
    if not (table.has("R.FileName") and any(table.has(column) for column in PEPTIDES)):
        return 0.0
    if any(table.has(column) for column in ("EG.Qvalue", "FG.Charge", "EG.PrecursorId")):
        return 0.98
    return 0.8 if table.has("PEP.Quantity") or table.has("FG.Quantity") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a long report; fragment rows of one precursor in a run merge."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("run",), what=INFO.title)
    read_precursor_ids(frame)
    write_formulas(frame)
    if "imputed" in frame:
        frame.outcomes.filter(flags(frame.column("imputed")), IMPUTED)
    quantities, rule = _quantities(frame)
    long = read_long(
        frame,
        notation=NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=["q_value"],
        quantities=quantities,
    )
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule=rule)


def _quantities(frame: Frame) -> tuple[Quantities, Literal["sum", "max"]]:
    """Return which numbers are the quantities, and how those of merged rows join."""
    if "quantity" in frame:
        return Quantities("precursor_intensity", frame.mapping["quantity"]), "max"
    if "peptide_quantity" in frame:
        # The same on every charge of the peptide: it belongs to none of them.
        header = frame.mapping["quantity"] = frame.mapping["peptide_quantity"]
        frame.mapping.pop("charge", None)
        return Quantities("peptide_intensity", header), "max"
    if "fragment_quantity" in frame:
        header = frame.mapping["quantity"] = frame.mapping["fragment_quantity"]
        if "excluded" in frame:
            used = pa.array(~flags(frame.column("excluded")))
            values = frame.table.columns[header]
            frame.table.columns[header] = pc.if_else(used, values, pa.scalar(None, values.type))
        return Quantities("precursor_intensity", header), "sum"
    return Quantities(), "max"
