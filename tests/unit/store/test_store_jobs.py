"""Jobs: one row each, and a request to stop is never lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.jobs import Jobs


def test_a_new_job_waits(any_ctx):
    job = Jobs(any_ctx).create("embed", {"run_ids": ["a"], "batch": 512}, "a")
    assert Jobs(any_ctx).get(job.id) == job
    assert (job.state, job.progress, job.message) == ("waiting", 0.0, "")
    assert job.arguments == {"run_ids": ["a"], "batch": 512}
    assert (job.reason, job.result, job.process_id, job.finished_at) == (None, None, None, None)


def test_changes_come_back(any_ctx):
    job = Jobs(any_ctx).create("embed", {})
    moment = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    changes = {
        "state": "done",
        "progress": 1.0,
        "message": "vectors",
        "reason": "none",
        "result": {"embedded": 3, "quality": None},
        "process_id": 4711,
        "heartbeat_at": moment,
        "finished_at": moment,
    }
    changed = Jobs(any_ctx).update(job.id, **changes)
    assert {name: getattr(changed, name) for name in changes} == changes
    assert Jobs(any_ctx).update(job.id) == changed
    assert Jobs(any_ctx).update(job.id, reason=None).reason is None


@pytest.mark.parametrize("changes", [{"kind": "dance"}, {"state": "asleep"}])
def test_a_change_that_cannot_be_is_a_mistake_of_the_caller(any_ctx, changes):
    job = Jobs(any_ctx).create("embed", {})
    with pytest.raises(TypeError):
        Jobs(any_ctx).update(job.id, **changes)


def test_a_reason_with_bytes_no_database_holds_is_kept_readable(any_ctx):
    job = Jobs(any_ctx).create("ingest", {})
    changed = Jobs(any_ctx).update(job.id, reason="file \0 Pr\udcfcfung", message="\0")
    assert (changed.reason, changed.message) == ("file ? Pr?fung", "?")


def test_a_request_to_stop_survives_the_start(any_ctx):
    job = Jobs(any_ctx).create("embed", {})
    assert Jobs(any_ctx).request_cancel(job.id).state == "cancelling"
    assert Jobs(any_ctx).update(job.id, state="running", process_id=1).state == "cancelling"
    assert Jobs(any_ctx).update(job.id, state="cancelled").state == "cancelled"


@pytest.mark.parametrize("state", ["done", "failed", "cancelled", "interrupted"])
def test_a_job_that_has_ended_cannot_be_stopped(any_ctx, state):
    job = Jobs(any_ctx).create("embed", {})
    Jobs(any_ctx).update(job.id, state=state)
    assert Jobs(any_ctx).request_cancel(job.id).state == state


def test_jobs_are_listed_newest_first_and_the_latest_is_known(any_ctx):
    first, second, third, _ = (
        Jobs(any_ctx).create("embed", {}, subject) for subject in ("a", "b", "a", None)
    )
    assert [job.id for job in Jobs(any_ctx).list()][1:] == [third.id, second.id, first.id]
    assert Jobs(any_ctx).latest("a") == third
    assert Jobs(any_ctx).latest("c") is None
    assert Jobs(any_ctx).latest_by_subject() == {"a": third, "b": second}


def test_an_unknown_job_is_not_found(any_ctx):
    with pytest.raises(NotFound):
        Jobs(any_ctx).update("job_none", progress=0.5)
