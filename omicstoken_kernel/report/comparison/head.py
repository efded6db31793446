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
    replicate: str
    hla: tuple[str, ...]
    peptides: int
    only: int | None
    grade: str


def head(facts: ComparisonFacts) -> Section:
    """Return which runs are compared, each with its quality and what it alone holds."""
    names = list(facts.names.values())
    title = " · ".join(names) if len(names) <= _MOST_NAMED else words.plural(len(names), facts.by)
    return Section(
        "head",
        render(
            "comparison_head.html.j2",
            title=title,
            runs=[_line(facts, run) for run in facts.runs],
            by_run=facts.by == "run",
        ),
        extra={"title": f"{title}: comparison report"},
    )


def _line(facts: ComparisonFacts, run: Run) -> _RunLine:
    name = facts.run_names[run.id]
    side = next(each.name for each in facts.comparison.sides if run in each.runs)
    alone = facts.combinations["runs"].map(lambda held: held == (side,))
    return _RunLine(
        name=name,
        colour=facts.colours[side],
        condition=run.sample.condition or words.MISSING,
        donor=run.sample.donor or words.MISSING,
        replicate=_replicate(facts, run),
        hla=run.sample.hla,
        peptides=run.peptides,
        # Where several runs make a side, what is only there is told of the side.
        only=int(facts.combinations.loc[alone, "peptides"].sum()) if facts.by == "run" else None,
        grade=facts.grades[run.id],
    )


def _replicate(facts: ComparisonFacts, run: Run) -> str:
    """Return which biological replicate of its side a run belongs to, as it is counted here."""
    if facts.by != "condition":
        return run.sample.biological_replicate or words.MISSING
    side = next(each for each in facts.comparison.sides if run in each.runs)
    place = next(n for n, each in enumerate(side.replicates, start=1) if run in each.runs)
    return f"{place} of {len(side.replicates)}"


def minute(facts: ComparisonFacts) -> Section:
    """Return the comparison in at most six sentences, each with where its evidence is."""
    return minute_section(facts.sentences, report="comparison")
