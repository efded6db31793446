"""Screens for notebooks, over the kernel's Workbench; the kernel never imports this package.

Each screen is made with a Workbench and shown by being the last line of a cell. What it shows can
be had in Python too: the line for it stands under every screen.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_widgets.comparison import Comparison
    from omicstoken_widgets.dashboard import Dashboard
    from omicstoken_widgets.explanation import Explanation
    from omicstoken_widgets.fingerprint import Fingerprint
    from omicstoken_widgets.quality import Quality
    from omicstoken_widgets.search import Search
    from omicstoken_widgets.summary import Summary
    from omicstoken_widgets.upload import Upload

_HOMES = {
    "Comparison": "comparison",
    "Dashboard": "dashboard",
    "Explanation": "explanation",
    "Fingerprint": "fingerprint",
    "Quality": "quality",
    "Search": "search",
    "Summary": "summary",
    "Upload": "upload",
}

__all__ = [
    "Comparison",
    "Dashboard",
    "Explanation",
    "Fingerprint",
    "Quality",
    "Search",
    "Summary",
    "Upload",
]


def __getattr__(name: str) -> object:
    """Import a screen from its module when it is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
