"""Uploaded files, kept under their sha256: another threshold needs no second upload."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError, NotFound, ServiceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.context import Context

__all__ = ["digest_of", "keep", "path_of"]


def digest_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed(before: os.stat_result, after: os.stat_result) -> bool:
    """Return whether a file was written to; a second digest would cost as much as reading it."""
    kept = ("st_ino", "st_size", "st_mtime_ns")
    return any(getattr(before, name) != getattr(after, name) for name in kept)


def path_of(ctx: Context, sha256: str) -> Path:
    """Return where the file with these bytes lies in the workspace, whether or not it is there."""
    return ctx.folder("files") / sha256[:2] / sha256


def keep(ctx: Context, path: Path) -> tuple[str, int]:
    """Copy a file into the workspace and return its sha256 and its size in bytes.

    Bytes that are there already are not written again; a copy appears under its name only when
    it is whole.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If the path is a folder or cannot be read.
    ServiceUnavailable
        If the workspace cannot be written, for instance because the disk is full.
    """
    if not path.exists():
        msg = f"There is no file '{path}'."
        raise NotFound(msg, "Check the path; relative paths start where the command runs.")
    if not path.is_file():
        msg = f"'{path}' is not a file."
        raise InputError(msg, "Give the result table itself, not the folder it lies in.")
    before = path.stat()
    try:
        sha256 = digest_of(path)
    except OSError as error:
        msg = f"The file '{path}' cannot be read: {error.strerror}."
        raise InputError(msg, "Check its permissions.") from error
    target = path_of(ctx, sha256)
    size = before.st_size
    if target.is_file() and target.stat().st_size == size:
        return sha256, size
    part = target.with_name(f"{sha256}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, part)
        if _changed(before, path.stat()) or part.stat().st_size != size:
            msg = f"'{path}' changed while it was being copied."
            raise InputError(
                msg, "Wait until the program that writes it has finished, and try again."
            )
        part.replace(target)
    except OSError as error:
        msg = f"The workspace folder '{ctx.settings.home}' cannot be written: {error.strerror}."
        raise ServiceUnavailable(
            msg, "Free some disk space or set OMICSTOKEN_HOME to another folder."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return sha256, size
