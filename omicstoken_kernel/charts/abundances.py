"""How much of each peptide two sides hold: scatter, volcano, and what normalisation did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["abundance_scatter", "normalisation", "volcano"]

_UP, _DOWN, _SAME = "#D55E00", "#0072B2", "#9AA3B0"
#: Shapes as well as colours tell what is higher, lower, or not called.
_CALLS = ("higher", "lower", "not called")


def abundance_scatter(
    frame: pd.DataFrame, *, title: str, names: tuple[str, str], subtitle: str = ""
) -> alt.LayerChart:
    """Return the log2 quantity of each peptide on one side against the other, with the diagonal.

    Parameters
    ----------
    frame
        One row per peptide quantified on both sides: ``sequence``, ``x``, ``y`` (log2), ``ratio``.
    names
        Of the sides on the x and y axis.
    """
    low = float(frame[["x", "y"]].min().min())
    high = float(frame[["x", "y"]].max().max())
    scale = alt.Scale(domain=[low, high], nice=True, zero=False)
    points = (
        alt.Chart(frame)
        .mark_circle(size=26, opacity=_opacity(len(frame)), color=_DOWN)
        .encode(
            x=alt.X("x:Q", title=f"{names[0]}, log2 quantity", scale=scale),
            y=alt.Y("y:Q", title=f"{names[1]}, log2 quantity", scale=scale),
            tooltip=[
                alt.Tooltip("sequence:N", title="Peptide"),
                alt.Tooltip("ratio:Q", title="log2 ratio", format="+.2f"),
            ],
        )
    )
    diagonal = (
        alt.Chart(frame.head(1))
        .mark_rule(style="rule")
        .encode(
            x=alt.XDatum(low, scale=scale),
            y=alt.YDatum(low, scale=scale),
            x2=alt.X2Datum(high),
            y2=alt.Y2Datum(high),
        )
    )
    return layered([diagonal, points], title=heading(title, subtitle), height=340)


def volcano(
    frame: pd.DataFrame, *, title: str, names: tuple[str, str], subtitle: str = ""
) -> alt.LayerChart:
    """Return log2 ratio against −log10 p of each tested peptide.

    Parameters
    ----------
    frame
        One row per tested peptide: ``sequence``, ``ratio`` (log2), ``height`` (−log10 p), ``p``,
        ``q``, ``call`` (``higher``, ``lower`` or ``not called``).
    names
        Of the side and of the reference it is set against.
    """
    most = float(frame["ratio"].abs().max()) if len(frame) else 1.0
    calls = alt.Scale(domain=list(_CALLS), range=[_UP, _DOWN, _SAME])
    shapes = alt.Scale(domain=list(_CALLS), range=["triangle-up", "triangle-down", "circle"])
    points = (
        alt.Chart(frame)
        .mark_point(size=34, filled=True, opacity=_opacity(len(frame)))
        .encode(
            x=alt.X(
                "ratio:Q",
                title=f"log2 ratio, {names[0]} / {names[1]}",
                scale=alt.Scale(domain=[-most, most], nice=True),
            ),
            y=alt.Y("height:Q", title="−log10 p", scale=alt.Scale(zero=True)),
            color=alt.Color("call:N", title=None, scale=calls),
            shape=alt.Shape("call:N", title=None, scale=shapes),
            tooltip=[
                alt.Tooltip("sequence:N", title="Peptide"),
                alt.Tooltip("ratio:Q", title="log2 ratio", format="+.2f"),
                alt.Tooltip("p:Q", title="p", format=".2g"),
                alt.Tooltip("q:Q", title="q", format=".2g"),
            ],
        )
    )
    middle = alt.Chart(frame.head(1)).mark_rule(style="rule").encode(x=alt.XDatum(0))
    return layered([middle, points], title=heading(title, subtitle), height=340)


def normalisation(frame: pd.DataFrame, *, title: str, subtitle: str = "") -> alt.LayerChart:
    """Return where the quantities of each measurement lie before and after their medians moved.

    Parameters
    ----------
    frame
        One row per measurement and ``state`` (``before``, ``after``): ``name`` and the percentiles
        ``p5``, ``p25``, ``p50``, ``p75``, ``p95`` of its log2 quantities.
    """
    order = list(dict.fromkeys(frame["name"]))
    states = ["before", "after"]
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=alt.Axis(labelLimit=220, domain=False)),
        yOffset=alt.YOffset("state:N", sort=states),
        color=alt.Color(
            "state:N", title=None, scale=alt.Scale(domain=states, range=["#8A94A3", _DOWN])
        ),
        tooltip=[
            alt.Tooltip("name:N", title="Measurement"),
            alt.Tooltip("state:N", title="Normalisation"),
            alt.Tooltip("p50:Q", title="Median, log2", format=".2f"),
        ],
    )
    x = alt.X("p5:Q", title="log2 quantity: 5th to 95th percentile", scale=alt.Scale(zero=False))
    whiskers = base.mark_rule(strokeWidth=1.5).encode(x=x, x2="p95:Q")
    boxes = base.mark_bar(size=7, cornerRadius=0).encode(x=alt.X("p25:Q"), x2="p75:Q")
    middles = base.mark_tick(size=11, thickness=2, style="label").encode(
        x="p50:Q", color=alt.value("#20252E")
    )
    return layered(
        [whiskers, boxes, middles], title=heading(title, subtitle), height=34 * len(order) + 20
    )


def _opacity(number: int) -> float:
    return 0.85 if number < 300 else 0.5 if number < 3000 else 0.25
