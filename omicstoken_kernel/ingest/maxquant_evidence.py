"""MaxQuant's evidence.txt, MaxDIA's too: one row per detected peak of a peptidoform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._channels import assemble_channels
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._maxquant import UNFILTERED
from omicstoken_kernel.ingest._maxquant_labels import (
    find_labels,
    label_of_rows,
    reporter_channels,
    used,
)
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions, RunDraft

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="maxquant_evidence",
    title="MaxQuant evidence",
    version="2",
    reads="evidence.txt of MaxQuant and MaxDIA, the identified peaks of allPeptides.txt; one run "
    "per raw file (and channel or label).",
)

NOT_IDENTIFIED = "a peak without a peptide: not identified"
# What allPeptides.txt has and evidence.txt has not; most of its peaks have no peptide.
_OF_ALL_PEAKS = ("msmsscannumbers", "intensities", "msmsisotopeindices")

_NOTATION = Notation(keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is an evidence table and not msms.txt."""
    del name
    table = parse_head(head)
    if not table.has("Modified sequence", "Raw file", "Charge", "Intensity"):
        return 0.0
    if table.has("Scan number") or table.has("Masses"):
        return 0.0
    return 0.98 if table.has("Type") and table.has("PEP") else 0.7


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return an evidence table; rows of one peptidoform, charge and raw file merge.

    MaxQuant itself adds up such rows in its peptide tables. Where there are reporter ions, or
    labels of the precursor, these are the quantities: the intensity beside them is of all labels.
    """
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "run", "charge"),
        what=INFO.title,
        more=lambda names: [one.header for one in (*reporter_channels(names), *find_labels(names))],
    )
    _filter_unidentified(frame)
    reporters = used(frame, reporter_channels(frame.table.names))
    labels = [] if reporters else used(frame, find_labels(frame.table.names))
    quantities = Quantities()
    if "quantity" in frame and not (reporters or labels):
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=["q_value"],
        quantities=quantities,
        unfiltered=UNFILTERED,
    )
    long = replace(long, drafts=_with_experiments(frame, long.run, long.drafts))
    matched = _matched(frame)
    if reporters:
        return assemble_channels(frame, long, reporters, matched=matched)
    if labels:
        own = label_of_rows(frame, len(labels))
        return assemble_channels(
            frame, long, labels, kind="precursor_intensity", own=own, matched=matched
        )
    # A transferred identification is known by its quantity alone: without one nothing was found.
    found = ~(matched & np.isnan(long.quantity))
    kept = long.kept[found[long.kept]]
    cells = Cells(kept, long.run[kept], long.quantity[kept], matched[kept])
    return assemble(frame, long.rows, cells, long.drafts)


def _filter_unidentified(frame: Frame) -> None:
    """Take out the peaks of allPeptides.txt that have no peptide."""
    if not any(spelling(name) in _OF_ALL_PEAKS for name in frame.table.names):
        return
    sequence = frame.text("sequence" if "sequence" in frame else "modified")
    unidentified = pc.and_(pc.equal(sequence, ""), pc.equal(frame.text("modified"), ""))
    frame.outcomes.filter(unidentified.to_numpy(zero_copy_only=False), NOT_IDENTIFIED)


def _matched(frame: Frame) -> npt.NDArray[np.bool_]:
    """Return which rows were transferred from another run: types such as ``MULTI-MATCH``."""
    if "type" not in frame:
        return np.zeros(len(frame), bool)
    # 'MULTI-MATCH-MSMS' has a fragment spectrum of its own.
    kinds = pc.utf8_upper(frame.text("type"))
    match = pc.and_(
        pc.match_substring(kinds, "MATCH"), pc.invert(pc.match_substring(kinds, "MSMS"))
    )
    return np.asarray(match.to_numpy(zero_copy_only=False), bool)


def _with_experiments(
    frame: Frame, positions: npt.NDArray[np.int64], drafts: list[RunDraft]
) -> list[RunDraft]:
    """Return the drafts with their experiment in the name, where that adds something."""
    if "experiment" not in frame:
        return drafts
    experiments = frame.text("experiment")
    runs, first = np.unique(positions, return_index=True)
    known = dict(zip(runs.tolist(), experiments.take(first).to_pylist(), strict=True))
    return [
        replace(draft, name=f"{draft.name} ({clean(experiment)})")
        if (experiment := known.get(place, "")) and experiment not in draft.name
        else draft
        for place, draft in enumerate(drafts)
    ]
