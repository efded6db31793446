"""Messages between a widget in the browser and its Python side.

The browser asks ``{id, type, ...}``; Python answers every request with the same id, also when it
fails: then with ``{id, error}``. A view that gets no answer says so to its user instead of waiting
for ever. Anything large travels as binary buffers, never above :data:`MOST_BYTES` a message.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, TypedDict
from uuid import uuid4

import anywidget
import traitlets

from omicstoken_kernel.errors import InputError, OmicsTokenError
from omicstoken_kernel.logs import get_logger

__all__ = ["MOST_BYTES", "Answer", "Request", "Wired", "script", "style"]

#: The most a message may hold, in bytes; servers cut websockets at ten million and say nothing.
MOST_BYTES = 1 << 20

_STATIC = Path(__file__).parent / "static"

_log = get_logger(__name__)


class Request(TypedDict, total=False):
    """What a view asks; the keys beside these are the request's own."""

    id: str
    type: str


class Answer(TypedDict, total=False):
    """What a view is told; the keys beside these are the request's own."""

    id: str
    error: dict[str, str]


def script(name: str) -> str:
    """Return a widget's JavaScript with the part that all share; no build, no network."""
    shared = (_STATIC / "wire.js").read_text(encoding="utf-8")
    return f"{shared}\n{(_STATIC / name).read_text(encoding='utf-8')}"


def style(name: str) -> str:
    """Return a widget's style sheet with the part that all share."""
    shared = (_STATIC / "shared.css").read_text(encoding="utf-8")
    return f"{shared}\n{(_STATIC / name).read_text(encoding='utf-8')}"


class Wired(anywidget.AnyWidget):
    """A widget that answers what its views ask.

    A subclass names its requests in ``_requests``: the type, and the method that takes the message
    and its buffers and returns the answer and its buffers.
    """

    _requests: ClassVar[dict[str, str]] = {}

    #: By which the page finds the model, to revive it where its script came late.
    own_id = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401 - traits of any type
        own_id = uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **traits)
        self.on_msg(self._answer)

    def _answer(self, _widget: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        identifier = str(content.get("id", ""))
        try:
            answer, parts = self._handle(content, buffers)
        except OmicsTokenError as error:
            answer, parts = {"error": dict(error.body()["error"])}, []
        except Exception as error:  # noqa: BLE001 - an edge: a view must never wait for ever
            _log.exception("widget_request_failed", widget=type(self).__name__)
            message = f"This did not work, and the fault is ours: {type(error).__name__}: {error}"
            answer = {"error": {"code": "internal", "message": message, "hint": ""}}
            parts = []
        self.send({**answer, "id": identifier}, parts)

    def _handle(
        self, content: dict[str, Any], buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        name = self._requests.get(str(content.get("type")))
        if name is None:
            msg = f"A view asked for '{content.get('type')}', which this version does not know."
            raise InputError(msg, "Reload the page, so that screen and kernel are of one version.")
        handled: tuple[dict[str, Any], list[bytes]] = getattr(self, name)(content, buffers)
        return handled

    def __repr__(self) -> str:
        # ipywidgets' own repr serialises every trait.
        return f"{type(self).__name__}()"
