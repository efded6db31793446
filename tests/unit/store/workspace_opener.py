"""One of several processes that open a workspace at once; started by test_store_schema."""

from __future__ import annotations

from pathlib import Path

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.runs import Runs


def count_runs(home: Path, url: str) -> int:
    """Open a workspace and count its runs."""
    return len(Runs(open_context(load_settings(home=home, database_url=url))).list())
