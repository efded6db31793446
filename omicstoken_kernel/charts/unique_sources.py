"""The sources of the peptides that one side alone has, from the most to the fewest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["waterfall"]


def waterfall(
    frame: pd.DataFrame, *, title: str, subtitle: str | Sequence[str] = "", source: str = "Protein"
) -> alt.LayerChart:
    """Return bars from the source with most peptides to that with fewest.

    Parameters
    ----------
    frame
        One row per source: ``source``, ``peptides`` (found on this side only), ``elsewhere`` (its
        peptides on other sides), ``sequences``.
    source
        What a source is, for axis and hover.
    """
    alone = f"no peptide of this {source.lower()} elsewhere"
    beside = f"others of this {source.lower()} elsewhere"
    shown = frame.assign(
        kind=[beside if other else alone for other in frame["elsewhere"]],
        some=[" ".join(text.split(" ")[:6]) for text in frame["sequences"]],
    ).drop(columns="sequences")
    order = shown["source"].tolist()
    most = int(shown["peptides"].max())
    base = alt.Chart(shown).encode(
        y=alt.Y("source:N", title=None, sort=order, axis=alt.Axis(labelLimit=220, domain=False)),
        x=alt.X(
            "peptides:Q",
            title="Peptides found only here",
            axis=alt.Axis(format="d", tickMinStep=1, tickCount=min(8, most)),
        ),
        tooltip=[
            alt.Tooltip("source:N", title=source),
            alt.Tooltip("peptides:Q", title="Peptides found only here", format=","),
            alt.Tooltip("elsewhere:Q", title="Its peptides elsewhere", format=","),
            alt.Tooltip("some:N", title="For example"),
        ],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        color=alt.Color(
            "kind:N",
            title=None,
            legend=alt.Legend(orient="top", symbolType="square", labelLimit=0),
            scale=alt.Scale(domain=[alone, beside], range=["#0072B2", "#8A94A6"]),
        ),
    )
    numbers = base.mark_text(style="note", align="left", dx=5).encode(
        text=alt.Text("peptides:Q", format=",")
    )
    return layered([bars, numbers], title=heading(title, subtitle), height=alt.Step(19))
