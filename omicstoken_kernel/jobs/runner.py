"""Run a job here or in a child process, with progress, heartbeat, cancel and resumption.

Problem: a child process can be killed at any moment, and its row would say "running" for ever.
Choice: while a job runs, a thread stamps a heartbeat every two seconds; a running job without a
heartbeat for :data:`SILENCE_S` is "interrupted", and running it again finishes it, for every step
is idempotent. Rejected: a queue service (one more thing to install), and process ids alone (they
are reused, and mean nothing on another node of a shared server).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from omicstoken_kernel.child import child_environment
from omicstoken_kernel.errors import Cancelled, InputError, OmicsTokenError
from omicstoken_kernel.jobs.kinds import KINDS
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import Pace, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.jobs.kinds import Arguments, JobResult
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.jobs import Job, Jobs

__all__ = [
    "FINAL",
    "SILENCE_S",
    "cancel",
    "do",
    "resume",
    "run",
    "start",
    "sweep",
    "unfinished",
    "wait",
]

#: States in which nothing more happens by itself.
FINAL = frozenset({"done", "failed", "cancelled", "interrupted"})

#: Seconds without a heartbeat after which a running job counts as interrupted.
SILENCE_S = 30.0
#: Seconds after which a job that never began does: a busy machine takes half a minute to import.
_NEVER_BEGAN_S = 300.0

_BEAT_S = 2.0
_TELL_S = 0.25

_log = get_logger(__name__)

# Children are kept until they end: a forgotten one would stay behind as a zombie.
_children: list[subprocess.Popen[bytes]] = []


def _jobs(ctx: Context) -> Jobs:
    from omicstoken_kernel.store.jobs import Jobs

    return Jobs(ctx)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        msg = f"There is no kind of job called '{kind}'."
        raise InputError(msg, f"Kinds are: {', '.join(KINDS)}.")


def do(
    ctx: Context,
    kind: str,
    arguments: Arguments,
    *,
    subject: str | None = None,
    progress: Progress = silent,
) -> JobResult:
    """Run a job in this process, recorded like any other, and return what its step returns.

    Raises
    ------
    OmicsTokenError
        Whatever the step raises; the job's row then says "failed" with the reason.
    """
    _check_kind(kind)
    job = _jobs(ctx).create(kind, arguments, subject)
    return _execute(ctx, job, progress)


def start(ctx: Context, kind: str, arguments: Arguments, *, subject: str | None = None) -> Job:
    """Start a job in a child process that outlives this one, and return its row at once."""
    _check_kind(kind)
    job = _jobs(ctx).create(kind, arguments, subject)
    _spawn(ctx, job)
    return job


def unfinished(ctx: Context, kind: str, arguments: Arguments) -> Job | None:
    """Return the newest job that waits or runs and does just this, or None."""
    sweep(ctx)
    # As its row has them: tuples are lists there.
    wanted = json.loads(json.dumps(arguments))
    return next(
        (
            job
            for job in _jobs(ctx).list()
            if job.kind == kind and job.state in ("waiting", "running") and job.arguments == wanted
        ),
        None,
    )


def run(ctx: Context, job_id: str) -> None:
    """Run a waiting job in this process; what the child process of :func:`start` does."""
    _execute(ctx, _jobs(ctx).get(job_id), silent)


def resume(ctx: Context, job_id: str) -> Job:
    """Start a job again that failed, was cancelled or was interrupted; what is done stays done."""
    sweep(ctx)
    job = _jobs(ctx).get(job_id)
    if job.state not in FINAL - {"done"}:
        msg = f"The job '{job_id}' is {job.state} and cannot be resumed."
        raise InputError(msg, "Only failed, cancelled and interrupted jobs can be resumed.")
    job = _jobs(ctx).update(
        job_id,
        state="waiting",
        reason=None,
        progress=0.0,
        heartbeat_at=datetime.now(UTC),
        finished_at=None,
    )
    _spawn(ctx, job)
    return job


def cancel(ctx: Context, job_id: str) -> Job:
    """Ask a job to stop after the batch it is at; what it has committed is kept."""
    return _jobs(ctx).request_cancel(job_id)


def sweep(ctx: Context) -> tuple[Job, ...]:
    """Mark the owner's jobs that have fallen silent as interrupted, and return them."""
    now = datetime.now(UTC)
    patience = {"running": SILENCE_S, "cancelling": SILENCE_S, "waiting": _NEVER_BEGAN_S}
    silent_jobs = [
        job
        for job in _jobs(ctx).list()
        if job.state in patience
        and (job.heartbeat_at or job.created_at) < now - timedelta(seconds=patience[job.state])
    ]
    reason = "The process that ran this job ended before it was finished."
    return tuple(
        _jobs(ctx).update(job.id, state="interrupted", reason=reason, finished_at=now)
        for job in silent_jobs
    )


def wait(ctx: Context, job_id: str, *, timeout_s: float, progress: Progress = silent) -> Job:
    """Return the job's row once it is final, passing its progress on meanwhile.

    Returns the row as it stands when ``timeout_s`` is over.
    """
    end = time.monotonic() + timeout_s
    while True:
        sweep(ctx)
        job = _jobs(ctx).get(job_id)
        progress(round(job.progress * 1000), 1000, job.message or job.kind)
        if job.state in FINAL or time.monotonic() > end:
            return job
        time.sleep(_TELL_S)


def _spawn(ctx: Context, job: Job) -> None:
    _children[:] = [child for child in _children if child.poll() is None]
    log_path = ctx.folder("logs") / f"{job.id}.log"
    with log_path.open("ab") as log_file:
        child = subprocess.Popen(
            [sys.executable, "-m", "omicstoken_kernel.jobs", job.id],
            env=child_environment(ctx),
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=log_file,
            # A child that outlives the kernel that started it.
            start_new_session=True,
        )
    _children.append(child)


def _execute(ctx: Context, job: Job, progress: Progress) -> JobResult:
    """Run the job's step and write what became of it, whatever it is."""
    jobs = _jobs(ctx)
    jobs.update(job.id, state="running", process_id=os.getpid(), heartbeat_at=datetime.now(UTC))
    try:
        with _heartbeat(jobs, job.id):
            result = KINDS[job.kind](ctx, job.arguments, _teller(jobs, job.id, progress))
    except Cancelled:
        jobs.update(job.id, state="cancelled", finished_at=datetime.now(UTC))
        raise
    except BaseException as error:
        # Also for KeyboardInterrupt: the row must not go on saying "running".
        reason = (
            str(error) if isinstance(error, OmicsTokenError) else f"{type(error).__name__}: {error}"
        )
        jobs.update(job.id, state="failed", reason=reason, finished_at=datetime.now(UTC))
        _log.warning("job_failed", job_id=job.id, kind=job.kind)
        raise
    jobs.update(
        job.id,
        state="done",
        progress=1.0,
        result=result.as_json(),
        finished_at=datetime.now(UTC),
    )
    return result


def _teller(jobs: Jobs, job_id: str, progress: Progress) -> Progress:
    """Return a progress that writes to the row a few times a second and notices a cancel."""
    told = -_TELL_S
    pace = Pace()

    def tell(done: int, total: int, what: str) -> None:
        nonlocal told
        progress(done, total, what)
        words = pace.words(done, total, what)
        now = time.monotonic()
        if now - told < _TELL_S and done < total:
            return
        told = now
        if jobs.get(job_id).state == "cancelling":
            msg = "The job was cancelled."
            raise Cancelled(msg, "What it had finished is kept; run it again to go on.")
        jobs.update(job_id, progress=done / max(total, 1), message=words)

    return tell


@contextmanager
def _heartbeat(jobs: Jobs, job_id: str) -> Iterator[None]:
    """Stamp the job's row every two seconds while the block runs."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(_BEAT_S):
            try:
                jobs.update(job_id, heartbeat_at=datetime.now(UTC))
            except OmicsTokenError as error:
                # A busy database misses one beat; the next one comes in two seconds.
                _log.warning("heartbeat_missed", job_id=job_id, reason=str(error))

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
