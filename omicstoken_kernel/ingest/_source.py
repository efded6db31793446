"""A file as it lies on disk: how it is wrapped, how its text is written, how it begins.

Nothing here trusts a file's name. Compression, encoding and kind are read from the bytes, and what
every reader's ``sniff`` gets is the same for all of them: the first bytes, unpacked, as UTF-8
without a byte order mark. A Parquet file, whose columns stand at its end, is shown to the sniffs as
the line ``PAR1`` followed by a tab-separated table of its column names and first rows. A sheet of
an Excel workbook is shown, and read, as tab-separated text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._packed import (
    UNPACKING_ERRORS,
    Compression,
    compression_of,
    unpacked,
    unpacked_to,
)
from omicstoken_kernel.ingest._workbook import SheetText, is_workbook, read_sheet

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

__all__ = ["HEAD_BYTES", "PARQUET_MAGIC", "UNPACKING_ERRORS", "Source", "open_source"]

#: How much of a file a sniff may look at, in bytes.
HEAD_BYTES = 262_144

PARQUET_MAGIC = b"PAR1"

# First bytes of files people hand in by mistake, and what to call them.
_BINARIES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc)"),
    (b"\x01\xa1F\x00i\x00n\x00n\x00", "a Thermo raw file"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"FEA1", "a Feather file"),
    (b"ARROW1", "a Feather (Arrow) file"),
)

# What pandas notes in the HDF5 files it writes.
_PYTABLES = b"PYTABLES_FORMAT_VERSION"

_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

# Text holds few control characters; random bytes hold one in nine.
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b")) + b"\x7f"
_MAX_CONTROL_SHARE = 0.01
_MAX_CONTROLS = 4


@dataclass(frozen=True)
class Source:
    """One file, recognised down to its encoding.

    Parameters
    ----------
    name
        The file's name as the user knows it.
    compression
        How it is packed; empty where it is not.
    kind
        ``text`` or ``parquet``.
    encoding
        A Python codec for text, without byte order mark.
    skip
        Bytes of byte order mark before the text.
    head
        The beginning as UTF-8, at most :data:`HEAD_BYTES` before recoding.
    sheet
        The sheet of a workbook that stands for the file.
    """

    path: Path
    name: str
    compression: Compression
    kind: Literal["text", "parquet"]
    encoding: str
    skip: int
    head: bytes
    sheet: SheetText | None = None

    def open(self) -> IO[bytes]:
        """Return the unpacked bytes behind the byte order mark, to be closed by the caller."""
        if self.sheet is not None:
            return io.BytesIO(self.sheet.text)
        stream = unpacked(self.path, self.compression, self.name)
        stream.read(self.skip)
        return stream

    def file(self) -> AbstractContextManager[Path]:
        """Return the unpacked file for as long as the context lasts, byte order mark and all."""
        return unpacked_to(self.path, self.compression, self.name)


def open_source(path: Path, name: str | None = None, *, sheet: str | None = None) -> Source:
    """Return what a file is, from its first bytes.

    Parameters
    ----------
    sheet
        The sheet of a workbook to be read; None means the first with peptides.

    Raises
    ------
    ParseError
        If the file is missing, empty, damaged, or neither text nor Parquet.
    """
    name = name or path.name
    if path.is_dir():
        msg = f"'{path}' is a folder; expected a file."
        raise ParseError(msg, "Name the result files in it, several at a time if you like.")
    if not path.is_file():
        msg = f"There is no file '{path}'."
        raise ParseError(msg, "Check the path.")
    compression = compression_of(path)
    if compression == "zip" and is_workbook(path):
        found = read_sheet(path, name, sheet)
        return Source(path, name, "", "text", "utf-8", 0, found.text[:HEAD_BYTES], found)
    try:
        with unpacked(path, compression, name) as stream:
            raw = stream.read(HEAD_BYTES)
    except UNPACKING_ERRORS as error:
        msg = f"'{name}' cannot be unpacked: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    if not raw.strip():
        msg = f"'{name}' is empty."
        raise ParseError(msg, "Check that the export finished, and upload it again.")
    if raw.startswith(PARQUET_MAGIC):
        head = _parquet_head(path, compression, name)
        return Source(path, name, compression, "parquet", "utf-8", 0, head)
    _refuse_binary(raw, name)
    encoding, skip = _encoding(raw, name)
    head = raw[skip:].decode(encoding, errors="replace").encode()
    return Source(path, name, compression, "text", encoding, skip, head)


def _refuse_binary(raw: bytes, name: str) -> None:
    binaries = (*_BINARIES, (raw[:257] + b"ustar", "a tar archive of files"))
    for magic, what in binaries:
        if raw.startswith(magic):
            if _PYTABLES in raw and what == "an HDF5 file":
                msg = f"'{name}' is an HDF5 file of tables, as AlphaPept writes (results.hdf)."
                raise ParseError(
                    msg, "Take the table of peptides that AlphaPept writes as results_peptides.csv."
                )
            msg = f"'{name}' is {what}; expected a table of peptides as text or Parquet."
            raise ParseError(msg, "Export the peptides as CSV, tab-separated text or Parquet.")


def _encoding(raw: bytes, name: str) -> tuple[str, int]:
    """Return the codec and the length of the byte order mark."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return "utf-8", 3
    if raw[:2] in _UTF16_MARKS:
        return _UTF16_MARKS[raw[:2]], 2
    # Text in UTF-16 without a mark has a NUL in every other byte.
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    if max(even, odd) > len(raw) * 0.4:
        return ("utf-16-le" if odd > even else "utf-16-be"), 0
    control = len(raw) - len(raw.translate(None, _CONTROL))
    if control > max(_MAX_CONTROLS, len(raw) * _MAX_CONTROL_SHARE):
        msg = f"'{name}' is a binary file; expected a table of peptides as text or Parquet."
        raise ParseError(msg, "Export the peptides as CSV, tab-separated text or Parquet.")
    try:
        # The head may end inside a character.
        raw[:-4].decode("utf-8") if len(raw) == HEAD_BYTES else raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(raw) == HEAD_BYTES and error.start >= len(raw) - 8:
            return "utf-8", 0
        return _single_byte_encoding(raw), 0
    return "utf-8", 0


def _single_byte_encoding(raw: bytes) -> str:
    """Return the single-byte codec that text outside UTF-8 is read with."""
    try:
        raw.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _parquet_head(path: Path, compression: Compression, name: str) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with unpacked_to(path, compression, name) as whole, pq.ParquetFile(whole) as file:
            names = [str(field) for field in file.schema_arrow.names]
            batch = next(file.iter_batches(batch_size=200), None)
    except (pa.ArrowException, *UNPACKING_ERRORS) as error:
        msg = f"'{name}' begins like a Parquet file and cannot be read as one: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    rows = batch.to_pylist() if batch is not None and len(set(names)) == len(names) else []
    lines = ["\t".join(names)]
    lines += ["\t".join(_flat(row.get(column)) for column in names) for row in rows]
    return PARQUET_MAGIC + b"\n" + "\n".join(lines).encode()


def _flat(value: object) -> str:
    if value is None:
        return ""
    return " ".join(str(value)[:1000].split())
