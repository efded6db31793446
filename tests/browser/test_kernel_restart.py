"""A kernel restarted in the middle of an upload and of a job, in a real JupyterLab."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from laboratory import notebook, run_all

from omicstoken_kernel.jobs.runner import SILENCE_S
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.workbench import Workbench

pytestmark = [pytest.mark.slow(seconds=40), pytest.mark.timeout(600)]

#: So much of the file has arrived when the kernel is restarted, in bytes.
UNDER_WAY = 3_000_000


def test_what_a_restarted_kernel_was_doing_is_told_and_can_be_gone_on_with(
    chromium, lab, ctx, make_sequences, tmp_path
):
    large, small = tmp_path / "large.tsv", tmp_path / "small.txt"
    large.write_bytes(b"Peptide\n" + b"SIINFEKL\n" * 4_000_000)
    small.write_text("\n".join(make_sequences(1_000)), encoding="utf-8")
    with notebook(chromium, lab("01_upload"), slow=False) as page:
        card = page.locator(".ot-card").filter(has_text=small.name)
        page.locator(".ot-drop input[type=file]").set_input_files(small)
        card.get_by_role("button", name="Store and embed").click()
        job = _begun(ctx)
        # Nobody else can write now, so the job cannot come to its end meanwhile.
        with _locked(ctx, job):
            _restart_while_a_file_arrives(page, large)
            _look_at_what_is_left(page)
            run_all(page)
            page.locator(".jupyter-widgets-disconnected").first.wait_for(state="detached")
            card.get_by_text("Begun before this screen was opened").wait_for()
            card.locator(".ot-job").wait_for()
            assert [path.name[:8] for path in ctx.folder("tmp").iterdir()] == ["arrived-"]
            os.kill(job.process_id, signal.SIGKILL)
        _fallen_silent(ctx, job)
        card.get_by_text("ended before it was finished").wait_for()
        card.get_by_role("button", name="Try again").click()
        card.get_by_role("button", name="Fingerprint").wait_for()
    (run,) = Workbench(home=ctx.settings.home, user=ctx.owner).runs_json()
    assert (run["status"], run["peptides"]) == ("embedded", 1_000)
    assert list(ctx.folder("tmp").iterdir()) == []


def _restart_while_a_file_arrives(page, path):
    """Restart the kernel; its question is asked before, for files arrive faster than one clicks."""
    page.get_by_text("Kernel", exact=True).first.click()
    page.get_by_text("Restart Kernel\u2026", exact=True).first.click()
    confirm = page.get_by_role("button", name="Confirm Kernel Restart")
    confirm.wait_for()
    page.locator(".ot-drop input[type=file]").set_input_files(path)
    page.wait_for_function(
        "least => [...document.querySelectorAll('.ot-files progress')].at(-1).value > least",
        arg=UNDER_WAY,
        polling=20,
    )
    confirm.click()


def _look_at_what_is_left(page):
    """See that the file and the whole screen say what happened, and buttons that they are off."""
    told = page.locator(".ot-files .ot-error")
    told.wait_for()
    assert "The kernel was restarted" in told.inner_text()
    assert "Nothing of it is stored" in told.inner_text()
    screen = page.locator(".ot-upload.jupyter-widgets-disconnected")
    said = screen.evaluate("element => getComputedStyle(element, '::before').content")
    assert "The kernel was restarted" in said
    assert "Run this cell again" in said
    job = screen.locator(".ot-job")
    said = job.evaluate("element => getComputedStyle(element, '::after').content")
    assert "Not followed here any more" in said
    cancel = job.get_by_role("button", name="Cancel")
    assert cancel.evaluate("button => getComputedStyle(button).pointerEvents") == "none"


def _begun(ctx):
    """Return the job once its process runs."""
    for _ in range(600):
        jobs = Jobs(ctx).list()
        if jobs and jobs[0].state == "running":
            return jobs[0]
        time.sleep(0.05)
    pytest.fail("The job did not begin within half a minute.")


@contextmanager
def _locked(ctx, job):
    """Hold the database's one lock for writing; a heartbeat that cannot be told is not missed."""
    Jobs(ctx).update(job.id, heartbeat_at=datetime.now(UTC) + timedelta(minutes=10))
    path = ctx.engine.url.database
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")


def _fallen_silent(ctx, job):
    """Let the half minute pass after which a job without a heartbeat counts as broken off."""
    long_ago = datetime.now(UTC) - timedelta(seconds=2 * SILENCE_S)
    Jobs(ctx).update(job.id, heartbeat_at=long_ago)
