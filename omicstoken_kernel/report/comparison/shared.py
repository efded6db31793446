"""What the runs share: how many peptides each combination holds, and how alike the lists are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["shared"]

#: Rows listed, one for each kind of relative of a peptide; all are in the JSON and the table
#: of ``omicstoken compare``.
_MOST_RELATED = 12

_KINDS = {
    "il_equal": "differs by I and L from",
    "substitutions": "differs by one residue from",
    "contains": "lies in",
    "contained": "contains",
}


def shared(facts: ComparisonFacts) -> Section:
    """Return the UpSet plot, and for three and more sides the Jaccard index of every pair."""
    several = len(facts.names) > 2
    figures = [_overlap(facts), *([_pairs(facts)] if several else [])]
    return Section(
        "shared",
        render(
            "shared.html.j2",
            jaccard=several,
            note=_note(facts),
            related=_related(facts),
            rows=len(facts.comparison.related),
            peptides=len({each.sequence for each in facts.comparison.related}),
        ),
        figures=tuple(figures),
    )


def _overlap(facts: ComparisonFacts) -> Figure:
    from omicstoken_kernel.charts import overlap

    total = facts.comparison.overlap.membership.num_rows
    chart = overlap(
        facts.combinations,
        title=_finding(facts),
        subtitle=f"n = {words.count(total)} distinct peptides; each counts once, in exactly the "
        f"{facts.by}s marked",
        runs=list(facts.names.values()),
        colours=facts.colours,
    )
    return Figure("overlap", chart, "overlap")


def _pairs(facts: ComparisonFacts) -> Figure:
    from omicstoken_kernel.charts import distance_heatmap

    pairs = _jaccard(facts)
    chart = distance_heatmap(
        pairs,
        title=_closest(pairs),
        subtitle="Shared peptides over all peptides of both",
        measure="Jaccard index",
        number_format=".2g",
    )
    return Figure("jaccard", chart, "jaccard")


def _note(facts: ComparisonFacts) -> str:
    if facts.il_equivalent:
        return (
            "I and L count as the same residue here, for mass spectrometry cannot tell them apart; "
            "map and table keep the letters of the files."
        )
    return ""


class _Related(NamedTuple):
    """A peptide found on one side only, with a relative on another."""

    sequence: str
    side: str
    kind: str
    relative: str
    sides: str


def _related(facts: ComparisonFacts) -> list[_Related]:
    return [
        _Related(
            each.sequence,
            facts.names[each.side],
            _KINDS[each.kind],
            each.relative,
            words.listing([facts.names[side] for side in each.relative_sides], most=3),
        )
        for each in facts.comparison.related[:_MOST_RELATED]
    ]


def _finding(facts: ComparisonFacts) -> str:
    overlap = facts.comparison.overlap
    everywhere = len(overlap.shared)
    part = words.share(everywhere / max(overlap.membership.num_rows, 1))
    if len(facts.names) == 2:
        return f"The two {facts.by}s share {words.plural(everywhere, 'peptide')} ({part})"
    if not everywhere:
        return f"No peptide is in all {len(facts.names)} {facts.by}s"
    verb = "is" if everywhere == 1 else "are"
    whose = f"all {len(facts.names)} {facts.by}s"
    return f"{words.plural(everywhere, 'peptide')} ({part}) {verb} in {whose}"


def _jaccard(facts: ComparisonFacts) -> pd.DataFrame:
    """Return the Jaccard index of every pair, both ways round: ``a``, ``b``, ``value``."""
    names = list(facts.names.values())
    matrix = facts.comparison.overlap.jaccard
    rows = [
        (a, b, float(matrix[i, j]))
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if i != j
    ]
    return pd.DataFrame(rows, columns=["a", "b", "value"])


def _closest(pairs: pd.DataFrame) -> str:
    best = pairs.sort_values("value", ascending=False, kind="stable").iloc[0]
    pair = f"{words.short(best['a'])} and {words.short(best['b'])}"
    return f"{pair} are most alike by the Jaccard index"
