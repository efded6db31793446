"""The head of a comparison report, and what it says in one minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.report import words
from omicstoken_kernel.report.minute import minute_section
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts
    from omicstoken_kernel.store.runs import Run

__all__ = ["head", "minute"]

#: More runs than this are counted in the title, not named.
_MOST_NAMED = 6


class _RunLine(NamedTuple):
    """One run in the table of the head."""

    name: str
    colour: str
    condition: str
    donor: str
    hla: tuple[str, ...]
    peptides: int
    only: int
    grade: str


def head(facts: ComparisonFacts) -> Section:
    """Return which runs are compared, each with its quality and what it alone holds."""
    names = [run.name for run in facts.runs]
    title = " · ".join(names) if len(names) <= _MOST_NAMED else words.plural(len(names), "run")
    return Section(
        "head",
        render("comparison_head.html.j2", title=title, runs=[_line(facts, r) for r in facts.runs]),
        extra={"title": f"{title}: comparison report"},
    )


def _line(facts: ComparisonFacts, run: Run) -> _RunLine:
    name = facts.names[run.id]
    alone = facts.combinations["runs"].map(lambda held: held == (name,))
    return _RunLine(
        name=name,
        colour=facts.colours[name],
        condition=run.sample.condition or words.MISSING,
        donor=run.sample.donor or words.MISSING,
        hla=run.sample.hla,
        peptides=run.peptides,
        only=int(facts.combinations.loc[alone, "peptides"].sum()),
        grade=facts.grades[run.id],
    )


def minute(facts: ComparisonFacts) -> Section:
    """Return the comparison in at most six sentences, each with where its evidence is."""
    return minute_section(facts.sentences, report="comparison")
