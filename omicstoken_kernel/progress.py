"""How a long step tells what it has done, and how it is asked to stop.

A step calls ``progress(done, total, what)`` after each batch it has *committed*. The callee may
raise :class:`~omicstoken_kernel.errors.Cancelled`; the step lets it through, and what it
committed stays.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "silent"]


class Progress(Protocol):
    """Receives progress; may raise ``Cancelled`` to stop the step."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note that ``done`` of ``total`` units of ``what`` are finished."""


def silent(done: int, total: int, what: str) -> None:
    """Take no note; the default where nobody watches."""
