"""Every error this package raises on purpose, by cause.

An error carries a stable ``code`` for programs, a ``message`` that names the thing, what was
found and what was expected, and a ``hint`` with the next step. Edges (command line, widgets,
HTTP) translate it once, by class; nothing below an edge swallows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BundleError",
    "Cancelled",
    "ErrorBody",
    "ExportError",
    "IndexUnavailable",
    "InputError",
    "ModelUnavailable",
    "NotEmbedded",
    "NotFound",
    "OmicsTokenError",
    "ParseError",
    "ReportError",
    "ServiceUnavailable",
    "SettingsError",
    "StoreError",
]


class ErrorBody(TypedDict):
    """The inside of the one error shape."""

    code: str
    message: str
    hint: str
    correlation_id: str


class OmicsTokenError(Exception):
    """Root of all errors raised on purpose.

    Parameters
    ----------
    message
        One or two plain sentences: the thing, what was found, what was expected.
    hint
        The next step, in one sentence; empty where there is none.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, hint: str = "") -> None:
        # Both go to Exception so that the error survives pickling between processes.
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback: the words, and the next step."""
        return [line for line in (f"{type(self).__name__}: {self.message}", self.hint) if line]

    def body(self, correlation_id: str = "") -> dict[str, ErrorBody]:
        """Return the error as the one JSON shape used at every edge."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "hint": self.hint,
                "correlation_id": correlation_id,
            }
        }


class InputError(OmicsTokenError):
    """What the user handed in cannot be used: an argument, a sequence, a file."""

    code = "bad_input"


class ParseError(InputError):
    """A file cannot be read as a peptide table."""

    code = "unreadable_file"


class SettingsError(InputError):
    """A setting has a value it cannot have."""

    code = "bad_setting"


class BundleError(InputError):
    """A bundle is damaged, foreign or of an unknown version."""

    code = "bad_bundle"


class NotFound(OmicsTokenError):
    """The thing does not exist, or belongs to someone else: from outside the two look the same."""

    code = "not_found"


class NotEmbedded(NotFound):
    """Runs have no vectors of the model that is asked for, or of any.

    Parameters
    ----------
    message, hint
        As for every error.
    run_ids
        The runs that lack them.
    model
        Name or key of the model; None where any recommended one would do.
    """

    code = "not_embedded"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        run_ids: Sequence[str] = (),
        model: str | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.run_ids = tuple(run_ids)
        self.model = model


class ModelUnavailable(OmicsTokenError):
    """An embedding model cannot be used; never answered with another model."""

    code = "model_unavailable"


class ServiceUnavailable(OmicsTokenError):
    """A service this step needs (the database, the disk) does not answer."""

    code = "service_unavailable"


class IndexUnavailable(ServiceUnavailable):
    """The search index cannot be built or read."""

    code = "index_unavailable"


class StoreError(OmicsTokenError):
    """The database holds something it must not hold."""

    code = "store"


class ReportError(OmicsTokenError):
    """A report could not be made; nothing was published."""

    code = "report"


class ExportError(OmicsTokenError):
    """An export could not be written; no file was left behind."""

    code = "export"


class Cancelled(OmicsTokenError):
    """The user cancelled a job; what was finished before is kept."""

    code = "cancelled"
