"""How large the clusters are, and how runs share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours, text_on
from omicstoken_kernel.charts.theme import MONO, ON_BLACK, heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cluster_shares", "cluster_sizes"]

#: From this share of a run on, a part is wide enough for its cluster's number.
_SHARE_NAMED = 0.035


def cluster_sizes(frame: pd.DataFrame, *, title: str, subtitle: str = "") -> alt.LayerChart:
    """Return the clusters' sizes as bars, the unassigned last.

    Parameters
    ----------
    frame
        One row per cluster: ``group`` (number as text, or ``unassigned``), ``peptides``, ``motif``.
    """
    colours = group_colours(frame["group"])
    names = frame.assign(
        label=[
            f"{group}  {motif}" if motif else group
            for group, motif in zip(frame["group"], frame["motif"], strict=True)
        ],
        share=frame["peptides"] / frame["peptides"].sum(),
    )
    base = alt.Chart(names).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=list(names["label"]),
            axis=alt.Axis(labelFont=MONO, labelLimit=220, domain=False),
        ),
        x=alt.X("peptides:Q", title="Peptides", axis=alt.Axis(format=",d", grid=True)),
        tooltip=[
            alt.Tooltip("label:N", title="Cluster"),
            alt.Tooltip("peptides:Q", title="Peptides", format=","),
            alt.Tooltip("share:Q", title="Share", format=".2p"),
        ],
    )
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    bars = base.mark_bar(size=16).encode(color=alt.Color("group:N", scale=scale, legend=None))
    numbers = base.mark_text(style="note", align="left", dx=5).encode(
        text=alt.Text("share:Q", format=".2p")
    )
    return layered([bars, numbers], title=heading(title, subtitle), height=24 * len(frame))


def cluster_shares(frame: pd.DataFrame, *, title: str, subtitle: str = "") -> alt.LayerChart:
    """Return what each run is made of: one bar per run, its parts the clusters in their colours.

    Parameters
    ----------
    frame
        One row per run and cluster: ``run``, ``group``, ``share`` (0..1) of the run's peptides,
        ``peptides``, ``motif``. Runs are drawn in their order, clusters by number.
    """
    colours = group_colours(frame["group"])
    runs = list(dict.fromkeys(frame["run"]))
    base = alt.Chart(_parts(frame, colours)).encode(
        y=alt.Y(
            "run:N",
            title=None,
            sort=runs,
            axis=alt.Axis(domain=False, labelLimit=180, labelFontSize=12),
        ),
        tooltip=[
            alt.Tooltip("run:N", title="Run"),
            alt.Tooltip("group:N", title="Cluster"),
            alt.Tooltip("motif:N", title="Motif"),
            alt.Tooltip("share:Q", title="Share", format=".2p"),
            alt.Tooltip("peptides:Q", title="Peptides", format=","),
        ],
    )
    x = alt.X(
        "from:Q",
        title="Share of the peptides",
        axis=alt.Axis(format="%", grid=True),
        scale=alt.Scale(domain=[0, 1], nice=False),
    )
    bars = base.mark_bar(height=28, cornerRadius=0).encode(
        x=x,
        x2="to:Q",
        color=alt.Color(
            "group:N",
            legend=None,
            scale=alt.Scale(domain=list(colours), range=[*colours.values()]),
        ),
    )
    named = f"datum.share >= {_SHARE_NAMED} && datum.group != '{UNASSIGNED_LABEL}'"
    numbers = base.transform_filter(named).mark_text(fontSize=12.5, fontWeight=600)
    black = [group for group, colour in colours.items() if colour == "#000000"]
    ink = alt.when(f"indexof({black!r}, datum.group) >= 0").then(alt.value(ON_BLACK))
    texts = numbers.encode(
        x="middle:Q", text="group:N", color=ink.otherwise(alt.Color("ink:N", scale=None))
    )
    return layered([bars, texts], title=heading(title, subtitle), height=42 * len(runs))


def _parts(frame: pd.DataFrame, colours: dict[str, str]) -> pd.DataFrame:
    """Return the clusters of each run with where its part of the bar begins, ends and is named."""
    order = {group: place for place, group in enumerate(colours)}
    parts = frame.assign(place=frame["group"].map(order)).sort_values(
        ["run", "place"], kind="stable"
    )
    parts["to"] = parts.groupby("run")["share"].cumsum()
    parts["from"] = parts["to"] - parts["share"]
    parts["middle"] = (parts["to"] + parts["from"]) / 2
    parts["ink"] = [text_on(colours[group]) for group in parts["group"]]
    return parts
