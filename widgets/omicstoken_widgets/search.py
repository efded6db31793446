"""Peptides like this one, in any of the user's runs: by letters and by likeness."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report import words
from omicstoken_kernel.store.runs import Runs
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omicstoken_kernel.analysis.hits import HitRun, SearchResult
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Search", "marked"]

_EXACT = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("differs", "Beside the query", "marked", help="Underlined: differs from the query"),
    Column("kind", "How"),
    Column("runs", "Runs"),
)
_LIKE = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("differs", "Beside the query", "marked", help="Underlined: differs from the query"),
    Column("similarity", "Likeness", "number", digits=3, help="Cosine; 1 is the same vector"),
    Column(
        "percentile",
        "Percentile",
        "percentile",
        help="Among random pairs of peptides of the same lengths",
    ),
    Column("runs", "Runs"),
)  # fmt: skip


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
        self.work("Searching.", lambda: self.wb.search(query, k=k, **restrictions), self._show)

    def _show(self, result: SearchResult) -> None:
        self.result = result
        exact = Table(_EXACT, caption="Peptides by letters", on_pick=self._picked,
                      file_name=f"{result.query}-exact")  # fmt: skip
        exact.show(
            pd.DataFrame(
                [
                    (hit.sequence, marked(hit.sequence, result.query), hit.kind, _runs(hit.runs))
                    for hit in result.exact
                ],
                columns=[column.name for column in _EXACT],
            )
        )
        like = Table(_LIKE, caption="Peptides by likeness", on_pick=self._picked,
                     empty="No other peptide of these runs has a vector.",
                     file_name=f"{result.query}-like")  # fmt: skip
        like.show(
            pd.DataFrame(
                [
                    (hit.sequence, marked(hit.sequence, result.query), hit.similarity,
                     hit.percentile, _runs(hit.runs))
                    for hit in result.hits
                ],
                columns=[column.name for column in _LIKE],
            )
        )  # fmt: skip
        parts: list[iw.Widget] = []
        if result.exact:
            parts += [html(Markup("<h3>By its letters</h3>")), exact]
        else:
            parts.append(html(f"None of your runs holds {result.query} itself."))
        said = f"{words.plural(result.searched, 'peptide')} searched with {result.model_key}."
        parts += [html(Markup("<h3>By likeness</h3>")), *_notes(result), like]
        parts.append(html(Markup('<p class="ot-muted">{}</p>').format(said)))
        self._found.children = parts

    def _picked(self, column: str, hit: pd.Series[Any]) -> None:
        if column != "sequence" or self.result is None:
            return
        sequence = str(hit["sequence"])
        where = {hit.sequence: hit.runs for hit in self.result.hits}
        where |= {hit.sequence: hit.runs for hit in self.result.exact}
        runs = where.get(sequence, ())
        if runs:
            self.stage.show("explanation", runs[0].run_id, sequence)


def marked(sequence: str, query: str) -> str:
    """Return a sequence with what differs from the query in lower case.

    >>> marked("VYVARPSHF", "VYVSRPSHF"), marked("AVYVSRPSHF", "VYVSRPSHF")
    ('VYVaRPSHF', 'aVYVSRPSHF')
    """
    if len(sequence) == len(query):
        pairs = zip(sequence, query, strict=True)
        return "".join(own if own == other else own.lower() for own, other in pairs)
    same = SequenceMatcher(None, query, sequence, autojunk=False).get_matching_blocks()
    kept = {place for block in same for place in range(block.b, block.b + block.size)}
    return "".join(
        letter if place in kept else letter.lower() for place, letter in enumerate(sequence)
    )


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
