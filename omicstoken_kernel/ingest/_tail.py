"""Tab-separated tables whose last column goes on: each further field is one more of its values.

Percolator and its kin write a row's proteins so.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._careful import CUT
from omicstoken_kernel.ingest._head import unique_names
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS
from omicstoken_kernel.ingest._table import Table
from omicstoken_kernel.ingest.features import Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.ingest._source import Source

__all__ = ["read_with_tail", "tail_names"]


def tail_names(head: bytes) -> tuple[str, ...]:
    """Return the column names of the first line that is not blank."""
    for line in head.decode("utf-8", errors="replace").splitlines():
        if line.strip():
            return unique_names(line.rstrip("\t").split("\t"))
    return ()


def read_with_tail(source: Source, names: Sequence[str], wanted: Sequence[str]) -> Table:
    """Return the wanted columns; further values of the last one are joined by ``;``.

    A row with fewer fields is filled up with blanks; a short last line without a line break was cut
    and is a defect.

    Raises
    ------
    ParseError
        If the file is damaged or has no rows.
    """
    places = [(names.index(name), []) for name in wanted]  # type: list[tuple[int, list[str]]]
    lines: list[int] = []
    defects: list[Rejection] = []
    try:
        with source.open() as raw:
            text = io.TextIOWrapper(raw, encoding=source.encoding, errors="replace")
            numbered = ((number, line) for number, line in enumerate(text, 1) if line.strip())
            next(numbered, None)
            for number, line in numbered:
                cells = line.rstrip("\r\n").split("\t", len(names) - 1)
                if len(cells) < len(names):
                    if not line.endswith("\n"):
                        defects.append(Rejection(number, "", line[:200], CUT))
                        continue
                    cells += [""] * (len(names) - len(cells))
                cells[-1] = cells[-1].rstrip("\t").replace("\t", ";")
                lines.append(number)
                for at, values in places:
                    values.append(cells[at])
    except UNPACKING_ERRORS as error:
        msg = f"'{source.name}' cannot be read to its end: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    if not lines and not defects:
        msg = f"'{source.name}' has a header but no rows."
        raise ParseError(msg, "Check that the export finished, and upload it again.")
    columns = {
        name: pa.array(values, pa.string())
        for name, (_, values) in zip(wanted, places, strict=True)
    }
    return Table(tuple(names), columns, np.array(lines, np.int64), tuple(defects))
