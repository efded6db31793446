"""Where a SQLite file lies: its locks do not hold on network file systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from omicstoken_kernel.logs import get_logger

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["remote_file_system", "warn_if_remote"]

_log = get_logger(__name__)

#: File systems reached over a network, on which SQLite's locks and shared memory are not reliable
#: (https://www.sqlite.org/useovernet.html).
_REMOTE = frozenset(
    [
        "9p",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.ceph",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb2",
        "smb3",
        "smbfs",
    ]
)


def remote_file_system(folder: Path) -> str | None:
    """Return the kind of network file system a folder lies on, or None on a local one."""
    resolved = folder.resolve()
    parents = {str(resolved), *(str(parent) for parent in resolved.parents)}
    holders = [part for part in psutil.disk_partitions(all=True) if part.mountpoint in parents]
    if not holders:
        return None
    # Of several mounts on one point the last one is what is seen.
    nearest = max(enumerate(holders), key=lambda item: (len(item[1].mountpoint), item[0]))[1]
    return nearest.fstype if nearest.fstype.lower() in _REMOTE else None


def warn_if_remote(folder: Path) -> None:
    """Log a warning when a SQLite file would lie on a network file system."""
    kind = remote_file_system(folder)
    if kind is not None:
        _log.warning(
            "workspace_on_network_file_system",
            folder=str(folder),
            file_system=kind,
            hint="SQLite's locks do not hold there: use a local folder, or PostgreSQL.",
        )
