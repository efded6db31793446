"""Jobs are recorded, tell their progress, stop when asked, and can be finished later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.errors import Cancelled, InputError, NotFound
from omicstoken_kernel.jobs import runner
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.vectors import Vectors


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    """Let a run of 1 600 peptides take several batches."""
    monkeypatch.setattr(AnchorEmbedder, "peptides_at_once", 512)


@pytest.fixture
def run_id(ctx, tmp_path):
    path = tmp_path / "ligands.txt"
    letters = "ACDEFGHIKLMNPQRSTVWY"
    peptides = [f"A{a}{b}FEKL{c}V" for a in letters for b in letters for c in letters[:4]]
    path.write_text("\n".join(peptides) + "\n", encoding="ascii")
    return pipeline.ingest(ctx, path).runs[0].id


def test_a_finished_job_keeps_its_result(ctx, run_id):
    result = jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}, subject=run_id)
    (job,) = Jobs(ctx).list()
    assert job.state == "done"
    assert job.progress == 1.0
    assert job.result == result.as_json()


def test_a_job_tells_how_fast_it_goes_and_the_status_of_its_run_says_it(ctx, run_id, monkeypatch):
    monkeypatch.setattr(runner, "_TELL_S", 0.0)
    seen = []

    def look(done, total, what):
        (job,) = Jobs(ctx).list()
        (run,) = Runs(ctx).list()
        seen.append(jobs.run_status(run, {}, job).replace("\u202f", " "))

    jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}, progress=look)
    assert seen[0] == "embed 0%"
    assert seen[1] == "embed 0%: 0 of 1 600 peptides"
    assert re.fullmatch(r"embed 32%: 512 of 1 600 peptides, [\d ]+ peptides/s, \d+ s left", seen[2])


def test_a_failed_job_keeps_its_reason_and_the_error_reaches_the_caller(ctx):
    with pytest.raises(NotFound):
        jobs.do(ctx, "embed", {"run_ids": ["run_missing"], "model": "anchor"})
    (job,) = Jobs(ctx).list()
    assert job.state == "failed"
    assert "run_missing" in job.reason


def test_cancel_keeps_what_was_committed_and_a_repeat_does_the_rest(ctx, run_id):
    def stop_half_way(done, total, what):
        if done >= total / 2:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}, progress=stop_half_way)
    (model,) = Vectors(ctx).models()
    kept = Vectors(ctx).count(model.model_key)
    assert 0 < kept < 1600
    result = jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}).as_json()
    assert result["known"] == kept
    assert result["embedded"] == 1600 - kept


def test_a_job_runs_in_a_child_process_and_is_waited_for(ctx, run_id):
    job = jobs.start(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}, subject=run_id)
    final = jobs.wait(ctx, job.id, timeout_s=60)
    assert final.state == "done", final.reason
    assert final.result["embedded"] == 1600
    assert final.process_id is not None


def test_a_cancel_from_outside_stops_the_job(ctx, run_id, monkeypatch):
    monkeypatch.setattr(runner, "_TELL_S", 0.0)

    def ask(done, total, what):
        (job,) = Jobs(ctx).list()
        jobs.cancel(ctx, job.id)

    with pytest.raises(Cancelled):
        jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"}, progress=ask)
    assert Jobs(ctx).list()[0].state == "cancelled"


def test_a_job_without_heartbeat_is_interrupted_and_can_be_resumed(ctx, run_id):
    job = Jobs(ctx).create("embed", {"run_ids": [run_id], "model": "anchor"}, run_id)
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    Jobs(ctx).update(job.id, state="running", heartbeat_at=long_ago)
    assert [found.id for found in jobs.sweep(ctx)] == [job.id]
    assert Jobs(ctx).get(job.id).state == "interrupted"
    jobs.resume(ctx, job.id)
    assert jobs.wait(ctx, job.id, timeout_s=60).state == "done"


def test_a_running_job_with_a_heartbeat_is_left_alone(ctx, run_id):
    job = Jobs(ctx).create("embed", {"run_ids": [run_id]}, run_id)
    Jobs(ctx).update(job.id, state="running", heartbeat_at=datetime.now(UTC))
    assert jobs.sweep(ctx) == ()


def test_an_unknown_kind_lists_the_kinds(ctx):
    with pytest.raises(InputError, match="Kinds are: ingest"):
        jobs.do(ctx, "dance", {})


def test_only_unfinished_jobs_are_resumed(ctx, run_id):
    jobs.do(ctx, "embed", {"run_ids": [run_id], "model": "anchor"})
    with pytest.raises(InputError, match="cannot be resumed"):
        jobs.resume(ctx, Jobs(ctx).list()[0].id)
