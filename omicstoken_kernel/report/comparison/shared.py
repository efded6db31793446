"""What the runs share: how many peptides each combination holds, and how alike the lists are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["shared"]


def shared(facts: ComparisonFacts) -> Section:
    """Return the UpSet plot, and for three and more runs the Jaccard index of every pair."""
    from omicstoken_kernel.charts import distance_heatmap, overlap

    names = list(facts.names.values())
    total = facts.comparison.overlap.membership.num_rows
    figures = [
        Figure(
            "overlap",
            overlap(
                facts.combinations,
                title=_finding(facts),
                subtitle=f"n = {words.count(total)} distinct peptides; each counts once, in "
                "exactly the runs marked",
                runs=names,
                colours=facts.colours,
            ),
            "overlap",
        )
    ]
    if len(names) > 2:
        pairs = _jaccard(facts)
        figures.append(
            Figure(
                "jaccard",
                distance_heatmap(
                    pairs,
                    title=_closest(pairs),
                    subtitle="Shared peptides over all peptides of both",
                    measure="Jaccard index",
                    number_format=".2g",
                ),
                "jaccard",
            )
        )
    return Section(
        "shared",
        render("shared.html.j2", jaccard=len(names) > 2, note=_note(facts)),
        figures=tuple(figures),
    )


def _note(facts: ComparisonFacts) -> str:
    if facts.il_equivalent:
        return (
            "I and L count as the same residue here, for mass spectrometry cannot tell them apart; "
            "map and table keep the letters of the files."
        )
    return ""


def _finding(facts: ComparisonFacts) -> str:
    overlap = facts.comparison.overlap
    everywhere = len(overlap.shared)
    part = words.share(everywhere / max(overlap.membership.num_rows, 1))
    if len(facts.runs) == 2:
        return f"The two runs share {words.plural(everywhere, 'peptide')} ({part})"
    if not everywhere:
        return f"No peptide is in all {len(facts.runs)} runs"
    verb = "is" if everywhere == 1 else "are"
    return f"{words.plural(everywhere, 'peptide')} ({part}) {verb} in all {len(facts.runs)} runs"


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
    return f"{words.short(best['a'])} and {words.short(best['b'])} have most in common"
