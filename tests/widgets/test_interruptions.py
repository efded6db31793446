"""What breaks off, is locked, deleted or missing is put into words, with a way on."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import ipywidgets as iw
import pytest

from omicstoken_kernel import jobs
from omicstoken_kernel.errors import OmicsTokenError
from omicstoken_kernel.jobs.runner import SILENCE_S
from omicstoken_kernel.store import _sqlite
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.workbench import Workbench
from omicstoken_widgets import Comparison, Dashboard, Explanation, Fingerprint, Search, Upload
from omicstoken_widgets._base import Screen
from omicstoken_widgets._incoming import Incoming
from omicstoken_widgets.uploader import Uploader

OURS = "fault is ours"


@pytest.fixture
def wb(ctx):
    return Workbench(home=ctx.settings.home, user="tester")


@pytest.fixture
def stocked(wb, store_runs, make_sequences):
    """A workbench with two embedded runs and their maps."""
    store_runs(wb.context, {"first": make_sequences(20, 1), "second": make_sequences(20, 2)})
    wb.embed("first", "second")
    for runs in (["first"], ["first", "second"]):
        wb.fingerprint(*runs)
    return wb


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def words(widget):
    return " ".join(each.value for each in everything(widget) if isinstance(each, iw.HTML))


def button(widget, label):
    """Return the button with this label, or None."""
    found = (each for each in everything(widget) if isinstance(each, iw.Button))
    return next((each for each in found if each.description == label), None)


def in_this_process(ctx, kind, arguments, *, subject=None):
    """Stand in for ``jobs.start``, without a child process; a job that fails says so in its row."""
    with suppress(OmicsTokenError):
        jobs.do(ctx, kind, arguments, subject=subject)
    return Jobs(ctx).list()[0]


def job_in(wb, state, **changes):
    made = Jobs(wb.context).create("embed", {"run_ids": ["run_1"], "model": None})
    return Jobs(wb.context).update(made.id, state=state, **changes)


@pytest.mark.parametrize(
    ("state", "says", "label"),
    [
        ("failed", "The disk is full.", "Try again"),
        ("interrupted", "ended before it was finished", "Try again"),
        ("cancelled", "What was finished is kept", "Go on with it"),
    ],
)
def test_a_job_that_did_not_finish_says_why_and_can_be_gone_on_with(
    wb, monkeypatch, state, says, label
):
    reason = "The process that ran this job ended before it was finished."
    job = job_in(wb, state, reason="The disk is full." if state == "failed" else reason)
    screen, again = Screen(wb, "?"), []
    screen.take_up(job, lambda _job: None)
    assert says in words(screen)
    monkeypatch.setattr(screen, "run_job", lambda *asked, **_subject: again.append(asked[:2]))
    button(screen, label).click()
    assert again == [("embed", job.arguments)]
    assert button(screen, label) is None


def test_a_job_from_before_the_kernel_was_restarted_is_followed_and_not_done_twice(wb, monkeypatch):
    running = job_in(wb, "running", heartbeat_at=datetime.now(UTC))
    followed = []
    monkeypatch.setattr(
        "omicstoken_widgets._base.follow", lambda _ctx, job_id, *_rest: followed.append(job_id)
    )
    Screen(wb, "?").run_job("embed", running.arguments, lambda _job: None)
    assert followed == [running.id]
    assert len(Jobs(wb.context).list()) == 1


def test_a_job_whose_process_died_is_started_again(wb, monkeypatch):
    long_ago = datetime.now(UTC) - timedelta(seconds=2 * SILENCE_S)
    dead = job_in(wb, "running", heartbeat_at=long_ago)
    followed = []
    monkeypatch.setattr("omicstoken_kernel.jobs.runner._spawn", lambda _ctx, _job: None)
    monkeypatch.setattr(
        "omicstoken_widgets._base.follow", lambda _ctx, job_id, *_rest: followed.append(job_id)
    )
    Screen(wb, "?").run_job("embed", dead.arguments, lambda _job: None)
    assert followed != [dead.id]
    assert Jobs(wb.context).get(dead.id).state == "interrupted"


def storing(wb, name, state, *, copy=True, **changes):
    """Return the job that stores an uploaded copy, which is there or is not."""
    path = wb.context.folder("tmp") / f"arrived-{name}"
    if copy:
        path.write_text("Peptide\nSIINFEKL\n")
    arguments = {"path": str(path), "name": name, "options": {}, "embed": True}
    job = Jobs(wb.context).create("ingest", arguments)
    return Jobs(wb.context).update(job.id, state=state, **changes), path


def test_files_that_were_being_stored_when_the_kernel_was_restarted_are_found_again(
    wb, monkeypatch
):
    followed = []
    monkeypatch.setattr(
        "omicstoken_widgets._base.follow", lambda _ctx, job_id, *_rest: followed.append(job_id)
    )
    storing(wb, "seen.txt", "done", copy=False)
    running, _ = storing(wb, "running.txt", "running", heartbeat_at=datetime.now(UTC))
    failed, _ = storing(wb, "failed.txt", "failed")
    shown = Upload(wb).files.children
    assert [card.subject for card in shown] == ["failed.txt", "running.txt"]
    assert followed == [running.id, failed.id]


def test_a_file_that_broke_off_on_a_screen_that_is_gone_is_gone_on_with(wb, monkeypatch):
    _, path = storing(wb, "peptides.txt", "interrupted", reason="The process ended.")
    begun = []
    monkeypatch.setattr(jobs, "start", lambda _ctx, kind, given, **_: begun.append((kind, given)))
    (card,) = Upload(wb).files.children
    assert "The process ended." in words(card)
    button(card, "Try again").click()
    assert begun[0][0] == "ingest"
    assert begun[0][1]["path"] == str(path)


def test_a_file_that_broke_off_can_be_given_up_for_good(wb):
    _, path = storing(wb, "peptides.txt", "failed", reason="The disk is full.")
    (card,) = Upload(wb).files.children
    button(card, "Discard").click()
    assert not path.exists()
    assert button(card, "Try again") is None
    assert Upload(wb).files.children == ()


def test_a_file_is_kept_for_the_job_that_stores_it_and_else_goes_with_the_kernel(wb, monkeypatch):
    monkeypatch.setattr(Incoming, "run_job", lambda *_asked, **_subject: None)
    cards = []
    for name in ("looked-at.txt", "stored.txt"):
        path = wb.context.folder("tmp") / name
        path.write_text("Peptide\nSIINFEKL\n")
        cards.append(Incoming(wb, path, name, ours=True))
        cards[-1].look()
    cards[1].store()
    assert "Nothing is stored yet" not in words(cards[1])
    assert [card._copy.alive for card in cards] == [True, False]


def test_what_an_upload_left_behind_goes_and_what_arrives_now_stays(tmp_path):
    days = {"arriving-1": 2, "arriving-2": 0, "arrived-1": 9, "arrived-2": 2, "notes.txt": 30}
    for name, old in days.items():
        (tmp_path / name).write_bytes(b"PEPTIDE")
        then = time.time() - old * 86_400
        os.utime(tmp_path / name, (then, then))
    Uploader(tmp_path, lambda _path, _name: None)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["arrived-2", "arriving-2", "notes.txt"]


def test_a_locked_database_is_told_and_saving_again_works(stocked, monkeypatch):
    monkeypatch.setattr(_sqlite, "_PRAGMAS", ("PRAGMA busy_timeout = 10", *_sqlite._PRAGMAS[1:]))
    dashboard = Dashboard(stocked)
    dashboard.table.selected = [0]
    name = dashboard.selection["name"].iloc[0]
    button(dashboard, "Annotate").click()
    texts = [each for each in everything(dashboard) if isinstance(each, iw.Text)]
    next(each for each in texts if each.description == "condition").value = "treated"
    writer = sqlite3.connect(stocked.context.engine.url.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    button(dashboard, "Save").click()
    assert "is locked" in words(dashboard)
    assert "try again" in words(dashboard)
    writer.execute("ROLLBACK")
    writer.close()
    button(dashboard, "Save").click()
    assert stocked.run(name).sample.condition == "treated"
    assert "is locked" not in words(dashboard)


def test_a_run_deleted_in_another_tab_is_told_by_every_open_screen(stocked, monkeypatch):
    screens = [Fingerprint(stocked, "first"), Comparison(stocked, "first", "second")]
    sent = []
    monkeypatch.setattr(
        type(screens[0].table), "send", lambda _self, content, parts=None: sent.append(content)
    )
    Runs(stocked.context).delete(stocked.run("first").id)
    for screen in screens:
        picked = {"id": "1", "type": "pick", "key": 0, "column": "sequence"}
        screen.table._answer(screen.table, picked, [])
        assert "There is no run" in sent[-1]["error"]["message"]
        assert sent[-1]["error"]["hint"]
        screen.guarded(screen.load)
        assert "There is no run" in words(screen)
        assert OURS not in words(screen)


def test_the_dashboard_lets_go_of_a_run_deleted_in_another_tab(stocked):
    dashboard = Dashboard(stocked)
    dashboard.table.selected = [0, 1]
    Runs(stocked.context).delete(stocked.run("first").id)
    dashboard._picked("name", dashboard.table.frame.set_index("name", drop=False).loc["first"])
    assert "It may have been deleted" in words(dashboard)
    assert dashboard.table.frame["name"].tolist() == ["second"]
    assert dashboard.selection["name"].tolist() == ["second"]


@pytest.mark.parametrize(("kind", "runs", "peptides"), [
    (Fingerprint, ["bare"], 20), (Comparison, ["bare", "other"], 40),
])  # fmt: skip
def test_runs_without_vectors_get_them_at_a_press_and_are_then_shown(
    wb, store_runs, make_sequences, monkeypatch, kind, runs, peptides
):
    store_runs(wb.context, {"bare": make_sequences(20, 1), "other": make_sequences(20, 2)})
    wb.embed("other")
    monkeypatch.setattr(jobs, "start", in_this_process)
    screen = kind(wb, *runs)
    assert "has no vectors" in words(screen)
    button(screen, "Make the vectors").click()
    assert button(screen, "Make the vectors") is None
    assert "has no vectors" not in words(screen)
    assert screen.table.total == peptides


def test_what_cannot_be_likened_without_vectors_gets_them_at_a_press(
    wb, store_runs, make_sequences, monkeypatch
):
    sequences = make_sequences(20, 1)
    store_runs(wb.context, {"bare": sequences, "nothing": []})
    monkeypatch.setattr(jobs, "start", in_this_process)
    for screen in (Search(wb, sequences[0]), Explanation(wb, "bare", sequences[0])):
        assert button(screen, "Make the vectors") is not None
    button(screen, "Make the vectors").click()
    assert button(screen, "Make the vectors") is None
    assert "has no vectors" not in words(screen)
    assert button(Search(wb, sequences[0]), "Make the vectors") is None


def test_a_model_that_is_missing_is_told_with_how_to_get_it(stocked, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_EMBEDDER", "esm2-650m")
    bare = Workbench(home=stocked.context.settings.home, user="tester")
    search, drawn = Search(bare, "SIINFEKL"), Fingerprint(bare, "first")
    assert "omicstoken models" in words(search)
    assert "no vectors of the model" in words(drawn)
    monkeypatch.setattr(jobs, "start", in_this_process)
    button(drawn, "Make the vectors").click()
    assert "omicstoken models" in words(drawn)
    assert button(drawn, "Try again") is not None
    assert OURS not in words(search) + words(drawn)
