"""What a v1 document is: a JSON Schema in the package, and the check against it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from omicstoken_kernel.errors import InputError

__all__ = ["EXPORT_VERSION", "check", "schema"]

EXPORT_VERSION = "omics_export_v1"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a v1 document."""
    text = (files("omicstoken_kernel.export") / f"{EXPORT_VERSION}.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def check(document: object) -> None:
    """Raise InputError unless a parsed JSON document is a valid v1 export.

    The schema is checked, and what a schema cannot say: that ``total_embeddings`` is the length of
    ``data`` and that all vectors have one length.
    """
    from jsonschema import Draft202012Validator

    hint = "Export the run again."
    error = next(Draft202012Validator(schema()).iter_errors(_shortened(document)), None)
    if error is not None:
        where = "/".join(map(str, error.absolute_path)) or "the document"
        msg = f"This is no valid {EXPORT_VERSION} document: at {where}: {error.message[:300]}."
        raise InputError(msg, hint)
    assert isinstance(document, dict)
    found, told = len(document["data"]), document["total_embeddings"]
    if found != told:
        msg = f"The document says {told} embeddings and holds {found}; it may have been cut off."
        raise InputError(msg, hint)
    lengths = sorted({len(record["embedding"]) for record in document["data"]})
    if len(lengths) > 1:
        msg = f"The document mixes vectors of {' and '.join(map(str, lengths))} dimensions."
        raise InputError(msg, hint)


def _shortened(document: object) -> object:
    """Return the document with each vector that holds numbers only cut to its first number.

    The schema's validator looks at every number by itself, which for 320 a record takes minutes.
    """
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        return document
    return {**document, "data": [_shortened_record(record) for record in document["data"]]}


def _shortened_record(record: object) -> object:
    if not isinstance(record, dict) or not isinstance(record.get("embedding"), list):
        return record
    if not set(map(type, record["embedding"])) <= {int, float}:
        return record
    return {**record, "embedding": record["embedding"][:1]}
