"""Any other table with a peptide column, text or Parquet, its columns known by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import Frame, frame_of
from omicstoken_kernel.ingest._head import Head, parse_head, spelling
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._modification_lists import (
    may_list_modifications,
    settle_modifications,
)
from omicstoken_kernel.ingest._psms import filter_ranks
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import looks_like, peptide_share, refuse
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._written import write_sites
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="generic",
    title="Generic table",
    version="2",
    reads="any CSV, TSV, semicolon CSV or Parquet table with a peptide column; one run per file "
    "it names.",
)

_NOTATION = Notation(fold_case=True)

# Less than half readable peptides: the column is called like one and holds something else.
_MIN_SHARE = 0.5

# Columns that come once per run: what they begin with, and what they are not.
_PER_RUN = re.compile(r"(?i)(?:intensity|area|abundance|quantity|lfq intensity)[ _.:]+(\S.*)")
_NOT_PER_RUN = re.compile(
    r"(?i)quality|coverage|correlation|ratio|rank|count|\bcv\b|scaled|grouped|score|range|type|error"
)

_RAW_FILE = re.compile(r"(?i)\.(?:raw|d|mzml|mzxml|wiff2?|dia|htrms)(?:\.gz)?$")
_LIKE_QUANTITY = re.compile(r"(?i)(?:intensity|\barea|abundance|quantity)(?: \d+)?$")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a peptide table: little, for others know better."""
    del name
    if looks_like(head) is not None:
        return 0.0
    table = parse_head(head)
    return 0.3 if _peptide_columns(table, {}) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return any table with a peptide column.

    A row is an identification; rows of one peptidoform, charge and run merge. Where several columns
    are called ``Intensity A`` and ``Intensity B`` or after raw files, each of those is a run, and a
    total beside them is not read. Spectral counts are the quantity where there is no other.
    """
    source = open_source(path, sheet=options.sheet)
    table = parse_head(source.head)
    per_run = _per_run(table.names)
    lists = _lists(table, options)
    frame = frame_of(
        source,
        options,
        dialect(INFO.name),
        needed=(),
        what=INFO.title,
        more=lambda names: [*per_run.values(), *lists, *_likely_peptide_columns(names)],
    )
    _settle_peptide_columns(frame)
    settle_modifications(frame, lists, _NOTATION)
    write_sites(frame, _NOTATION)
    filter_ranks(frame)
    if len(per_run) > 1 and not {"run", "quantity"} & set(options.columns):
        columns = _matrix_runs(frame, per_run)
        return read_matrix(frame, columns, notation=_NOTATION, q_values=["q_value"])
    _warn_of_unread(frame)
    runs = _run_column(frame)
    quantities = _quantities(frame)
    long = read_long(
        frame, notation=_NOTATION, runs=runs, q_values=["q_value"], quantities=quantities
    )
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")


def _likely_peptide_columns(names: tuple[str, ...]) -> list[str]:
    spellings = dialect(INFO.name).columns
    known = {spelling(header) for key in ("modified", "sequence") for header in spellings[key]}
    return [name for name in names if spelling(name) in known]


def _peptide_columns(table: Head, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return which column holds the modified and which the plain sequence, by name and content.

    A column of a likely name that does not hold peptides is passed over. A single column is called
    ``sequence``, whatever notation it is in. Where the user names one, no other is looked for.
    """
    spellings = dialect(INFO.name).columns
    found = {key: overrides[key] for key in ("modified", "sequence") if key in overrides}
    likely = [
        name
        for name in ([] if found else _likely_peptide_columns(table.names))
        if peptide_share(table.column(name)) >= _MIN_SHARE
    ]
    for canonical in ("modified", "sequence"):
        ranks = {spelling(header): rank for rank, header in enumerate(spellings[canonical])}
        ranked = [name for name in likely if spelling(name) in ranks]
        if ranked:
            found[canonical] = min(ranked, key=lambda name: ranks[spelling(name)])
            likely.remove(found[canonical])
    if "modified" in found and "sequence" not in found:
        found["sequence"] = found.pop("modified")
    return found


def _lists(table: Head, options: ReadOptions) -> list[str]:
    """Return the columns that may list modifications."""
    named = {key: head for key, head in options.columns.items() if head in table.names}
    found = _peptide_columns(table, named)
    return may_list_modifications(table, found.get("modified", found.get("sequence")), _NOTATION)


def _settle_peptide_columns(frame: Frame) -> None:
    table = parse_head(frame.source.head)
    named = {key: frame.mapping[key] for key in frame.options.columns if key in frame.mapping}
    for canonical in ("modified", "sequence"):
        frame.mapping.pop(canonical, None)
    found = _peptide_columns(table, named)
    if not found:
        raise refuse(frame.source.head, frame.source.name)
    frame.mapping = {**found, **frame.mapping}


def _run_column(frame: Frame) -> RunColumn | None:
    """Return what names each row's run; a column of as many values as rows names none."""
    if "run" not in frame:
        return None
    text = frame.text("run")
    distinct = pc.count_distinct(text).as_py()
    if distinct == 1 and not text[0].as_py():
        del frame.mapping["run"]
        return None
    if "run" not in frame.options.columns and distinct > max(20, len(frame) // 2):
        frame.warnings.append(
            f"'{frame.mapping['run']}' has {distinct} values in {len(frame)} rows and was not "
            "taken for the run; say run=<header> if it is."
        )
        del frame.mapping["run"]
        return None
    return RunColumn(text, "run")


def _quantities(frame: Frame) -> Quantities:
    if "quantity" in frame:
        header = frame.mapping["quantity"]
        per_precursor = "charge" in frame or "precursor" in header.lower()
        return Quantities(
            "precursor_intensity" if per_precursor else "peptide_intensity",
            header,
            "log2" if "log2" in spelling(header) else "linear",
        )
    if "psm_count" in frame:
        frame.mapping["quantity"] = frame.mapping["psm_count"]
        return Quantities("spectral_count", frame.mapping["psm_count"])
    return Quantities()


def _per_run(names: tuple[str, ...]) -> dict[str, str]:
    """Return run to header for columns such as ``Area Sample 1`` or ``donor 1.raw``."""
    called = {
        match[1]: name
        for name in names
        if (match := _PER_RUN.fullmatch(name)) and not _NOT_PER_RUN.search(name)
    }
    return called or {name: name for name in names if _RAW_FILE.search(name)}


def _matrix_runs(frame: Frame, per_run: dict[str, str]) -> list[MatrixRun]:
    for canonical in ("psm_count", "quantity", "run"):
        frame.mapping.pop(canonical, None)
    nowhere = np.zeros(len(frame), bool)
    return [
        MatrixRun(
            RunDraft(
                key=clean(key),
                name=name,
                quantity_kind="precursor_intensity" if "charge" in frame else "peptide_intensity",
                quantity_column=per_run[key],
                quantity_scale="log2" if "log2" in spelling(per_run[key]) else "linear",
            ),
            nowhere,
            nowhere,
        )
        for key, name in zip(per_run, name_runs(list(per_run)), strict=True)
    ]


def _warn_of_unread(frame: Frame) -> None:
    """Say which columns look like the quantities of single runs and are not read."""
    taken = set(frame.mapping.values())
    unread = [
        name for name in frame.table.names if name not in taken and _LIKE_QUANTITY.search(name)
    ]
    if len(unread) > 1:
        frame.warnings.append(
            f"{len(unread)} columns may hold quantities and were not read (the first is "
            f"'{unread[0]}'); say quantity=<header> to read one of them."
        )
