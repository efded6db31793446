"""Peptides like this one, in any of the user's runs: by letters and by likeness."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.analysis.model_choice import without_vectors
from omicstoken_kernel.analysis.quantity_by_run import quantities_by_run
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report import words
from omicstoken_kernel.store.runs import Runs
from omicstoken_widgets._aligned import CUES, aligned
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omicstoken_kernel.analysis.hits import HitRun, SearchResult
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Search"]

_AMOUNT = (
    "In the one run that gives it, or the median of its runs and their range; not normalised. "
    "Its card has every run"
)
_WHERE = (
    Column("quantity", "Quantity", help=_AMOUNT),
    Column("in_runs", "In runs", "count", help="How many of your runs hold it"),
    Column("runs", "Found in"),
)
_EXACT = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("differs", "Under the query", "aligned", help=CUES),
    Column("kind", "How"),
    *_WHERE,
)
_LIKE = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("differs", "Under the query", "aligned", help=CUES),
    Column("similarity", "Likeness", "number", digits=3, help="Cosine; 1 is the same vector"),
    Column(
        "percentile",
        "Percentile",
        "percentile",
        help="Among random pairs of peptides of the same lengths",
    ),
    *_WHERE,
)  # fmt: skip


#: How a peptide was found by its letters.
_KINDS = {
    "equal": "the same",
    "il_equal": "the same but for I and L",
    "substitutions": "other residues",
    "contains": "holds the query",
    "contained": "lies in the query",
}


class Search(Screen):
    """Find peptides by a sequence: the same letters, and those like it.

    Parameters
    ----------
    wb
        The workspace.
    query
        A sequence, searched at once; empty waits for one.
    """

    def __init__(self, wb: Workbench, query: str = "", *, stage: Stage | None = None) -> None:
        self.subject = query
        super().__init__(wb, "Which peptides are like this one, and where are they?", stage=stage)
        self.query = labelled("Sequence", iw.Text(value=query, placeholder="VYVSRPSHF"))
        self.lengths = labelled("Length", iw.Text(placeholder="8-11", layout={"width": "140px"}))
        self.k = labelled(
            "Hits", iw.BoundedIntText(value=25, min=1, max=500, layout={"width": "130px"})
        )
        runs = [("in all runs", ""), *((run.name, run.id) for run in Runs(wb.context).list())]
        self.run = labelled("Where", iw.Dropdown(options=runs, value=""))
        self._found = iw.VBox([])
        self.result: SearchResult | None = None
        self.body.children = [
            row(self.query, self.lengths, self.run, self.k,
                self.button("Search", self.search, primary=True)),
            self._found,
        ]  # fmt: skip
        self.same_in_python('wb.search("VYVSRPSHF", k=25, lengths=(8, 11)).frame')
        if query:
            self.guarded(self.search)

    def load(self) -> None:
        """Search again."""
        self.search()

    def search(self) -> None:
        """Search for what the controls say."""
        query = self.query.value.strip()
        if not query:
            self.say("Type a sequence, for example VYVSRPSHF, or an id of a feature.")
            return
        restrictions: dict[str, Any] = {}
        if self.lengths.value.strip():
            restrictions["lengths"] = _lengths(self.lengths.value)
        if self.run.value:
            restrictions["runs"] = [self.run.value]
        k = int(self.k.value)
        self.same_in_python(
            f"wb.search({query!r}, k={k}"
            + "".join(f", {name}={value!r}" for name, value in restrictions.items())
            + ").frame"
        )

        def ask() -> tuple[SearchResult, dict[str, str], list[str]]:
            result, ctx = self.wb.search(query, k=k, **restrictions), self.wb.context
            found = [hit.sequence for hit in result.exact]
            found += [hit.sequence for hit in result.hits]
            runs = restrictions.get("runs")
            bare = without_vectors(ctx, runs, result.model_key)
            return result, _amounts(quantities_by_run(ctx, found, run_ids=runs)), bare

        self.work("Searching.", ask, self._show)

    def _show(self, asked: tuple[SearchResult, dict[str, str], list[str]]) -> None:
        self.result, amounts, bare = asked
        result = self.result
        exact = self._table(
            _EXACT,
            [
                (hit.sequence, aligned(hit.sequence, result.query), _KINDS.get(hit.kind, hit.kind),
                 amounts.get(hit.sequence), len(hit.runs), _runs(hit.runs))
                for hit in result.exact
            ],
            caption="Peptides by letters",
            file_name=f"{result.query}-exact",
        )  # fmt: skip
        like = self._table(
            _LIKE,
            [
                (hit.sequence, aligned(hit.sequence, result.query), hit.similarity,
                 hit.percentile, amounts.get(hit.sequence), len(hit.runs), _runs(hit.runs))
                for hit in result.hits
            ],
            caption="Peptides by likeness",
            file_name=f"{result.query}-like",
        )  # fmt: skip
        parts: list[iw.Widget] = []
        if result.exact:
            parts += [html(Markup("<h3>By its letters</h3>")), exact]
        else:
            parts.append(html(f"None of your runs holds {result.query} itself."))
        said = f"{words.plural(result.searched, 'peptide')} searched with {result.model_key}."
        lacking = [row(self.make_vectors(bare))] if bare else []
        parts += [html(Markup("<h3>By likeness</h3>")), *_notes(result), *lacking, like]
        parts.append(html(Markup('<p class="ot-muted">{}</p>').format(said)))
        self._found.children = parts

    def _table(
        self, columns: tuple[Column, ...], rows: list[tuple[object, ...]], **traits: str
    ) -> Table:
        frame = pd.DataFrame(rows, columns=[column.name for column in columns])
        # Files without quantities leave that column out; the rest is always told.
        shown = [
            one for one in columns if one.name != "quantity" or frame["quantity"].notna().any()
        ]
        table = Table(shown, on_pick=self._picked,
                      empty="No other peptide of these runs has a vector.", **traits)  # fmt: skip
        table.show(frame)
        return table

    def _picked(self, column: str, hit: pd.Series[Any]) -> None:
        if column != "sequence" or self.result is None:
            return
        sequence = str(hit["sequence"])
        where = {hit.sequence: hit.runs for hit in self.result.hits}
        where |= {hit.sequence: hit.runs for hit in self.result.exact}
        runs = where.get(sequence, ())
        if runs:
            self.stage.show("explanation", runs[0].run_id, sequence)


def _amounts(held: pd.DataFrame) -> dict[str, str]:
    """Return how much there is of each peptide, in words; those without a quantity are left out."""
    known = held[held["quantity"].notna()]
    return {str(sequence): _amount(rows) for sequence, rows in known.groupby("sequence")}


def _amount(rows: pd.DataFrame) -> str:
    if rows["kind"].nunique() > 1:
        return "of several kinds"
    least, middle, most = (f"{rows['quantity'].quantile(at):.3g}" for at in (0, 0.5, 1))
    return middle if len(rows) == 1 else f"{middle} ({least}\N{EN DASH}{most})"


def _lengths(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?", text)
    if found is None:
        msg = f"A length is a number or a range; found '{text}'."
        raise InputError(msg, "For example: 9, or 8-11.")
    return int(found[1]), int(found[2] or found[1])


def _runs(runs: Iterable[HitRun]) -> str:
    return ", ".join(run.name for run in runs)


def _notes(result: SearchResult) -> list[iw.Widget]:
    notes = [note for note in (result.note, result.stale) if note]
    return [html(Markup("<p>{}</p>").format(note)) for note in notes]
