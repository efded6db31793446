"""Work that takes long: recorded in one table, run in the foreground or in a child process.

The command line and Python run a job in the foreground with :func:`do`; screens start it in a
child process with :func:`start` and look at its row. Either way it is the same idempotent step of
the pipeline, so a job that was killed is finished by running it again.
"""

from omicstoken_kernel.jobs.kinds import KINDS
from omicstoken_kernel.jobs.runner import (
    FINAL,
    cancel,
    do,
    resume,
    run,
    start,
    sweep,
    unfinished,
    wait,
)
from omicstoken_kernel.jobs.status import run_status

__all__ = [
    "FINAL",
    "KINDS",
    "cancel",
    "do",
    "resume",
    "run",
    "run_status",
    "start",
    "sweep",
    "unfinished",
    "wait",
]
