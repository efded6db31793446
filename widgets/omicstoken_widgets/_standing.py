"""Where runs stand: what is being done about each, and its quality, looked at bit by bit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.errors import OmicsTokenError
from omicstoken_kernel.report import words
from omicstoken_widgets._background import in_background
from omicstoken_widgets._words import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from omicstoken_kernel.workbench import Workbench

__all__ = ["Grades", "later", "runs_now"]

_WORKING = ("waiting", "running", "cancelling")
# So many runs between two looks at the screen: a second or so for runs of a few thousand peptides.
_AT_ONCE = 10
_WAITING = "\N{HORIZONTAL ELLIPSIS}"


def runs_now(wb: Workbench) -> list[dict[str, Any]]:
    """Return ``wb.runs_json()`` with ``busy``, and jobs about several runs in each one's status."""
    from omicstoken_kernel.store.jobs import Jobs

    runs: list[dict[str, Any]] = [dict(run) for run in wb.runs_json()]
    states: dict[str, str] = {}
    for job in Jobs(wb.context).list():
        if job.state in _WORKING:
            about = [job.subject, *job.arguments.get("run_ids", [])]
            said = f"{job.kind} {job.progress:.0%}"
            said = f"{said}: {job.message}" if job.message else said
            states |= {str(run_id): said for run_id in about if run_id and run_id not in states}
    for run in runs:
        run["busy"] = run["run_id"] in states
        run["status"] = states.get(str(run["run_id"]), run["status"])
    return runs


def later(seconds: float, act: Callable[[], object]) -> None:
    """Do something in a while, where there is an event loop; in a script nothing is watched."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    loop.call_later(seconds, act)


class Grades:
    """The quality of runs in a word and the checks that did not pass; kept while runs are the same.

    Parameters
    ----------
    wb
        The workspace.
    on_change
        Called when some more are known.
    """

    def __init__(self, wb: Workbench, on_change: Callable[[], object]) -> None:
        self._wb = wb
        self._on_change = on_change
        self._known: dict[tuple[object, ...], str] = {}
        self._turn = 0

    def of(self, runs: pd.DataFrame) -> list[str]:
        """Return what is known of each run, in order; an ellipsis where that is being looked at."""
        return [self._known.get(key, _WAITING) for key in _keys(runs)]

    def forget(self) -> None:
        """Look at all anew next time: a map made meanwhile tells of peptides without a motif."""
        self._known.clear()

    def look(self, runs: pd.DataFrame) -> None:
        """Look at those that are not known yet, the first rows first, beside the event loop."""
        self._turn += 1
        wanted = [key for key in _keys(runs) if key not in self._known]
        if wanted:
            self._next(wanted, self._turn)

    def _next(self, wanted: list[tuple[object, ...]], turn: int) -> None:
        def grade() -> dict[tuple[object, ...], str]:
            return {key: self._grade(str(key[0])) for key in wanted[:_AT_ONCE]}

        def graded(found: dict[tuple[object, ...], str]) -> None:
            self._known |= found
            self._on_change()
            # A newer look has the rest.
            if turn == self._turn and len(wanted) > _AT_ONCE:
                self._next(wanted[_AT_ONCE:], turn)

        def failed(_error: Exception) -> None:
            graded(dict.fromkeys(wanted[:_AT_ONCE], words.MISSING))

        in_background(grade, graded, failed)

    def _grade(self, run_id: str) -> str:
        try:
            found = self._wb.quality(run_id)
        except OmicsTokenError:
            # It was deleted a moment ago; the table will say so when it looks again.
            return words.MISSING
        bad = [check for check in found.checks if check.grade != "pass"]
        bad.sort(key=lambda check: check.grade != "fail")
        named = ", ".join(check.title for check in bad[:2])
        more = f" and {len(bad) - 2} more" if len(bad) > 2 else ""
        said = f"{SIGNS[found.grade]} {found.grade}"
        return f"{said}: {named}{more}" if bad else said


def _keys(runs: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return what a grade is of: a run as it was read, with its samples' facts and vectors."""
    names = [
        name
        for name in ("run_id", "features", "peptides", "condition", "hla", "models")
        if name in runs
    ]
    return [
        tuple(str(value) for value in values)
        for values in runs[names].itertuples(index=False, name=None)
    ]
