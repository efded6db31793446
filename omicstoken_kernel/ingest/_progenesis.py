"""The three header lines of Progenesis: blocks, groups of samples, and names that repeat per block.

Names alone do not tell a normalised abundance from a raw one: the block above them does. R makes
the first line its column names (``X``, ``X.1``, ``Raw.abundance``) and leaves the others as rows.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._head import Head, parse_head, spelling, unique_names

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BLOCKS", "Layout", "find_layout"]

#: Blocks that are read: what they hold, by their spelling.
BLOCKS = {
    "normalizedabundance": "normalized",
    "normalisedabundance": "normalized",
    "rawabundance": "raw",
    "abundance": "raw",
    "spectralcounts": "counts",
    "spectralcount": "counts",
}

_BLANK = re.compile(r"(?:X(?:\.\d+)?)?")  # R calls a column without a name 'X.7'
_HEADERS = ("charge", "mz")
_PEPTIDES = ("sequence", "peptidesequence", "peptide")
_FIRST_LINES = 6


@dataclass(frozen=True)
class Layout:
    """How a file of Progenesis begins.

    Parameters
    ----------
    head
        Its columns: those of blocks are called ``Raw abundance: sample``.
    samples
        What a block holds (``raw``, ``normalized``, ``counts``) to sample to header.
    """

    head: Head
    samples: dict[str, dict[str, str]]


def find_layout(head: bytes) -> Layout | None:
    """Return how a file begins, or None where it has no line of columns as Progenesis names them.

    A file without the line of blocks has no samples.
    """
    lines = head.decode("utf-8", errors="replace").splitlines()[:_FIRST_LINES]
    delimiter = parse_head(head).delimiter
    rows = [_split(line, delimiter) for line in lines]
    at = next((at for at, row in enumerate(rows) if _is_header(row)), None)
    if at is None:
        return None
    blocks = _filled(rows[0], len(rows[at])) if at else [""] * len(rows[at])
    names, samples = _names(rows[at], blocks)
    quoted = delimiter != "\t" or rows[at][0].startswith('"')
    return Layout(Head(delimiter, quoted, at + 1, names, ()), samples)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.replace("\x00", "")], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _is_header(row: Sequence[str]) -> bool:
    found = [spelling(cell) for cell in row]
    ours = "useinquantitation" in found or "measuredmass" in found or row[:1] == ["#"]
    return ours and all(one in found for one in _HEADERS) and any(p in found for p in _PEPTIDES)


def _filled(row: Sequence[str], width: int) -> list[str]:
    """Return the block of every column: its name stands above the first of its columns."""
    blocks, block = [], ""
    for place in range(width):
        cell = row[place].strip() if place < len(row) else ""
        if not _BLANK.fullmatch(cell):
            block = cell.replace(".", " ").strip()
        blocks.append(block)
    return blocks


def _names(
    header: Sequence[str], blocks: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
    """Return all column names, told apart by their block, and the samples of each block we know."""
    own = unique_names(
        [
            f"{block}: {name.strip()}" if spelling(block) in BLOCKS else name
            for name, block in zip(header, blocks, strict=True)
        ]
    )
    samples: dict[str, dict[str, str]] = {}
    for name, block in zip(own, blocks, strict=True):
        kind = BLOCKS.get(spelling(block))
        if kind is not None:
            samples.setdefault(kind, {})[name.partition(": ")[2]] = name
    return own, samples
