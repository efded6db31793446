"""What is seldom needed, behind one button, so that a screen shows at most seven controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as iw

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Fold"]


class Fold(iw.VBox):
    """Controls that are shown when the button above them is pressed.

    Parameters
    ----------
    label
        On the button.
    children
        What it shows.
    on_unfold
        Called when it is opened, before it is seen.
    """

    def __init__(
        self, label: str, *children: iw.Widget, on_unfold: Callable[[], object] | None = None
    ) -> None:
        self._label = label
        self._on_unfold = on_unfold
        self.toggle = iw.ToggleButton(value=False, layout=iw.Layout(width="auto"))
        self.toggle.observe(lambda _change: self._turn(), "value")
        self.inside = iw.VBox(children)
        self.inside.add_class("ot-fold")
        super().__init__([self.toggle, self.inside])
        self._turn()

    def _turn(self, **_ignored: Any) -> None:  # noqa: ANN401 - whatever traitlets hands over
        unfolded = bool(self.toggle.value)
        if unfolded and self._on_unfold is not None:
            self._on_unfold()
        # Words as well as the arrow, for those who hear the button.
        self.toggle.description = f"{'▾' if unfolded else '▸'} {self._label}"
        self.toggle.tooltip = f"{'Hide' if unfolded else 'Show'}: {self._label}"
        self.inside.layout.display = None if unfolded else "none"
