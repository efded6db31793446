"""Any other table with a peptide column, text or Parquet, its columns known by their names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._columns import dialect, map_columns
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import Frame, frame_of
from omicstoken_kernel.ingest._head import Head, parse_head, spelling
from omicstoken_kernel.ingest._log_scale import settle_scale
from omicstoken_kernel.ingest._long import Quantities, read_long
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._merged_rows import warn_of_merged
from omicstoken_kernel.ingest._modification_lists import (
    may_list_modifications,
    settle_modifications,
)
from omicstoken_kernel.ingest._psms import filter_ranks
from omicstoken_kernel.ingest._quantity_plan import MARKED, MARKS, named_several, plan_quantities
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import looks_like, peptide_share, refuse
from omicstoken_kernel.ingest._run_columns import join_runs, run_column, warn_of_runs
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._unread import warn_of_unread
from omicstoken_kernel.ingest._written import write_sites
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._log_scale import Scale
    from omicstoken_kernel.ingest._quantity_plan import QuantityPlan
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="generic",
    title="Generic table",
    version="2",
    reads="any CSV, TSV, semicolon CSV or Parquet table with a peptide column; one run per file "
    "it names.",
)

_NOTATION = Notation(fold_case=True)

_TWO_CLASSES = frozenset(("0", "1", "0.0", "1.0", "true", "false"))
# Columns of a search's matches, of which some may be decoys.
_SEARCHED = re.compile(r"(?i)decoy|scan|spec(?:trum|_?id|file)|psm")

# Less than half readable peptides: the column is called like one and holds something else.
_MIN_SHARE = 0.5


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
    hold quantities of one form each is a run (:mod:`omicstoken_kernel.ingest._quantity_plan`), and
    a total beside them is not read. Spectral counts are the quantity where there is no other. What
    could matter and is not read is named.
    """
    source = open_source(path, sheet=options.sheet)
    table = parse_head(source.head)
    several_runs = named_several(table.names, options.columns.get("run", ""))
    plan, options = _plan(table, options, several_runs)
    lists = _lists(table, options)
    more = [*plan.per_run.values(), *filter(None, [plan.column]), *lists, *several_runs]
    frame = frame_of(
        source,
        options,
        dialect(INFO.name),
        needed=(),
        what=INFO.title,
        more=lambda names: [*more, *_likely_peptide_columns(names)],
    )
    join_runs(frame, several_runs)
    _settle_labels(frame)
    _settle_peptide_columns(frame)
    settle_modifications(frame, lists, _NOTATION)
    write_sites(frame, _NOTATION)
    filter_ranks(frame)
    frame.warnings.extend(plan.notes)
    if plan.per_run:
        warn_of_runs(frame, plan.per_run.values())
        scale = settle_scale(frame, list(plan.per_run.values()), counts=plan.kind == "count")
        for canonical in ("psm_count", "quantity", "run"):
            frame.mapping.pop(canonical, None)
        warn_of_unread(frame, table, [*plan.per_run.values(), *lists])
        return _read_matrix(frame, plan, scale)
    runs = run_column(frame)
    quantities = _quantities(frame, plan)
    warn_of_unread(frame, table, [*lists, *several_runs])
    long = read_long(
        frame, notation=_NOTATION, runs=runs, q_values=["q_value"], quantities=quantities
    )
    warn_of_merged(frame, table, long)
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")


def _plan(
    table: Head, options: ReadOptions, several_runs: list[str]
) -> tuple[QuantityPlan, ReadOptions]:
    """Return which columns hold quantities, and the options without what names several columns."""
    several = named_several(table.names, options.columns.get("quantity", ""))
    done = {"quantity": several, "run": several_runs}
    columns = {key: name for key, name in options.columns.items() if not done.get(key)}
    single = replace(options, columns=columns)
    mapping = map_columns(table.names, dialect(INFO.name), columns)
    return plan_quantities(table, mapping, options, named=several), single


def _settle_labels(frame: Frame) -> None:
    """Leave a ``Label`` of 0 and 1 where nothing says that it tells decoys: it may label anything.

    Decoys are -1 by convention; immunogenic peptides and the like are labelled 0 and 1, too.
    """
    header = frame.mapping.get("target", "")
    if "target" in frame.options.columns or spelling(header) != "label":
        return
    found = set(pc.unique(pc.utf8_lower(frame.text("target"))).to_pylist()) - {""}
    searched = any(role in frame for role in ("q_value", "pep", "decoy"))
    if not found <= _TWO_CLASSES or searched or any(map(_SEARCHED.search, frame.table.names)):
        return
    del frame.mapping["target"]
    if len(found) > 1:
        frame.warnings.append(
            f"'{header}' is 0 or 1 and was not taken for targets and decoys; if 0 means a decoy, "
            f'say --column target="{header}".'
        )


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


def _quantities(frame: Frame, plan: QuantityPlan) -> Quantities:
    if plan.column is not None:
        frame.mapping["psm_count" if plan.kind == "count" else "quantity"] = plan.column
    if "quantity" in frame:
        header = frame.mapping["quantity"]
        per_precursor = "charge" in frame or "precursor" in header.lower()
        return Quantities(
            "precursor_intensity" if per_precursor else "peptide_intensity",
            header,
            settle_scale(frame, [header]),
        )
    if "psm_count" in frame:
        frame.mapping["quantity"] = frame.mapping["psm_count"]
        return Quantities("spectral_count", frame.mapping["psm_count"])
    return Quantities()


def _read_matrix(frame: Frame, plan: QuantityPlan, scale: Scale) -> ParsedUpload:
    kind: QuantityKind = "precursor_intensity" if "charge" in frame else "peptide_intensity"
    nowhere = np.zeros(len(frame), bool)
    marked = _marked(frame, plan)
    names = name_runs([clean(key) for key in plan.per_run])
    runs = []
    for (key, header), name in zip(plan.per_run.items(), names, strict=True):
        draft = RunDraft(key=clean(key), name=name)
        if header in marked:
            runs.append(MatrixRun(draft, marked[header], nowhere))
            continue
        draft = replace(
            draft,
            quantity_kind="spectral_count" if plan.kind == "count" else kind,
            quantity_column=header,
            quantity_scale=scale,
        )
        runs.append(MatrixRun(draft, nowhere, nowhere))
    parsed = read_matrix(frame, runs, notation=_NOTATION, q_values=["q_value"])
    if plan.named:
        named = "; ".join(plan.per_run.values())
        parsed = replace(parsed, columns={**parsed.columns, "quantity": named})
    return parsed


def _marked(frame: Frame, plan: QuantityPlan) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows each column marks; nothing where a cell below the first is no mark."""
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for header in plan.per_run.values() if plan.marks else ():
        cells = pc.utf8_lower(as_text(frame.table.columns[header]))
        if not pc.all(pc.is_in(cells, value_set=pa.array(MARKS, cells.type))).as_py():
            return {}
        marked = pc.is_in(cells, value_set=pa.array(MARKED, cells.type))
        found[header] = np.asarray(marked.to_numpy(zero_copy_only=False), bool)
    return found
