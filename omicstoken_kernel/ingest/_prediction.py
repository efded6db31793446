"""What all readers of other programs' predictions share: a row, its numbers, its allele."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.features import Rejection
from omicstoken_kernel.ingest.hla import normalised_hla

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Line", "Predicted", "PredictionFile", "allele_of", "number", "peptide_of", "rejected"]

#: A line of a file with its number.
Line = tuple[int, str]


class Predicted(NamedTuple):
    """One prediction: a peptide, an allele, a kind, and the values of the program that made it.

    Parameters
    ----------
    peptide
        In upper case.
    allele
        In the nomenclature's spelling; as written where that is not known.
    written
        The allele as the file writes it.
    kind
        ``EL`` (eluted ligand), ``BA`` (binding affinity), ``presentation``, ``affinity``,
        ``processing``, or ``score`` where the program has but one.
    score, score_name, rank, rank_name
        The value and what the program calls it; a rank is a percentile, lower is better.
    affinity_nm
        Predicted IC50 in nM, lower is better; None where the file gives none.
    core
        The predicted binding core; empty where the file gives none.
    label
        The program's own word for the row: ``SB``, ``WB``, ``best allele``; empty where it has
        none.
    """

    peptide: str
    allele: str
    written: str
    kind: str
    score: float | None
    score_name: str
    rank: float | None
    rank_name: str
    affinity_nm: float | None = None
    core: str = ""
    label: str = ""


@dataclass
class PredictionFile:
    """An output file of another program, being read.

    ``thresholds`` are percentiles by the program's own words (``strong``, ``weak``); they are
    filled, like ``notes``, while ``rows`` is consumed. ``thresholds_from`` says where they stand.
    """

    tool: str
    version: str
    rows: Iterator[Predicted | Rejection]
    thresholds: dict[str, float] = field(default_factory=dict)
    thresholds_from: str = ""
    notes: list[str] = field(default_factory=list)


def number(text: str) -> float | None:
    """Return a number, or None where the program wrote that there is none (``NA``, ``-``, empty).

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if text.strip().lower() in ("", "na", "nan", "-", "n/a"):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def peptide_of(text: str) -> str:
    """Return a peptide in upper case.

    Raises
    ------
    ValueError
        If it is no sequence of letters.
    """
    peptide = text.strip().upper()
    if not (peptide.isascii() and peptide.isalpha()):
        msg = "no peptide"
        raise ValueError(msg)
    return peptide


@lru_cache(maxsize=10_000)
def allele_of(written: str) -> str:
    """Return an allele in the nomenclature's spelling, as written where that is not known."""
    try:
        return normalised_hla(written)
    except InputError:
        return written.strip()


def rejected(line: int, text: str, reason: str) -> Rejection:
    """Return a row that could not be read."""
    return Rejection(line, "", ascii(text.strip()[:60]), reason)
