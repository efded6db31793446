"""What a comparison screen reads beside the event loop, and the columns of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from omicstoken_kernel.analysis.compare_table import peptide_table
from omicstoken_kernel.analysis.sources import Sources, sources_of
from omicstoken_kernel.report.comparison.abundance import abundance
from omicstoken_kernel.report.comparison.differences import differences, lengths
from omicstoken_kernel.report.comparison.facts import ComparisonFacts, gather
from omicstoken_kernel.report.comparison.shared import shared
from omicstoken_widgets._contrast import differing, patterns
from omicstoken_widgets.chart import spec_of
from omicstoken_widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.report.sections import Figure, Section
    from omicstoken_widgets.table import Kind

    #: A figure, and its chart as Vega-Lite has it.
    Drawn = tuple[Figure, dict[str, Any]]

__all__ = ["Compared", "columns_of", "compared", "contrasts_of"]

_PEPTIDES = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("length", "Length", "count", "residues"),
    Column("in_runs", "In", "count", help="How many of what is compared hold it"),
    Column("runs", "Found in"),
    Column("group", "Cluster"),
    Column(
        "relative", "Relative elsewhere", "sequence", help="Of a peptide found on one side only"
    ),
    Column("relative kind", "How related"),
)
_ABUNDANCE: dict[str, tuple[Kind, str]] = {
    "log2": ("number", "log2 of the ratio of quantities"),
    "p": ("quantity", "Moderated t-test over biological replicates"),
    "q": ("quantity", "False discovery rate by Benjamini and Hochberg"),
}
#: Contrasts with columns in the table; the CSV of ``omicstoken compare --table`` has all.
_MOST_CONTRASTS = 2
#: The report's map needs the report's page; the screen has a map of its own.
_ELSEWHERE = ("map",)


class Compared(NamedTuple):
    """What is read beside the event loop: figures come in those of sharing and all others."""

    facts: ComparisonFacts
    sources: Sources
    held: NDArray[np.str_]
    differences: tuple[list[Column], pd.DataFrame] | None
    peptides: pd.DataFrame
    figures: tuple[list[Drawn], list[Drawn]]


def compared(ctx: Context, run_ids: Sequence[str], **choices: Any) -> Compared:  # noqa: ANN401
    """Return all that the screen shows of runs; ``choices`` are those of a comparison."""
    facts = gather(ctx, run_ids, **choices)
    held = patterns(facts)
    return Compared(
        facts=facts,
        sources=sources_of(ctx, facts.runs),
        held=held,
        differences=differing(facts, held),
        peptides=_peptides(facts),
        figures=_figures(facts),
    )


def columns_of(contrasts: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of the table of peptides, with three for each contrast."""
    measured = [
        Column(f"{name} {contrast}", f"{name} {contrast}", kind, help=meaning)
        for contrast in contrasts
        for name, (kind, meaning) in _ABUNDANCE.items()
    ]
    return (*_PEPTIDES, *measured)


def _figures(facts: ComparisonFacts) -> tuple[list[Drawn], list[Drawn]]:
    def of(*sections: Section) -> list[Drawn]:
        return [
            (figure, spec_of(figure.chart))
            for section in sections
            for figure in section.figures
            if figure.name not in _ELSEWHERE
        ]

    return of(shared(facts)), of(abundance(facts), differences(facts), lengths(facts))


def contrasts_of(facts: ComparisonFacts) -> tuple[str, ...]:
    """Return what the contrasts with columns in the table are called."""
    return tuple(
        f"{facts.names[one.side]} / {facts.names[one.reference]}"
        for one in facts.comparison.abundance.contrasts[:_MOST_CONTRASTS]
        if one.peptides
    )


def _peptides(facts: ComparisonFacts) -> pd.DataFrame:
    """Return the peptides with their relatives and how much there is of them."""
    wanted = [f"{name} {contrast}" for contrast in contrasts_of(facts) for name in _ABUNDANCE]
    measured = peptide_table(facts.comparison).to_pandas()
    return facts.peptides.merge(
        measured[["sequence", "relative", "relative kind", *wanted]], on="sequence", how="left"
    )
