"""Rows that were merged although a column that nobody read tells them apart, as samples do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._table import read_table

if TYPE_CHECKING:
    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest._long import Long

__all__ = ["warn_of_merged"]

# What differs between rows of one run: the spectrum, its match, the protein it is listed under.
_WITHIN_RUN = re.compile(
    r"(?i)scan|spectr|title|score|rank|rt\b|time|mass|m/?z|ppm|error|delta|diff|value|prob|pep|mod|ptm"
    r"|intens|area|abund|quant|count|number|#|protein|gene|access|descr|organism|species|uniprot"
    r"|entry|start|end|posi|site|seq|flank|prev|next|before|after|residue|missed|cleav|length|index"
    r"|(?<![a-z])ids?(?![a-z])|charge|ion|mobility|match|note|comment|allele|hla|mhc|unnamed"
    r"|type|range|fr(?:a)?g|overlap|found|pattern|trunc|chimer|isotop|interfer|loss|molecule|status"
    r"|reliab|valid|confid|combinator|\bpif\b"
)
_ENOUGH = 40
_SHOWN = 4


def warn_of_merged(frame: Frame, table: Head, long: Long) -> None:
    """Name the columns with few values by which rows of one feature differ, and how to use them."""
    kept = long.kept
    key = np.stack([long.rows.identity[kept], long.rows.charge[kept], long.run[kept]])
    _, group = np.unique(key, axis=1, return_inverse=True)
    group = group.ravel()
    merged = len(group) - int(group.max(initial=-1)) - 1
    candidates = [name for name in table.names if _may_name_run(frame, table, name)]
    if not merged or not candidates:
        return
    told = _told_apart(frame, candidates, kept, group)
    names = sorted((name for name in told if told[name]), key=lambda name: -told[name])[:_SHOWN]
    if not names:
        return
    shown = ", ".join(f"'{name}'" for name in names)
    run = [frame.mapping["run"]] if "run" in frame else []
    named = ";".join([*run, names[0]])
    does = "differs" if len(names) == 1 else "differ"
    frame.warnings.append(
        f"{told[names[0]]} rows were merged with others of their peptide, charge and run although "
        f"{shown} {does}, which nobody read. If that makes them several runs, say "
        f'--column "run={named}".'
    )


def _may_name_run(frame: Frame, table: Head, name: str) -> bool:
    if name in frame.mapping.values() or _WITHIN_RUN.search(name):
        return False
    cells = [cell.strip() for cell in table.column(name) if cell.strip()]
    if {cell.lower() for cell in cells} <= {"true", "false", "+"}:
        return False
    if any("." in cell and cell.replace(".", "").isdigit() for cell in cells):
        return False
    return len(cells) < _ENOUGH or 2 * len(set(cells)) <= len(cells)


def _told_apart(
    frame: Frame, names: list[str], kept: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> dict[str, int]:
    """Return how many merged rows each column would tell from the first of their feature."""
    found: dict[str, int] = {}
    whole = read_table(frame.source, names)
    if not np.array_equal(whole.lines, frame.table.lines):
        # A line that only these columns show to be a defect: rows cannot be compared.
        return found
    for name in names:
        encoded = pc.dictionary_encode(as_text(whole.columns[name]))
        codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)[kept]
        if not 1 < len(np.unique(codes)) <= max(20, len(codes) // 2):
            continue
        pairs = np.unique(np.stack([group, codes]), axis=1).shape[1]
        found[name] = pairs - int(group.max(initial=-1)) - 1
    return found
