"""What a reader is: a module (or any object) with these three names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["FormatInfo", "Reader"]


@dataclass(frozen=True)
class FormatInfo:
    """A format as ``formats()`` lists it.

    Parameters
    ----------
    name
        What ``--format`` takes; stored with every upload.
    title
        What people call it.
    version
        Changes whenever the same bytes may give other features.
    reads
        One sentence: which files, and what becomes a run.
    """

    name: str
    title: str
    version: str
    reads: str


class Reader(Protocol):
    """Reads one format; found by name among the built-in ones and ``omicstoken.readers``."""

    @property
    def INFO(self) -> FormatInfo:  # noqa: N802 - a constant in the modules that implement this
        """What the format is."""

    def sniff(self, head: bytes, name: str) -> float:
        """Return how sure it is that this is its format, 0..1, from content alone.

        Parameters
        ----------
        head
            The file's first bytes, unpacked, as UTF-8 without byte order mark; of a Parquet file
            the line ``PAR1`` and a tab-separated table of the column names and first rows.
        name
            The file's name, which may lie.
        """

    def read(self, path: Path, options: ReadOptions) -> ParsedUpload:
        """Return the file's content.

        Raises
        ------
        ParseError
            If the file is not of this format.
        """
