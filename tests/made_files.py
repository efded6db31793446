"""What a made-up result file is: the file, and what reading it must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MadeFile", "features_of", "write"]


@dataclass(frozen=True)
class MadeFile:
    """A file and what reading it must give.

    ``features`` are tuples (run name, ProForma, charge, quantity, line) in the order of the table.
    """

    path: Path
    rows_in: int
    used: int
    merged: int
    features: list[tuple]
    filtered: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    cells: tuple[int, int, int, int] = (0, 0, 0, 0)  # in, merged, empty, rejected


def write(path: Path, rows: list[list[object]], *, delimiter: str = "\t") -> Path:
    """Write rows as delimited text and return the path."""
    lines = (delimiter.join(str(cell) for cell in row) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def features_of(parsed) -> list[tuple]:
    """Return a parsed upload's features as tuples (run name, ProForma, charge, quantity, line)."""
    return [
        (
            parsed.runs[row["run"]].name,
            row["proforma"],
            row["precursor_charge"],
            row["quantity"],
            row["line"],
        )
        for row in parsed.features.to_pylist()
    ]
