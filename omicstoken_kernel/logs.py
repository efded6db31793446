"""Logging, set up once per process.

Events are words with key-value pairs (``log.info("index_rebuilt", model_key=key, count=n)``).
They go to stderr, so that stdout stays one JSON document under ``--json``. Every line of one
command, request or job carries the same correlation id; values under secret-sounding keys are
hidden, and sequences are only logged at DEBUG.
"""

from __future__ import annotations

import logging
import re
import sys
import uuid
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from omicstoken_kernel.settings import Settings

__all__ = ["correlation_id", "get_logger", "new_correlation", "set_up_logging"]

_SECRET_WORDS = ("token", "password", "secret", "authorization", "cookie", "api_key")
_HIDDEN = "[hidden]"
#: The password of an address: what stands between user and host, up to the last @ before the path.
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s:/@]*):[^\s/]*(?=@)")


def _hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: _without_secrets(key, value) for key, value in event.items()}


def _without_secrets(key: object, value: object) -> object:
    """Return a logged value with what its key or its form shows to be secret hidden."""
    if any(word in str(key).lower() for word in _SECRET_WORDS):
        return _HIDDEN
    if isinstance(value, dict):
        return {inner: _without_secrets(inner, found) for inner, found in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets("", found) for found in value]
    if isinstance(value, str):
        return _PASSWORD_IN_URL.sub(rf"\1:{_HIDDEN}", value)
    return value


def _writer(*_: object) -> structlog.WriteLogger:
    """Return a logger that writes to what is stderr now; tests and notebooks put others there."""
    return structlog.WriteLogger(sys.stderr)


def _configure(level: str, log_format: str) -> None:
    renderer: Any = structlog.processors.JSONRenderer()
    if log_format == "console":
        # The usual formatter of tracebacks would show every local variable.
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_writer,
        cache_logger_on_first_use=False,
    )


def set_up_logging(settings: Settings) -> None:
    """Configure structlog for this process after the settings' level and format."""
    _configure(settings.log_level, settings.log_format)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module; ``name`` is its ``__name__``."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(module=name)
    return logger


def new_correlation() -> str:
    """Start a new correlation id for what this thread does next, and return it."""
    identifier = uuid.uuid4().hex[:12]
    structlog.contextvars.bind_contextvars(correlation_id=identifier)
    return identifier


def correlation_id() -> str:
    """Return the current correlation id, or an empty string when none was started."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id", ""))


# Until settings are known, and for programs that never say: warnings, to stderr. structlog's own
# default would write everything to stdout, into the middle of a JSON document.
if not structlog.is_configured():
    _configure("WARNING", "console")
