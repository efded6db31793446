"""What to mind: the findings beyond the first minute, and what was done differently to the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.analysis.wording import MISSING
from omicstoken_kernel.report.minute import GRADES, MOST_SENTENCES
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["mind"]


class _Setting(NamedTuple):
    """One setting that differs, with its value in each run."""

    title: str
    values: tuple[str, ...]


def mind(facts: ComparisonFacts) -> Section:
    """Return the remaining sentences, and a table of only those settings that differ."""
    settings = [
        _Setting(
            difference.title,
            tuple(difference.values.get(run.id) or MISSING for run in facts.runs),
        )
        for difference in facts.comparison.differences
    ]
    return Section(
        "mind",
        render(
            "mind.html.j2",
            sentences=facts.sentences[MOST_SENTENCES:],
            meaning=GRADES,
            runs=list(facts.run_names.values()),
            settings=settings,
        ),
    )
