"""One peptide of a run: what the file says, what follows from it, and what it is like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.report.peptide_fields import FIELDS
from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._words import grid, sentences
from omicstoken_widgets.search import marked
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.explain import Explanation as Found
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Explanation"]

_FORMS = (
    Column("proforma", "Peptidoform", "sequence", help="ProForma 2.0"),
    Column("precursor_charge", "Charge", "count"),
    Column("mz", "m/z", "number", "Th", digits=4),
    Column("rt_s", "RT", "number", "s", digits=1),
    Column("quantity", "Quantity", "quantity"),
    Column("q_value", "q-value", "quantity"),
    Column("matched", "Matched", "flag", help="Transferred from another run"),
)
_NEAR = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("differs", "Beside this one", "marked", help="Underlined: differs"),
    Column("similarity", "Likeness", "number", digits=3),
    Column("percentile", "Percentile", "percentile"),
    Column("runs", "Runs"),
)


class Explanation(Screen):
    """The card of a peptide.

    Parameters
    ----------
    wb
        The workspace.
    run
        Name or id of the run it is looked at in.
    peptide
        Its sequence.
    """

    def __init__(
        self, wb: Workbench, run: str, peptide: str, *, stage: Stage | None = None
    ) -> None:
        self.run = wb.run(run)
        self.peptide = peptide
        self.subject = peptide
        super().__init__(wb, f"What is known about {peptide} in {self.run.name}?", stage=stage)
        self.same_in_python(f"wb.explain({self.run.name!r}, {peptide!r})")
        self.work("Looking it up.", lambda: wb.explain(self.run.id, peptide), self._show)

    def _show(self, found: Found) -> None:
        fields = {field.name: field for field in FIELDS}
        described = [
            (
                f"{fields[name].title} {fields[name].unit}".strip() if name in fields else name,
                _described(value.value, value.percentile),
            )
            for name, value in found.descriptors.items()
        ]
        forms = Table(_FORMS, caption="Peptidoforms", file_name=f"{self.peptide}-forms")
        forms.show(
            pd.DataFrame(
                [
                    tuple(getattr(form, column.name) for column in _FORMS)
                    for form in found.peptidoforms
                ],
                columns=[column.name for column in _FORMS],
            )
        )
        near = Table(_NEAR, caption="Neighbours", on_pick=self._picked,
                     empty="No neighbours: this run has no vectors yet.",
                     file_name=f"{self.peptide}-neighbours")  # fmt: skip
        near.show(
            pd.DataFrame(
                [
                    (hit.sequence, marked(hit.sequence, self.peptide), hit.similarity,
                     hit.percentile, ", ".join(run.name for run in hit.runs))
                    for hit in found.neighbours
                ],
                columns=[column.name for column in _NEAR],
            )
        )  # fmt: skip
        self.body.children = [
            html(sentences(found.sentences)),
            html(Markup("<h3>Peptidoforms</h3>")),
            forms,
            html(Markup("<h3>Descriptors, and where they stand in this run</h3>")),
            html(grid(described)),
            html(Markup("<h3>Nearest peptides in your runs</h3>")),
            near,
            row(
                self.button("Search for more", lambda: self.stage.show("search", self.peptide)),
                self.button("Its run", lambda: self.stage.show("quality", self.run.id)),
            ),
        ]

    def _picked(self, column: str, hit: pd.Series[Any]) -> None:
        if column == "sequence":
            self.stage.show("search", str(hit["sequence"]))


def _described(value: float | None, percentile: float | None) -> str:
    if value is None:
        return "\N{EN DASH}"
    shown = f"{value:.4g}"
    return shown if percentile is None else f"{shown} (percentile {percentile:.0f} of this run)"
