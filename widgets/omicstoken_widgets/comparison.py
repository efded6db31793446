"""Runs side by side: what they share, where they differ, and the peptides behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import numpy as np
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.analysis.sources import Sources
from omicstoken_kernel.charts.palette import group_colours
from omicstoken_kernel.report import words
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets._compared import columns_of, compared, contrasts_of
from omicstoken_widgets._contrast import combinations, marks_of, unique_sources
from omicstoken_widgets._picture import stored
from omicstoken_widgets._words import runs_in_words, sentences
from omicstoken_widgets.chart import Chart
from omicstoken_widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from omicstoken_kernel.report.comparison.facts import ComparisonFacts
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._compared import Compared
    from omicstoken_widgets._stage import Stage

__all__ = ["Comparison"]


class Comparison(Screen):
    """Two to a hundred runs side by side.

    A click on a bar or a cell shows its peptides; :attr:`selection` has them as a DataFrame.

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
        about = runs_in_words(found)
        super().__init__(wb, f"What do {about} share, and where do they differ?", stage=stage)
        sides = [("runs", "run"), ("samples", "sample"), ("conditions", "condition")]
        letters = [("as recommended", ""), ("one residue", "one"), ("two residues", "two")]
        self.by = labelled("Compare", iw.Dropdown(options=sides, value="run"))
        self.letters = labelled("I and L are", iw.Dropdown(options=letters, value=""))
        self.normalise = iw.Checkbox(value=True, description="align medians", indent=False)
        for control in (self.by, self.letters, self.normalise):
            control.observe(lambda _change: self.guarded(self.load), "value")
        quantified = any(run.quantity_kind != "none" for run in found)
        self._controls = row(self.by, self.letters, *([self.normalise] if quantified else []))
        self.which = labelled("Show peptides", iw.Dropdown(options=[("all", "")], value=""))
        self.which.observe(
            lambda _change: self.guarded(lambda: self.choose(self.which.value)), "value"
        )
        self.side = labelled("Found only in", iw.Dropdown())
        self.side.observe(lambda _change: self.guarded(self._fall), "value")
        self._waterfall = iw.VBox([])
        self._sources = Sources("protein", {}, mapped=False)
        self._of_sources = pd.DataFrame({"source": [], "sequences": []})
        self._held: NDArray[np.str_] = np.array([], dtype=np.str_)
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
        return Table(
            columns_of(contrasts),
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

        self.work(
            "Comparing.",
            lambda: compared(ctx, self.run_ids, **choices),
            lambda read: self.in_turns(self._laid_out(read)),
        )

    def _laid_out(self, read: Compared) -> Iterator[None]:
        """Lay out everything, a chart at a time."""
        charts: list[list[iw.Widget]] = []
        for figures in read.figures:
            charts.append([])
            for figure, spec in figures:
                drawn = Chart(spec, file_name=figure.file_name, on_click=self._clicked)
                charts[-1].append(drawn)
                yield
        facts = read.facts
        # Without facts the choices below draw nothing while they are filled.
        self.facts, self._sources, self._held = None, read.sources, read.held
        self._peptides = read.peptides
        self.table = self._table(contrasts_of(facts))
        self.table.colours = {"group": group_colours(facts.peptides["group"].unique())}
        self.side.options = list(facts.names.values())
        # Options that come later leave a list without a choice.
        self.side.value = self.side.options[0]
        self.which.options = combinations(facts)
        self.which.value = ""
        note = facts.comparison.abundance.note
        told = any(note in sentence.text for sentence in facts.sentences)
        self.facts = facts
        yield
        self.body.children = [
            self._controls,
            html(sentences(facts.sentences)),
            *([] if told else [html(Markup('<p class="ot-muted">{}</p>').format(note))]),
            html(Markup("<h3>Only what differs in settings, quality and results</h3>")),
            self._differences(read),
            html(Markup("<h3>What they share</h3>")),
            *charts[0],
            row(self._chosen_words, self.which),
            self.table,
            html(Markup("<h3>Where the peptides of one side only come from</h3>")),
            row(self.side),
            self._waterfall,
            html(Markup("<h3>Where they differ</h3>")),
            *charts[1],
            row(self.button("Joint map", lambda: self.stage.show("fingerprint", *self.run_ids))),
        ]
        yield
        self.choose(None)
        yield
        self._fall()

    def _differences(self, read: Compared) -> iw.Widget:
        if read.differences is None:
            return html("No setting, grade or result differs.")
        columns, frame = read.differences
        table = Table(
            columns,
            caption="Only what differs",
            file_name="differences",
            on_pick=self._run_picked,
        )
        table.show(frame)
        return table

    def _fall(self) -> None:
        """Draw where the chosen side's own peptides come from."""
        if self.facts is None or self.side.value not in self._names():
            return
        name = str(self.side.value)
        drawn = unique_sources(self.facts, self._sources, self._held, name)
        if drawn is None:
            said = (
                f"No protein is known of the peptides found only in {name}. Files that name "
                "proteins have it, or 'wb.proteome_map(run)' finds them in a FASTA file."
            )
            self._waterfall.children = [html(Markup('<p class="ot-muted">{}</p>').format(said))]
            return
        chart, self._of_sources = drawn
        self._waterfall.children = [
            Chart(chart, file_name=f"only-in-{name}", on_click=self._clicked)
        ]

    def _run_picked(self, _column: str, run: pd.Series[Any]) -> None:
        self.stage.show("quality", str(run["run_id"]))

    def choose(self, combination: str | None) -> None:
        """Show only the peptides in exactly these runs, named as in ``A & B``; None shows all."""
        if self.facts is None:
            return
        if not combination:
            keep = np.ones(len(self._peptides), dtype=bool)
            self._list(keep, f"All {words.plural(len(keep), 'peptide')}")
            return
        chosen = set(combination.split(" & "))
        names = self.facts.names.values()
        pattern = "".join("1" if name in chosen else "0" for name in names)
        keep = self._held == pattern
        where = "detected in no other" if len(chosen) == 1 else "in exactly these"
        said = f"{words.plural(int(keep.sum()), 'peptide')} of {combination}, {where}"
        self._list(keep, said)

    def choose_both(self, a: str, b: str) -> None:
        """Show only the peptides that both of two sides have, whoever else has them."""
        places = [list(self._names()).index(name) for name in (a, b)]
        keep = np.asarray(self._marks()[:, places].all(axis=1))
        self._list(keep, f"{words.plural(int(keep.sum()), 'peptide')} in both {a} and {b}")

    def choose_source(self, source: str) -> None:
        """Show only the peptides of a gene or protein that the chosen side alone has."""
        rows = self._of_sources[self._of_sources["source"] == source]
        sequences = set(" ".join(rows["sequences"]).split(" "))
        keep = self._peptides["sequence"].isin(sequences).to_numpy()
        said = f"{words.plural(int(keep.sum()), 'peptide')} of {source}, only in {self.side.value}"
        self._list(keep, said)

    def _marks(self) -> NDArray[np.bool_]:
        return marks_of(self._held, len(self._names()))

    def _names(self) -> tuple[str, ...]:
        return () if self.facts is None else tuple(self.facts.names.values())

    def _list(self, keep: NDArray[np.bool_], said: str) -> None:
        shown = self._peptides[keep].assign(in_runs=lambda frame: frame["held"].str.count("1"))
        self._chosen_words.value = str(Markup("<h3>{}</h3>").format(said))
        self.table.show(shown)

    def _clicked(self, datum: dict[str, Any]) -> None:
        """Show what a mark stands for; where that is one peptide, its card."""
        if "names" in datum:
            self.choose(str(datum["names"]))
        elif "a" in datum and "b" in datum:
            self.choose_both(str(datum["a"]), str(datum["b"]))
        elif "source" in datum:
            self.choose_source(str(datum["source"]))
        elif "sequence" in datum:
            rows = self._peptides[self._peptides["sequence"] == datum["sequence"]]
            if len(rows):
                self._picked("sequence", rows.iloc[0])
        elif datum.get("run") in self._names():
            self._part(datum)

    def _part(self, datum: dict[str, Any]) -> None:
        """Show one side's peptides of the clicked cluster or length."""
        name = str(datum["run"])
        place = self._names().index(name)
        keep = self._marks()[:, place]
        for column, what in (("group", "cluster"), ("length", "length")):
            if column in datum:
                keep &= (self._peptides[column].astype(str) == str(datum[column])).to_numpy()
                told = f"{what} {datum[column]}"
                self._list(keep, f"{words.plural(int(keep.sum()), 'peptide')} of {name}, {told}")
                return

    def _picked(self, column: str, peptide: pd.Series[Any]) -> None:
        if column != "sequence" or self.facts is None:
            return
        place = str(peptide["held"]).index("1")
        run_id = self.facts.comparison.sides[place].runs[0].id
        self.stage.show("explanation", run_id, str(peptide["sequence"]))
