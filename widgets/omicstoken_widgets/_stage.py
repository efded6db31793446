"""Screens opened from other screens: a peptide or run that is clicked lands here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal

import ipywidgets as iw

if TYPE_CHECKING:
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._base import Screen

__all__ = ["Kind", "Stage"]

Kind = Literal[
    "quality", "fingerprint", "comparison", "search", "explanation", "summary", "upload"
]  # fmt: skip

# Imported when first opened: screens open each other.
_SCREENS: dict[Kind, tuple[str, str, str]] = {
    "quality": ("quality", "Quality", "Quality"),
    "summary": ("summary", "Summary", "Summary"),
    "upload": ("upload", "Upload", "Upload"),
    "fingerprint": ("fingerprint", "Fingerprint", "Fingerprint"),
    "comparison": ("comparison", "Comparison", "Comparison"),
    "search": ("search", "Search", "Search"),
    "explanation": ("explanation", "Explanation", "Peptide"),
}
_MOST = 8


class Stage(iw.VBox):
    """The screens opened so far as tabs, the last one in front; the oldest give way."""

    def __init__(self, wb: Workbench) -> None:
        self._wb = wb
        self._tabs = iw.Tab()
        self._opened: list[tuple[tuple[object, ...], Screen]] = []
        close = iw.Button(description="Close this tab", layout=iw.Layout(width="auto"))
        close.on_click(lambda _button: self.close_front())
        self._bar = iw.HBox([close], layout=iw.Layout(justify_content="flex-end"))
        super().__init__([])

    def show(self, kind: Kind, *subjects: str) -> Screen:
        """Open a screen about these subjects, or bring the one that is open to the front."""
        key = (kind, *subjects)
        for place, (opened, screen) in enumerate(self._opened):
            if opened == key:
                self._tabs.selected_index = place
                return screen
        module, name, _title = _SCREENS[kind]
        made: Screen = getattr(import_module(f"omicstoken_widgets.{module}"), name)(
            self._wb, *subjects, stage=self
        )
        self._opened = [*self._opened, (key, made)][-_MOST:]
        self._arrange(len(self._opened) - 1)
        return made

    def close_front(self) -> None:
        """Close the screen in front."""
        place = self._tabs.selected_index
        if place is not None and self._opened:
            del self._opened[place]
            self._arrange(min(place, len(self._opened) - 1))

    def _arrange(self, front: int) -> None:
        self._tabs.children = tuple(screen for _, screen in self._opened)
        for place, (key, screen) in enumerate(self._opened):
            self._tabs.set_title(place, f"{_SCREENS[key[0]][2]} {screen.subject}".strip())  # type: ignore[index]
        self._tabs.selected_index = front if front >= 0 else None
        self.children = (self._bar, self._tabs) if self._opened else ()
