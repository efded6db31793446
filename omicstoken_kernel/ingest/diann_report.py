"""DIA-NN's main report, as text (1.x) or Parquet (2.x); FragPipe's DIA report is the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import Frame, open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="diann_report",
    title="DIA-NN report",
    version="1",
    reads="report.tsv and report.parquet of DIA-NN 1.8 to 2.x; one run per raw file (and channel).",
)

# In DIA-NN, brackets hold modifications and nothing else; users name their own with --mod.
_NOTATION = Notation(unsigned_mass="delta", keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a DIA-NN main report."""
    del name
    table = parse_head(head)
    if not table.has("Precursor.Id", "Modified.Sequence", "Precursor.Charge", "Q.Value"):
        return 0.0
    if not (table.has("Run") or table.has("File.Name")):
        return 0.0
    return 0.99 if table.has("Precursor.Quantity", "Protein.Group") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a DIA-NN report; a feature is one row: a precursor in a run."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "charge", "q_value"),
        what=INFO.title,
    )
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame),
        q_values=_q_values(frame),
        quantities=quantities,
    )
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)


def _run_column(frame: Frame) -> RunColumn | None:
    """Return what names each row's run: its raw file, with the channel where there are several."""
    found = [canonical for canonical in ("file", "run") if canonical in frame]
    if not found:
        return None
    text = frame.text(found[0])
    for canonical in found[1:]:
        text = pc.if_else(pc.equal(text, ""), frame.text(canonical), text)
    if "channel" in frame:
        channel = frame.text("channel")
        named = pc.binary_join_element_wise(text, channel, " channel ")
        text = pc.if_else(pc.equal(channel, ""), text, named)
    return RunColumn(text, found[0])


def _q_values(frame: Frame) -> list[str]:
    """Return the columns to filter on; that of channels only where there are several."""
    found = ["q_value", _experiment_wide_q_value(frame)]
    if "channel" in frame and pc.any(pc.not_equal(frame.text("channel"), "")).as_py():
        # A precursor that is in one channel is reported for all of them.
        found.append("channel_q_value")
    return found


def _experiment_wide_q_value(frame: Frame) -> str:
    """Return which column controls false discoveries across runs.

    DIA-NN's manual: ``Lib.Q.Value`` with match-between-runs, else ``Global.Q.Value``. Without
    match-between-runs DIA-NN writes 0 throughout the former.
    """
    if "library_q_value" in frame:
        values = frame.numbers("library_q_value").values
        if np.nan_to_num(values).any():
            return "library_q_value"
    return "global_q_value"
