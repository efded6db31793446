"""OmicsToken: read, embed, find, compare and explain peptides.

The names below are the public face; each is imported when it is first used, so that importing the
package costs next to nothing.

>>> import omicstoken_kernel as ot
>>> sorted(ot.__all__)[:3]
['BaseEmbedder', 'Context', 'OmicsTokenError']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context, open_context
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.errors import OmicsTokenError
    from omicstoken_kernel.ingest import ReadOptions, preview, read
    from omicstoken_kernel.settings import Settings, load_settings
    from omicstoken_kernel.workbench import Workbench

__version__ = "0.1.0"

_HOMES = {
    "BaseEmbedder": "omicstoken_kernel.embedding.base",
    "Context": "omicstoken_kernel.context",
    "OmicsTokenError": "omicstoken_kernel.errors",
    "ReadOptions": "omicstoken_kernel.ingest",
    "Settings": "omicstoken_kernel.settings",
    "Workbench": "omicstoken_kernel.workbench",
    "load_settings": "omicstoken_kernel.settings",
    "open_context": "omicstoken_kernel.context",
    "preview": "omicstoken_kernel.ingest",
    "read": "omicstoken_kernel.ingest",
}

__all__ = [
    "BaseEmbedder",
    "Context",
    "OmicsTokenError",
    "ReadOptions",
    "Settings",
    "Workbench",
    "load_settings",
    "open_context",
    "preview",
    "read",
]


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted([*globals(), *__all__])
