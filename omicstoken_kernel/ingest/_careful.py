"""Reading a damaged or unusual text table record by record.

Slower than Arrow by an order of magnitude, and only taken where Arrow's answer cannot be trusted.
Rules: a record with fewer fields than the header is filled up with blanks (tools drop trailing
empty fields); one with more is accepted if what is too much is blank and is a defect otherwise, for
its values may have moved; a short last line without a line break was cut and is a defect. A quote
that swallows line breaks and leaves the wrong number of fields, or lines that are whole rows, is a
stray quote: its lines are read again, one by one.
"""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._words import counted
from omicstoken_kernel.ingest.features import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest._source import Source

__all__ = ["CUT", "read_careful"]

Careful = tuple[
    dict[str, list[str]], "npt.NDArray[np.int64]", tuple[Rejection, ...], tuple[str, ...]
]
Record = tuple[int, list[str]]

CUT = "the file ends inside this line: it was cut short"

# A field longer than this is no cell of a table; the limit keeps one stray quote from eating
# memory.
_FIELD_LIMIT = 16 << 20

# Where text turns out not to be in the encoding its beginning is in, the next is tried; the last
# takes all.
_FALLING_BACK = ("utf-8", "cp1252", "latin-1")


def read_careful(source: Source, head: Head, wanted: list[str]) -> Careful:
    """Return the wanted columns as lists, their lines, the defect records and warnings."""
    previous_limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        if source.encoding not in _FALLING_BACK:
            return _collect(source, head, wanted, source.encoding, ())
        for encoding in _FALLING_BACK[_FALLING_BACK.index(source.encoding) : -1]:
            try:
                return _collect(source, head, wanted, encoding, _said(source, encoding))
            except UnicodeDecodeError:
                continue
        return _collect(source, head, wanted, _FALLING_BACK[-1], _said(source, _FALLING_BACK[-1]))
    finally:
        csv.field_size_limit(previous_limit)


def _said(source: Source, encoding: str) -> tuple[str, ...]:
    if encoding == source.encoding:
        return ()
    return (
        f"Some text is not {source.encoding.upper()} and was read as {encoding}: check names with "
        "accents or special signs.",
    )


def _collect(
    source: Source, head: Head, wanted: list[str], encoding: str, warnings: tuple[str, ...]
) -> Careful:
    width = len(head.names)
    places = [(head.names.index(name), []) for name in wanted]  # type: list[tuple[int, list[str]]]
    lines: list[int] = []
    defects: list[Rejection] = []
    short: list[int] = []
    errors = "strict" if encoding in _FALLING_BACK else "replace"
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
        stream = _Lines(text, head.header_line)
        for line, fields in _records(stream, head):
            if len(fields) != width:
                if len(fields) > width and any(value.strip() for value in fields[width:]):
                    defects.append(_too_long(line, fields, width))
                    continue
                if len(fields) < width:
                    short.append(line)
                    fields = [*fields, *[""] * (width - len(fields))]
            lines.append(line)
            for place, values in places:
                values.append(fields[place])
        ended = stream.ended_with_newline
    if short and not ended and len(short) == 1 and short[0] == (lines[-1] if lines else 0):
        defects.append(_cut(short.pop(), places))
        lines.pop()
    if short:
        warnings = (*warnings, _short_warning(short, width))
    columns = dict(zip(wanted, (values for _, values in places), strict=True))
    return columns, np.asarray(lines, np.int64), tuple(defects), warnings


def _too_long(line: int, fields: list[str], width: int) -> Rejection:
    reason = f"{len(fields)} fields where the header has {width}: values may have moved"
    return Rejection(line, "", " | ".join(fields)[:200], reason)


def _cut(line: int, places: list[tuple[int, list[str]]]) -> Rejection:
    value = next((values.pop() for _, values in places), "")
    for _, values in places[1:]:
        values.pop()
    return Rejection(line, "", value[:200], CUT)


def _short_warning(short: list[int], width: int) -> str:
    return (
        f"{counted(len(short), 'row has', 'rows have')} fewer than the header's {width} fields "
        f"(the first is line {short[0]}); what they lack was taken as blank."
    )


class _Lines:
    """Hands out the lines below the header, counts them, and remembers those of one record."""

    def __init__(self, text: IO[str], skip: int) -> None:
        self._text = text
        self.number = 0
        self.record: list[str] = []
        self.ended_with_newline = True
        while self.number < skip and next(self, None) is not None:
            pass

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.number += 1
        self.record.append(line)
        self.ended_with_newline = line.endswith(("\n", "\r"))
        return line.replace("\x00", "")


def _records(stream: _Lines, head: Head) -> Iterator[Record]:
    """Yield each record with the line it begins on; blank lines are no records."""
    width = len(head.names)
    reader = _reader(stream, head)
    while True:
        stream.record.clear()
        try:
            fields = next(reader, None)
        except csv.Error:
            # A field beyond the limit: a stray quote that swallows megabytes.
            fields, reader = [], _reader(stream, head)
        if fields is None:
            return
        first = stream.number - len(stream.record) + 1
        if len(stream.record) > 1 and (
            len(fields) != width or all(len(_single(line, head)) == width for line in stream.record)
        ):
            for offset, line in enumerate(stream.record):
                if line.strip("\r\n"):
                    yield first + offset, _single(line, head)
        elif any(line.strip("\r\n") for line in stream.record):
            yield first, fields if head.quoted else [_unquoted(value) for value in fields]


def _reader(stream: _Lines, head: Head) -> Iterator[list[str]]:
    if head.quoted:
        return csv.reader(stream, delimiter=head.delimiter)
    return csv.reader(stream, delimiter=head.delimiter, quoting=csv.QUOTE_NONE)


def _single(line: str, head: Head) -> list[str]:
    """Return the fields of one line that stands for itself, stray quotes and all."""
    line = line.rstrip("\r\n").replace("\x00", "")
    bare = [_unquoted(value) for value in line.split(head.delimiter)]
    if len(bare) == len(head.names) or len(line) > _FIELD_LIMIT:
        return bare
    quoted = next(csv.reader([line], delimiter=head.delimiter), [])
    return quoted if len(quoted) == len(head.names) else bare


def _unquoted(value: str) -> str:
    """Return a field without the double quotes that enclose it."""
    inner = value.strip()
    if len(inner) > 1 and inner[0] == inner[-1] == '"':
        return inner[1:-1].replace('""', '"')
    return value
