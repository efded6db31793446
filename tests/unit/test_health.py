"""The doctor names what is wrong, and mends the index and nothing else."""

from __future__ import annotations

import shutil

import pytest

from omicstoken_kernel import pipeline
from omicstoken_kernel.health import check_up
from omicstoken_kernel.store.files import path_of
from omicstoken_kernel.store.uploads import Uploads


@pytest.fixture
def workspace(ctx, tmp_path):
    path = tmp_path / "ligands.txt"
    path.write_text("SIINFEKL\nGILGFVFTL\nNLVPMVATV\n", encoding="ascii")
    runs = pipeline.ingest(ctx, path).runs
    pipeline.embed_runs(ctx, [run.id for run in runs], model="anchor")
    return ctx


def _by_name(checks, word):
    return [check for check in checks if check.name.startswith(word)]


def test_a_healthy_workspace_has_nothing_failing(workspace):
    checks = check_up(workspace)
    assert not [check for check in checks if check.state in ("fail", "mended")]
    assert _by_name(checks, "index")[0].state == "ok"


def test_a_removed_index_is_mended_once(workspace):
    shutil.rmtree(workspace.folder("index"))
    (before,) = _by_name(check_up(workspace, repair=False), "index")
    assert before.state == "warn"
    (mended,) = _by_name(check_up(workspace), "index")
    assert mended.state == "mended"
    (after,) = _by_name(check_up(workspace), "index")
    assert after.state == "ok"


def test_a_damaged_upload_is_named(workspace):
    (upload,) = Uploads(workspace).list()
    path_of(workspace, upload.sha256).write_bytes(b"something else")
    (check,) = _by_name(check_up(workspace), "files")
    assert check.state == "fail"
    assert "ligands.txt" in check.found


def test_a_lost_upload_is_named(workspace):
    (upload,) = Uploads(workspace).list()
    path_of(workspace, upload.sha256).unlink()
    (check,) = _by_name(check_up(workspace), "files")
    assert check.state == "warn"
    assert "missing" in check.found
