"""MaxQuant's modificationSpecificPeptides.txt: one row per peptide and set of modifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._maxquant import read_experiments
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="maxquant_modified",
    title="MaxQuant modification-specific peptides",
    version="2",
    reads="modificationSpecificPeptides.txt of MaxQuant; one run per column 'Intensity "
    "<experiment>'.",
)

# The column 'Modifications' says how many there are of which kind, and not where.
_NOTATION = Notation(keep_names=True, sites=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a modificationSpecificPeptides.txt."""
    del name
    table = parse_head(head)
    if not table.has("Sequence", "Modifications", "Proteins"):
        return 0.0
    if table.has("Modified sequence") or table.has("Charge"):
        return 0.0
    if not (table.has("Mass") and table.has("Charges") and table.has("PEP")):
        return 0.0
    return 0.98 if table.has("Unique (Groups)") or table.has("Evidence IDs") else 0.7


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a modificationSpecificPeptides.txt; every experiment's column is a run."""
    return read_experiments(path, options, INFO, notation=_NOTATION)
