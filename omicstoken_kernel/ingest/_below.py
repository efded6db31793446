"""Tables whose column names do not stand in the file's first line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._columns import map_columns, require
from omicstoken_kernel.ingest._frame import Frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._table import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.ingest._columns import Dialect
    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ReadOptions

__all__ = ["open_with_head", "parse_below"]

_LINE_END = re.compile(rb"\r\n|\n|\r")


def parse_below(head: bytes, skipped: int) -> Head:
    """Return how the table begins that stands below the first lines of a file.

    Parameters
    ----------
    skipped
        Number of lines above the one that holds the column names.
    """
    for _ in range(skipped):
        end = _LINE_END.search(head)
        head = head[end.end() :] if end else b""
    table = parse_head(head)
    return replace(table, header_line=table.header_line + skipped)


def open_with_head(
    source: Source,
    options: ReadOptions,
    spellings: Dialect,
    *,
    head: Head,
    needed: Sequence[str],
    what: str,
) -> Frame:
    """Return a file's table with the columns a dialect knows, its beginning taken apart already.

    Parameters
    ----------
    needed, what
        As :func:`omicstoken_kernel.ingest._frame.open_frame`.

    Raises
    ------
    ParseError
        If a needed column is missing or the file cannot be read.
    InputError
        If an override of the user does not fit the file.
    """
    mapping = map_columns(head.names, spellings, options.columns)
    require(mapping, needed, spellings, what)
    table = read_table(source, list(mapping.values()), head=head)
    frame = Frame(source, spellings, mapping, options, table, Outcomes(table))
    frame.warnings.extend(source.sheet.warnings if source.sheet else ())
    frame.warnings.extend(table.warnings)
    return frame
