"""Screens are tested without an event loop: what they would do beside it is done at once."""

from __future__ import annotations

import asyncio

import pytest


@pytest.fixture(autouse=True)
def _no_loop():
    """Hide the loop that Playwright leaves running in a process that also drives a browser."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
