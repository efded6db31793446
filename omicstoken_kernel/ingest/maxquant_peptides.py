"""MaxQuant's peptides.txt: one row per peptide, one quantity column per experiment.

Charge states and modified forms are already rolled up by MaxQuant, so features have neither charge
nor modification. Runs are the columns ``Intensity <experiment>``; the total ``Intensity`` is one
run only where there are none, and ``LFQ intensity`` is used only where there is no other intensity,
because it is normalised. Of a SILAC experiment each label is a run, and the sum of the labels is
none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._maxquant import Columns, read_experiments
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="maxquant_peptides",
    title="MaxQuant peptides",
    version="2",
    reads="peptides.txt of MaxQuant; one run per column 'Intensity <experiment>'.",
)

_NOTATION = Notation(keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a peptides.txt, also with columns taken out."""
    del name
    table = parse_head(head)
    others = ("Modified sequence", "Modifications", "Raw file", "Charge")
    if not table.has("Sequence") or any(table.has(other) for other in others):
        return 0.0
    if not (table.has("Leading razor protein") or table.has("Proteins", "Unique (Groups)")):
        return 0.0
    found = Columns.of(table.names)
    if not (found.intensity or found.lfq or table.has("Intensity")):
        return 0.4 if table.has("Missed cleavages", "PEP", "Mass") else 0.0
    return 0.98 if table.has("Amino acid before") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a peptides.txt; every experiment's column is a run."""
    return read_experiments(path, options, INFO, notation=_NOTATION)
