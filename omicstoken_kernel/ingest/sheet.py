"""A sample sheet: a table, or an SDRF-Proteomics file, that says what each run is.

Columns are known by their names, whatever their case and order. An empty cell, and SDRF's
``not available``, says nothing. A column of no known name is a free field of the sample; in an
SDRF file only ``characteristics[...]`` are, as the others tell of the measurement.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.channel_names import plain_channel
from omicstoken_kernel.ingest.hla import normalised_hla, split_hla

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SampleSheet", "SheetRow", "read_sample_sheet"]

#: Larger files are no sample sheets, in bytes.
MAX_BYTES = 32 * 2**20

# The earlier name wins where a sheet has several columns that could name the run.
_RUN = (
    "run id", "run", "run name", "comment[data file]", "raw file", "file", "file name", "filename",
    "data file", "raw", "spectrum file",
)  # fmt: skip
_FIELDS = {
    "sample": ("sample", "sample name", "source name"),
    "donor": ("donor", "patient", "individual", "characteristics[individual]"),
    "condition": ("condition", "group"),
    "biological_replicate": (
        "biological replicate", "replicate", "bioreplicate",
        "characteristics[biological replicate]", "comment[biological replicate]",
    ),
    "technical_replicate": ("technical replicate", "comment[technical replicate]"),
    "fraction": ("fraction", "fraction identifier", "comment[fraction identifier]"),
}  # fmt: skip
_CHANNEL = ("channel", "tmt channel", "label channel", "comment[label]")
_FIELD_OF = {name: key for key, names in _FIELDS.items() for name in names}
_HLA = re.compile(r"(?:characteristics\[)?(?:hla|mhc)(?: types?| typing| alleles?)?\]?")
_GENE = re.compile(r"(?:hla[- ]?)?(a|b|c|drb1|dqa1|dqb1|dpa1|dpb1)[- .]?[12]")
_GENE_ALONE = re.compile(r"hla[- ](a|b|c|drb1|dqa1|dqb1|dpa1|dpb1)")
_FREE = re.compile(r"characteristics\[(.*)\]", re.IGNORECASE)
_NOTHING = {"", "na", "n/a", "nan", "not available", "not applicable", "-"}


@dataclass(frozen=True)
class SheetRow:
    """One line of a sheet: the run it names, what it says, and free fields.

    ``channel`` is that of a labelled run, as :func:`channel_names.plain_channel` gives it, empty
    where the line names none. ``fields`` holds only what was given; ``hla`` there is the tuple of
    normalised names, and ``hla_written`` the same as the sheet writes them.
    """

    line: int
    run: str
    fields: dict[str, object]
    free: dict[str, str] = field(default_factory=dict)
    hla_written: tuple[str, ...] = ()
    channel: str = ""


@dataclass(frozen=True)
class SampleSheet:
    """A sheet as read; ``unused`` are the columns that say nothing about a run."""

    name: str
    rows: tuple[SheetRow, ...]
    unused: tuple[str, ...]


def read_sample_sheet(path: Path) -> SampleSheet:
    """Return the rows of a sample sheet.

    Raises
    ------
    ParseError
        If it cannot be read, names no run, or has a line that makes no sense; the line is named.
    """
    lines = _lines(path)
    if len(lines) < 2:
        msg = f"'{path.name}' has no line below its header."
        raise ParseError(msg, "A sample sheet has one line for each run.")
    header = [" ".join(name.split()) for name in lines[0][1]]
    roles = _roles(header, path.name)
    rows = [_row(path.name, line, cells, (header, roles)) for line, cells in lines[1:]]
    unused = tuple(name for name, role in zip(header, roles, strict=True) if name and not role)
    return SampleSheet(path.name, tuple(rows), unused)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines that hold anything, each with its number in the file."""
    source = open_source(path)
    if source.kind != "text":
        msg = f"'{path.name}' is a Parquet file; expected a sample sheet as text."
        raise ParseError(msg, "Save it as CSV or tab-separated text.")
    with source.open() as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        msg = f"'{path.name}' is larger than 32 MB; a sample sheet has one line for each run."
        raise ParseError(msg, "To store a table of peptides, use 'omicstoken upload FILE'.")
    text = raw.decode(source.encoding, errors="replace")
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t;,", key=first.count))
    found, begin = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begin, [cell.strip() for cell in cells]))
            begin = reader.line_num + 1
    except csv.Error as error:
        msg = f"'{path.name}', line {begin}: {error}."
        raise ParseError(msg, "Save the sheet again as CSV or tab-separated text.") from error
    return found


def _roles(header: list[str], name: str) -> list[str]:
    """Return what each column is for: run, a field, channel, factor, hla, free, or nothing."""
    plain = [column.lower().replace("_", " ") for column in header]
    run = next((plain.index(known) for known in _RUN if known in plain), None)
    if run is None:
        msg = f"No column of '{name}' names the run; it has {', '.join(filter(None, header))}."
        raise ParseError(msg, "Name one column 'run' or 'raw file'; in SDRF, 'comment[data file]'.")
    sdrf = any(column.startswith(("comment[", "characteristics[")) for column in plain)
    roles = ["run" if at == run else _role(column, sdrf) for at, column in enumerate(plain)]
    if "condition" in roles:
        roles = ["" if role == "factor" else role for role in roles]
    for role in (*_FIELDS, "channel"):
        same = [column for column, each in zip(header, roles, strict=True) if each == role]
        if len(same) > 1:
            what = role.replace("_", " ")
            msg = f"'{name}' has {len(same)} columns for the {what}: {', '.join(same)}."
            raise ParseError(msg, "Keep one of them.")
    return roles


def _role(column: str, sdrf: bool) -> str:  # noqa: FBT001 - private, one caller
    if column in _FIELD_OF:
        return _FIELD_OF[column]
    if column in _CHANNEL:
        return "channel"
    if column.startswith("factor value["):
        return "factor"
    if _HLA.fullmatch(column):
        return "hla"
    if gene := _GENE.fullmatch(column) or _GENE_ALONE.fullmatch(column):
        return f"hla {gene[1].upper()}"
    if not column or column in _RUN or (sdrf and not column.startswith("characteristics[")):
        return ""
    return "free"


def _row(name: str, line: int, cells: list[str], columns: tuple[list[str], list[str]]) -> SheetRow:
    header, roles = columns
    if any(cells[len(header) :]):
        msg = f"'{name}', line {line} has {len(cells)} cells; the header has {len(header)}."
        raise ParseError(msg, "Put quotes around a value that holds the separator.")
    run = cells[roles.index("run")] if roles.index("run") < len(cells) else ""
    if not run:
        msg = f"'{name}', line {line} names no run."
        raise ParseError(msg, "Fill in the run, or remove the line.")
    said = [
        (title, role, cell)
        for title, role, cell in zip(header, roles, cells, strict=False)
        if role and cell.lower() not in _NOTHING
    ]
    fields: dict[str, object] = {role: cell for _, role, cell in said if role in _FIELDS}
    free = {_FREE.sub(r"\1", title): cell for title, role, cell in said if role == "free"}
    if factors := [cell for _, role, cell in said if role == "factor"]:
        fields["condition"] = ", ".join(dict.fromkeys(factors))
    types = (split_hla(cell, role[4:]) for _, role, cell in said if role.startswith("hla"))
    written = [each for cell in types for each in cell]
    if written:
        fields["hla"] = _normalised(name, line, written)
    channel = next((plain_channel(cell) for _, role, cell in said if role == "channel"), "")
    return SheetRow(line, run, fields, free, tuple(written), channel)


def _normalised(name: str, line: int, written: list[str]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(normalised_hla(each) for each in written))
    except InputError as error:
        msg = f"'{name}', line {line}: {error.message}"
        raise ParseError(msg, error.hint) from error
