"""An mzTab file taken apart: what it says about itself, and one of its sections as a table.

A spreadsheet that saved the file again has padded its lines with tabs and quoted its values; both
are taken back.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._careful import CUT
from omicstoken_kernel.ingest._head import unique_names
from omicstoken_kernel.ingest._runs import clean, run_name
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS
from omicstoken_kernel.ingest._table import Table
from omicstoken_kernel.ingest._words import counted
from omicstoken_kernel.ingest.features import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omicstoken_kernel.ingest._source import Source

__all__ = ["Outline", "outline", "read_section"]

#: Header line and row lines of the sections that hold peptides.
_HEADERS = {"PSH": "PSM", "PEH": "PEP"}


@dataclass
class Outline:
    """What an mzTab file says about itself.

    Parameters
    ----------
    metadata
        Key to value of the lines ``MTD``.
    names
        Section (``PSM``, ``PEP``) to its column names.
    rows
        Section to its number of rows.
    """

    metadata: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def location(self, number: str) -> str:
        """Return where an MS run lies; its number in the file where that is not said."""
        location = self.metadata.get(f"ms_run[{number}]-location", "")
        return f"ms_run[{number}]" if location.lower() in ("", "null") else location

    def ms_runs(self, key: str) -> list[str]:
        """Return the numbers of the MS runs behind an assay or a study variable."""
        text = self.metadata.get(f"{key}-assay_refs", key if key.startswith("assay") else "")
        runs: list[str] = []
        for assay in re.findall(r"assay\[\d+\]", text):
            runs += re.findall(r"ms_run\[(\d+)\]", self.metadata.get(f"{assay}-ms_run_ref", ""))
        return list(dict.fromkeys(runs))

    def run_names(self, keys: list[str]) -> list[str]:
        """Return what people call assays or study variables: their description, else raw files."""
        names = []
        for key in keys:
            described = clean(self.metadata.get(f"{key}-description", ""))
            if not described or described.lower() in ("null", "no description given"):
                files = (run_name(self.location(number)) for number in self.ms_runs(key))
                described = " + ".join(files)
            names.append(described or key)
        return [
            name if names.count(name) == 1 else key for key, name in zip(keys, names, strict=True)
        ]


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    """Return the numbered lines with their ends."""
    try:
        with source.open() as raw:
            text = io.TextIOWrapper(raw, encoding=source.encoding, errors="replace")
            yield from enumerate(text, 1)
    except UNPACKING_ERRORS as error:
        msg = f"'{source.name}' cannot be read to its end: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error


def _fields(line: str) -> list[str]:
    line = line.rstrip("\n")
    if '"' not in line:
        return line.split("\t")
    try:
        return next(csv.reader([line], delimiter="\t"), [])
    except csv.Error:
        return line.split("\t")


def outline(source: Source) -> Outline:
    """Return what a file says about itself, and how much of what it holds."""
    found = Outline()
    for _, line in _lines(source):
        prefix = line[:3].upper()
        if prefix in ("PSM", "PEP"):
            found.rows[prefix] = found.rows.get(prefix, 0) + 1
        elif prefix == "MTD":
            parts = _fields(line)
            if len(parts) > 2:
                found.metadata.setdefault(parts[1].strip(), parts[2].strip())
        elif prefix in _HEADERS and _HEADERS[prefix] not in found.names:
            found.names[_HEADERS[prefix]] = _names(line)
    return found


def _names(line: str) -> tuple[str, ...]:
    names = [name.strip() for name in _fields(line)[1:]]
    while names and not names[-1]:
        names.pop()
    return unique_names(names)


def read_section(
    source: Source, section: str, names: Sequence[str], wanted: Sequence[str]
) -> Table:
    """Return the wanted columns of a section, with the lines of the file.

    Raises
    ------
    ParseError
        If the section has no rows.
    """
    places = [(names.index(name), []) for name in wanted]  # type: list[tuple[int, list[str]]]
    lines: list[int] = []
    defects: list[Rejection] = []
    short = 0
    for number, line in _lines(source):
        if line[:3].upper() != section:
            continue
        cells = _fields(line)[1:]
        if any(cell.strip() for cell in cells[len(names) :]):
            reason = f"{len(cells)} fields where the header has {len(names)}: values may have moved"
            defects.append(Rejection(number, "", line.rstrip()[:200], reason))
            continue
        if len(cells) < len(names):
            if not line.endswith("\n"):
                defects.append(Rejection(number, "", line[:200], CUT))
                continue
            short += 1
            cells += [""] * (len(names) - len(cells))
        lines.append(number)
        for at, values in places:
            values.append(cells[at])
    if not lines and not defects:
        msg = f"'{source.name}' has a header but no rows."
        raise ParseError(msg, "Check that the export finished, and upload it again.")
    warnings: tuple[str, ...] = ()
    if short:
        warnings = (
            f"{counted(short, 'row has', 'rows have')} fewer fields than the header: the rest was "
            "taken as blank.",
        )
    columns = {
        name: pa.array(values, pa.string())
        for name, (_, values) in zip(wanted, places, strict=True)
    }
    return Table(tuple(names), columns, np.array(lines, np.int64), tuple(defects), warnings)
