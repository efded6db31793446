"""How large the clusters are, and how runs share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours, run_colours
from omicstoken_kernel.charts.theme import MONO, heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cluster_shares", "cluster_sizes"]


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


def cluster_shares(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    colours: dict[str, str] | None = None,
) -> alt.LayerChart:
    """Return which share of each run lies in each cluster: one dot per run.

    Parameters
    ----------
    frame
        One row per run and cluster: ``run``, ``group``, ``share`` (0..1), ``peptides``, ``motif``.
    """
    colours = colours or run_colours(frame["run"])
    order = _groups_in_order(frame)
    labelled = frame.assign(
        label=[
            f"{group}  {motif}" if motif else group
            for group, motif in zip(frame["group"], frame["motif"], strict=True)
        ]
    )
    labels = [labelled.loc[labelled["group"] == group, "label"].iloc[0] for group in order]
    names = list(colours)
    base = alt.Chart(labelled).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=labels,
            axis=alt.Axis(labelFont=MONO, labelLimit=220, domain=False, grid=False),
        )
    )
    x = alt.X("share:Q", title="Share of the run's peptides", axis=alt.Axis(format="%", grid=True))
    span = base.mark_rule(style="rule").encode(
        x=alt.X("min(share):Q", title="Share of the run's peptides"), x2="max(share):Q"
    )
    dots = base.mark_point(filled=True, size=110, opacity=0.95).encode(
        x=x,
        color=alt.Color(
            "run:N", title=None, scale=alt.Scale(domain=names, range=[*colours.values()])
        ),
        shape=alt.Shape("run:N", title=None, scale=alt.Scale(domain=names)),
        tooltip=[
            alt.Tooltip("run:N", title="Run"),
            alt.Tooltip("label:N", title="Cluster"),
            alt.Tooltip("share:Q", title="Share", format=".2p"),
            alt.Tooltip("peptides:Q", title="Peptides", format=","),
        ],
    )
    return layered([span, dots], title=heading(title, subtitle), height=30 * len(order))


def _groups_in_order(frame: pd.DataFrame) -> list[str]:
    """Return cluster numbers ascending, the unassigned last."""
    groups = set(frame["group"])
    numbered = sorted((g for g in groups if g != UNASSIGNED_LABEL), key=int)
    return [*numbered, UNASSIGNED_LABEL] if UNASSIGNED_LABEL in groups else numbered
