"""An uploaded file is kept whole, or not at all."""

import os

import pytest

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store import files


def test_a_file_is_kept_under_its_digest_and_the_same_bytes_once(ctx, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"SIINFEKL\n")
    sha256, size = files.keep(ctx, path)
    kept = files.path_of(ctx, sha256)
    assert (kept.read_bytes(), size) == (b"SIINFEKL\n", 9)
    before = kept.stat().st_mtime_ns
    assert files.keep(ctx, path) == (sha256, size)
    assert kept.stat().st_mtime_ns == before


def test_a_file_written_to_while_it_is_copied_is_refused_and_not_kept(ctx, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"SIINFEKL\n")
    copy = files.shutil.copyfile

    def while_another_writes(source, target):
        copy(source, target)
        # The same size: only the time of change tells.
        path.write_bytes(b"GILGFVFTL")
        os.utime(path, ns=(1, 1))

    monkeypatch.setattr(files.shutil, "copyfile", while_another_writes)
    with pytest.raises(InputError, match="changed while it was being copied"):
        files.keep(ctx, path)
    assert [each for each in ctx.folder("files").rglob("*") if each.is_file()] == []
