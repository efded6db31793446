"""Spectronaut's pivot report: one row per precursor or peptide, columns for every run.

A column is called ``[1] donor 1.raw.EG.TotalQuantity (Settings)``: the run's place, its raw file,
and what it holds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import flags, numbers
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import DEFAULT_Q_VALUE, NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest._spectronaut import (
    NOTATION,
    PEPTIDES,
    read_precursor_ids,
    write_formulas,
)
from omicstoken_kernel.ingest._words import counted
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="spectronaut_pivot",
    title="Spectronaut pivot report",
    version="1",
    reads="Spectronaut's pivot report of precursors or peptides; one run per raw file in its "
    "columns.",
)

# '[1] a.raw.EG.Qvalue', without the number in some versions, 'X.1..a.raw.EG.Qvalue' out of R.
_PER_RUN = re.compile(r"(?:\[\d+\]\s*|X\.\d+\.\.)?(\S.*?)\.((?:EG|FG|PEP)\.[A-Za-z].*)")

# What holds a run's quantities, the first that is there; PG's are those of proteins.
_QUANTITIES = (
    "FG.Quantity", "EG.TotalQuantity (Settings)", "EG.TargetQuantity (Settings)",
    "EG.ReferenceQuantity (Settings)", "FG.MS2Quantity", "FG.MS2RawQuantity", "FG.MS1Quantity",
    "FG.MS1RawQuantity", "PEP.Quantity", "PEP.MS2Quantity", "PEP.MS1Quantity",
)  # fmt: skip
_NUMBERS = (
    ("q_value", "EG.Qvalue", 1.0), ("pep", "EG.PEP", 1.0), ("score", "EG.Cscore", 1.0),
    ("rt_s", "EG.ApexRT", 60.0),
)  # fmt: skip
_Q_VALUE, _IMPUTED = "EG.Qvalue", "EG.IsImputed"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a pivot report of precursors or peptides."""
    del name
    table = parse_head(head)
    if table.has("R.FileName") or not any(table.has(column) for column in PEPTIDES):
        return 0.0
    return 0.98 if _quantity(_per_run(table.names)) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a pivot report; every raw file in its columns is a run.

    Raises
    ------
    ParseError
        If no column holds a run's quantities.
    """
    runs: dict[str, dict[str, str]] = {}

    def more(names: tuple[str, ...]) -> list[str]:
        runs.update(_per_run(names))
        return [header for columns in runs.values() for header in columns.values()]

    frame = open_frame(path, options, dialect(INFO.name), needed=(), what=INFO.title, more=more)
    quantity = _quantity(runs)
    if quantity is None or not {"modified", "sequence", "precursor"} & set(frame.mapping):
        msg = f"The file was read as {INFO.title} and lacks its peptides or quantities of runs."
        raise ParseError(msg, "Let the format be recognised, or export 'EG.TotalQuantity' per run.")
    read_precursor_ids(frame)
    write_formulas(frame)
    kind: QuantityKind = "precursor_intensity"
    if quantity.startswith("pep"):
        # The same on every charge of the peptide: it belongs to none of them.
        kind = "peptide_intensity"
        frame.mapping.pop("charge", None)
    runs = {key: columns for key, columns in runs.items() if quantity in columns}
    drafts = [
        RunDraft(clean(key), name, quantity_kind=kind, quantity_column=runs[key][quantity])
        for key, name in zip(runs, name_runs(list(runs)), strict=True)
    ]
    matrix = _matrix(frame, drafts, list(runs.values()))
    return read_matrix(frame, matrix, notation=NOTATION, unfiltered=_note(frame, runs))


def _matrix(
    frame: Frame, drafts: Sequence[RunDraft], columns: Sequence[dict[str, str]]
) -> list[MatrixRun]:
    """Return the runs, each with the numbers that all of them have."""
    found = [_take(frame, draft, of_run) for draft, of_run in zip(drafts, columns, strict=True)]
    _say(frame, "made up by Spectronaut (EG.IsImputed)", sum(one[1] for one in found))
    _say(frame, f"with an {_Q_VALUE} above the threshold", sum(one[2] for one in found))
    shared = set.intersection(*(set(run.numbers) for run, _, _ in found))
    return [
        replace(run, numbers={name: run.numbers[name] for name in sorted(shared)})
        for run, _, _ in found
    ]


def _per_run(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return for each raw file what its columns hold, by its spelling, to their headers."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        if match := _PER_RUN.fullmatch(name):
            found.setdefault(match[1], {})[spelling(match[2])] = name
    return found


def _quantity(runs: dict[str, dict[str, str]]) -> str | None:
    """Return the spelling of the columns with quantities, None if there are none."""
    spelled = [spelling(name) for name in _QUANTITIES]
    return next((one for one in spelled if any(one in cols for cols in runs.values())), None)


def _take(frame: Frame, draft: RunDraft, columns: dict[str, str]) -> tuple[MatrixRun, int, int]:
    """Return a run, and how many of its cells were made up and were above the threshold."""
    own: dict[str, npt.NDArray[np.float64]] = {}
    for name, what, unit in _NUMBERS:
        header = columns.get(spelling(what))
        if header is not None:
            column = frame.table.columns[header]
            own[name] = numbers(column, delimiter=frame.table.delimiter).values * unit
    header = str(draft.quantity_column)
    column = frame.table.columns[header]
    given = numbers(column, delimiter=frame.table.delimiter).given & frame.outcomes.alive
    gone = np.zeros(len(frame), bool)
    if spelling(_IMPUTED) in columns:
        gone = flags(frame.table.columns[columns[spelling(_IMPUTED)]])
    above, passed = np.zeros(len(frame), bool), np.zeros(len(frame), bool)
    if "q_value" in own:
        with np.errstate(invalid="ignore"):
            above, passed = own["q_value"] > _limit(frame), own["q_value"] <= _limit(frame)
    if frame.options.unfiltered:
        above[:] = False
    empty = pa.scalar(None, column.type)
    left_out = pa.array(gone | above)
    frame.table.columns[header] = pc.if_else(left_out, empty, column)
    run = MatrixRun(draft, passed & ~gone, np.zeros(len(frame), bool), own)
    return run, int((gone & given).sum()), int((above & ~gone & given).sum())


def _limit(frame: Frame) -> float:
    return DEFAULT_Q_VALUE if frame.options.q_value is None else frame.options.q_value


def _note(frame: Frame, runs: dict[str, dict[str, str]]) -> str:
    """Return the filter in words."""
    if not any(spelling(_Q_VALUE) in columns for columns in runs.values()):
        return f"{NO_Q_VALUES} (Spectronaut applied its own FDR, 1 % unless told otherwise)"
    if frame.options.unfiltered:
        return f"unfiltered on request ({_Q_VALUE} not used)"
    return f"q-value <= {_limit(frame):g} ({_Q_VALUE} of each run)"


def _say(frame: Frame, what: str, count: int) -> None:
    if count:
        one, several = f"quantity {what} was", f"quantities {what} were"
        frame.warnings.append(f"{counted(count, one, several)} taken for empty cells.")
