"""The map: every peptide a point, near means similar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours
from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["NEAR_MEANS_SIMILAR", "PICKED", "peptide_map", "run_maps"]

#: What every map says under its title.
NEAR_MEANS_SIMILAR = "Near means similar; the axes themselves mean nothing."

#: The chart's parameter that holds the groups to emphasise; empty means all of them.
PICKED = "picked"

#: More groups than this are not labelled on the map.
_MOST_LABELS = 40


def peptide_map(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    colours: dict[str, str] | None = None,
    source: str | None = None,
    tooltip: Sequence[tuple[str, str]] = (("sequence", "Peptide"), ("group", "Cluster")),
    height: int = 460,
) -> alt.LayerChart:
    """Return the map of peptides, coloured by group, each group labelled where most of it lies.

    Parameters
    ----------
    frame
        One row per peptide: ``x`` and ``y`` without unit, ``group`` (a cluster's number or a run's
        name as text; what belongs to no cluster is ``unassigned``), and what the tooltip names.
    colours
        Colour of each group; None means cluster ``1`` first, the unassigned grey.
    source
        Name of a table that the page supplies in place of the frame, so that it is carried once;
        None puts the frame's values into the chart.
    tooltip
        Columns shown on hover, with their titles.
    """
    colours = colours or group_colours(frame["group"])
    base = alt.Chart(alt.NamedData(source) if source else frame)
    x, y = _position(frame)
    emphasised = f"length({PICKED}) == 0 || indexof({PICKED}, datum.group) >= 0"
    opacity = alt.when(emphasised).then(alt.value(_opacity(len(frame))))
    points = (
        base.mark_circle(size=_size(len(frame)))
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "group:N",
                scale=alt.Scale(domain=list(colours), range=[*colours.values()]),
                legend=None,
            ),
            opacity=opacity.otherwise(alt.value(0.05)),
            order=alt.Order("drawn:Q"),
            tooltip=[alt.Tooltip(f"{name}:N", title=label) for name, label in tooltip],
        )
        .transform_calculate(drawn=f"datum.group == '{UNASSIGNED_LABEL}' ? 0 : 1")
        .add_params(alt.param(name=PICKED, value=[]))
    )
    said = [subtitle, NEAR_MEANS_SIMILAR] if subtitle else NEAR_MEANS_SIMILAR
    return layered([points, *_labels(base, frame)], title=heading(title, said), height=height)


def run_maps(
    frame: pd.DataFrame,
    *,
    title: str,
    runs: Sequence[str],
    subtitle: str = "",
    source: str | None = None,
    width: int = 330,
) -> alt.ConcatChart:
    """Return the joint map once for each run: its peptides in colour, all others faint.

    Parameters
    ----------
    frame
        As for :func:`peptide_map`, with ``held``: for each run in turn ``1`` or ``0``, as text.
    runs
        Names of the runs.
    width
        Of each map, in pixels.
    """
    colours = group_colours(frame["group"])
    x, y = _position(frame)
    base = alt.Chart(alt.NamedData(source) if source else frame).encode(x=x, y=y)
    size = _size(len(frame)) * 0.7
    emphasised = f"length({PICKED}) == 0 || indexof({PICKED}, datum.group) >= 0"
    look = {
        "color": alt.Color(
            "group:N",
            scale=alt.Scale(domain=list(colours), range=[*colours.values()]),
            legend=None,
        ),
        "opacity": alt.when(emphasised).then(alt.value(0.8)).otherwise(alt.value(0.04)),
        "tooltip": [
            alt.Tooltip("sequence:N", title="Peptide"),
            alt.Tooltip("group:N", title="Cluster"),
            alt.Tooltip("runs:N", title="In"),
        ],
    }
    maps = []
    for place, run in enumerate(runs):
        others = base.transform_filter(f"datum.held[{place}] == '0'")
        held = base.transform_filter(f"datum.held[{place}] == '1'").mark_circle(size=size)
        faint = others.mark_circle(style="faint", size=size, opacity=0.8)
        maps.append(
            layered(
                [faint, held.encode(**look)],
                title=alt.TitleParams(run, limit=width),
                width=width,
                height=round(width * 0.8),
            )
        )
    said = [subtitle, NEAR_MEANS_SIMILAR] if subtitle else NEAR_MEANS_SIMILAR
    return (
        alt.concat(*maps, columns=2 if len(maps) <= 4 else 3, spacing=14)
        .properties(title=heading(title, said))
        .add_params(alt.param(name=PICKED, value=[]))
    )


def _opacity(n: int) -> float:
    """Return how opaque a point is: the more points, the more lies on top of each other."""
    return 0.85 if n <= 500 else 0.7 if n <= 5_000 else 0.45 if n <= 30_000 else 0.25


def _size(n: int) -> float:
    """Return the area of a point in square pixels."""
    return 44.0 if n <= 500 else 24.0 if n <= 5_000 else 9.0 if n <= 30_000 else 4.0


def _position(frame: pd.DataFrame) -> tuple[alt.X, alt.Y]:
    """Return the position channels, without axes, with a margin so that no point is cut."""
    scales = []
    for values in (frame["x"], frame["y"]):
        low, high = float(values.min()), float(values.max())
        margin = (high - low) * 0.03 or 1.0
        scales.append(alt.Scale(domain=[low - margin, high + margin], nice=False, zero=False))
    return alt.X("x:Q", axis=None, scale=scales[0]), alt.Y("y:Q", axis=None, scale=scales[1])


def _labels(base: alt.Chart, frame: pd.DataFrame) -> list[alt.Chart]:
    """Return each group's name at the median of its points, on a halo of the ground's colour."""
    if frame["group"].nunique() > _MOST_LABELS:
        return []
    x, y = _position(frame)
    medians = (
        base.transform_filter(f"datum.group != '{UNASSIGNED_LABEL}'")
        .transform_aggregate(x="median(x)", y="median(y)", groupby=["group"])
        .encode(x=x, y=y, text="group:N", tooltip=alt.value(None))
    )
    return [
        medians.mark_text(style="halo", fontSize=15, fontWeight=700, opacity=0.9),
        medians.mark_text(style="label", fontSize=15, fontWeight=700),
    ]
