"""Selections of peptides under a name: save what is shown, load, rename and delete what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
from markupsafe import Markup

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report import words
from omicstoken_widgets._base import html, labelled, row
from omicstoken_widgets._fold import Fold
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from omicstoken_kernel.store.selections import Rule
    from omicstoken_widgets._base import Screen

__all__ = ["Chosen", "Saved"]

_COLUMNS = (
    Column("name", "Selection", link=True, help="Click to show its peptides here"),
    Column("peptides", "Peptides", "count"),
    Column("rule", "Chosen by", "words"),
    Column("runs", "Of", help="The runs' names when it was saved"),
    Column("saved", "Saved"),
)


@dataclass(frozen=True)
class Chosen:
    """What is to be saved: peptides, their runs, and how they were chosen."""

    sequences: tuple[str, ...]
    run_ids: tuple[str, ...]
    rule: Rule
    fingerprint_id: str | None


class Saved(iw.VBox):
    """A field to save what is chosen, and behind a fold the selections that are kept.

    Parameters
    ----------
    screen
        Where it stands; what goes wrong is said there.
    chosen
        Returns what is chosen now.
    on_load
        Called with a name and its peptides when a kept selection is clicked.
    """

    def __init__(
        self,
        screen: Screen,
        chosen: Callable[[], Chosen],
        on_load: Callable[[str, tuple[str, ...]], object],
    ) -> None:
        self._screen, self._wb = screen, screen.wb
        self._chosen, self._on_load = chosen, on_load
        self.name = labelled("Save as", iw.Text(placeholder="a name for these peptides"))
        self.table = Table(
            _COLUMNS,
            caption="Saved selections",
            empty="Nothing saved yet. Choose peptides above, give them a name, and press Save.",
            selectable=True,
            file_name="selections",
            on_pick=self._picked,
        )
        self._edit = iw.VBox([])
        self.fold = Fold(
            "Saved selections",
            self.table,
            row(
                screen.button("Rename", self._ask_rename),
                screen.button("Delete selection", self._ask_delete),
            ),
            self._edit,
            on_unfold=self.refresh,
        )
        self._told = html("")
        super().__init__([row(self.name, screen.button("Save", self.save), self._told), self.fold])
        self.add_class("ot-save-as")

    def save(self) -> None:
        """Save what is chosen under the name in the field."""
        chosen, name = self._chosen(), self.name.value.strip()
        saved = self._wb.selection_save(
            name,
            chosen.sequences,
            runs=chosen.run_ids,
            rule=chosen.rule,
            fingerprint_id=chosen.fingerprint_id,
        )
        self.name.value = ""
        self.refresh()
        said = f"Saved as '{saved.name}': {words.plural(saved.peptides, 'peptide')}, "
        told = Markup('<span role="status">{}{}. In Python: <code>{}</code></span>').format(
            said, saved.rule.in_words, f"wb.selection({saved.name!r})"
        )
        self._told.value = str(told)
        self._screen.say("")

    def refresh(self) -> None:
        """Look at the kept selections again."""
        frame = self._wb.selections()
        frame["saved"] = [words.instant(moment.to_pydatetime()) for moment in frame["created_at"]]
        self.table.show(frame)

    def load(self, name: str) -> None:
        """Hand a kept selection on, to be shown."""
        self._on_load(name, self._wb.selection(name))

    def _picked(self, column: str, kept: pd.Series[Any]) -> None:
        if column == "name":
            self._screen.guarded(lambda: self.load(str(kept["name"])))

    def _ticked(self) -> list[str]:
        names: list[str] = self.table.chosen()["name"].tolist()
        if not names:
            msg = "No selection is ticked."
            raise InputError(msg, "Tick it in the table of saved selections.")
        return names

    def _ask_rename(self) -> None:
        old = self._ticked()[0]
        new = labelled("New name", iw.Text(value=old))

        def rename() -> None:
            self._wb.selection_rename(old, new.value)
            self._edit.children = []
            self.refresh()

        self._edit.children = [
            row(
                new,
                self._screen.button("Save name", rename, primary=True),
                self._screen.button("Leave it", self._done),
            )
        ]

    def _ask_delete(self) -> None:
        names = self._ticked()

        def delete() -> None:
            for name in names:
                self._wb.selection_delete(name)
            self._edit.children = []
            self.refresh()

        asked = f"Delete {words.listing([repr(name) for name in names])}? "
        self._edit.children = [
            html(asked + "The peptides themselves stay in their runs."),
            row(
                self._screen.button(f"Delete {words.plural(len(names), 'selection')}", delete),
                self._screen.button("Keep", self._done, primary=True),
            ),
        ]

    def _done(self) -> None:
        self._edit.children = []
