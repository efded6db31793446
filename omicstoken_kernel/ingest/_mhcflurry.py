"""MHCflurry's table: CSV with the columns of ``mhcflurry-predict`` or of its Python interface."""

from __future__ import annotations

import csv
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

# Kind, its score, its percentile, its affinity in nM; 1.x calls the affinity "prediction".
_KINDS = (
    ("presentation", "presentation_score", "presentation_percentile", ""),
    ("affinity", "", "affinity_percentile", "affinity"),
    ("affinity", "", "prediction_percentile", "prediction"),
    ("processing", "processing_score", "", ""),
)
_PREFIX = "mhcflurry_"
_ALLELES = ("best_allele", "allele")


def sniff(head: str) -> bool:
    """Return whether a text is a table of MHCflurry."""
    names = _names(head)
    values = {value for kind in _KINDS for value in kind[1:] if value}
    marked = any(name.startswith(_PREFIX) for name in _raw_names(head))
    plain = {"presentation_score", "affinity"} <= set(names)
    return (
        "peptide" in names
        and any(name in names for name in _ALLELES)
        and bool(values & set(names))
        and (marked or plain)
    )


def _raw_names(head: str) -> list[str]:
    first = head.partition("\n")[0].strip()
    return [name.strip().strip('"') for name in first.split(_delimiter(head))]


def _names(head: str) -> list[str]:
    return [name.removeprefix(_PREFIX) for name in _raw_names(head)]


def _delimiter(head: str) -> str:
    first = head.partition("\n")[0]
    return "\t" if first.count("\t") > first.count(",") else ","


def read(lines: Iterable[Line], head: str) -> PredictionFile:
    """Return the predictions of a table of MHCflurry."""
    return PredictionFile("MHCflurry", "", _rows(lines, _names(head), _delimiter(head)))


def _rows(
    lines: Iterable[Line], names: list[str], delimiter: str
) -> Iterator[Predicted | Rejection]:
    # The best of several alleles, where there were several; else the one asked for.
    allele = next(name for name in _ALLELES if name in names)
    kinds = [kind for kind in _KINDS if any(value in names for value in kind[1:] if value)]
    for at, line in lines:
        if at == 1 or not line.strip():
            continue
        cells = next(csv.reader([line], delimiter=delimiter), [])
        row = dict(zip(names, cells, strict=False))
        if len(cells) < len(names):
            yield rejected(at, line, "the row has fewer values than the header has columns")
            continue
        try:
            peptide = peptide_of(row["peptide"])
            found = [_predicted(peptide, row[allele], kind, row) for kind in kinds]
        except ValueError as error:
            yield rejected(at, line, str(error))
        else:
            yield from found


def _predicted(
    peptide: str, written: str, kind: tuple[str, str, str, str], row: dict[str, str]
) -> Predicted:
    name, score, percentile, affinity = kind
    return Predicted(
        peptide=peptide,
        allele=allele_of(written),
        written=written,
        kind=name,
        score=number(row.get(score, "")),
        score_name=score,
        rank=number(row.get(percentile, "")),
        rank_name=percentile,
        affinity_nm=number(row.get(affinity, "")),
    )
