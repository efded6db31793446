"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ExportError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["published"]


@contextmanager
def published(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; it takes the name when all went well.

    The folder is made where it is missing. After an error what stood at ``path`` before still does.

    Raises
    ------
    InputError
        If ``path`` is a folder.
    ExportError
        If the file cannot be written, for instance because the disk is full.
    """
    if path.is_dir():
        msg = f"'{path}' is a folder, and a file is to be written."
        raise InputError(msg, "Give the path of the file.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        msg = f"The file '{path}' cannot be written: {error.strerror or error}."
        raise ExportError(
            msg, "Check the folder's permissions and the space on its disk."
        ) from error
