"""The Context: settings, database and owner, made once at the edge and handed down.

No function below the edge guesses its owner, opens its own database or reads the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

__all__ = ["Context", "open_context"]


@dataclass(frozen=True)
class Context:
    """What every step of the pipeline takes first."""

    settings: Settings
    engine: Engine
    owner: str

    def folder(self, name: str) -> Path:
        """Return a folder of the workspace (``files``, ``index``, ...), made if missing."""
        path = self.settings.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def open_context(settings: Settings | None = None) -> Context:
    """Open the workspace: make its folder, open its database and bring the schema up to date.

    Parameters
    ----------
    settings
        None means :func:`~omicstoken_kernel.settings.load_settings` without arguments.

    Raises
    ------
    ServiceUnavailable
        If the folder cannot be written or the database does not answer.
    """
    from omicstoken_kernel.store.engine import open_engine

    settings = settings or load_settings()
    return Context(settings=settings, engine=open_engine(settings), owner=settings.user)
