"""The wanted columns of a table, with the line of every row.

Two ways lead to the same result. The fast one is Arrow's CSV reader over the wanted columns alone;
it counts lines as it goes, and only if every line made exactly one row of the header's width is its
answer taken. Anything else (ragged rows, line breaks in quotes, stray quotes, blank lines, foreign
encodings, rows of a megabyte) goes the careful way, :mod:`omicstoken_kernel.ingest._careful`,
record by record.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._careful import read_careful
from omicstoken_kernel.ingest._head import Head, parse_head
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest.features import Rejection

__all__ = ["Table", "read_table"]

# Encodings in which the byte 0x0A is a line break and nothing else.
_ONE_BYTE_NEWLINES = ("utf-8", "cp1252", "latin-1")


@dataclass(frozen=True)
class Table:
    """The wanted columns of a file.

    Parameters
    ----------
    names
        All column names of the file, wanted or not.
    columns
        Wanted column to its values: strings for text files, the file's own types for Parquet. An
        empty cell of a text file is an empty string.
    lines
        (n_rows,) int64, the 1-based line of each row; for Parquet the 1-based row.
    defects
        Records that are no row of this table, such as one with more fields than the header.
    warnings
        What the user should know about how the text was read.
    """

    names: tuple[str, ...]
    columns: dict[str, pa.Array]
    lines: npt.NDArray[np.int64]
    defects: tuple[Rejection, ...] = ()
    warnings: tuple[str, ...] = ()
    delimiter: str = field(default="\t")

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def rows_in(self) -> int:
        """Rows of the file: those read and those that could not be."""
        return len(self.lines) + len(self.defects)


def read_table(source: Source, wanted: Sequence[str], *, head: Head | None = None) -> Table:
    """Return the wanted columns of a file.

    Parameters
    ----------
    head
        How its text begins, where the reader knows better than the file's first line.

    Raises
    ------
    ParseError
        If the file is damaged or has a header but no rows.
    """
    wanted = list(dict.fromkeys(wanted))
    try:
        if source.kind == "parquet":
            table = _read_parquet(source, wanted)
        else:
            table = _read_text(source, head or parse_head(source.head), wanted)
    except UNPACKING_ERRORS as error:
        msg = f"'{source.name}' cannot be read to its end: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    if not table.rows_in:
        msg = f"'{source.name}' has a header but no rows."
        raise ParseError(msg, "Check that the export finished, and upload it again.")
    return table


def _read_parquet(source: Source, wanted: list[str]) -> Table:
    try:
        with source.file() as path, pq.ParquetFile(path) as file:
            names = tuple(str(name) for name in file.schema_arrow.names)
            data = file.read(columns=wanted)
    except pa.ArrowException as error:
        msg = f"'{source.name}' cannot be read as Parquet: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    columns = {name: _one_chunk(data.column(name)) for name in wanted}
    return Table(names, columns, np.arange(1, data.num_rows + 1, dtype=np.int64))


def _read_text(source: Source, head: Head, wanted: list[str]) -> Table:
    table = None
    if source.encoding in _ONE_BYTE_NEWLINES:
        table = _read_fast(source, head, wanted)
    if table is not None:
        return table
    columns, lines, defects, warnings = read_careful(source, head, wanted)
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return Table(head.names, arrays, lines, defects, warnings, head.delimiter)


def _read_fast(source: Source, head: Head, wanted: list[str]) -> Table | None:
    """Return the table, or None unless every line is one row of the header's width."""
    with source.open() as raw:
        stream = _LineCounter(raw)
        try:
            data = pyarrow.csv.read_csv(
                stream,
                read_options=pyarrow.csv.ReadOptions(
                    column_names=list(head.names),
                    skip_rows=head.header_line,
                    encoding="utf8" if source.encoding == "utf-8" else source.encoding,
                    block_size=4 << 20,
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=head.delimiter, quote_char='"' if head.quoted else False
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except (pa.ArrowInvalid, UnicodeDecodeError):
            return None
    if head.header_line + data.num_rows != stream.lines:
        return None
    columns = {name: _one_chunk(data.column(name)) for name in wanted}
    if not head.quoted and any(_has_quotes(column) for column in columns.values()):
        return None
    first = head.header_line + 1
    lines = np.arange(first, first + data.num_rows, dtype=np.int64)
    return Table(head.names, columns, lines, delimiter=head.delimiter)


def _has_quotes(column: pa.Array) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.starts_with(column, '"')).as_py())


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    # A column of more than 2 GB of text does not fit one array with 32-bit offsets.
    if pa.types.is_string(column.type) and column.nbytes > 2_000_000_000:
        column = column.cast(pa.large_string())
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


class _LineCounter(io.RawIOBase):
    """Passes bytes on and counts the lines up to the last one that is not blank."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._newlines = 0
        self.lines = 0

    def readable(self) -> bool:
        """Return True: this is a stream to read from."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._stream.read(size)
        content = chunk.rstrip(b"\r\n")
        if content:
            newlines = content.count(b"\n")
            self.lines = self._newlines + newlines + 1
            self._newlines += newlines
        self._newlines += chunk.count(b"\n", len(content))
        return chunk
