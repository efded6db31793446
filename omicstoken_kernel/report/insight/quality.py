"""How good a run is: its lengths, every check, and what became of the rows of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["ledger_frame", "peak", "quality"]

_CLASS_I = (8, 12)


def quality(facts: InsightFacts) -> Section:
    """Return the length profile beside the checks, and both ledgers as a flow."""
    from omicstoken_kernel.charts import ledger_flow, length_profile

    lengths = pd.DataFrame(facts.quality.lengths.items(), columns=["length", "peptides"])
    figures = []
    if len(lengths):
        profile = length_profile(
            lengths,
            title=peak(facts.quality.lengths),
            subtitle=f"n = {words.count(int(lengths['peptides'].sum()))} distinct peptides",
            height=250,
        )
        figures.append(Figure("lengths", profile, f"{facts.run.name}-lengths"))
    ledger = facts.upload.report.get("ledger", {})
    if ledger:
        # A file without quantities has no cells to speak of.
        shown = ledger | {"cells": {}} if facts.run.quantity_kind == "none" else ledger
        flow = ledger_flow(
            ledger_frame(shown),
            title=_kept(ledger),
            subtitle=f"All of {facts.upload.name}, which holds "
            f"{words.plural(facts.runs_in_file, 'run')}",
        )
        figures.append(Figure("ledger", flow, f"{facts.run.name}-ledger"))
    return Section(
        "quality",
        render(
            "quality.html.j2",
            checks=facts.quality.checks,
            lengths=len(lengths),
            ledger=bool(ledger),
            notes=[*facts.quality.notes, *facts.upload.report.get("warnings", [])],
        ),
        figures=tuple(figures),
    )


def peak(lengths: dict[int, int]) -> str:
    """Return the finding of a length profile: where its peak is, and how much of it."""
    total = sum(lengths.values())
    commonest = max(lengths, key=lambda length: lengths[length])
    usual = sum(n for length, n in lengths.items() if _CLASS_I[0] <= length <= _CLASS_I[1])
    held = lengths[commonest] / total
    what = f"Most are {commonest}-mers" if held > 0.5 else f"The commonest length is {commonest}"
    return (
        f"{what} ({words.share(held)}); "
        f"{words.share(usual / total)} have {_CLASS_I[0]}–{_CLASS_I[1]} residues"
    )


def _kept(ledger: dict[str, Any]) -> str:
    rows = ledger["rows_in"]
    kept = (ledger["used"] + ledger["merged"]) / rows if rows else 0.0
    if kept == 1:
        return f"Every one of {words.count(rows)} rows was used"
    return f"{words.share(kept)} of {words.count(rows)} rows were used"


def ledger_frame(ledger: dict[str, Any]) -> pd.DataFrame:
    """Return both accounts of a file for :func:`~omicstoken_kernel.charts.ledger.ledger_flow`."""
    rows = [
        ("rows", "used", ledger["used"], "became features"),
        ("rows", "merged", ledger["merged"], "went into another row's feature"),
        *(("rows", "filtered", n, why) for why, n in ledger["filtered"].items()),
        *(("rows", "rejected", n, why) for why, n in ledger["rejected"].items()),
    ]
    cells = ledger.get("cells", {})
    if cells.get("in"):
        rows += [
            ("quantity cells", "used", cells["features"], "became features"),
            ("quantity cells", "merged", cells["merged"], "went into another cell's feature"),
            ("quantity cells", "empty", cells["empty"], "zero or blank: not detected"),
        ]
    return pd.DataFrame(rows, columns=["account", "fate", "count", "what"])
