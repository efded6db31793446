"""One peptide of a run: what the file says, what follows from it, and what it is like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.analysis.model_choice import without_vectors
from omicstoken_kernel.analysis.quantity_by_run import quantities_by_run
from omicstoken_widgets import _card as card
from omicstoken_widgets._aligned import CUES, aligned
from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._words import sentences
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
    Column("differs", "Under this one", "aligned", help=CUES),
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
        self.load()

    def load(self) -> None:
        """Show the card."""
        self.work("Looking it up.", self._ask, self._show)

    def _ask(self) -> tuple[Found, pd.DataFrame, list[str]]:
        found, ctx = self.wb.explain(self.run.id, self.peptide), self.wb.context
        return found, quantities_by_run(ctx, [found.peptide]), without_vectors(ctx, [self.run.id])

    def _show(self, asked: tuple[Found, pd.DataFrame, list[str]]) -> None:
        found, held, bare = asked
        forms_frame = pd.DataFrame(
            [tuple(getattr(form, column.name) for column in _FORMS) for form in found.peptidoforms],
            columns=[column.name for column in _FORMS],
        )
        forms = Table(card.told(_FORMS, forms_frame), caption="Peptidoforms",
                      file_name=f"{self.peptide}-forms")  # fmt: skip
        forms.show(forms_frame)
        near = Table(_NEAR, caption="Neighbours", on_pick=self._picked,
                     empty="No neighbours: this run has no vectors yet.",
                     file_name=f"{self.peptide}-neighbours")  # fmt: skip
        near.show(
            pd.DataFrame(
                [
                    (hit.sequence, aligned(hit.sequence, self.peptide), hit.similarity,
                     hit.percentile, ", ".join(run.name for run in hit.runs))
                    for hit in found.neighbours
                ],
                columns=[column.name for column in _NEAR],
            )
        )  # fmt: skip
        self.body.children = [
            html(sentences(found.sentences)),
            html(Markup("<h3>Motif and HLA</h3>")),
            *card.fit(found),
            *([row(self.make_vectors(bare))] if bare else []),
            html(Markup("<h3>Runs and quantities</h3>")),
            *card.quantities(found, held, self._run_picked),
            html(Markup("<h3>Proteins, genes and positions</h3>")),
            *card.origins(found),
            html(Markup("<h3>Predictions of other programs</h3>")),
            *card.predictions(found),
            html(Markup("<h3>Peptidoforms</h3>")),
            forms,
            html(Markup("<h3>Descriptors, and where they stand in this run</h3>")),
            card.descriptors(found),
            html(Markup("<h3>Nearest peptides in your runs</h3>")),
            near,
            row(
                self.button("Search for more", lambda: self.stage.show("search", self.peptide)),
                self.button("Its run", lambda: self.stage.show("quality", self.run.id)),
            ),
        ]

    def _run_picked(self, _column: str, held: pd.Series[Any]) -> None:
        run_id = str(held["run_id"])
        if run_id == self.run.id:
            self.stage.show("quality", run_id)
        else:
            self.stage.show("explanation", run_id, self.peptide)

    def _picked(self, column: str, hit: pd.Series[Any]) -> None:
        if column == "sequence":
            self.stage.show("search", str(hit["sequence"]))
