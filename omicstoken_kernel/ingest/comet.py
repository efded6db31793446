"""Comet's own text table: the candidates of every spectrum, without q-values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._below import open_with_head, parse_below
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import filter_ranks, mz_of_masses, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="comet",
    title="Comet table",
    version="1",
    reads="the .txt of Comet (output_txtfile); the file is one run, named as its first line says.",
)

# Without a list of modifications the brackets hold shifts ('M[16.0]'), but for the versions 2015.02
# rev. 5 to 2016.01 rev. 1, which wrote totals ('M[147]').
_NOTATION = Notation(unsigned_mass="total_if_whole", sites=True)

# 'CometVersion 2023.01 rev. 2', base name of the spectra, date, database: above the column names.
_FIRST_LINE = re.compile(rb"\s*CometVersion [^\t\r\n]*(?:\t([^\t\r\n]*))?")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is Comet's text table."""
    del name
    needed = ("scan", "num", "charge", "exp_neutral_mass", "calc_neutral_mass", "plain_peptide")
    return 0.98 if _table(head).has(*needed) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return Comet's best candidates; those of one peptidoform and charge merge."""
    source = open_source(path, sheet=options.sheet)
    frame = open_with_head(
        source,
        options,
        dialect(INFO.name),
        head=_table(source.head),
        needed=("sequence", "charge"),
        what=INFO.title,
    )
    filter_ranks(frame)
    if "proteins" in frame:
        text = pc.replace_substring(frame.text("proteins"), ",", ";")
        frame.table.columns[frame.mapping["proteins"]] = text
    spectra = _spectra(source.head)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(pa.array([spectra] * len(frame), pa.string()), "sequence")
        if spectra
        else None,
        q_values=[],
        numbers=mz_of_masses(frame),
    )


def _table(head: bytes) -> Head:
    return parse_below(head, 1) if _FIRST_LINE.match(head) else parse_head(head)


def _spectra(head: bytes) -> str:
    """Return the file of spectra that the first line names, empty where it names none."""
    first = _FIRST_LINE.match(head)
    return (first[1] or b"").decode("utf-8", errors="replace").strip() if first else ""
