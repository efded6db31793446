"""Real result files, read where they lie."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def folder(realdata_or_skip):
    """The folder of real files; without it these tests have nothing to say, except in CI."""
    return realdata_or_skip
