"""The zip around a bundle: the same members give the same bytes, and one changed bit is noticed.

A zip's own checksums cover its members, not its headers. So the archive's comment, the last bytes
of the file, is the sha256 of all bytes before it; and the manifest lists every member with size and
sha256. On reading, nothing is believed before it was checked: the seal, the names against a list of
what a bundle can hold (no name leads out of the folder it is unpacked to), the declared sizes
against what they may be, the bytes against the manifest. Only then does a caller see the unpacked
files.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from omicstoken_kernel.errors import BundleError, NotFound
from omicstoken_kernel.export._manifest import (
    BUNDLE_FORMAT,
    BUNDLE_VERSION,
    MANIFEST,
    MEMBER_NAME,
    Manifest,
    Member,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["describe_members", "pack", "unpack"]

_SEAL = b"sha256:"
_DIGEST_BYTES = 64
_CHUNK_BYTES = 1 << 20
#: No manifest comes near it: 100 000 members take 15 MB.
_MAX_MANIFEST_BYTES = 64 << 20
#: Text tables shrink to a twentieth or so; a thousandth is what only a bomb does.
_MAX_RATIO = 200
_SMALL_BYTES = 64 << 20

_WAY_OUT = "Ask for the file again, or make it again with 'omicstoken bundle create'."


def describe_members(folder: Path) -> tuple[Member, ...]:
    """Return every file below a folder as a member, by name."""
    members = []
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = path.relative_to(folder).as_posix()
        members.append(Member(name=name, sha256=sha256, size=path.stat().st_size))
    return tuple(members)


def pack(folder: Path, manifest: Manifest, target: Path) -> None:
    """Write a folder's members and their manifest into a sealed zip.

    The same manifest and files give the same bytes: no times, owners or modes of files go in.
    """
    text = manifest.model_dump_json(indent=1).encode()
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        archive.comment = _SEAL + b"0" * _DIGEST_BYTES
        archive.writestr(_entry(MANIFEST, len(text)), text)
        for member in manifest.members:
            entry = _entry(member.name, member.size)
            with (folder / member.name).open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, _CHUNK_BYTES)
    with target.open("r+b") as file:
        digest = _digest_before_seal(file)
        file.seek(-_DIGEST_BYTES, 2)
        file.write(digest.encode())


def unpack(path: Path, folder: Path | None) -> Manifest:
    """Check every byte of a bundle and return its manifest.

    Parameters
    ----------
    folder
        Where the members are written, the manifest excepted; None only checks them.

    Raises
    ------
    NotFound
        If there is no such file.
    BundleError
        If the file is damaged, foreign, of a newer version, or could fill the disk. What was
        written to ``folder`` by then is of no use.
    """
    if not path.exists():
        msg = f"There is no file '{path}'."
        raise NotFound(msg, "Check the path; relative paths start where the command runs.")
    try:
        with path.open("rb") as file:
            _check_seal(path, file)
            with zipfile.ZipFile(file) as archive:
                return _read(path, archive, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        msg = f"The bundle '{path.name}' is damaged: {error}."
        raise BundleError(msg, _WAY_OUT) from error
    except OSError as error:
        msg = f"The bundle '{path}' cannot be read: {error.strerror or error}."
        raise BundleError(msg, "Check the path and its permissions.") from error


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.file_size = size  # so that a member of more than 2 GiB gets the long header
    # Parquet is compressed inside.
    stored = name.endswith(".parquet")
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def _digest_before_seal(file: IO[bytes]) -> str:
    left = file.seek(0, 2) - _DIGEST_BYTES
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _check_seal(path: Path, file: IO[bytes]) -> None:
    length = len(_SEAL) + _DIGEST_BYTES
    if file.read(2) != b"PK" or file.seek(0, 2) < length:
        msg = f"'{path.name}' is not a bundle: it is no zip file."
        raise BundleError(msg, "Bundles are made by 'omicstoken bundle create'.")
    file.seek(-length, 2)
    seal = file.read(length)
    if not seal.startswith(_SEAL):
        msg = f"'{path.name}' is a zip file, but no bundle, or one that was cut off or repacked."
        raise BundleError(msg, _WAY_OUT)
    if seal[len(_SEAL) :] != _digest_before_seal(file).encode():
        msg = f"The bundle '{path.name}' was changed after it was written."
        raise BundleError(msg, _WAY_OUT)


def _read(path: Path, archive: zipfile.ZipFile, folder: Path | None) -> Manifest:
    entries = {entry.filename: entry for entry in archive.infolist()}
    _check_entries(path, archive.infolist())
    manifest = _parse_manifest(path, archive, entries.pop(MANIFEST))
    expected = {member.name: member for member in manifest.members}
    if len(expected) != len(manifest.members) or set(expected) != set(entries):
        strange = sorted(set(expected) ^ set(entries))
        msg = f"The bundle '{path.name}' does not hold what its manifest lists: {strange[:3]}."
        raise BundleError(msg, _WAY_OUT)
    if folder is not None:
        _check_space(path, manifest, folder)
    for member in manifest.members:
        _check_member(archive, entries[member.name], member, folder)
    return manifest


def _check_entries(path: Path, entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse names that do not belong, doubles, encryption, and sizes that only a bomb declares."""
    total, seen = 0, set()
    for entry in entries:
        known = entry.filename == MANIFEST or re.fullmatch(MEMBER_NAME, entry.filename)
        if not known or entry.filename in seen:
            msg = f"The bundle '{path.name}' holds '{entry.filename}', which no bundle does."
            raise BundleError(msg, "Do not use it: it was not made by OmicsToken.")
        if entry.flag_bits & 1 or entry.compress_type not in (0, zipfile.ZIP_DEFLATED):
            msg = f"The bundle '{path.name}' is encrypted or compressed in a foreign way."
            raise BundleError(msg, _WAY_OUT)
        seen.add(entry.filename)
        total += entry.file_size
    too_much = max(_SMALL_BYTES, _MAX_RATIO * path.stat().st_size)
    if total > too_much:
        msg = f"The bundle '{path.name}' would unpack to {total >> 20} MiB, more than is possible."
        raise BundleError(msg, "Do not use it: it was not made by OmicsToken.")
    if MANIFEST not in seen:
        msg = f"'{path.name}' is a zip file without {MANIFEST}, so no bundle."
        raise BundleError(msg, "Bundles are made by 'omicstoken bundle create'.")


def _check_space(path: Path, manifest: Manifest, folder: Path) -> None:
    needed = sum(member.size for member in manifest.members)
    free = shutil.disk_usage(folder).free
    if needed > free:
        msg = f"The bundle '{path.name}' needs {needed >> 20} MiB, and {free >> 20} MiB are free."
        raise BundleError(msg, "Make room on the disk of the workspace, and try again.")


def _parse_manifest(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Manifest:
    if entry.file_size > _MAX_MANIFEST_BYTES:
        msg = f"The manifest of '{path.name}' is too large."
        raise BundleError(msg, _WAY_OUT)
    try:
        # Unlike json.loads this survives brackets nested without end.
        found = TypeAdapter(Any).validate_json(archive.read(entry))
        version = found.get("version") if isinstance(found, dict) else None
        if isinstance(version, int) and version > BUNDLE_VERSION:
            msg = (
                f"The bundle '{path.name}' has version {version}; "
                f"this package reads versions up to {BUNDLE_VERSION}."
            )
            raise BundleError(msg, "Update omicstoken, then import it.")
        return Manifest.model_validate(found)
    except ValueError as error:
        what = str(error).splitlines()[0]
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            what = f"{'/'.join(map(str, first['loc']))}: {first['msg']}"
        msg = f"The manifest of '{path.name}' is not one of a {BUNDLE_FORMAT}: {what}."
        raise BundleError(msg, _WAY_OUT) from error


def _check_member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, member: Member, folder: Path | None
) -> None:
    """Read a member to its end, at most its declared size, and compare it with the manifest."""
    digest, size = hashlib.sha256(), 0
    target = None if folder is None else folder / member.name
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source:
        sink = None if target is None else target.open("xb")
        try:
            while size <= member.size and (chunk := source.read(_CHUNK_BYTES)):
                size += len(chunk)
                digest.update(chunk)
                if sink is not None:
                    sink.write(chunk)
        finally:
            if sink is not None:
                sink.close()
    if size != member.size or digest.hexdigest() != member.sha256:
        msg = f"The member '{member.name}' of the bundle is not what its manifest says."
        raise BundleError(msg, _WAY_OUT)
