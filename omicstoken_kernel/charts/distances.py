"""How far runs lie from each other, with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["distance_heatmap"]


def distance_heatmap(
    frame: pd.DataFrame,
    *,
    title: str,
    measure: str,
    subtitle: str = "",
    number_format: str = ".2f",
) -> alt.LayerChart:
    """Return a matrix of runs against runs, each cell with its number.

    Parameters
    ----------
    frame
        One row per pair: ``a``, ``b`` (run names, both orders), ``value`` (null leaves the cell
        empty, as on the diagonal).
    measure
        Name and unit of the value, for the legend and on hover.
    """
    order = list(dict.fromkeys(frame["a"]))
    filled = frame[frame["value"].notna()]
    low, high = float(filled["value"].min()), float(filled["value"].max())
    base = alt.Chart(filled).encode(
        x=alt.X(
            "a:N", title=None, sort=order, axis=_name_axis(angle=0 if len(order) <= 8 else -40)
        ),
        y=alt.Y("b:N", title=None, sort=order, axis=_name_axis()),
        tooltip=[
            alt.Tooltip("a:N", title="Run"),
            alt.Tooltip("b:N", title="and run"),
            alt.Tooltip("value:Q", title=measure, format=".3~g"),
        ],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "value:Q",
            title=measure,
            scale=alt.Scale(scheme="viridis", domain=[low, high], nice=False),
            legend=alt.Legend(
                orient="right", gradientLength=120, format=number_format, tickCount=4
            ),
        )
    )
    numbers = base.mark_text(fontSize=13, fontWeight=600).encode(
        text=alt.Text("value:Q", format=number_format),
        # White on the dark end of viridis, black on the bright one.
        color=alt.when(f"datum.value > {low + (high - low) * 0.55!r}")
        .then(alt.value("#111111"))
        .otherwise(alt.value("#FEFEFE")),
    )
    layers = [cells, numbers] if len(order) <= 14 else [cells]
    size = alt.Step(max(24, min(64, 560 // max(len(order), 1))))
    return layered(layers, title=heading(title, subtitle), width=size, height=size)


def _name_axis(angle: int = 0) -> alt.Axis:
    return alt.Axis(labelAngle=angle, labelLimit=160, domain=False, grid=False, labelFontSize=12)
