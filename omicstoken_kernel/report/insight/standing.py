"""Where a run stands among the others of its workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["standing"]

_MOST_RUNS = 20


def standing(facts: InsightFacts) -> Section:
    """Return the most alike runs by the Jaccard index, and what is in this one only."""
    shown = facts.others[:_MOST_RUNS]
    return Section(
        "standing", render("standing.html.j2", rows=shown, note=_note(facts, len(shown)))
    )


def _note(facts: InsightFacts, shown: int) -> str:
    if not facts.others:
        return (
            "This is the only run of the workspace. Upload another and make the report again to "
            "see what they share."
        )
    new = int((facts.peptides["other_runs"] == 0).sum())
    said = (
        f"{words.plural(new, 'peptide')} ({words.share_of(new, len(facts.peptides))}) "
        f"{'occurs' if new == 1 else 'occur'} in this run only. Not detected is not absent: "
        "another run may hold them below its limit of detection."
    )
    more = len(facts.others) - shown
    if not more:
        return said
    return f"{said} {words.plural(more, 'run')} with a lower Jaccard index not listed."
