"""A SQLite file on a network file system is noticed and told."""

from __future__ import annotations

from collections import namedtuple

import psutil
import pytest
import structlog

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.place import remote_file_system

Part = namedtuple("Part", "device mountpoint fstype opts")


@pytest.fixture
def mounts(monkeypatch):
    """Pretend that these are mounted: no test can mount a network file system."""

    def set_to(*points):
        parts = [Part("device", str(point), kind, "") for point, kind in points]
        monkeypatch.setattr(psutil, "disk_partitions", lambda all: parts)

    return set_to


def test_this_machine_is_local(tmp_path):
    assert remote_file_system(tmp_path) is None


def test_the_nearest_mount_decides(tmp_path, mounts):
    folder = tmp_path / "share" / "deep"
    folder.mkdir(parents=True)
    mounts(("/", "ext4"), (tmp_path / "share", "nfs4"))
    assert remote_file_system(folder) == "nfs4"
    assert remote_file_system(tmp_path) is None


def test_the_last_of_several_mounts_on_one_point_decides(tmp_path, mounts):
    mounts((tmp_path, "ext4"), (tmp_path, "cifs"))
    assert remote_file_system(tmp_path) == "cifs"


def test_opening_a_workspace_there_is_told_with_what_to_do(tmp_path, mounts):
    mounts((tmp_path, "lustre"))
    with structlog.testing.capture_logs() as logs:
        open_context(load_settings(home=tmp_path / "home"))
    (told,) = [line for line in logs if line["log_level"] == "warning"]
    assert told["event"] == "workspace_on_network_file_system"
    assert told["file_system"] == "lustre"
    assert "PostgreSQL" in told["hint"]
