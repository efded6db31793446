"""Published weights brought over the network, only ever when someone asks for them.

The file grows under ``NAME.pt.part`` and is taken in when it is whole; what a broken connection
left is gone on with. That the server's file is still the same one is left to the server: the
request names the version the part belongs to (``If-Range``), and another one is sent from its
beginning. The official digest is not known here, so what came is checked for its size and then
like any file: complete, of the right architecture, all numbers.
"""

from __future__ import annotations

import http.client
import re
import shutil
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omicstoken_kernel.embedding.intake import add_weights, no_room
from omicstoken_kernel.errors import InputError, ServiceUnavailable
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse
    from pathlib import Path

    from omicstoken_kernel.embedding._esm2_shape import Architecture
    from omicstoken_kernel.embedding.intake import Added
    from omicstoken_kernel.progress import Progress

__all__ = ["fetch_weights"]

_BLOCK = 1 << 20
_TIMEOUT_S = 60
_AGAIN = "Run the same command again later: it goes on with what is here."


def fetch_weights(
    folder: Path, size: Architecture, *, base: str, progress: Progress = silent
) -> Added:
    """Download fair-esm's file of a size of ESM-2 and take it in.

    Parameters
    ----------
    folder
        The folder of weights.
    size
        Which ESM-2.
    base
        The address below which the files lie, http or https.
    progress
        Called after each block with the megabytes that are here. What it raises is let through;
        the part stays.

    Raises
    ------
    ServiceUnavailable
        If the address does not answer, breaks off, or sends something else, or the disk is full.
    """
    if not base.startswith(("https://", "http://")):
        msg = f"'{base}' is no address to download from: it has to begin with https://."
        raise InputError(msg, "Correct OMICSTOKEN_MODELS_URL.")
    url = f"{base.rstrip('/')}/{size.file_name}"
    part = folder / f"{size.file_name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise no_room(folder, error) from error
    _download(url, part, size, progress)
    try:
        added = add_weights(folder, part, size=size, source_name=size.file_name)
    except InputError as error:
        _forget(part)
        reason = error.message.partition(": ")[2]
        msg = f"What {url} sent is not {size.file_name}: {reason}"
        raise ServiceUnavailable(msg, _by_hand(size)) from error
    _forget(part)
    return added


def _download(url: str, part: Path, size: Architecture, progress: Progress) -> None:
    """Bring the file whole under its part's name."""
    here = part.stat().st_size if part.exists() else 0
    try:
        with _opened(url, part, here) as response:
            begin, total = _extent(response, here)
            if total is not None and shutil.disk_usage(part.parent).free < total - begin:
                msg = f"needs {_megabytes(total - begin)} MB"
                raise no_room(part.parent, OSError(28, f"too little space, the download {msg}"))
            here = _append(response, part, begin, progress=progress, total=total)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and here:
            if error.headers.get("Content-Range") == f"bytes */{here}":
                return  # All of it is here already; taking it in failed the last time.
            # The part is longer than the file, or another file's: begin anew.
            _forget(part)
            _download(url, part, size, progress)
            return
        msg = f"{url} answers {error.code} ({error.reason})."
        raise ServiceUnavailable(msg, _by_hand(size)) from error
    except (http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        msg = f"{url} cannot be reached: {reason}."
        raise ServiceUnavailable(msg, f"{_AGAIN} {_by_hand(size)}") from error
    if total is not None and here != total:
        msg = f"{url} broke off after {_megabytes(here)} of {_megabytes(total)} MB."
        raise ServiceUnavailable(msg, f"{_AGAIN} {_by_hand(size)}")


def _opened(url: str, part: Path, here: int) -> HTTPResponse:
    """Ask for the file, from where the part ends if the part is of a known version."""
    # As it lies there: a compressed answer could be gone on with nowhere.
    headers = {"User-Agent": "omicstoken", "Accept-Encoding": "identity"}
    version = _version_path(part)
    if here and version.is_file():
        headers |= {"Range": f"bytes={here}-", "If-Range": version.read_text(encoding="latin-1")}
    request = urllib.request.Request(url, headers=headers)
    response: HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    if response.status == 200:
        tag = response.headers.get("ETag", "")
        # A weak tag (W/"...") cannot vouch for single bytes.
        known = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
        _forget(part)
        if known:
            with _written(part.parent):
                version.write_text(known, encoding="latin-1")
    return response


def _extent(response: HTTPResponse, here: int) -> tuple[int, int | None]:
    """Return where the answer begins in the file, and the file's size if the server says it."""
    length = response.headers.get("Content-Length")
    if response.status != 206:
        return 0, int(length) if length else None
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
    if not found or int(found[1]) != here:
        msg = f"asked for byte {here} on, got {response.headers.get('Content-Range')}"
        raise http.client.HTTPException(msg)
    return here, int(found[2])


def _append(
    response: HTTPResponse, part: Path, begin: int, *, total: int | None, progress: Progress
) -> int:
    """Write what arrives behind the part's first bytes and return how many are here then."""
    here = begin
    with _written(part.parent):
        file = part.open("r+b" if begin else "wb")
    with file:
        file.seek(begin)
        while block := response.read(_BLOCK):
            with _written(part.parent):
                file.write(block)
                file.flush()
            here += len(block)
            progress(_megabytes(here), _megabytes(total or here), "MB")
    return here


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Tell an error of the disk from one of the network, for both are an OSError."""
    try:
        yield
    except OSError as error:
        raise no_room(folder, error) from error


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _version_path(part).unlink(missing_ok=True)


def _version_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.version")


def _megabytes(size: int) -> int:
    return round(size / 1e6)


def _by_hand(size: Architecture) -> str:
    return (
        "On a machine without this network, bring the published "
        f"'{size.file_name}' by other means and run 'omicstoken models add PATH'."
    )
