"""The environment of a child process: its parent's settings, so it opens the same workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context

__all__ = ["child_environment"]


def child_environment(ctx: Context) -> dict[str, str]:
    """Return this process's environment with every setting of the Context spelled out."""
    settings = {
        f"OMICSTOKEN_{name.upper()}": str(value)
        for name, value in ctx.settings.model_dump().items()
    }
    return {**os.environ, **settings, "OMICSTOKEN_USER": ctx.owner}
