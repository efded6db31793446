"""The beginning of a table, taken apart: delimiter, header line, column names, first rows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import mode
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._source import PARQUET_MAGIC

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = [
    "NO_DELIMITER", "Head", "header_below", "is_peptide_header", "is_repeated", "parse_head",
    "spelling", "unique_names",
]  # fmt: skip

#: Stands for "one column": a character no table uses.
NO_DELIMITER = "\x1f"

# In the order of trust: a tab in a header is never anything but a delimiter.
_DELIMITERS = ("\t", ";", ",", "|")

_SAMPLE_LINES = 400

# What columns of peptides are called, in spellings; a line that has one and is full is a header,
# and what stands above it in fewer cells is its title.
_PEPTIDE_HEADERS = re.compile(
    r"(?:(?:stripped|modified|annotated|base|full|plain|naked|unmodified)?(?:peptides?|sequences?))"
    r"|peptidoform|proforma|pepseq|peptide(?:modified)?sequences?|modifiedpeptidesequences?"
    r"|ligands?|epitopes?|peptid|(?:peptid)?sequenz|séquence|peptideproteinmetricsconfidential"
)
_HEADER_SHARE = 0.6
_TITLE_LINES = 20

# What Excel writes, and heeds, above a CSV.
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)

_OPEN_QUOTE = re.compile(r'(?:^|[\t;,|])"[^"]*$')
_CLOSING_QUOTE = re.compile(r'[^"]*"(?=[\t;,|]|$)')
_MOST_BREAKS = 5


@lru_cache(maxsize=16_384)
def spelling(header: str) -> str:
    """Return a column name reduced to what all its spellings share: its letters and digits.

    Examples
    --------
    >>> spelling("MS/MS m/z") == spelling("MS.MS.m.z")
    True
    """
    # '# Proteins' is their number, not their names.
    return "".join(re.findall(r"[^\W_]+", header.casefold().replace("#", "number")))


@dataclass(frozen=True)
class Head:
    """How a table begins.

    Parameters
    ----------
    delimiter
        One character; :data:`NO_DELIMITER` for a single column.
    quoted
        Whether double quotes enclose fields, as in CSV.
    header_line
        1-based number of the line that holds the column names.
    names
        Column names, made unique; an unnamed column is called ``unnamed N``.
    rows
        First rows below the header, as many as the head shows whole.
    """

    delimiter: str
    quoted: bool
    header_line: int
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The spellings of all column names; every reader asks for them."""
        return frozenset(spelling(name) for name in self.names)

    def has(self, *headers: str) -> bool:
        """Return whether every one of these columns is there, in any spelling."""
        return all(spelling(header) in self.spellings for header in headers)

    def column(self, name: str) -> list[str]:
        """Return a column's values in the first rows; missing ones are empty."""
        index = self.names.index(name)
        return [row[index] if index < len(row) else "" for row in self.rows]


@lru_cache(maxsize=8)
def parse_head(head: bytes) -> Head:
    """Return the parts of a head as ``sniff`` gets it; never raises, whatever the bytes."""
    text = head.decode("utf-8", errors="replace").replace("\x00", "")
    if head.startswith(PARQUET_MAGIC + b"\n"):
        lines = text.split("\n")[1:]
        names = unique_names(lines[0].split("\t"))
        cells = tuple(tuple(line.split("\t")) for line in lines[1:])
        return Head("\t", quoted=False, header_line=0, names=names, rows=cells)
    lines = re.split(r"\r\n|\n|\r", text)
    if len(lines) > 1:
        # The last line may be cut by the end of the head; the end of the file leaves it empty.
        lines = lines[:-1] if len(head) > 200_000 or not lines[-1] else lines
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    numbered = numbered[:_SAMPLE_LINES] or [(1, "")]
    stated = _SEPARATOR_LINE.fullmatch(numbered[0][1].strip())
    if stated and len(numbered) > 1:
        numbered = numbered[1:]
    numbered = _whole_header(numbered)
    delimiter = _delimiter([line for _, line in numbered])
    if stated and stated[1] in _DELIMITERS:
        delimiter = stated[1]
    numbered = _without_titles(_without_comments(numbered, delimiter), delimiter)
    quoted = delimiter != "\t" or numbered[0][1].lstrip().startswith('"')
    rows = [_split(line, delimiter) for _, line in numbered]
    header = rows[0] or [""]
    if len(rows) > 1 and all(len(row) == len(header) + 1 for row in rows[1:]):
        # A trailing delimiter, or R's row names, which have no name for their column.
        trailing = all(not row[-1] for row in rows[1:])
        header = [*header, ""] if trailing else ["", *header]
    return Head(
        delimiter, quoted, numbered[0][0], unique_names(header), tuple(map(tuple, rows[1:]))
    )


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter whose count in the first lines agrees best with the header's."""
    best, best_score = NO_DELIMITER, 0.0
    for rank, delimiter in enumerate(_DELIMITERS):
        counts = [len(_split(line, delimiter)) for line in lines[:50]]
        # A comment line or two may stand above the header; more only if it is known as one.
        for top in range(min(_TITLE_LINES, len(counts))):
            if counts[top] < 2 or (top > 2 and not _names_peptides(_split(lines[top], delimiter))):
                continue
            body = counts[top:]
            agreeing = sum(count == counts[top] for count in body) / len(body)
            if delimiter == "\t" and top == 0:
                return delimiter
            score = agreeing - 0.01 * rank - 0.1 * min(top, 3)
            if agreeing >= 0.5 and score > best_score:
                best, best_score = delimiter, score
    return best


def _without_comments(numbered: list[tuple[int, str]], delimiter: str) -> list[tuple[int, str]]:
    """Return the lines from the header on: lines above it begin with '#' and have other fields."""
    for start in range(min(20, len(numbered) - 1)):
        line = numbered[start][1]
        width = len(_split(line, delimiter))
        if not line.startswith("#") or width == len(_split(numbered[start + 1][1], delimiter)) > 1:
            return numbered[start:]
    return numbered


def is_peptide_header(name: str) -> bool:
    """Return whether a cell is what columns of peptides are called.

    Examples
    --------
    >>> is_peptide_header("Annotated Sequence"), is_peptide_header("Peptides of donor 1")
    (True, False)
    """
    return _PEPTIDE_HEADERS.fullmatch(spelling(name)) is not None


def _names_peptides(cells: list[str]) -> bool:
    return any(is_peptide_header(cell) for cell in cells)


def header_below(rows: list[list[str]]) -> int:
    """Return how many of the first rows are titles: those above a header that is known as one.

    Parameters
    ----------
    rows
        Cells as text; a title fills fewer of them than the header does, one beside the other.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = max(filled, default=0)
    for place, row in enumerate(rows[:_TITLE_LINES]):
        as_wide = len(row) >= mode([len(below) for below in rows[place + 1 :]] or [0])
        full = as_wide and filled[place] >= max(2, _HEADER_SHARE * usual)
        if full and _names_peptides(row):
            titles = all(
                filled[at] < filled[place] and not _has_gaps(rows[at]) for at in range(place)
            )
            return place if titles else 0
    return 0


def _has_gaps(row: list[str]) -> bool:
    """Return whether blanks part a row's cells, as they do where it names blocks of columns."""
    return re.search(r"x +x", "".join("x" if cell.strip() else " " for cell in row)) is not None


def _without_titles(numbered: list[tuple[int, str]], delimiter: str) -> list[tuple[int, str]]:
    """Return the lines from the header on, where titles stand above it."""
    rows = [_split(line, delimiter) for _, line in numbered[:50]]
    return numbered[header_below(rows) :]


def _whole_header(numbered: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the lines with a header joined that a line break within quotes parts.

    Its number is that of its last line, below which the rows begin.
    """
    for at in range(min(3, len(numbered))):
        joined = numbered[at][1]
        for number, line in numbered[at + 1 : at + 1 + _MOST_BREAKS]:
            if not _OPEN_QUOTE.search(joined):
                break
            closed = _CLOSING_QUOTE.match(line)
            joined = f"{joined} {line}"
            if closed and not _OPEN_QUOTE.search(joined):
                rest = [entry for entry in numbered[at + 1 :] if entry[0] > number]
                return [*numbered[:at], (number, joined), *rest]
    return numbered


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Return column names stripped and told apart: repeated ones get a number."""
    seen: dict[str, int] = {}
    unique: dict[str, None] = {}
    for position, raw in enumerate(names, 1):
        name = "".join(char for char in raw if char.isprintable()).strip() or f"unnamed {position}"
        seen[name] = seen.get(name, 0) + 1
        candidate = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while candidate in unique:
            candidate += "'"
        unique[candidate] = None
    return tuple(unique)


def is_repeated(name: str, names: Container[str]) -> bool:
    """Return whether a column's header already stands over a column before it.

    Examples
    --------
    >>> is_repeated("Area (2)", unique_names(["Area", "Area"]))
    True
    """
    first = re.fullmatch(r"(.+) \(\d+\)'*", name)
    return first is not None and first[1] in names
