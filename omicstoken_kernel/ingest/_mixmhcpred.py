"""MixMHCpred's output: comments, a header, a score and a rank for each allele, parted by tabs."""

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

_VERSION = re.compile(r"#\s*Output from MixMHCpred\s*\(v([^)\s]+)\)")


def sniff(head: str) -> bool:
    """Return whether a text is an output of MixMHCpred."""
    return _header(head) is not None


def _header(head: str) -> list[str] | None:
    rows = [line for line in head.splitlines() if line.strip() and not line.startswith("#")]
    if not rows:
        return None
    names = [cell.strip() for cell in rows[0].split("\t")]
    known = names[0] == "Peptide" and "BestAllele" in names and "Score_bestAllele" in names
    return names if known and any(name.startswith("%Rank_") for name in names) else None


def read(lines: Iterable[Line], head: str) -> PredictionFile:
    """Return the predictions of an output of MixMHCpred."""
    version = _VERSION.search(head)
    return PredictionFile(
        "MixMHCpred", version[1] if version else "", _rows(lines, _header(head) or [])
    )


def _rows(lines: Iterable[Line], names: list[str]) -> Iterator[Predicted | Rejection]:
    best = names.index("BestAllele")
    alleles = [
        name.removeprefix("%Rank_")
        for name in names
        if name.startswith("%Rank_") and name != "%Rank_bestAllele"
    ]
    body = False
    for at, line in lines:
        if line.startswith("#") or not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not body:
            body = True  # the header itself
            continue
        if len(cells) < len(names):
            yield rejected(at, line, "the row has fewer values than the header has columns")
            continue
        try:
            peptide = peptide_of(cells[0])
            row = dict(zip(names, cells, strict=False))
            # Where only the best allele is told, its values stand under that name.
            asked = [(each, each) for each in alleles] or [(cells[best], "bestAllele")]
            found = [_predicted(peptide, written, suffix, row) for written, suffix in asked]
        except ValueError as error:
            yield rejected(at, line, str(error))
        else:
            yield from found


def _predicted(peptide: str, written: str, suffix: str, row: dict[str, str]) -> Predicted:
    return Predicted(
        peptide=peptide,
        allele=allele_of(written),
        written=written,
        kind="score",
        score=number(row.get(f"Score_{suffix}", "")),
        score_name="Score",
        rank=number(row[f"%Rank_{suffix}"]),
        rank_name="%Rank",
        label="best allele" if row["BestAllele"] == written else "",
    )
