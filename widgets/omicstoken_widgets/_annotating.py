"""What a sample is, set for one run or for several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as iw

from omicstoken_kernel.report import words
from omicstoken_widgets._base import WAITS, html, labelled, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from omicstoken_widgets._base import Screen

__all__ = ["AnnotateForm"]

_FIELDS = ("sample", "condition", "donor", "biological_replicate", "hla")


class AnnotateForm(iw.VBox):
    """Fields for name, sample, condition, donor, replicate and HLA types of some runs.

    Parameters
    ----------
    screen
        Where it stands; what goes wrong is said there.
    ids
        The runs.
    on_done
        Called when it is saved or left.
    """

    def __init__(self, screen: Screen, ids: list[str], on_done: Callable[[], None]) -> None:
        self._screen, self._wb, self._ids, self._on_done = screen, screen.wb, ids, on_done
        run = self._wb.run(ids[0])
        self._before = {
            "sample": run.sample.name,
            "condition": run.sample.condition,
            "donor": run.sample.donor,
            "biological_replicate": run.sample.biological_replicate,
            "hla": ", ".join(run.sample.hla),
        }
        self._name = labelled("Name", iw.Text(value=run.name, disabled=len(ids) > 1))
        self._fields = {
            field: labelled(
                "HLA types" if field == "hla" else field.replace("_", " "),
                iw.Text(value=self._before[field] or ""),
            )
            for field in _FIELDS
        }
        super().__init__(
            [
                html(f"About {words.plural(len(ids), 'run')}; what you leave as it is stays."),
                row(self._name, *self._fields.values()),
                row(
                    screen.button("Save", self.save, primary=True),
                    screen.button("Cancel", on_done),
                ),
            ]
        )

    def save(self) -> None:
        """Write what was changed to the runs."""
        from omicstoken_kernel.store.runs import Runs

        written = {name: field.value.strip() or None for name, field in self._fields.items()}
        changed: dict[str, object] = {
            name: value for name, value in written.items() if value != (self._before[name] or None)
        }
        if "hla" in changed:
            parts = str(changed["hla"] or "").split(",")
            changed["hla"] = [part.strip() for part in parts if part.strip()]
        name = self._name.value.strip()

        def write() -> None:
            for run_id in self._ids:
                if changed:
                    self._wb.annotate(run_id, **changed)
                if len(self._ids) == 1 and name != self._wb.run(run_id).name:
                    Runs(self._wb.context).rename(run_id, name)

        # Not on the event loop: who writes waits for the other writers, for a minute at most.
        self._screen.work(f"Saving; {WAITS}", write, lambda _nothing: self._on_done())
