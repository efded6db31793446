"""Waters' ProteinLynx Global Server: IA_final_peptide.csv, a row per peptide and protein."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._placed import Unplaced, place_listed
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._sites import NOT_FITTING
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.ingest._placed import Site
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="plgs",
    title="PLGS peptides",
    version="1",
    reads="IA_final_peptide.csv and IA_final_fragment.csv of Waters' PLGS; the file is one run.",
)

_NOTATION = Notation(keep_names=True)

# 'Carbamidomethyl+C(8)', 'Acetyl N-TERM (1)'
_ENTRY = re.compile(
    r"\s*([^+;,|]+?)\s*[+ ]\s*([A-Z]|[NC]-?TERM)\s*\((\d+)\)\s*(?:[;,|]|$)", re.IGNORECASE
)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of peptides of PLGS."""
    del name
    table = parse_head(head)
    return 0.98 if table.has("peptide.seq", "peptide.modification", "precursor.leID") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return PLGS's peptides; a precursor counts once, however many proteins it stands under."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title)
    if "database" in frame:
        kinds = pc.utf8_lower(frame.text("database"))
        decoy = pc.match_substring_regex(kinds, "^(?:random|reverse)")
        frame.outcomes.filter(np.asarray(decoy.to_numpy(zero_copy_only=False), bool), "decoy")
    place_listed(frame, _sites)
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=(),
        quantities=quantities,
    )
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")


def _sites(listed: str, sequence: str) -> Iterator[Site]:
    at = len(listed) if listed.lower() == "none" else 0
    while at < len(listed):
        entry = _ENTRY.match(listed, at)
        if entry is None:
            raise Unplaced(NOT_UNDERSTOOD)
        at = entry.end()
        name, site, number = entry[1], entry[2].upper(), int(entry[3])
        if len(site) > 1:
            yield (0 if site[0] == "N" else len(sequence) + 1), name
        elif sequence[number - 1 : number] != site:
            raise Unplaced(NOT_FITTING)
        else:
            yield number, name
