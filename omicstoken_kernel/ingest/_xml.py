"""XML formats of identifications, read as they stream by, into the columns of a table.

Nothing outside the file is ever read: a document type definition, which could name other files or
blow up in memory, is refused, and the parser has no network. The file goes to the parser line by
line, so that every row knows its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from lxml import etree

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest._columns import Dialect
from omicstoken_kernel.ingest._frame import Frame
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS
from omicstoken_kernel.ingest._table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from omicstoken_kernel.ingest._source import Source
    from omicstoken_kernel.ingest.features import ReadOptions

__all__ = ["Found", "Matches", "elements", "is_root", "local_name", "named_values"]

# Lines longer than this are fed to the parser in pieces, in bytes.
_PIECE = 1 << 20

_PROLOGUE = rb"(?:\s|<\?.*?\?>|<!--.*?-->)*"


def is_root(head: bytes, name: str) -> bool:
    """Return whether a file's first element has this name, in any namespace."""
    pattern = _PROLOGUE + rb"<(?:\w+:)?" + name.encode() + rb"[\s/>]"
    return re.match(pattern, head[:65_536], re.IGNORECASE | re.DOTALL) is not None


def local_name(element: _Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def named_values(element: _Element, name: str, key: str = "name") -> dict[str, str]:
    """Return name to value of an element's children of one kind (``UserParam``, ``cvParam``)."""
    return {
        child.get(key, ""): child.get("value", "") for child in element if local_name(child) == name
    }


class Found(NamedTuple):
    """An element that streamed by.

    ``lines`` has the line of each element of ``rows`` within it; lxml's own line numbers end at
    65 535.
    """

    name: str
    element: _Element
    lines: Mapping[_Element, int]


def elements(
    source: Source, names: Sequence[str], *, rows: str, starts: Sequence[str] = ()
) -> Iterator[Found]:
    """Return elements of ``starts`` as they begin, and of ``names`` once they are whole.

    A whole element and all before it are forgotten as soon as the next is asked for.

    Raises
    ------
    ParseError
        If the file is no sound XML.
    """
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", source.head, re.IGNORECASE):
        msg = f"'{source.name}' holds a document type definition, which result files never need."
        raise ParseError(msg, "Export it again, or remove the lines of <!DOCTYPE ...>.")
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in {*names, *starts, rows}],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    lines: dict[_Element, int] = {}
    try:
        for number, piece in _pieces(source):
            parser.feed(piece)
            for event, element in parser.read_events():
                name = local_name(element)
                if event == "start":
                    if name == rows:
                        lines[element] = number
                    if name in starts:
                        yield Found(name, element, lines)
                elif name in names and not _nested(element, name):
                    yield Found(name, element, lines)
                    lines.clear()
                    _forget(element)
        parser.close()
    except (etree.XMLSyntaxError, *UNPACKING_ERRORS) as error:
        msg = f"'{source.name}' cannot be read to its end as XML, no rows were taken: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """Return the file line by line, long lines in pieces, each with its line's number."""
    number = 1
    with source.open() as stream:
        while piece := stream.readline(_PIECE):
            yield number, piece
            number += piece.endswith(b"\n")


def _nested(element: _Element, name: str) -> bool:
    """Return whether an element lies in one of its own kind, which still needs it."""
    parent = element.getparent()
    return parent is not None and local_name(parent) == name


def _forget(element: _Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


class Matches:
    """Rows of identifications as they are found, and the frame they make in the end.

    Parameters
    ----------
    headers
        Canonical name to what the format calls it. Where there is a ``reference``, what a row
        refers to elsewhere in the file, that is what a rejection quotes.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)
        self._columns: dict[str, list[str]] = {name: [] for name in headers}
        self._lines: list[int] = []
        self.defects: dict[int, str] = {}
        self.warnings: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: int, values: Mapping[str, str | None], *, defect: str = "") -> None:
        """Add a row; ``defect`` is why its peptide cannot be written down."""
        if defect:
            self.defects[len(self._lines)] = defect
        self._lines.append(line)
        for name, column in self._columns.items():
            column.append(values.get(name) or "")

    def frame(self, source: Source, options: ReadOptions) -> Frame:
        """Return the rows as a frame, columns without any value left out.

        Raises
        ------
        ParseError
            If there are no rows.
        InputError
            If the user named columns, of which such a file has none.
        """
        if options.columns:
            msg = f"'{source.name}' has no columns to be named: the format says what a value is."
            raise InputError(msg, "Leave the column out.")
        if not self._lines:
            msg = f"'{source.name}' has no rows of identifications."
            raise ParseError(msg, "Check that the search and the export finished.")
        filled = {name: values for name, values in self._columns.items() if any(values)}
        filled.setdefault("sequence", self._columns["sequence"])
        mapping = {name: self._headers[name] for name in filled}
        columns = {
            self._headers[name]: pa.array(values, pa.string()) for name, values in filled.items()
        }
        table = Table(tuple(columns), columns, np.array(self._lines, np.int64))
        dialect = Dialect({name: (header,) for name, header in self._headers.items()}, 1.0)
        frame = Frame(source, dialect, mapping, options, table, Outcomes(table))
        frame.warnings.extend(self.warnings)
        for reason in sorted(set(self.defects.values())):
            hit = np.zeros(len(table), bool)
            hit[[row for row, why in self.defects.items() if why == reason]] = True
            frame.reject(hit, "reference" if "reference" in frame else "sequence", reason)
        return frame
