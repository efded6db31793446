"""Logging, set up once per process.

Events are words with key-value pairs (``log.info("index_rebuilt", model_key=key, count=n)``).
They go to stderr, so that stdout stays one JSON document under ``--json``. Every line of one
command, request or job carries the same correlation id; values under secret-sounding keys are
hidden, and sequences are only logged at DEBUG.
"""

from __future__ import annotations

import logging
import sys
import uuid
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from omicstoken_kernel.settings import Settings

__all__ = ["correlation_id", "get_logger", "new_correlation", "set_up_logging"]

_SECRET_WORDS = ("token", "password", "secret", "authorization", "cookie", "api_key")


def _hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "[hidden]"
    return event


def set_up_logging(settings: Settings) -> None:
    """Configure structlog for this process after the settings' level and format."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _hide_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


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
