"""What a run is made of, in sentences, each with what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_widgets._base import Screen, html, row
from omicstoken_widgets._words import sentences

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.summarize import Summary as Found
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Summary"]


class Summary(Screen):
    """The summary of a run: every sentence with its grade and its figures.

    Parameters
    ----------
    wb
        The workspace.
    run
        Name or id.
    """

    def __init__(self, wb: Workbench, run: str, *, stage: Stage | None = None) -> None:
        self.run = wb.run(run)
        self.subject = self.run.name
        super().__init__(wb, f"What is {self.run.name}, in a few sentences?", stage=stage)
        self.same_in_python(f"wb.summarize({self.run.name!r}).sentences")
        self.work("Summing up.", lambda: wb.summarize(self.run.id), self._show)

    def _show(self, found: Found) -> None:
        self.body.children = [
            html(sentences(found.sentences)),
            row(
                self.button("Quality", lambda: self.stage.show("quality", self.run.id)),
                self.button("Fingerprint", lambda: self.stage.show("fingerprint", self.run.id)),
            ),
        ]
