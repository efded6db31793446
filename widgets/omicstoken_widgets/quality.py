"""How good a run is, and what it is made of, in words and one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.report import words
from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._words import chips, grid, ledger_words, sentences
from omicstoken_widgets.chart import Chart
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.checks import Check
    from omicstoken_kernel.analysis.quality import Quality as Found
    from omicstoken_kernel.analysis.summarize import Summary
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Quality"]

_CHECKS = (
    Column("check", "Check"),
    Column("grade", "Grade"),
    Column("reason", "What was found", "words"),
    Column("threshold", "To pass", "words"),
)
# Of so many peptides a map takes a moment; of more it is a job with its progress.
_SOON_MAPPED = 2_000


class Quality(Screen):
    """The quality of a run: its class, every check with threshold and reason, its lengths.

    Parameters
    ----------
    wb
        The workspace.
    run
        Name or id.
    """

    def __init__(self, wb: Workbench, run: str, *more: str, stage: Stage | None = None) -> None:
        self.run = wb.run(run)
        self.subject = self.run.name
        super().__init__(wb, f"Is {self.run.name} what it should be?", stage=stage)
        self.same_in_python(
            f"quality = wb.quality({self.run.name!r})", f"wb.summarize({self.run.name!r})"
        )
        self.load()
        for other in more[:7]:
            self.stage.show("quality", other)

    def load(self) -> None:
        """Check the run; a large one's map and clusters, which are told of, are made by a job."""
        self.work("Checking.", self._is_ready, self._go_on)

    def _is_ready(self) -> bool:
        from omicstoken_kernel.analysis.known_fingerprint import known_fingerprint

        if self.run.peptides <= _SOON_MAPPED:
            return True
        try:
            return known_fingerprint(self.wb.context, [self.run.id]) is not None
        except NotFound:
            # Without vectors the summary does without clusters, and says so.
            return True

    def _go_on(self, ready: bool) -> None:  # noqa: FBT001 - what in_background hands on
        if ready:
            self.work("Checking.", self._ask, self._show)
            return
        self.say("Map and clusters are computed first; this screen stays usable.")
        arguments = {"run_ids": [self.run.id], "model": None, "seed": 0}
        again = lambda _job: self.work("Checking.", self._ask, self._show)  # noqa: E731
        self.run_job("fingerprint", arguments, again, subject=self.run.id)

    def _ask(self) -> tuple[Found, Summary, dict[str, object]]:
        return (
            self.wb.quality(self.run.id),
            self.wb.summarize(self.run.id),
            self.wb.provenance(self.run.id),
        )

    def _show(self, asked: tuple[Found, Summary, dict[str, object]]) -> None:
        from omicstoken_kernel.report.insight.quality import length_chart

        found, summary, origin = asked
        checks = Table(_CHECKS, caption="Quality checks", file_name=f"{self.run.name}-quality")
        checks.show(
            pd.DataFrame(
                [(_named(one), one.grade, one.reason, one.threshold) for one in found.checks],
                columns=[column.name for column in _CHECKS],
            )
        )
        parts = [
            html(
                chips((one.name.replace("_", " "), one.grade, one.reason) for one in found.checks)
            ),
            html(sentences(summary.sentences)),
        ]
        profile = length_chart(found)
        if profile is None:
            parts.append(html("This run has no peptides, so there are no lengths to show."))
        else:
            parts.append(Chart(profile, file_name=f"{self.run.name}-lengths"))
        parts += [checks, html(self._origin(origin))]
        ledger = origin.get("ledger")
        if isinstance(ledger, dict) and ledger:
            if self.run.quantity_kind == "none":
                # A file without quantities has no cells to speak of.
                ledger = {**ledger, "cells": {}}
            parts += [
                html(Markup("<h3>What became of the rows of its file</h3>")),
                html(ledger_words(ledger)),
            ]
        parts.append(
            row(self.button("Fingerprint", lambda: self.stage.show("fingerprint", self.run.id)))
        )
        self.body.children = parts

    def _origin(self, origin: dict[str, object]) -> Markup:
        sample = self.run.sample
        return grid(
            [
                ("File", origin["file"]),
                ("Read as", origin["format"]),
                ("Sample", sample.name),
                ("Condition", sample.condition),
                ("HLA types", ", ".join(sample.hla)),
                ("Filter", self.run.filter_note),
                ("Added", words.instant(self.run.created_at)),
            ]
        )


def _named(check: Check) -> str:
    return check.name.replace("_", " ")
