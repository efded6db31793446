"""One file on its way in: how it would be read, what can be changed, and what became of it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.ingest import Preview, formats, preview, scratch
from omicstoken_kernel.report import words
from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._overrides import Overrides
from omicstoken_widgets._words import grid, ledger_words
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.store.jobs import Job
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Incoming"]

_STATUS = {"stored": "Stored.", "known": "Known already: its runs were stored before."}
_REJECTED = (
    Column("line", "Line", "count"),
    Column("column", "Column"),
    Column("value", "Found"),
    Column("reason", "Why it was rejected", "words"),
)
_FIRST = (
    Column("proforma", "Peptidoform", "sequence"),
    Column("precursor_charge", "Charge", "count"),
    Column("rt_s", "RT", "number", "s", digits=1),
    Column("quantity", "Quantity", "quantity"),
    Column("q_value", "q-value", "quantity"),
    Column("proteins", "Proteins"),
)


class Incoming(Screen):
    """A file between arriving and being stored; :meth:`look` or :meth:`resume` begin.

    Parameters
    ----------
    path
        Where its bytes are.
    name
        What its user calls it.
    ours
        Whether the bytes are a copy that is removed when the file is stored or discarded, or when
        the kernel ends before either.
    """

    def __init__(
        self, wb: Workbench, path: Path, name: str, *, ours: bool, stage: Stage | None = None
    ) -> None:
        super().__init__(wb, name, stage=stage)
        self.subject = name
        self.add_class("ot-card")
        self._path, self._name, self._ours = path, name, ours
        self.overrides = Overrides()
        again = self.button("Read again", self.look)
        self.more = iw.Accordion([iw.VBox([self.overrides, again])])
        self.more.set_title(0, "Read it another way")
        self.more.selected_index = None
        self.runs: tuple[str, ...] = ()
        self._copy = weakref.finalize(self, path.unlink, missing_ok=True) if ours else None

    def look(self) -> None:
        """Read the file and show what is found; nothing is stored."""
        self.body.children = [self.more, self._discard()]
        options = self.overrides.options()
        folder = self.wb.context.folder("tmp")

        def read() -> Preview:
            with scratch(folder):
                return preview(self._path, options, name=self._name)

        self.work(f"Reading {self._name}.", read, self._looked)

    def _discard(self) -> iw.Button:
        return self.button("Discard", self.discard)

    def discard(self) -> None:
        """Forget the file; nothing of it is kept."""
        self._remove()
        self._running.children = []
        self.body.children = [html("Discarded; nothing of it was kept.")]
        self.say("")

    def _looked(self, found: Preview) -> None:
        store = self.button("Store and embed", self.store, primary=True)
        first = Table(_FIRST, caption="The first peptidoforms", page_size=10)
        first.show(pd.DataFrame(found.rows, columns=[column.name for column in _FIRST]))
        warnings = [html(warning, classes="ot-warn") for warning in found.warnings]
        parts = [
            html(_found(found)),
            html(ledger_words(found.ledger.as_json())),
            *warnings,
            html(Markup("<h3>The first peptidoforms</h3>")),
            first,
        ]
        if found.rejections:
            parts += [html(Markup("<h3>The first rejected rows</h3>")), _rejected(found.rejections)]
        self.body.children = [*parts, self.more, row(store, self._discard())]
        self.say(_advice(found), "warn" if not found.ledger.features and not found.rows else "note")

    def store(self) -> None:
        """Store the runs of the file, embed their peptides and bring the index up to date."""
        self._outlive()
        self.say("")
        self.body.children = [child for child in self.body.children if child is not self.more][:-1]
        arguments = {
            "path": str(self._path),
            "name": self._name,
            "options": self.overrides.given(),
            "embed": True,
        }
        self.run_job("ingest", arguments, self._stored)
        self.same_in_python(
            f"wb.upload({self._name!r}, embed=True"
            + "".join(f", {key}={value!r}" for key, value in self.overrides.given().items())
            + ")"
        )

    def resume(self, job: Job) -> None:
        """Follow a job that stores this file, begun on a screen that is gone."""
        self._outlive()
        self.body.children = [html("Begun before this screen was opened; it went on meanwhile.")]
        self.take_up(job, self._stored)

    def instead(self) -> tuple[iw.Widget, ...]:
        """Return a button that gives the file up."""
        return (self._discard(),) if self._ours else ()

    def _outlive(self) -> None:
        """Keep the file when the kernel ends: the job that stores it goes on."""
        if self._copy is not None:
            self._copy.detach()

    def _stored(self, job: Job) -> None:
        self._remove()
        entry: dict[str, Any] = job.result or {}
        self.runs = tuple(run["run_id"] for run in entry["runs"])
        said = [
            html(
                Markup("<p><strong>{}</strong> {}</p>").format(
                    _STATUS.get(entry["status"], entry["status"]),
                    f"{words.plural(len(self.runs), 'run')}, read as {self._title(entry)}.",
                )
            ),
            html(ledger_words(entry["ledger"])),
            *(html(warning, classes="ot-warn") for warning in entry["warnings"]),
        ]
        if self.runs and sum(entry["ledger"]["rejected"].values()):
            rejections = self.wb.rejections(self.runs[0]).to_dict("records")
            table = _rejected(rejections, f"{self._name}-rejected")
            said += [html(Markup("<h3>Rejected rows</h3>")), table]
        self.body.children = [*said, row(*self._next())]
        self.say("")

    def _title(self, entry: dict[str, Any]) -> str:
        titles = {info.name: info.title for info in formats()}
        return titles.get(str(entry["format"]), str(entry["format"]))

    def _next(self) -> list[iw.Widget]:
        """Return buttons to what comes next."""
        if not self.runs:
            return []
        steps = [
            self.button("Quality", lambda: self.stage.show("quality", *self.runs)),
            self.button("Fingerprint", lambda: self.stage.show("fingerprint", *self.runs[:20])),
        ]
        if len(self.runs) > 1:
            steps.append(self.button("Compare", lambda: self.stage.show("comparison", *self.runs)))
        return steps

    def _remove(self) -> None:
        if self._ours:
            self._path.unlink(missing_ok=True)


def _found(found: Preview) -> Markup:
    names = ", ".join(
        f"{draft.name} ({words.plural(peptides, 'peptide')})"
        for draft, _, peptides in found.runs[:8]
    )
    more = f" and {len(found.runs) - 8} more" if len(found.runs) > 8 else ""
    columns = ", ".join(f"{name}: {header}" for name, header in found.columns.items())
    quantity = {draft.quantity_kind.replace("_", " ") for draft, _, _ in found.runs}
    return grid(
        [
            ("Format", f"{found.title}, {words.share(found.confidence)} sure: {found.why}"),
            ("Runs", f"{words.count(len(found.runs))}: {names}{more}"),
            ("Columns", columns),
            ("Quantity", ", ".join(sorted(quantity))),
            ("Filter", "; ".join(sorted({draft.filter_note for draft, _, _ in found.runs}))),
        ]
    )


def _advice(found: Preview) -> str:
    if not found.rows:
        return "No row of this file gives a peptide; look at the reasons above before storing it."
    return "Nothing is stored yet. Store it if this is what you expect; else read it another way."


def _rejected(rejections: Any, file_name: str = "rejected") -> Table:  # noqa: ANN401 - records
    table = Table(_REJECTED, caption="Rejected rows", file_name=file_name)
    table.show(pd.DataFrame(list(rejections), columns=[column.name for column in _REJECTED]))
    return table
