"""DIA-NN's precursor matrix (report.pr_matrix.tsv): one row per precursor, one column per run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import Head, parse_head, spelling
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs, run_name
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="diann_matrix",
    title="DIA-NN precursor matrix",
    version="1",
    reads="report.pr_matrix.tsv of DIA-NN; one run per column that is called after a raw file.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)
_UNFILTERED = f"{NO_Q_VALUES} (DIA-NN applied its own FDR, 1 % unless told otherwise)"

# What DIA-NN says of a precursor; every other column of numbers is a run, before or behind these.
_ABOUT = frozenset(
    spelling(name)
    for name in (
        "Protein.Group", "Protein.Ids", "Protein.Names", "Genes", "First.Protein.Description",
        "Proteotypic", "Stripped.Sequence", "Modified.Sequence", "Precursor.Charge",
        "Precursor.Id", "Precursor.Mz", "Channel", "All Mapped Proteins", "All Mapped Genes",
        "N.Sequences", "N.Proteotypic.Sequences", "Decoy", "Lib.Index",
    )
)  # fmt: skip


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a DIA-NN matrix of precursors and no report."""
    del name
    table = parse_head(head)
    if not table.has("Precursor.Id", "Modified.Sequence", "Precursor.Charge"):
        return 0.0
    if table.has("Q.Value") or table.has("Precursor.Quantity") or table.has("Run"):
        return 0.0
    return 0.98 if _run_columns(table) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a precursor matrix; every run's column is a run."""
    columns = _run_columns(parse_head(open_source(path).head))
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "charge"),
        what=INFO.title,
        more=lambda _names: columns,
    )
    if not columns:
        msg = f"The file was read as {INFO.title} and has no column of a run's quantities."
        raise ParseError(msg, "Let the format be recognised.")
    nowhere = np.zeros(len(frame), bool)
    runs = [
        MatrixRun(
            RunDraft(
                key=clean(column),
                name=name,
                quantity_kind="precursor_intensity",
                quantity_column=column,
            ),
            nowhere,
            nowhere,
        )
        for column, name in zip(columns, name_runs(columns), strict=True)
    ]
    return read_matrix(frame, runs, notation=_NOTATION, unfiltered=_UNFILTERED)


def _run_columns(table: Head) -> list[str]:
    """Return the columns of runs: those called after raw files, else all others with numbers."""
    others = [name for name in table.names if spelling(name) not in _ABOUT]
    files = [name for name in others if run_name(name) != name]
    return files or [name for name in others if _holds_numbers(table, name)]


def _holds_numbers(table: Head, name: str) -> bool:
    found = numbers(pa.array(table.column(name), pa.string()), delimiter=table.delimiter)
    return bool(found.given.any()) and not found.bad.any()
