"""A file of the workspace for the user's computer, which may be another than the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from omicstoken_kernel.errors import NotFound
from omicstoken_widgets._wire import MOST_BYTES, Wired, script, style

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Download"]


class Download(Wired):
    """A button that saves one file; the view can ask for that file and no other.

    Parameters
    ----------
    path
        The file.
    """

    _esm = script("download.js")
    _css = style("table.css")
    _requests: ClassVar[dict[str, str]] = {"piece": "_piece"}

    name = traitlets.Unicode().tag(sync=True)
    size = traitlets.Int().tag(sync=True)

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(name=path.name, size=path.stat().st_size)

    def _piece(
        self, content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, int(content["begin"])))
                piece = file.read(MOST_BYTES)
        except OSError as error:
            msg = f"{self.name} can no longer be read: {error.strerror or error}."
            raise NotFound(msg, "Make it again.") from error
        if not piece:
            msg = f"{self.name} is shorter than it was."
            raise NotFound(msg, "Make it again.")
        return {}, [piece]
