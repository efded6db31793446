"""One theme for every chart, in light and in dark.

Marks name a style (``band``, ``label``, ``note``, ``rule``) instead of a colour wherever they are
ink, so that a page can swap the whole configuration when the reader's screen is dark. Only data
colours stand in a chart itself; those that vanish on a dark ground are in :data:`DARK_SWAPS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from omicstoken_kernel.charts.palette import UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DARK",
    "DARK_SWAPS",
    "DIVERGING",
    "FONT",
    "LIGHT",
    "MONO",
    "ON_BLACK",
    "Ink",
    "both_grounds",
    "config",
    "heading",
    "layered",
]

FONT = (
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, '
    "sans-serif"
)
MONO = 'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'

#: Blue to orange through white, for what can go either way.
DIVERGING = ("#0072B2", "#8CBEDC", "#FFFFFF", "#F3C98B", "#D55E00")


@dataclass(frozen=True)
class Ink:
    """The colours of everything that is not data."""

    text: str
    muted: str
    grid: str
    axis: str
    band: str
    surface: str


LIGHT = Ink(
    text="#1A1F2B", muted="#5A6372", grid="#E9ECF0", axis="#B7BEC9", band="#EEF2F7",
    surface="#FFFFFF",
)  # fmt: skip
DARK = Ink(
    text="#E9ECF1", muted="#A5AEBC", grid="#2A313C", axis="#4A5361", band="#222934",
    surface="#171B22",
)  # fmt: skip

#: Text on the one data colour that turns from black to white.
ON_BLACK = "#FEFEFD"

#: Data colours that need another on a dark ground: light colour to dark colour.
DARK_SWAPS: dict[str, str] = {
    "#000000": "#F4F4F4",
    "#20252E": "#E3E7ED",
    UNASSIGNED: "#56606E",
    ON_BLACK: "#111111",
    "#FFFFFF": "#20262F",
}


def config(ink: Ink = LIGHT) -> dict[str, Any]:
    """Return the Vega-Lite configuration for a ground of this ink."""
    return {
        "background": None,
        "font": FONT,
        "padding": {"left": 4, "right": 10, "top": 4, "bottom": 4},
        "view": {"stroke": None, "continuousHeight": 240},
        "title": {
            "anchor": "start", "frame": "bounds", "color": ink.text, "fontSize": 15,
            "fontWeight": 600, "subtitleColor": ink.muted, "subtitleFontSize": 12.5,
            "subtitlePadding": 5, "offset": 14, "lineHeight": 19, "subtitleLineHeight": 16,
        },
        "axis": {
            "labelColor": ink.muted, "labelFontSize": 11.5, "titleColor": ink.muted,
            "titleFontSize": 12, "titleFontWeight": 500, "titlePadding": 8, "labelPadding": 5,
            "domainColor": ink.axis, "tickColor": ink.axis, "tickSize": 4, "gridColor": ink.grid,
            "domain": True, "ticks": False,
        },
        "axisX": {"grid": False, "tickCount": 6},
        "axisY": {"domain": False, "tickCount": 5},
        "legend": {
            "labelColor": ink.text, "labelFontSize": 12, "titleColor": ink.muted,
            "titleFontSize": 12, "titleFontWeight": 500, "symbolType": "circle", "orient": "top",
            "symbolStrokeWidth": 0, "offset": 8, "columnPadding": 14,
        },
        "text": {"color": ink.text, "fontSize": 12},
        "rule": {"color": ink.axis},
        "bar": {"cornerRadiusEnd": 2},
        "range": {"heatmap": {"scheme": "viridis"}, "ramp": {"scheme": "viridis"}},
        "style": {
            "band": {"color": ink.band},
            "label": {"color": ink.text, "fontSize": 12, "fontWeight": 600},
            "note": {"color": ink.muted, "fontSize": 11.5, "fontWeight": 400},
            "rule": {"color": ink.axis, "strokeWidth": 1},
            "faint": {"color": ink.grid},
            "halo": {"color": ink.surface, "stroke": ink.surface, "strokeWidth": 4},
        },
    }  # fmt: skip


def both_grounds() -> dict[str, Any]:
    """Return what a page needs to draw charts in its own light: ``light``, ``dark``, ``swaps``."""
    return {"light": config(LIGHT), "dark": config(DARK), "swaps": DARK_SWAPS}


def layered(
    layers: Sequence[alt.Chart],
    *,
    title: alt.TitleParams | str,
    height: int | alt.Step,
    width: int | alt.Step | Literal["container"] = "container",
) -> alt.LayerChart:
    """Return layers as one chart, the first at the back, as wide as its place unless told."""
    return alt.LayerChart(layer=list(layers)).properties(title=title, width=width, height=height)


def heading(title: str, subtitle: str | Sequence[str] = "") -> alt.TitleParams:
    """Return a chart's title: the finding, and under it n and method."""
    if not subtitle:
        return alt.TitleParams(title)
    return alt.TitleParams(title, subtitle=subtitle if isinstance(subtitle, str) else [*subtitle])


@alt.theme.register("omicstoken", enable=True)
def _light_theme() -> alt.theme.ThemeConfig:
    """Give charts shown on their own, in a notebook, the same face as in a report."""
    return alt.theme.ThemeConfig(config=config())  # type: ignore[typeddict-item]
