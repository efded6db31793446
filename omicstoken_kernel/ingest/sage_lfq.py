"""Sage's label-free quantities: lfq.tsv with a column per raw file, lfq.parquet with a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, is_data_file, name_runs
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="sage_lfq",
    title="Sage label-free quantities",
    version="1",
    reads="lfq.tsv and lfq.parquet of Sage; one run per raw file.",
)

_NOTATION = Notation(unsigned_mass="delta")

# What lfq.tsv has besides its raw files.
_OWN = frozenset(
    spelling(name)
    for name in (
        "peptide", "stripped_peptide", "charge", "proteins", "num_proteins", "is_decoy", "q_value",
        "score", "spectral_angle", "semi_enzymatic", "rt", "mass", "mz", "filename", "intensity",
    )
)  # fmt: skip


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is Sage's table of quantities."""
    del name
    table = parse_head(head)
    if not table.has("peptide", "proteins", "q_value") or table.has("spectrum_q"):
        return 0.0
    if table.has("stripped_peptide", "is_decoy", "filename", "intensity"):
        return 0.98
    files = _files(table.names)
    if not files or table.has("filename"):
        return 0.0
    if table.has("score", "spectral_angle"):
        return 0.98
    return 0.7 if all(is_data_file(file) for file in files) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return Sage's quantities; a feature is one precursor (or one peptidoform) in one raw file."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "q_value"),
        what=INFO.title,
        more=lambda names: () if _is_long(names) else _files(names),
    )
    if not _is_long(frame.table.names):
        return _read_matrix(frame)
    quantities = Quantities(_kind(frame), frame.mapping.get("quantity"))
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=["q_value"],
        quantities=quantities,
    )
    # Every precursor has a row for every raw file, found there or not.
    kept = long.kept[~np.isnan(long.quantity[long.kept])]
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)


def _is_long(names: Sequence[str]) -> bool:
    return {"filename", "intensity"} <= {spelling(name) for name in names}


def _files(names: Sequence[str]) -> list[str]:
    """Return the columns that hold quantities: all that are not Sage's own and have a name."""
    return [
        name
        for name in names
        if spelling(name) not in _OWN and spelling(name) and not name.startswith("unnamed ")
    ]


def _kind(frame: Frame) -> QuantityKind:
    """Return what the quantities are of; Sage writes charge -1 where it combined the charges."""
    if "charge" not in frame:
        return "peptide_intensity"
    header = frame.mapping["charge"]
    charges = as_text(frame.table.columns[header])
    combined = pc.is_in(charges, value_set=pc.cast(np.array(["-1", "-1.0"]), charges.type))
    frame.table.columns[header] = pc.if_else(combined, "", charges)
    none = pc.all(pc.equal(frame.text("charge"), "")).as_py()
    return "peptide_intensity" if none else "precursor_intensity"


def _read_matrix(frame: Frame) -> ParsedUpload:
    files = _files(frame.table.names)
    if not files:
        msg = "The file was read as Sage's quantities and has no column of any raw file."
        raise ParseError(msg, "Sage writes one for each raw file behind 'spectral_angle'.")
    kind = _kind(frame)
    nowhere = np.zeros(len(frame), bool)
    runs = [
        MatrixRun(
            RunDraft(clean(file), name, quantity_kind=kind, quantity_column=file), nowhere, nowhere
        )
        for file, name in zip(files, name_runs(files), strict=True)
    ]
    return read_matrix(frame, runs, notation=_NOTATION, q_values=["q_value"])
