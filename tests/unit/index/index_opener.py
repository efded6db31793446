"""One of several processes that open an index at once; started by test_flat."""

from __future__ import annotations

from pathlib import Path

import structlog

from omicstoken_kernel.context import open_context
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings


def open_it(home: Path, model_key: str) -> tuple[int, list[str]]:
    """Open an index; return how many vectors it has and the events that were logged."""
    settings = load_settings(home=home, user="tester", log_level="INFO")
    set_up_logging(settings)
    with structlog.testing.capture_logs() as lines:
        index = open_index(open_context(settings), model_key)
    return len(index), [line["event"] for line in lines]
