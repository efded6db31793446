"""Output files of programs that predict HLA ligands, recognised by their content.

Read are what NetMHCpan and NetMHCIIpan print and their ``-xls`` files (4.x, and older ones with the
same columns), MixMHCpred, and MHCflurry. Nothing is computed from the values, and none is renamed.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import _mhcflurry, _mixmhcpred, _netmhc_text, _netmhc_xls
from omicstoken_kernel.ingest._packed import UNPACKING_ERRORS, compression_of, unpacked
from omicstoken_kernel.ingest._prediction import Line, Predicted, PredictionFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["TOOLS", "Predicted", "PredictionFile", "read_predictions"]


class _Reader(Protocol):
    """A module that knows one layout."""

    def sniff(self, head: str) -> bool:
        """Return whether a text has the layout."""

    def read(self, lines: Iterable[Line], head: str) -> PredictionFile:
        """Return the predictions of a text that has it."""


#: Programs whose output is read.
TOOLS = ("NetMHCpan", "NetMHCIIpan", "MixMHCpred", "MHCflurry")

_READERS: tuple[_Reader, ...] = (_netmhc_xls, _netmhc_text, _mixmhcpred, _mhcflurry)
_HEAD = 200_000  # characters
_HINT = (
    "Read are what NetMHCpan and NetMHCIIpan print and their -xls files, and the tables of "
    "MixMHCpred and MHCflurry."
)


def read_predictions(path: Path, name: str | None = None) -> PredictionFile:
    """Return an output file of another program, its rows to be consumed one by one.

    Raises
    ------
    ParseError
        If the file is missing, damaged, or none that is known; while its rows are consumed, if it
        turns out to be damaged.
    """
    name = name or path.name
    if not path.is_file():
        msg = f"There is no file '{path}'."
        raise ParseError(msg, "Check the path; relative paths start where the command runs.")
    head = _head(path, name)
    if not head.strip():
        msg = f"'{name}' is empty."
        raise ParseError(msg, _HINT)
    for reader in _READERS:
        if reader.sniff(head):
            return reader.read(_lines(path, name), head)
    first = next(line for line in head.splitlines() if line.strip())
    msg = f"'{name}' is no output of {', '.join(TOOLS)}; it begins with {first[:60]!a}."
    raise ParseError(msg, _HINT)


def _head(path: Path, name: str) -> str:
    """Return the beginning of a file, whole lines only unless there is but one."""
    found, size = [], 0
    for _, line in _lines(path, name):
        found.append(line)
        size += len(line)
        if size > _HEAD:
            break
    return "\n".join(found)


def _lines(path: Path, name: str) -> Iterator[Line]:
    try:
        with unpacked(path, compression_of(path), name) as stream:
            text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace")
            for at, line in enumerate(text, 1):
                yield at, line.rstrip("\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    except UNPACKING_ERRORS as error:
        msg = f"'{name}' cannot be unpacked: {error}."
        raise ParseError(msg, "The file is damaged or was cut short; copy it again.") from error
