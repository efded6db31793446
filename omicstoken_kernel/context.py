"""The Context: settings, database and owner, made once at the edge and handed down.

No function below the edge guesses its owner, opens its own database or reads the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ServiceUnavailable
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
        return _made(self.settings.home / name)


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
    _made(settings.home)
    return Context(settings=settings, engine=open_engine(settings), owner=settings.user)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The workspace folder '{folder}' cannot be made: {error.strerror}."
        raise ServiceUnavailable(msg, "Set OMICSTOKEN_HOME to a folder you can write.") from error
    return folder
