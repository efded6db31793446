"""An Excel workbook as the text of one of its sheets.

A sheet becomes tab-separated text in which line N is row N, so that every reader, every sniff and
every rejection works on it as on a text file. What Excel may have done to the data is said:

- a formula stands for its stored result; where the file stores none the cell is blank, and a
  warning counts such cells;
- a date becomes ``2024-05-01``: no number any more, so a column of quantities rejects it instead of
  taking Excel's day count for one, and a warning names the first;
- titles above the table are passed over; tabs and line breaks within a cell become blanks;
- of several sheets the first visible one with a column of peptides is read, unless the user names
  another, and a warning names those that were not.

Python-calamine keeps none of the cells that are formatted and empty, of which sheets have millions;
openpyxl makes a Python object of each of them.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest._packed import UNPACKING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["SheetText", "is_workbook", "read_sheet"]

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta

# A table's header stands within so many rows of the first, and fills most of its columns.
_TITLE_ROWS = 30
_HEADER_SHARE = 0.6

# What a workbook may unpack to, in bytes: Excel's own limit of rows and columns is far below.
_MAX_RATIO = 250
_ALWAYS_ALLOWED = 256 << 20

# What a damaged archive makes the standard library raise; RuntimeError is an encrypted part.
_DAMAGE = (*UNPACKING_ERRORS, RuntimeError, NotImplementedError, ValueError)

_BREAKS = re.compile(r"[\t\r\n\x00\x0b\x0c\x85\u2028\u2029]+")
_NO_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_CHUNK = 1 << 20
# In bytes; a formula's attributes are short, and its text is no part of the match.
_LONGEST_MATCH = 512


@dataclass(frozen=True)
class SheetText:
    """One sheet: its name, its text as UTF-8, and what the user should know about it."""

    name: str
    text: bytes
    warnings: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook of Excel 2007 or later, by its content."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/workbook.") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def read_sheet(path: Path, name: str, sheet: str | None = None) -> SheetText:
    """Return a sheet of a workbook: the one that is named, or the first with peptides.

    Parameters
    ----------
    name
        The file's name as the user knows it.

    Raises
    ------
    ParseError
        If the workbook is damaged, far too large, or has no sheet with cells.
    InputError
        If there is no sheet of that name.
    """
    stat = path.stat()
    return _read_sheet(path, name, sheet, (stat.st_size, stat.st_mtime_ns))


# A file is recognised first and read then: what was read is kept until the next file comes.
@lru_cache(maxsize=1)
def _read_sheet(path: Path, name: str, sheet: str | None, state: tuple[int, int]) -> SheetText:
    from python_calamine import CalamineError, CalamineWorkbook

    size, _ = state
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > max(_ALWAYS_ALLOWED, _MAX_RATIO * size):
                msg = (
                    f"'{name}' unpacks to {unpacked >> 20} MiB, which no workbook of its size does."
                )
                raise ParseError(msg, "If it is genuine, save the sheet as text and upload that.")
            blanks = _formulas_without_result(archive)
        with CalamineWorkbook.from_path(path) as book:
            chosen, others = _choose(book, name, sheet)
            text, dates = _text(chosen)
            warnings = _warnings(chosen.name, others, dates, blanks)
            return SheetText(chosen.name, text, warnings)
    except (CalamineError, *_DAMAGE) as error:
        msg = f"'{name}' is an Excel workbook that cannot be read: {error}."
        hint = "Open it in Excel and save it again, or save the sheet as tab-separated text."
        raise ParseError(msg, hint) from error


def _choose(
    book: CalamineWorkbook, name: str, sheet: str | None
) -> tuple[CalamineSheet, list[str]]:
    """Return the sheet to be read, and the others that hold peptides or could."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if sheet is not None:
        if sheet not in book.sheet_names:
            msg = f"'{name}' has no sheet '{sheet}'."
            raise InputError(msg, f"It has: {', '.join(book.sheet_names)}.")
        return book.get_sheet_by_name(sheet), []
    filled = [
        found
        for meta in book.sheets_metadata
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
        if (found := book.get_sheet_by_name(meta.name)).start is not None
    ]
    if not filled:
        msg = f"'{name}' is an Excel workbook without any filled cell in a visible sheet."
        raise ParseError(msg, "Check that the export finished, or name a hidden sheet.")
    # A single sheet is read whatever its columns are called.
    with_peptides = [one for one in filled if _has_peptides(one)] if len(filled) > 1 else []
    candidates = with_peptides or [one for one in filled if one.height > 1] or filled
    return candidates[0], [one.name for one in candidates[1:]]


def _has_peptides(sheet: CalamineSheet) -> bool:
    from omicstoken_kernel.ingest._columns import dialect
    from omicstoken_kernel.ingest._head import spelling

    if sheet.height < 2:
        return False

    columns = dialect("generic").columns
    known = {spelling(header) for key in ("modified", "sequence") for header in columns[key]}
    rows = list(islice(sheet.iter_rows(), _TITLE_ROWS))
    header = rows[_header_row(rows)]
    return any(isinstance(cell, str) and spelling(cell) in known for cell in header)


def _header_row(rows: list[list[Cell]]) -> int:
    """Return which of the first rows holds the column names: a known header, else a full row."""
    from omicstoken_kernel.ingest._head import header_below

    if known := header_below([[str(cell) for cell in row] for row in rows]):
        return known
    filled = [sum(cell != "" for cell in row) for row in rows]
    enough = max(1.0, _HEADER_SHARE * max(filled, default=0))
    return next(place for place, count in enumerate(filled) if count >= enough)


def _text(sheet: CalamineSheet) -> tuple[bytes, list[str]]:
    """Return a sheet's text, and its dates with their places."""
    rows: Iterator[list[Cell]] = iter(sheet.iter_rows())
    first = list(islice(rows, _TITLE_ROWS))
    header = _header_row(first)
    # Titles leave their line blank: the numbers of the others stay those of Excel's rows.
    lines = [b""] * header
    dates: list[str] = []
    for number, row in enumerate(chain(first[header:], rows), header + 1):
        lines.append(_line(row, number, dates))
    return b"\n".join(lines).rstrip(b"\n") + b"\n", dates


def _line(row: Iterable[Cell], number: int, dates: list[str]) -> bytes:
    cells = [_written(cell, number, dates) for cell in row]
    return "\t".join(cells).encode(errors="replace") if any(cells) else b""


def _written(cell: Cell, number: int, dates: list[str]) -> str:
    if isinstance(cell, str):
        return _BREAKS.sub(" ", cell).strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    dates.append(f"{cell} in row {number}")
    return str(cell)


def _formulas_without_result(archive: zipfile.ZipFile) -> int:
    """Return how many formulas of a workbook's sheets have no stored result."""
    found = 0
    for member in archive.namelist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
            continue
        with archive.open(member) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                # A match may be cut by the end of a chunk; one within the tail was counted before.
                block = tail + chunk
                if b"<f" in block or b"</f>" in block:
                    found += sum(one.end() > len(tail) for one in _NO_RESULT.finditer(block))
                tail = block[-_LONGEST_MATCH:]
    return found


def _warnings(name: str, others: list[str], dates: list[str], blanks: int) -> tuple[str, ...]:
    said = []
    if others:
        shown = ", ".join(f"'{other}'" for other in others[:5])
        said.append(f"The sheet '{name}' was read; {shown} not. Name a sheet to read that one.")
    if dates:
        said.append(
            f"{len(dates)} cells of the sheet '{name}' hold dates, the first is {dates[0]}: Excel "
            "may have made them from numbers or names."
        )
    if blanks:
        said.append(
            f"{blanks} formulas of the workbook have no stored result and were taken as blank. "
            "Open it in Excel, save it and upload it again."
        )
    return tuple(said)
