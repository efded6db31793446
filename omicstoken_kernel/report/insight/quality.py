"""How good a run is: its lengths, every check, and what became of the rows of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    import altair as alt

    from omicstoken_kernel.analysis.quality import Quality
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["ledger_frame", "length_chart", "quality"]

_CLASS_I, _CLASS_II = (8, 12), (13, 20)


class _Fate(NamedTuple):
    """Where a part of what came in went, with its colour."""

    name: str
    number: int
    why: str
    colour: str


class _Flow(NamedTuple):
    """One account of a file: what came in, and where it went."""

    title: str
    total: int
    fates: list[_Fate]


def quality(facts: InsightFacts) -> Section:
    """Return the length profile beside the checks, and both ledgers as a flow."""
    ledger = facts.upload.report.get("ledger", {})
    frame = ledger_frame(_shown(facts, ledger)) if ledger else pd.DataFrame()
    return Section(
        "quality",
        render(
            "quality.html.j2",
            checks=facts.quality.checks,
            groups=facts.groups,
            lengths=len(facts.quality.lengths),
            ledger=bool(len(frame)),
            flows=_flows(frame),
            notes=[*facts.quality.notes, *facts.upload.report.get("warnings", [])],
        ),
        figures=(*_lengths(facts), *_ledger(facts, ledger, frame)),
    )


def _lengths(facts: InsightFacts) -> tuple[Figure, ...]:
    chart = length_chart(facts.quality)
    return () if chart is None else (Figure("lengths", chart, f"{facts.run.name}-lengths"),)


def length_chart(found: Quality) -> alt.LayerChart | None:
    """Return the length profile of a run with what is usual shaded; None without peptides."""
    from omicstoken_kernel.charts import length_profile
    from omicstoken_kernel.charts.lengths import CLASS_RANGES, DIGEST_RANGE

    if not found.lengths:
        return None
    kind = found.call.kind
    return length_profile(
        pd.DataFrame(found.lengths.items(), columns=["length", "peptides"]),
        title=_peak(found.lengths, class_ii=kind == "class_ii", digest=kind == "tryptic"),
        subtitle=f"n = {words.count(sum(found.lengths.values()))} distinct peptides",
        ranges=(DIGEST_RANGE,) if kind == "tryptic" else CLASS_RANGES,
        height=250,
    )


def _ledger(facts: InsightFacts, ledger: dict[str, Any], frame: pd.DataFrame) -> tuple[Figure, ...]:
    from omicstoken_kernel.charts import ledger_flow

    if not len(frame) or not frame["count"].any():
        return ()
    runs = words.plural(facts.runs_in_file, "run")
    flow = ledger_flow(
        frame,
        title=_kept(ledger),
        subtitle=f"All of {words.short(facts.upload.name, 60)}, which holds {runs}",
    )
    return (Figure("ledger", flow, f"{facts.run.name}-ledger"),)


def _shown(facts: InsightFacts, ledger: dict[str, Any]) -> dict[str, Any]:
    # A file without quantities has no cells to speak of.
    return ledger | {"cells": {}} if facts.run.quantity_kind == "none" else ledger


def _peak(lengths: dict[int, int], *, class_ii: bool, digest: bool) -> str:
    total = sum(lengths.values())
    peak = max(lengths, key=lambda length: lengths[length])
    held = lengths[peak] / total
    what = f"Most are {peak}-mers" if held > 0.5 else f"The commonest length is {peak}"
    first = f"{what} ({words.share(held)})"
    if digest:
        median = pd.Series(list(lengths)).repeat(list(lengths.values())).median()
        return f"{first}; the median is {median:g} residues"
    low, high = _CLASS_II if class_ii else _CLASS_I
    usual = sum(n for length, n in lengths.items() if low <= length <= high)
    return f"{first}; {words.share(usual / total)} have {low}–{high} residues"


def _kept(ledger: dict[str, Any]) -> str:
    rows = ledger["rows_in"]
    kept = (ledger["used"] + ledger["merged"]) / rows if rows else 0.0
    if kept == 1 and not ledger["merged"]:
        return f"Every one of {words.count(rows)} rows was used"
    merged = " or merged into another" if ledger["merged"] else ""
    if kept == 1:
        return f"Every one of {words.count(rows)} rows was used{merged}"
    return f"{words.share(kept)} of {words.count(rows)} rows were used{merged}"


def _flows(frame: pd.DataFrame) -> list[_Flow]:
    from omicstoken_kernel.charts.ledger import FATES

    flows: dict[str, _Flow] = {}
    for row in frame.to_dict("records"):
        number = int(row["count"])
        flow = flows.get(row["account"], _Flow(row["account"], 0, []))
        fates = [_Fate(row["fate"], number, row["what"], FATES[row["fate"]])] if number else []
        flows[row["account"]] = _Flow(flow.title, flow.total + number, flow.fates + fates)
    return list(flows.values())


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
