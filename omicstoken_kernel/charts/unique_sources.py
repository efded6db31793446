"""The sources of the peptides that one side alone has, from the most to the fewest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["waterfall"]

_ALONE, _BESIDE = "none elsewhere", "others elsewhere"


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
    shown = frame.assign(
        kind=[_BESIDE if other else _ALONE for other in frame["elsewhere"]],
        some=[" ".join(text.split(" ")[:6]) for text in frame["sequences"]],
    ).drop(columns="sequences")
    order = shown["source"].tolist()
    base = alt.Chart(shown).encode(
        x=alt.X(
            "source:N",
            title=None,
            sort=order,
            axis=alt.Axis(labelAngle=-50, labelLimit=130, domain=False),
        ),
        y=alt.Y(
            "peptides:Q", title="Peptides only here", axis=alt.Axis(format=",d", tickMinStep=1)
        ),
        tooltip=[
            alt.Tooltip("source:N", title=source),
            alt.Tooltip("peptides:Q", title="Peptides only here", format=","),
            alt.Tooltip("elsewhere:Q", title="Its peptides elsewhere", format=","),
            alt.Tooltip("some:N", title="For example"),
        ],
    )
    bars = base.mark_bar(width={"band": 0.7}).encode(
        color=alt.Color(
            "kind:N",
            title=f"Peptides of the same {source.lower()}",
            scale=alt.Scale(domain=[_ALONE, _BESIDE], range=["#0072B2", "#E69F00"]),
        ),
        # Full and pale too, for those who see no difference of colour.
        fillOpacity=alt.when(alt.datum.elsewhere > 0).then(alt.value(0.4)).otherwise(alt.value(1)),
        stroke=alt.Stroke(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=[_ALONE, _BESIDE], range=["#0072B2", "#E69F00"]),
        ),
    )
    numbers = base.mark_text(style="note", dy=-7).encode(text=alt.Text("peptides:Q", format=","))
    step = alt.Step(max(18, min(34, 900 // max(len(shown), 1))))
    return layered([bars, numbers], title=heading(title, subtitle), width=step, height=210)
