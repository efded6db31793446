"""Files whose storing went on, or ended, while no screen was looking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omicstoken_kernel import jobs

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.jobs import Job

__all__ = ["unseen"]


def unseen(ctx: Context, folder: Path) -> list[tuple[Job, bool]]:
    """Return the newest job about each file whose end nobody has seen, the oldest first.

    Either it still waits or runs, or it has ended and the uploaded copy in ``folder`` is there: a
    screen that sees the end removes the copy. True stands beside the jobs about such a copy.
    """
    from omicstoken_kernel.store.jobs import Jobs

    jobs.sweep(ctx)
    newest: dict[Path, Job] = {}
    for job in Jobs(ctx).list():
        if job.kind == "ingest" and job.arguments.get("name"):
            newest.setdefault(Path(str(job.arguments["path"])), job)
    found = [(job, path.parent == folder, path) for path, job in reversed(newest.items())]
    return [
        (job, ours)
        for job, ours, path in found
        if job.state not in jobs.FINAL or (ours and path.is_file())
    ]
