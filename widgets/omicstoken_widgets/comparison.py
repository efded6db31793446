"""Runs side by side: what they share, where they differ, and the peptides behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import numpy as np
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.analysis.compare_table import peptide_table
from omicstoken_kernel.charts.palette import group_colours
from omicstoken_kernel.report import words
from omicstoken_kernel.report.comparison.abundance import abundance
from omicstoken_kernel.report.comparison.differences import differences, lengths
from omicstoken_kernel.report.comparison.facts import ComparisonFacts, gather
from omicstoken_kernel.report.comparison.shared import shared
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets._picture import stored
from omicstoken_widgets._words import sentences
from omicstoken_widgets.chart import Chart
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.report.sections import Figure
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage
    from omicstoken_widgets.table import Kind

__all__ = ["Comparison"]

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


class Comparison(Screen):
    """Two to a hundred runs side by side.

    A click on a bar shows its peptides; :attr:`selection` has them as a DataFrame.

    Parameters
    ----------
    wb
        The workspace.
    runs
        Names or ids, two at least.
    """

    def __init__(self, wb: Workbench, *runs: str, stage: Stage | None = None) -> None:
        found = [wb.run(run) for run in dict.fromkeys(runs)]
        self.run_ids = tuple(run.id for run in found)
        self.subject = words.plural(len(found), "run")
        about = words.listing([words.short(run.name, 32) for run in found[:4]])
        more = f" and {len(found) - 4} more" if len(found) > 4 else ""
        super().__init__(wb, f"What do {about}{more} share, and where do they differ?", stage=stage)
        sides = [("runs", "run"), ("samples", "sample"), ("conditions", "condition")]
        letters = [("as recommended", ""), ("one residue", "one"), ("two residues", "two")]
        self.by = labelled("Compare", iw.Dropdown(options=sides, value="run"))
        self.letters = labelled("I and L are", iw.Dropdown(options=letters, value=""))
        self.normalise = iw.Checkbox(value=True, description="align medians", indent=False)
        for control in (self.by, self.letters, self.normalise):
            control.observe(lambda _change: self.guarded(self.load), "value")
        self._controls = row(self.by, self.letters, self.normalise)
        self.facts: ComparisonFacts | None = None
        self.table = self._table(())
        self._peptides = pd.DataFrame()
        self._chosen_words = html("")
        self.load()

    @property
    def selection(self) -> pd.DataFrame:
        """The peptides shown in the table."""
        return self.table.frame

    def _table(self, contrasts: tuple[str, ...]) -> Table:
        measured = [
            Column(f"{name} {contrast}", f"{name} {contrast}", kind, help=meaning)
            for contrast in contrasts
            for name, (kind, meaning) in _ABUNDANCE.items()
        ]
        return Table(
            (*_PEPTIDES, *measured),
            caption="Peptides",
            file_name="comparison-peptides",
            on_pick=self._picked,
            empty="No peptides.",
        )

    def choices(self) -> dict[str, Any]:
        """Return what the controls say about how to compare."""
        chosen: dict[str, Any] = {"by": self.by.value, "normalise": self.normalise.value}
        if self.letters.value:
            chosen["il_equivalent"] = self.letters.value == "one"
        return chosen

    def load(self) -> None:
        """Compare; the joint map and clusters are computed as a job where they are not stored."""
        names = ", ".join(repr(self.wb.run(run_id).name) for run_id in self.run_ids)
        chosen = "".join(f", {name}={value!r}" for name, value in self.choices().items())
        self.same_in_python(
            f"comparison = wb.compare({names}{chosen})",
            "comparison.overlap.membership.to_pandas()",
        )
        self.body.children = [self._controls]
        self.work(
            "Looking for the joint map.",
            lambda: stored(self.wb.context, sorted(self.run_ids), None),
            lambda found: self._gather() if found is not None else self._compute(),
        )

    def _compute(self) -> None:
        self.say("The joint map and clusters are computed; this screen stays usable.")
        arguments = {"run_ids": list(self.run_ids), "model": None, "seed": 0}
        self.run_job("fingerprint", arguments, lambda _job: self._gather())

    def _gather(self) -> None:
        ctx, choices = self.wb.context, self.choices()

        def read() -> tuple[ComparisonFacts, list[Figure], pd.DataFrame]:
            facts = gather(ctx, self.run_ids, **choices)
            return facts, _figures(facts), _peptides(facts)

        self.work("Comparing.", read, lambda read: self.in_turns(self._laid_out(*read)))

    def _laid_out(
        self, facts: ComparisonFacts, figures: list[Figure], peptides: pd.DataFrame
    ) -> Iterator[None]:
        """Lay out everything, a chart at a time."""
        charts = []
        for figure in figures:
            chosen = self._clicked if figure.name == "overlap" else None
            charts.append(Chart(figure.chart, file_name=figure.file_name, on_click=chosen))
            yield
        self.facts, self._peptides = facts, peptides
        self.table = self._table(_contrasts(facts))
        self.table.colours = {"group": group_colours(facts.peptides["group"].unique())}
        note = facts.comparison.abundance.note
        self.body.children = [
            self._controls,
            html(sentences(facts.sentences)),
            *([html(Markup('<p class="ot-muted">{}</p>').format(note))] if note else []),
            html(_settings(facts)),
            html(Markup("<h3>What they share, and where they differ</h3>")),
            *charts,
            row(self._chosen_words, self.button("Show all", lambda: self.choose(None))),
            self.table,
            row(
                self.button("Joint map", lambda: self.stage.show("fingerprint", *self.run_ids)),
                *(self._only(name) for name in list(facts.names.values())[:8]),
            ),
        ]
        self.choose(None)

    def _only(self, name: str) -> iw.Button:
        return self.button(f"Only in {words.short(name, 32)}", lambda: self.choose(name))

    def choose(self, combination: str | None) -> None:
        """Show only the peptides in exactly these runs, named as in ``A & B``; None shows all."""
        if self.facts is None:
            return
        peptides = self._peptides
        names = list(self.facts.names.values())
        said = f"All {words.plural(len(peptides), 'peptide')}"
        keep = np.ones(len(peptides), dtype=bool)
        if combination is not None:
            chosen = set(combination.split(" & "))
            pattern = "".join("1" if name in chosen else "0" for name in names)
            keep = (peptides["held"] == pattern).to_numpy()
            where = "detected in no other" if len(chosen) == 1 else "in exactly these"
            said = f"{words.plural(int(keep.sum()), 'peptide')} of {combination}, {where}"
        shown = peptides[keep].assign(in_runs=lambda frame: frame["held"].str.count("1"))
        self._chosen_words.value = str(Markup("<h3>{}</h3>").format(said))
        self.table.show(shown)

    def _clicked(self, datum: dict[str, Any]) -> None:
        if "names" in datum:
            self.choose(str(datum["names"]))

    def _picked(self, column: str, peptide: pd.Series[Any]) -> None:
        if column != "sequence" or self.facts is None:
            return
        place = str(peptide["held"]).index("1")
        run_id = self.facts.comparison.sides[place].runs[0].id
        self.stage.show("explanation", run_id, str(peptide["sequence"]))


def _figures(facts: ComparisonFacts) -> list[Figure]:
    made = (shared(facts), abundance(facts), differences(facts), lengths(facts))
    return [
        figure for section in made for figure in section.figures if figure.name not in _ELSEWHERE
    ]


def _contrasts(facts: ComparisonFacts) -> tuple[str, ...]:
    """Return what the contrasts with columns in the table are called."""
    return tuple(
        f"{facts.names[one.side]} / {facts.names[one.reference]}"
        for one in facts.comparison.abundance.contrasts[:_MOST_CONTRASTS]
        if one.peptides
    )


def _peptides(facts: ComparisonFacts) -> pd.DataFrame:
    """Return the peptides with their relatives and how much there is of them."""
    wanted = [f"{name} {contrast}" for contrast in _contrasts(facts) for name in _ABUNDANCE]
    measured = peptide_table(facts.comparison).to_pandas()
    return facts.peptides.merge(
        measured[["sequence", "relative", "relative kind", *wanted]], on="sequence", how="left"
    )


def _settings(facts: ComparisonFacts) -> Markup:
    """Return only what differs between how the runs were read and what they are said to be."""
    found = facts.comparison.differences
    if not found:
        return Markup('<p class="ot-muted">No recorded setting differs between the runs.</p>')
    head = Markup("").join(Markup("<th>{}</th>").format(one.title) for one in found)
    lines = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            facts.run_names[run.id],
            Markup("").join(
                Markup("<td>{}</td>").format(one.values.get(run.id) or words.MISSING)
                for one in found
            ),
        )
        for run in facts.runs[:20]
    )
    return Markup(
        '<table class="ot-grid"><caption>Only what differs</caption><tr><th></th>{}</tr>{}</table>'
    ).format(head, lines)
