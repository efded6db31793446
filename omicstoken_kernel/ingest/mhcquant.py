"""The table of nf-core/mhcquant: FDR-filtered ligands, with a quantity per run where measured."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, file_run, read_long
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="mhcquant",
    title="MHCquant table",
    version="1",
    reads="the .tsv of nf-core/mhcquant; one run per quantified run, else one per file it names.",
)

_NOTATION = Notation(keep_names=True)

# Quantities of the runs, numbered from 0; 'intensity_cf' is their sum in the consensus.
_PER_RUN = re.compile(r"(?i)intensity_(\d+)")

_OF_MHCQUANT = (
    "intensity_cf", "COMET:xcorr", "observed_retention_time_best", "unique_accessions",
)  # fmt: skip

_FILTER_NOTE = f"{NO_Q_VALUES} (MHCquant applied its own FDR)"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is MHCquant's table of ligands."""
    del name
    table = parse_head(head)
    if not table.has("sequence"):
        return 0.0
    if not (table.has("accessions") or table.has("unique_accessions")):
        return 0.0
    found = sum(table.has(column) for column in _OF_MHCQUANT)
    return (0.0, 0.85, 0.95, 0.98, 0.98)[found]


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return MHCquant's ligands; every run it quantified is a run."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified",),
        what=INFO.title,
        more=lambda names: list(_per_run(names).values()),
    )
    if frame.mapping.get("sequence") == frame.mapping["modified"]:
        del frame.mapping["sequence"]
    _take_score_for_q_value(frame)
    found = _per_run(frame.table.names)
    if found:
        runs = _matrix_runs(frame, found)
        return read_matrix(
            frame, runs, notation=_NOTATION, q_values=["q_value"], unfiltered=_FILTER_NOTE
        )
    return _read_list(frame)


def _per_run(names: Sequence[str]) -> dict[str, str]:
    return {match[1]: name for name in names if (match := _PER_RUN.fullmatch(name))}


def _take_score_for_q_value(frame: Frame) -> None:
    """Read the score as a q-value where the table says that it is one in every row."""
    if "score_type" not in frame or "q_value" in frame or "score" not in frame:
        return
    kinds = pc.utf8_lower(frame.text("score_type"))
    if pc.all(pc.match_substring_regex(kinds, "^q-?value$")).as_py():
        frame.mapping["q_value"] = frame.mapping.pop("score")


def _matrix_runs(frame: Frame, found: dict[str, str]) -> list[MatrixRun]:
    # The sum over the runs is no run of its own.
    frame.mapping.pop("quantity", None)
    nowhere = np.zeros(len(frame), bool)
    stem = file_run(frame).name
    return [
        MatrixRun(
            RunDraft(
                key=f"run {number}",
                name=f"{stem} run {number}",
                quantity_kind="precursor_intensity",
                quantity_column=header,
            ),
            nowhere,
            nowhere,
        )
        for number, header in found.items()
    ]


def _read_list(frame: Frame) -> ParsedUpload:
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
        quantities=quantities,
    )
    drafts = [
        replace(run, filter_note=_FILTER_NOTE) if run.filter_note == NO_Q_VALUES else run
        for run in long.drafts
    ]
    cells = Cells(
        long.kept, long.run[long.kept], long.quantity[long.kept], np.zeros(len(long.kept), bool)
    )
    return assemble(frame, long.rows, cells, drafts)
