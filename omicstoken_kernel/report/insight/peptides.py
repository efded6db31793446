"""The full table of a run's peptides, with what the card of a peptide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.report.columns import encode
from omicstoken_kernel.report.peptide_fields import (
    MOST_WITH_ALL_COLUMNS,
    PLACES,
    fields_of,
    group_labels,
    ordered,
)
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["peptides"]


def peptides(facts: InsightFacts) -> Section:
    """Return the table of all peptides: searched, filtered, sorted and paged by the page."""
    with_others = bool(facts.others)
    frame = facts.peptides if with_others else facts.peptides.drop(columns="other_runs")
    tables = {"peptides": encode(ordered(frame), digits=PLACES)}
    if facts.features is not None:
        tables["features"] = encode(facts.features, digits=PLACES)
    if with_others:
        tables["occurrences"] = encode(facts.occurrences)
    return Section(
        "peptides",
        render(
            "peptides.html.j2",
            elsewhere=with_others,
            runs=(),
            total=len(frame),
            most=MOST_WITH_ALL_COLUMNS,
        ),
        tables=tables,
        extra={
            "peptides": {
                "fields": fields_of(tables["peptides"]),
                "groups": group_labels(facts.fingerprint.clusters, facts.peptides["group"]),
                "file_name": f"{facts.run.name}-peptides",
            }
        },
    )
