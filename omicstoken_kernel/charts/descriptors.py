"""How one descriptor is distributed over the peptides of one or several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import OKABE_ITO, run_colours
from omicstoken_kernel.charts.theme import heading

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["descriptor_distribution"]

#: Below this many values each one is drawn.
_FEW = 50


def descriptor_distribution(
    frame: pd.DataFrame,
    *,
    title: str,
    name: str,
    subtitle: str = "",
    colours: dict[str, str] | None = None,
    height: int = 200,
) -> alt.Chart:
    """Return the distribution of a descriptor: ticks for few peptides, else a histogram.

    Parameters
    ----------
    frame
        One row per peptide: ``value`` (nulls are left out), and for several runs ``run``.
    name
        The descriptor's name with its unit, for the axis.
    """
    known = frame[frame["value"].notna()]
    said = heading(title, subtitle)
    if len(known) < _FEW:
        return _ticks(known, name, said)
    chart: alt.Chart = (
        _densities(known, name, colours) if "run" in known else _histogram(known, name)
    )
    return chart.properties(title=said, width="container", height=height)


def _ticks(known: pd.DataFrame, name: str, said: alt.TitleParams) -> alt.Chart:
    ticks = alt.Chart(known, title=said, width="container").encode(
        x=alt.X("value:Q", title=name, scale=alt.Scale(zero=False)),
        tooltip=[alt.Tooltip("value:Q", title=name, format=".3~g")],
    )
    mark: alt.Chart = ticks.mark_tick(thickness=2, size=26, opacity=0.7, color=OKABE_ITO[0])
    if "run" in known:
        return mark.encode(y=alt.Y("run:N", title=None)).properties(
            height=36 * known["run"].nunique()
        )
    return mark.properties(height=60)


def _histogram(known: pd.DataFrame, name: str) -> alt.Chart:
    bins = alt.Bin(maxbins=40)
    chart: alt.Chart = (
        alt.Chart(known)
        .mark_bar(color=OKABE_ITO[0], binSpacing=1)
        .encode(
            x=alt.X("value:Q", bin=bins, title=name),
            y=alt.Y("count():Q", title="Peptides", axis=alt.Axis(format=",d")),
            tooltip=[
                alt.Tooltip("value:Q", bin=bins, title=name),
                alt.Tooltip("count():Q", title="Peptides", format=","),
            ],
        )
    )
    return chart


def _densities(known: pd.DataFrame, name: str, colours: dict[str, str] | None) -> alt.Chart:
    colours = colours or run_colours(known["run"])
    scale = alt.Scale(domain=list(colours), range=[*colours.values()])
    chart: alt.Chart = (
        alt.Chart(known)
        .transform_density("value", groupby=["run"], as_=["value", "density"], steps=120)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("value:Q", title=name),
            y=alt.Y("density:Q", title="Density"),
            color=alt.Color("run:N", title=None, scale=scale),
            strokeDash=alt.StrokeDash("run:N", title=None),
        )
    )
    return chart
