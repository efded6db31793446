"""A run's status in words, derived from what is stored; never a flag someone could forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.store.jobs import Job
    from omicstoken_kernel.store.runs import Run

__all__ = ["run_status"]


def run_status(run: Run, embedded: dict[str, int], job: Job | None) -> str:
    """Return where a run stands.

    Parameters
    ----------
    run
        The run.
    embedded
        Number of the run's peptides that have a vector, by model_key.
    job
        The latest job about this run; None where there was none.

    Returns
    -------
    str
        ``empty``, ``stored``, ``partly embedded`` or ``embedded``; while a job runs ``embed 40 %``,
        followed by how many are done, the pace and the time left once these are known; after a
        failed one ``stored (embed failed: <reason>)``.
    """
    most = max(embedded.values(), default=0)
    if run.peptides == 0:
        state = "empty"
    elif most == 0:
        state = "stored"
    else:
        state = "embedded" if most >= run.peptides else "partly embedded"
    if job is None or job.state in ("done", "cancelled"):
        return state
    if job.state in ("waiting", "running", "cancelling"):
        status = f"{job.kind} {job.progress:.0%}"
        return f"{status}: {job.message}" if job.message else status
    return f"{state} ({job.kind} {job.state}: {job.reason or 'no reason given'})"
