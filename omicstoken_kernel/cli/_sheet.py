"""What a sample sheet did, in lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.cli._edge import say, table

if TYPE_CHECKING:
    from omicstoken_kernel.store.sheets import SheetResult

__all__ = ["say_sheet"]


def say_sheet(result: SheetResult) -> None:
    """Print what changes, and what of the sheet and of the runs was left over."""
    changed: list[dict[str, object]] = [
        {"run": run.name, "field": key.replace("_", " "), "from": _words(old), "to": _words(new)}
        for run in result.runs
        for key, (old, new) in run.changes.items()
    ]
    if changed:
        table(changed, {"run": "run", "field": "field", "from": "was", "to": "is"})
    runs = sum(bool(run.changes) for run in result.runs)
    would = "would change" if result.dry_run else "changed"
    say(f"{result.sheet}: {len(result.runs)} runs found, {runs} of them {would}.")
    for line, name in result.rows_without_run:
        say(f"Line {line} names no run of yours: {name}")
    if result.runs_without_row:
        say("Runs without a row: " + ", ".join(name for _, name in result.runs_without_row))
    if result.unused_columns:
        say("Columns not used: " + ", ".join(result.unused_columns))
    if result.varying_columns:
        say("Not used, as they differ within a sample: " + ", ".join(result.varying_columns))
    if result.dry_run:
        say("Nothing was written; leave out --dry-run to write it.")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(inner)}" for key, inner in sorted(value.items()))
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
