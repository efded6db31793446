"""How the shares of the joint clusters shift from the first side to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from omicstoken_kernel.analysis.composition import LEVEL, SAMPLING_ONLY
from omicstoken_kernel.analysis.joint import shifts_between
from omicstoken_kernel.analysis.sides import replicated
from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["shift_figures", "shift_notes"]

#: Shifts are drawn of so many sides against the first.
_MOST_DRAWN = 3


def shift_figures(facts: ComparisonFacts) -> list[Figure]:
    """Return the shift of every cluster with its interval, or nothing without clusters."""
    from omicstoken_kernel.charts import cluster_shifts

    if not facts.comparison.clusters:
        return []
    frame = _frame(facts)
    if not frame["difference"].notna().any():
        return []
    first = next(iter(facts.names.values()))
    beyond = int(((frame["low"] > 0) | (frame["high"] < 0)).sum())
    told = f"{words.count(beyond)} of {words.plural(len(frame), 'share')} differ"
    if not beyond:
        told = "No share differs"
    chart = cluster_shifts(
        frame,
        title=f"{told} by more than the interval",
        subtitle=f"Share less that of {words.short(first)}; intervals over {_unit(facts)}, "
        f"together {words.share(LEVEL)}",
    )
    return [Figure("shifts", chart, "cluster-shifts")]


def _unit(facts: ComparisonFacts) -> str:
    """Return what the intervals are over; pairs of sides may differ in it."""
    first, *others = facts.comparison.sides
    with_replicates = [replicated((first, other)) for other in others[:_MOST_DRAWN]]
    if all(with_replicates):
        return "biological replicates"
    if not any(with_replicates):
        return "sampled peptides"
    return "biological replicates where both sides have three, else over sampled peptides"


def shift_notes(facts: ComparisonFacts) -> list[str]:
    """Return what has to be said of the intervals."""
    found = facts.comparison
    said = []
    if found.clusters and not replicated(found.sides):
        said.append(SAMPLING_ONLY)
    if found.clusters and len(found.sides) - 1 > _MOST_DRAWN:
        said.append(f"Shifts are drawn of the first {_MOST_DRAWN}; 'omicstoken compare' gives all.")
    return said


def _frame(facts: ComparisonFacts) -> pd.DataFrame:
    """Return one row per cluster and other side."""
    clusters = facts.comparison.clusters
    first, *others = facts.names
    drawn = others[:_MOST_DRAWN]
    shifts = {other: shifts_between(clusters, first, other) for other in drawn}
    rows = []
    for place, cluster in enumerate(clusters):
        group = UNASSIGNED_LABEL if cluster.id is None else str(cluster.id)
        for other in drawn:
            label = f"{group} {cluster.motif}".strip()
            if len(drawn) > 1:
                label = f"{label}, {words.short(facts.names[other], 16)}"
            shift = shifts[other][place]
            rows.append((group, label, shift.difference, shift.low, shift.high))
    columns = ["group", "label", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"difference": float, "low": float, "high": float}
    )
