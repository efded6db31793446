"""The map of peptides: a point each, near means similar; lasso and click."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.charts.palette import category_colours, group_colours

if TYPE_CHECKING:
    from collections.abc import Callable

    import ipywidgets as iw
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["MOST_POINTS", "PeptideMap"]

#: More points than this are not drawn: they would be more than one message may carry.
MOST_POINTS = 300_000


class PeptideMap:
    """Points that can be lassoed; colours by cluster, run or any number.

    Parameters
    ----------
    frame
        One row per peptide with ``x`` and ``y``; rows without a place are not drawn.
    on_select
        Called with the places in the frame of the points that are lassoed or clicked; empty when
        the selection is taken away.
    """

    def __init__(self, frame: pd.DataFrame, on_select: Callable[[NDArray[np.intp]], None]) -> None:
        from jscatter import Scatter

        placed = np.flatnonzero(frame["x"].notna().to_numpy())
        if len(placed) > MOST_POINTS:
            placed = np.sort(np.random.default_rng(0).choice(placed, MOST_POINTS, replace=False))
        self.places: NDArray[np.intp] = placed
        self._frame = frame
        self._on_select = on_select
        self._at = frame[["x", "y"]].iloc[placed].astype("float32").reset_index(drop=True)
        shown, colours = self._coloured("group")
        self._scatter = Scatter(
            data=self._at.assign(shown=shown),
            x="x",
            y="y",
            x_scale=_padded(self._at["x"]),
            y_scale=_padded(self._at["y"]),
            axes=False,
            height=440,
            size=_size(len(placed)),
            opacity_by="density",
            lasso_color="#0072B2",
            lasso_initiator=True,
            # The page's own ground, light or dark, shows through.
            background_color=(0.0, 0.0, 0.0, 0.0),
            color_by="shown",
            color_map=colours,
        )

    @cached_property
    def widget(self) -> iw.DOMWidget:
        """What is shown: the points and their tools.

        Only this needs the event loop; all before it can be done beside it.
        """
        self._scatter.widget.observe(self._selected, "selection")
        return self._scatter.show()

    @property
    def polygon(self) -> tuple[tuple[float, float], ...]:
        """Corners of the last lasso, in the frame's coordinates; empty where there was none."""
        corners = self._scatter.widget.lasso_selection_polygon
        if corners is None:
            return ()
        return tuple((float(x), float(y)) for x, y in np.asarray(corners).reshape(-1, 2))

    def colour_by(self, name: str) -> None:
        """Colour the points by a column: text as categories, numbers by viridis."""
        shown, colours = self._coloured(name)
        self._scatter.data(self._at.assign(shown=shown))
        self._scatter.color(by="shown", map=colours)

    def emphasise(self, places: NDArray[np.intp] | None) -> None:
        """Select the points of these rows of the frame; None takes the selection away."""
        chosen = [] if places is None else np.flatnonzero(np.isin(self.places, places)).tolist()
        self._scatter.widget.unobserve(self._selected, "selection")
        self._scatter.selection(chosen)
        self._scatter.widget.observe(self._selected, "selection")

    def _coloured(self, name: str) -> tuple[pd.Series[Any], str | dict[str, str]]:
        """Return the values of a column at the points, and the colours they get."""
        values = self._frame[name].iloc[self.places].reset_index(drop=True)
        if values.dtype.kind in "fiu":
            numbers = values.astype("float32")
            return numbers.fillna(numbers.min()), "viridis"
        texts = values.astype(str).astype("category")
        categories = texts.cat.categories.tolist()
        if name == "group":
            return texts, group_colours(categories)
        return texts, dict(zip(categories, category_colours(len(categories)), strict=True))

    def _selected(self, change: dict[str, Any]) -> None:
        chosen = np.asarray(change["new"] if change["new"] is not None else [], dtype=np.intp)
        self._on_select(self.places[chosen])


def _padded(values: pd.Series[float]) -> tuple[float, float]:
    """Return a range with room around, so that no point is cut."""
    low, high = float(values.min()), float(values.max())
    room = (high - low) * 0.04 or 1.0
    return low - room, high + room


def _size(points: int) -> float:
    return 6.0 if points <= 2_000 else 4.0 if points <= 20_000 else 2.5
