"""Runs on their way out: OmicsToken v1 JSON, tables, and bundles that can be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.export.results import ExportResult

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.context import Context

__all__ = ["FORMATS", "ExportResult", "write_export"]

#: Formats by the ending of their files.
FORMATS = ("json", "csv", "parquet")


def write_export(
    ctx: Context,
    run_id: str,
    path: Path,
    *,
    format: str | None = None,
    model: str | None = None,
) -> ExportResult:
    """Write a run to a file, which appears under its name only when it is whole.

    Parameters
    ----------
    format
        ``json`` (OmicsToken v1, with vectors), ``csv`` or ``parquet`` (features with descriptors);
        None takes it from the file's ending.
    model
        Name or key of the model whose vectors go into the JSON, None for the settings' choice.
        Tables carry no vectors.

    Raises
    ------
    InputError
        If the format is unknown.
    NotFound
        If the run does not exist or belongs to someone else.
    ExportError
        If the file cannot be written.
    """
    chosen = format or path.suffix.lstrip(".").lower()
    if chosen == "json":
        from omicstoken_kernel.export.omicstoken_v1 import write_json

        return write_json(ctx, run_id, path, model=model)
    if chosen in FORMATS:
        from omicstoken_kernel.export.tables import write_table

        return write_table(ctx, run_id, path, format=chosen)
    msg = f"The format of '{path.name}' is {f'{chosen!r}' if chosen else 'not given'}."
    raise InputError(msg, f"Formats are: {', '.join(FORMATS)}; use such an ending, or --format.")
