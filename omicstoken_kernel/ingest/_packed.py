"""Packed files: recognised by their first bytes, unpacked as a stream, and never without bounds.

A few kilobytes can unpack to a terabyte. What comes out is counted as it comes, whatever the
archive declares, and reading ends with an error where it is more than any table of that packed size
could be. Text is read straight from the stream; what has to be read from its end (Parquet) or by
other programs is unpacked to a file in the folder of :func:`scratch`, which is gone afterwards.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

from omicstoken_kernel.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "UNPACKING_ERRORS",
    "Compression",
    "compression_of",
    "scratch",
    "unpacked",
    "unpacked_to",
]

#: What the standard library raises on a damaged archive.
UNPACKING_ERRORS = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)

Compression = Literal["", "gzip", "bzip2", "xz", "zip"]

_COMPRESSIONS: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"),
)  # fmt: skip

# Result tables shrink to a tenth or, where most cells are blank, to a fiftieth.
_MAX_RATIO = 250
_ALWAYS_ALLOWED = 256 << 20  # bytes

_ZIP_ENCRYPTED = 0x1
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

_scratch: ContextVar[Path | None] = ContextVar("scratch", default=None)


@contextmanager
def scratch(folder: Path) -> Iterator[None]:
    """Have what is unpacked meanwhile put into this folder, not into the system's."""
    token = _scratch.set(folder)
    try:
        yield
    finally:
        _scratch.reset(token)


def compression_of(path: Path) -> Compression:
    """Return how a file is packed, by its first bytes."""
    with path.open("rb") as stream:
        magic = stream.read(16)
    return next((name for start, name in _COMPRESSIONS if magic.startswith(start)), "")


def unpacked(path: Path, compression: Compression, name: str) -> IO[bytes]:
    """Return the unpacked bytes as a stream, to be closed by the caller.

    Raises
    ------
    ParseError
        If an archive holds several files, or, while reading, if far too much comes out.
    """
    if not compression:
        return path.open("rb")
    limit = max(_ALWAYS_ALLOWED, _MAX_RATIO * path.stat().st_size)
    return cast("IO[bytes]", _Bounded(_stream(path, compression, name), limit, name))


@contextmanager
def unpacked_to(path: Path, compression: Compression, name: str) -> Iterator[Path]:
    """Return the path of the unpacked file, which is the file itself where it is not packed."""
    if not compression:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=_scratch.get()) as folder:
        # A name of our own: that of the archive's member may lead anywhere.
        target = Path(folder) / "content"
        with unpacked(path, compression, name) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
        yield target


def _stream(path: Path, compression: Compression, name: str) -> IO[bytes]:
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "bzip2":
        return bz2.open(path, "rb")
    if compression == "xz":
        return lzma.open(path, "rb")
    # The member keeps the archive's file open and closes it with itself.
    with zipfile.ZipFile(path) as archive:
        return archive.open(_only_member(archive, name))


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    if any(info.filename.startswith("xl/") for info in members):
        msg = f"'{name}' is an Excel workbook; expected a table as text or Parquet."
        raise ParseError(msg, "Save the sheet as CSV or tab-separated text and upload that.")
    if len(members) != 1:
        msg = f"The zip archive '{name}' holds {len(members)} files; expected exactly one table."
        raise ParseError(msg, "Unpack it and upload the tables one by one.")
    if members[0].flag_bits & _ZIP_ENCRYPTED or members[0].compress_type not in _ZIP_METHODS:
        msg = f"The zip archive '{name}' is encrypted, or packed in a way that is not read."
        raise ParseError(msg, "Unpack it and upload the table itself.")
    return members[0]


class _Bounded(io.BufferedIOBase):
    """Passes unpacked bytes on until there are too many of them."""

    def __init__(self, stream: IO[bytes], limit: int, name: str) -> None:
        self._stream, self._left, self._limit, self._name = stream, limit, limit, name

    def readable(self) -> bool:
        """Return True: this is a stream to read from."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        # One byte more than allowed is enough to know; all of them could fill the memory.
        wanted = self._left + 1 if size is None or size < 0 else size
        return self._counted(self._stream.read(wanted))

    def read1(self, size: int = -1) -> bytes:
        """Return some of the next bytes."""
        return self.read(size if size >= 0 else 1 << 16)

    def _counted(self, chunk: bytes) -> bytes:
        self._left -= len(chunk)
        if self._left < 0:
            msg = (
                f"'{self._name}' unpacks to more than {self._limit >> 20} MiB, which no table "
                "packed to its size does."
            )
            raise ParseError(msg, "If it is genuine, unpack it and upload the file itself.")
        return chunk

    def close(self) -> None:
        """Close the packed file, too."""
        self._stream.close()
        super().close()
