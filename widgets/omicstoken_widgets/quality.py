"""How good a run is, and what it is made of, in words and one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.ingest import formats
from omicstoken_kernel.report import words
from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._words import SIGNS, chips, grid, ledger_words
from omicstoken_widgets.chart import Chart, spec_of
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.checks import Check
    from omicstoken_kernel.analysis.quality import Quality as Found
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Quality"]

_CHECKS = (
    Column("check", "Check"),
    Column("grade", "Grade"),
    Column("reason", "What was found", "words"),
    Column("threshold", "To pass", "words"),
)


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
        self.same_in_python(f"wb.quality({self.run.name!r}).checks")
        self.work("Checking.", self._ask, self._show)
        for other in more[:7]:
            self.stage.show("quality", other)

    def _ask(self) -> tuple[Found, dict[str, object], dict[str, Any] | None]:
        from omicstoken_kernel.report.insight.quality import length_chart

        found = self.wb.quality(self.run.id)
        profile = length_chart(found)
        drawn = None if profile is None else spec_of(profile)
        return found, self.wb.provenance(self.run.id), drawn

    def _show(self, asked: tuple[Found, dict[str, object], dict[str, Any] | None]) -> None:
        found, origin, profile = asked
        checks = Table(_CHECKS, caption="Quality checks", file_name=f"{self.run.name}-quality",
                       empty="Nothing in this file can be checked.", page_size=25)  # fmt: skip
        worst = {"fail": 0, "warn": 1, "pass": 2}
        checks.show(
            pd.DataFrame(
                [
                    (_named(one), f"{SIGNS[one.grade]} {one.grade}", one.reason, one.threshold)
                    for one in sorted(found.checks, key=lambda one: worst[one.grade])
                ],
                columns=[column.name for column in _CHECKS],
            )
        )
        parts = [html(_verdict(found)), checks]
        parts += [html(Markup('<p class="ot-muted">{}</p>').format(note)) for note in found.notes]
        if profile is None:
            parts.append(html("This run has no peptides, so there are no lengths to show."))
        else:
            parts.append(Chart(profile, file_name=f"{self.run.name}-lengths"))
        parts += [html(Markup("<h3>Where it comes from</h3>")), html(self._origin(origin))]
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
            row(
                self.button("Summary", lambda: self.stage.show("summary", self.run.id)),
                self.button("Fingerprint", lambda: self.stage.show("fingerprint", self.run.id)),
            )
        )
        self.body.children = parts

    def _origin(self, origin: dict[str, object]) -> Markup:
        sample = self.run.sample
        titles = {info.name: info.title for info in formats()}
        return grid(
            [
                ("File", origin["file"]),
                ("Read as", titles.get(str(origin["format"]), str(origin["format"]))),
                ("Sample", sample.name),
                ("Condition", sample.condition),
                ("HLA types", ", ".join(sample.hla)),
                ("Filter", self.run.filter_note),
                ("Added", words.instant(self.run.created_at)),
            ]
        )


def _verdict(found: Found) -> Markup:
    """Return the grade, how many checks it rests on, and what the run looks like."""
    bad = sum(one.grade != "pass" for one in found.checks)
    of = words.plural(len(found.checks), "check")
    how = f"all of {of} passed" if not bad else f"{bad} of {of} did not pass"
    chip = chips([(found.grade, found.grade, how)])
    return Markup("<p>{}<strong>{}.</strong> Class call: {}.</p>").format(
        chip, how[:1].upper() + how[1:], found.call.title
    )


def _named(check: Check) -> str:
    title = check.title
    return title[:1].upper() + title[1:]
