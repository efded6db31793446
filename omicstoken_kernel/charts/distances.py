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
    forks: pd.DataFrame | None = None,
) -> alt.LayerChart | alt.VConcatChart:
    """Return a matrix of runs against runs, each cell with its number, in the frame's order.

    Parameters
    ----------
    frame
        One row per pair: ``a``, ``b`` (run names, both orders), ``value`` (null leaves the cell
        empty, as on the diagonal).
    measure
        Name and unit of the value, for the legend and on hover.
    forks
        The tree to draw above it, four corners a fork: ``fork``, ``corner``, ``x`` (columns counted
        from 0), ``height``; None draws none.
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
    step = max(24, min(64, 560 // max(len(order), 1)))
    size = alt.Step(step)
    if forks is None:
        return layered(layers, title=heading(title, subtitle), width=size, height=size)
    matrix = layered(layers, title="", width=step * len(order), height=step * len(order))
    tree = _tree(forks, len(order), step * len(order), measure)
    both: alt.VConcatChart = alt.vconcat(tree, matrix, spacing=2)
    return both.properties(title=heading(title, subtitle))


def _tree(forks: pd.DataFrame, leaves: int, width: int, measure: str) -> alt.Chart:
    """Return the tree, its leaves above the middles of the columns."""
    drawn: alt.Chart = (
        alt.Chart(forks)
        .mark_line(style="rule", interpolate="linear", strokeWidth=1.5)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, leaves - 0.5], nice=False)),
            y=alt.Y(
                "height:Q", title=measure, axis=alt.Axis(tickCount=3, format=".2~g", grid=False)
            ),
            detail="fork:N",
            order="corner:O",
            tooltip=[alt.Tooltip("height:Q", title="They join at", format=".3~g")],
        )
        .properties(width=width, height=70)
    )
    return drawn


def _name_axis(angle: int = 0) -> alt.Axis:
    return alt.Axis(labelAngle=angle, labelLimit=160, domain=False, grid=False, labelFontSize=12)
