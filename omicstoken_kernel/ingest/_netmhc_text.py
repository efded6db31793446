"""NetMHCpan and NetMHCIIpan as they print: comments, a header between two rules, rows by spaces.

The columns differ between versions (``HLA`` or ``MHC``, ``Score`` or ``Score_EL``, ``Aff(nM)`` or
``Affinity(nM)``) and with ``-BA``; they are found by name. ``BindLevel`` stands behind ``<=`` and
only in rows that have one. Thresholds stand in the comments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._prediction import (
    Predicted,
    PredictionFile,
    allele_of,
    number,
    peptide_of,
    rejected,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omicstoken_kernel.ingest._prediction import Line
    from omicstoken_kernel.ingest.features import Rejection

__all__ = ["read", "sniff"]

_TOOL = re.compile(r"(NetMHC(?:II)?pan)(?:\s+|-)?version\s+(\S+)", re.IGNORECASE)
_THRESHOLD = re.compile(
    r"#\s*(?:Rank )?Threshold for (Strong|Weak) binding peptides\s*(?:\(\\?%Rank\))?\s*([\d.]+)"
)
_LEVEL = re.compile(r"<=\s*([SW]B)\s*$")
_COLUMNS = re.compile(r"^\s*(?:Pos|Seq)\s+.*\bPeptide\b.*%?Rank", re.IGNORECASE)
_NAMES = {"netmhcpan": "NetMHCpan", "netmhciipan": "NetMHCIIpan"}

# By kind: names of the score's column, the rank's, the affinity's; the first there is counts.
_KINDS = (
    ("EL", ("Score_EL",), ("%Rank_EL",), ()),
    ("BA", ("Score_BA",), ("%Rank_BA",), ("Aff(nM)", "Affinity(nM)")),
)
_OLD_SCORES = ("Score", "1-log50k(aff)")


def sniff(head: str) -> bool:
    """Return whether a text is printed by NetMHCpan or NetMHCIIpan."""
    return any(_COLUMNS.match(line) for line in head.splitlines())


def read(lines: Iterable[Line], head: str) -> PredictionFile:
    """Return the predictions of a printed output."""
    found = _TOOL.search(head)
    columns = next(line for line in head.splitlines() if _COLUMNS.match(line))
    tool = "NetMHCpan" if re.search("icore", columns, re.IGNORECASE) else "NetMHCIIpan"
    if found is not None:
        tool = _NAMES[found[1].lower()]
    file = PredictionFile(tool, found[2] if found else "", iter(()))
    file.rows = _rows(lines, file)
    return file


def _rows(lines: Iterable[Line], file: PredictionFile) -> Iterator[Predicted | Rejection]:
    columns: dict[str, int] = {}
    for at, line in lines:
        if match := _THRESHOLD.search(line):
            file.thresholds[match[1].lower()] = float(match[2])
            file.thresholds_from = "as the file states"
        elif _COLUMNS.match(line):
            columns = {name: place for place, name in enumerate(line.split())}
        elif columns and line.split()[:1] and line.split()[0].isdigit():
            yield from _row(at, line, columns)
        elif line.lstrip().startswith("Error"):
            file.notes.append(f"{file.tool} wrote: {line.strip()[:120]!a}.")


def _row(at: int, line: str, columns: dict[str, int]) -> Iterator[Predicted | Rejection]:
    level = _LEVEL.search(line)
    cells = _LEVEL.sub("", line).split()
    if len(cells) < len(columns) - ("BindLevel" in columns or "BindingLevel" in columns):
        yield rejected(at, line, "the row has fewer values than the header has columns")
        return

    def cell(*names: str) -> str:
        return next((cells[columns[name]] for name in names if name in columns), "")

    try:
        peptide = peptide_of(cell("Peptide", "peptide"))
        written = cell("MHC", "HLA", "Allele")
        found = [
            Predicted(
                peptide=peptide,
                allele=allele_of(written),
                written=written,
                kind=kind,
                score=number(cell(score_name)),
                score_name=score_name,
                rank=number(cell(rank_name)),
                rank_name=rank_name,
                affinity_nm=number(cell(affinity)),
                core=cell("Core"),
                # The program judges by the rank of eluted ligands where it has one.
                label=level[1] if level and (kind == "EL" or "Score_EL" not in columns) else "",
            )
            for kind, score_name, rank_name, affinity in _kinds(columns)
        ]
    except ValueError as error:
        yield rejected(at, line, str(error))
    else:
        yield from found


def _kinds(columns: dict[str, int]) -> list[tuple[str, str, str, str]]:
    """Return the kinds of prediction there are: kind, score, rank and affinity by column."""
    found = [
        (
            kind,
            next(name for name in scores if name in columns),
            next((name for name in ranks if name in columns), ""),
            next((name for name in affinities if name in columns), ""),
        )
        for kind, scores, ranks, affinities in _KINDS
        if any(name in columns for name in scores)
    ]
    if found:
        return found
    affinity = next((name for name in ("Aff(nM)", "Affinity(nM)") if name in columns), "")
    score = next((name for name in _OLD_SCORES if name in columns), "")
    return [("BA" if affinity else "EL", score, "%Rank", affinity)]
