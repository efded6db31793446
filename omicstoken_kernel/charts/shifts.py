"""By how much the shares of clusters shift from one side to another, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import group_colours
from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cluster_shifts"]


def cluster_shifts(frame: pd.DataFrame, *, title: str, subtitle: str = "") -> alt.LayerChart:
    """Return a point with its interval for each cluster and side; the line in the middle is none.

    Parameters
    ----------
    frame
        One row per cluster and side: ``group`` (number as text, or ``unassigned``), ``label``
        (what the row is called), ``difference``, ``low``, ``high`` (shares, −1 to 1; null without
        an interval).
    """
    colours = group_colours(frame["group"])
    order = list(dict.fromkeys(frame["label"]))
    # Shares differ by percentage points: "+20 %" could be read as a fifth more.
    shares = ["difference", "low", "high"]
    points_of = frame.drop(columns=shares).join(100 * frame[shares].astype(float))
    base = alt.Chart(points_of).encode(
        y=alt.Y("label:N", title=None, sort=order, axis=alt.Axis(labelLimit=320, domain=False)),
        color=alt.Color(
            "group:N",
            legend=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Cluster"),
            alt.Tooltip("difference:Q", title="Percentage points", format="+.2f"),
            alt.Tooltip("low:Q", title="from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
        ],
    )
    axis = alt.Axis(grid=True, labelExpr="datum.value ? format(datum.value, '+~f') : '0'")
    x = alt.X("difference:Q", title="Difference of shares (percentage points)", axis=axis)
    bars = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q"), x2="high:Q")
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=x)
    none = alt.Chart(points_of.head(1)).mark_rule(style="rule").encode(x=alt.XDatum(0))
    return layered([none, bars, points], title=heading(title, subtitle), height=26 * len(order))
