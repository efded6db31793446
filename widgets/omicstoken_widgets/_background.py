"""Work beside the kernel's event loop, so that screens stay alive while it runs.

Problem: a kernel answers its widgets on one thread; whatever computes there freezes every screen.
Choice: what takes a moment runs in a thread, what takes long is a job in a child process whose row
is looked at twice a second; both hand their result back on the loop, where widgets may be changed.
What only the loop may do, such as making a hundred widgets, is done in turns with everything else
that waits there. Without a loop - in a script, in a test - the work is simply done.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from omicstoken_kernel import jobs
from omicstoken_kernel.logs import get_logger
from omicstoken_widgets._vega import vega_script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.jobs import Job

__all__ = ["follow", "in_background", "in_turns", "warm_up"]

_Result = TypeVar("_Result")

_log = get_logger(__name__)

_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="omicstoken")
_LOOK_S = 0.5
#: After the first screen stands: what maps and charts need takes some seconds to import.
_WARM_AFTER_S = 0.5
_NEEDED = (
    "jscatter",
    "omicstoken_widgets.map",
    "omicstoken_kernel.analysis.motif_hla",
    "altair",
    "omicstoken_kernel.report.insight.quality",
)
# A loop keeps only weak references to its tasks.
_tasks: set[asyncio.Task[None]] = set()


def in_background(
    work: Callable[[], _Result],
    done: Callable[[_Result], None],
    failed: Callable[[Exception], None],
) -> None:
    """Do some work in a thread and hand its result, or its error, back on the event loop."""

    async def deliver(waiting: Awaitable[_Result]) -> None:
        try:
            result = await waiting
        except Exception as error:  # noqa: BLE001 - handed on, to be put into words
            failed(error)
        else:
            done(result)

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _at_once(work, done, failed)
    else:
        _keep(loop, deliver(loop.run_in_executor(_POOL, work)))


def in_turns(steps: Iterator[None], failed: Callable[[Exception], None]) -> None:
    """Do some work on the event loop up to its next ``yield``, then let others have their turn."""

    def step() -> None:
        try:
            next(steps)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - handed on, to be put into words
            failed(error)
        else:
            loop.call_soon(step)

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _at_once(lambda: [None for _ in steps], lambda _nothing: None, failed)
    else:
        step()


def follow(
    ctx: Context,
    job_id: str,
    tell: Callable[[Job], None],
    ended: Callable[[Job], None],
    failed: Callable[[Exception], None],
) -> None:
    """Tell a job's row twice a second until it is final, then hand it over once more."""

    def look() -> Job:
        from omicstoken_kernel.store.jobs import Jobs

        jobs.sweep(ctx)
        return Jobs(ctx).get(job_id)

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        try:
            while (job := await loop.run_in_executor(_POOL, look)).state not in jobs.FINAL:
                tell(job)
                await asyncio.sleep(_LOOK_S)
        except Exception as error:  # noqa: BLE001 - handed on, to be put into words
            failed(error)
        else:
            ended(job)

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _at_once(lambda: jobs.wait(ctx, job_id, timeout_s=600), ended, failed)
    else:
        _keep(loop, watch())


@cache
def warm_up() -> None:
    """Make what maps and charts need while the first screen is looked at: they are quick then."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return

    def bring() -> None:
        for name in _NEEDED:
            import_module(name)

    def failed(error: Exception) -> None:
        # The screen that needs it will say so.
        _log.warning("not_warmed_up", exc_info=error)

    for need in (vega_script, bring):
        loop.call_later(_WARM_AFTER_S, in_background, need, lambda _made: None, failed)


def _at_once(
    work: Callable[[], _Result],
    done: Callable[[_Result], None],
    failed: Callable[[Exception], None],
) -> None:
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - handed on, to be put into words
        failed(error)
    else:
        done(result)


def _keep(loop: asyncio.AbstractEventLoop, work: Coroutine[object, object, None]) -> None:
    task = loop.create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
