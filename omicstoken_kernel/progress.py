"""How a long step tells what it has done, how fast it goes, and how it is asked to stop.

A step calls ``progress(done, total, what)`` before its first batch, with what was done earlier, and
after each batch it has *committed*. The callee may raise
:class:`~omicstoken_kernel.errors.Cancelled`; the step lets it through, and what it committed stays.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pace", "Progress", "duration", "silent"]

_THIN = "\u202f"

#: The pace is that of the last so many seconds, so that it follows a machine that gets busy.
_RECENT_S = 30.0


class Progress(Protocol):
    """Receives progress; may raise ``Cancelled`` to stop the step."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note that ``done`` of ``total`` units of ``what`` are finished."""


def silent(done: int, total: int, what: str) -> None:
    """Take no note; the default where nobody watches."""


class Pace:
    """What a step has told so far, in words: how much is done, how fast, and how long it will take.

    What was done before the first call took no time and does not count as speed.

    >>> seconds = iter([0.0, 10.0])
    >>> pace = Pace(clock=lambda: next(seconds))
    >>> pace.words(1000, 12000, "peptides").replace("\u202f", " ")
    '1 000 of 12 000 peptides'
    >>> pace.words(3000, 12000, "peptides").replace("\u202f", " ")
    '3 000 of 12 000 peptides, 200 peptides/s, 45 s left'
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._what = ""
        self._seen: deque[tuple[float, int]] = deque()

    def words(self, done: int, total: int, what: str) -> str:
        """Take note of progress and return it in words."""
        if what != self._what or (self._seen and done < self._seen[-1][1]):
            self._what = what
            self._seen.clear()
        now = self._clock()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] > _RECENT_S:
            self._seen.popleft()
        began, before = self._seen[0]
        text = f"{_grouped(done)} of {_grouped(total)} {what}"
        if now <= began or done <= before:
            return text
        rate = (done - before) / (now - began)
        shown = _grouped(round(rate)) if rate >= 10 else f"{rate:.1f}"
        text += f", {shown} {what.partition(' ')[0]}/s"
        return f"{text}, {_left((total - done) / rate)} left" if done < total else text


def duration(seconds: float) -> str:
    """Return a span of time.

    >>> [duration(s).replace("\u202f", " ") for s in (4.23, 130, 7500)]
    ['4.2 s', '2 min 10 s', '2 h 5 min']
    """
    if seconds < 59.95:
        return f"{seconds:.1f}{_THIN}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{_THIN}min {rest}{_THIN}s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}{_THIN}h {minutes}{_THIN}min"


def _left(seconds: float) -> str:
    """Return how long it will take; nobody waits for tenths of a second."""
    return duration(seconds) if seconds >= 59.5 else f"{max(1, round(seconds))}{_THIN}s"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", _THIN)
