"""The full table of the peptides of all runs."""

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
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["peptides"]


def peptides(facts: ComparisonFacts) -> Section:
    """Return the table of all peptides with the runs that hold each."""
    names = list(facts.names.values())
    frame = ordered(facts.peptides).assign(held=facts.peptides["held"])
    tables = {"peptides": encode(frame, digits=PLACES)}
    return Section(
        "peptides",
        render(
            "peptides.html.j2",
            elsewhere=False,
            runs=names,
            total=len(frame),
            most=MOST_WITH_ALL_COLUMNS,
        ),
        tables=tables,
        extra={
            "peptides": {
                "fields": fields_of(tables["peptides"]),
                "groups": group_labels(facts.fingerprint.clusters, facts.peptides["group"]),
                "file_name": "compared-peptides",
            }
        },
    )
