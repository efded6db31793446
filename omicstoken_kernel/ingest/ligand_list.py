"""A plain list of peptides: one column, with a header or without."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import Frame
from omicstoken_kernel.ingest._head import NO_DELIMITER, parse_head, spelling
from omicstoken_kernel.ingest._identity import read_all
from omicstoken_kernel.ingest._long import Quantities, read_long
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import are_nucleotides
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._table import read_table
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="ligand_list",
    title="Peptide list",
    version="1",
    reads="one peptide per line, with a header or without; the file is one run.",
)

_NOTATION = Notation(fold_case=True)

# Below this share of readable lines a column of words is no list of peptides.
_MIN_SHARE = 0.7
# Gene symbols without digits (CAT, GAPDH, TTN) are spelled in residues too, but are shorter.
_MIN_MEDIAN_LENGTH = 6
_GENE_HEADER = re.compile(r"(?i)gene|symbol|protein|accession|uniprot|hgnc|entry")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a list of peptides, not of genes or other words."""
    del name
    table = parse_head(head)
    if table.delimiter != NO_DELIMITER or len(table.names) != 1:
        return 0.0
    values = _values(table)
    if table.names[0].startswith(">") or are_nucleotides(values):
        # FASTA, whose lines are pieces of proteins, or nucleotides spelled in residues' letters.
        return 0.0
    if _has_header(table):
        if _GENE_HEADER.search(table.names[0]):
            return 0.0
        sure = 0.95
    else:
        sure = 0.9
    readings = read_all(pa.array(values, pa.string()), _NOTATION) if values else []
    lengths = [len(reading.sequence) for reading in readings if reading.sequence]
    if len(lengths) < _MIN_SHARE * max(1, len(values)):
        return 0.0
    known_header = spelling(table.names[0]) in _header_spellings()
    if np.median(lengths or [0]) < _MIN_MEDIAN_LENGTH and not known_header:
        return 0.0
    return sure


def _header_spellings() -> frozenset[str]:
    return frozenset(spelling(header) for header in dialect(INFO.name).columns["sequence"])


def _has_header(table: Head) -> bool:
    """Return whether the first line is a column name: a known one, or no peptide at all."""
    first = table.names[0]
    if spelling(first) in _header_spellings():
        return True
    reading = read_all(pa.array([first], pa.string()), _NOTATION)[0]
    return bool(reading.reason) and bool(re.search(r"[a-z_ ]", first))


def _values(table: Head) -> list[str]:
    values = [row[0].strip() for row in table.rows if row]
    return values if _has_header(table) else [table.names[0], *values]


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a list of peptides; a peptide listed twice is one feature, and counted as merged."""
    source = open_source(path, sheet=options.sheet)
    head = parse_head(source.head)
    if len(head.names) != 1:
        msg = (
            f"The file was read as a peptide list and has {len(head.names)} columns; expected one."
        )
        raise ParseError(msg, "Let the format be recognised, or keep the peptide column alone.")
    named = _has_header(head)
    body = head if named else replace(head, header_line=head.header_line - 1)
    table = read_table(source, head.names, head=body)
    header = head.names[0] if named else "(no header)"
    frame = Frame(
        source=source,
        spellings=dialect(INFO.name),
        mapping={"sequence": header},
        options=options,
        table=replace(table, columns={header: table.columns[head.names[0]]}),
        outcomes=Outcomes(table),
        warnings=[*(source.sheet.warnings if source.sheet else ()), *table.warnings],
    )
    long = read_long(frame, notation=_NOTATION, runs=None, q_values=(), quantities=Quantities())
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)
