"""Files from the user's computer into the workspace, in pieces, whatever their size."""

from __future__ import annotations

import os
import secrets
import socket
import time
import weakref
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import psutil
import traitlets

from omicstoken_kernel.errors import InputError, StoreError
from omicstoken_kernel.logs import get_logger
from omicstoken_widgets._wire import Wired, script, style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Uploader"]

_log = get_logger(__name__)

#: What a file that arrives at a kernel of this machine begins with; the kernel's process follows.
_HERE = f"arriving-{socket.gethostname()}-"
#: Seconds after which what a killed kernel of another machine left behind goes, and what any left
#: that had arrived; nobody waits this long before it is stored or discarded.
_FORGOTTEN_S = {"arriving": 86_400, "arrived": 7 * 86_400}

_Answer = tuple[dict[str, Any], list[bytes]]


@dataclass
class _Arriving:
    """A file of which ``received`` bytes of ``size`` are there."""

    name: str
    size: int
    path: Path
    received: int = 0


class Uploader(Wired):
    """Where files are dropped.

    A browser sends pieces of a megabyte, each with its CRC-32, because servers cut long messages
    without a word. What is cancelled or breaks off leaves nothing behind, also when the kernel is
    restarted on the way.

    Parameters
    ----------
    folder
        Where the files are put, under names of ours; the user's name for it is only told.
    on_file
        Called with the path and the user's name when a file is complete. The file is the callee's
        from then on.
    """

    _esm = script("uploader.js")
    _css = style("uploader.css")
    _requests: ClassVar[dict[str, str]] = {
        "begin": "_begin",
        "piece": "_piece",
        "end": "_end",
        "drop": "_drop",
    }

    hint = traitlets.Unicode(
        "Any size; several at once; also .gz, .bz2, .xz or a .zip with one file."
    ).tag(sync=True)

    def __init__(self, folder: Path, on_file: Callable[[Path, str], None]) -> None:
        self._folder = folder
        self._on_file = on_file
        self._arriving: dict[str, _Arriving] = {}
        _tidy(folder)
        super().__init__()
        weakref.finalize(self, _drop_all, self._arriving)

    def _begin(self, content: dict[str, Any], _buffers: list[memoryview]) -> _Answer:
        key = secrets.token_hex(8)
        name = str(content["name"]).replace("\\", "/").rpartition("/")[2] or "unnamed"
        path = self._folder / f"{_HERE}{os.getpid()}-{key}"
        _write(path, b"", name, at=None)
        self._arriving[key] = _Arriving(name, int(content["size"]), path)
        return {"key": key}, []

    def _piece(self, content: dict[str, Any], buffers: list[memoryview]) -> _Answer:
        file = self._known(content)
        piece = bytes(buffers[0]) if buffers else b""
        if int(content["offset"]) != file.received or zlib.crc32(piece) != content["crc32"]:
            msg = f"A piece of {file.name} arrived damaged at byte {file.received}."
            raise InputError(msg, "Choose the file again.")
        if file.received + len(piece) > file.size:
            msg = f"{file.name} is longer than the {file.size} bytes that were announced."
            raise InputError(msg, "It may be written to at the moment; choose it again later.")
        _write(file.path, piece, file.name, at=file.received)
        file.received += len(piece)
        return {"received": file.received}, []

    def _end(self, content: dict[str, Any], _buffers: list[memoryview]) -> _Answer:
        file = self._known(content)
        if file.received != file.size:
            msg = f"{file.name} broke off: {file.received} of {file.size} bytes arrived."
            raise InputError(msg, "Choose the file again.")
        key = str(content["key"])
        del self._arriving[key]
        path = file.path.replace(self._folder / f"arrived-{key}")
        self._on_file(path, file.name)
        return {}, []

    def _drop(self, content: dict[str, Any], _buffers: list[memoryview]) -> _Answer:
        file = self._arriving.pop(str(content["key"]), None)
        if file is not None:
            file.path.unlink(missing_ok=True)
        return {}, []

    def _known(self, content: dict[str, Any]) -> _Arriving:
        file = self._arriving.get(str(content["key"]))
        if file is None:
            msg = "The kernel knows nothing of this file; it was restarted or the upload cancelled."
            raise InputError(msg, "Run the cell again and choose the file again.")
        return file


def _tidy(folder: Path) -> None:
    """Remove what kernels that ended on the way left behind; another kernel's is younger."""
    for kind, forgotten_s in _FORGOTTEN_S.items():
        for path in folder.glob(f"{kind}-*"):
            try:
                if _is_orphan(path) or path.stat().st_mtime < time.time() - forgotten_s:
                    path.unlink()
            except OSError as error:
                # Another kernel was quicker, or the disk cannot be written: then uploads say so.
                _log.warning("left_behind", path=str(path), reason=str(error))


def _is_orphan(path: Path) -> bool:
    """Return whether a file was arriving at a kernel of this machine that has ended since.

    A kernel that is killed cannot tidy up, and a busy one is killed when it is restarted.
    """
    process = path.name.removeprefix(_HERE).partition("-")[0]
    return path.name.startswith(_HERE) and not psutil.pid_exists(int(process))


def _drop_all(arriving: dict[str, _Arriving]) -> None:
    """Remove what is still arriving, when the kernel ends."""
    for file in arriving.values():
        file.path.unlink(missing_ok=True)


def _write(path: Path, piece: bytes, name: str, *, at: int | None) -> None:
    """Write a piece at a byte of a file that is there; None begins a new file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb" if at is None else "r+b") as file:
            file.seek(at or 0)
            file.write(piece)
    except OSError as error:
        if path.is_file():
            path.unlink()
        msg = f"{name} cannot be kept in the workspace: {error.strerror or error}."
        raise StoreError(msg, "Free some space there, or choose another workspace.") from error
