"""Which peptides runs share: an UpSet plot for a few runs, a matrix for many."""

from __future__ import annotations

import altair as alt
import pandas as pd

from omicstoken_kernel.charts.distances import distance_heatmap
from omicstoken_kernel.charts.palette import run_colours
from omicstoken_kernel.charts.theme import heading, layered

__all__ = ["MOST_RUNS_IN_UPSET", "overlap"]

#: More runs than this are shown pair by pair.
MOST_RUNS_IN_UPSET = 8

#: Combinations drawn, largest first; the subtitle says how many are left out.
_MOST_COMBINATIONS = 24


def overlap(
    frame: pd.DataFrame,
    *,
    title: str,
    runs: list[str],
    subtitle: str = "",
    colours: dict[str, str] | None = None,
) -> alt.VConcatChart | alt.LayerChart:
    """Return how many peptides each combination of runs has in common, and nobody else has.

    UpSet plot after Lex A et al., IEEE TVCG 20:1983, 2014.

    Parameters
    ----------
    frame
        One row per combination: ``runs`` (a tuple of run names), ``peptides`` (in all of these and
        in no other).
    runs
        Names of all runs, in their order.
    """
    if len(runs) > MOST_RUNS_IN_UPSET:
        return _matrix(frame, runs, title, subtitle)
    ordered = frame[frame["peptides"] > 0].sort_values("peptides", ascending=False, kind="stable")
    shown = ordered.head(_MOST_COMBINATIONS).reset_index(drop=True)
    left_out = len(ordered) - len(shown)
    note = f"{left_out} smaller combinations are not drawn." if left_out else ""
    shown = shown.assign(
        order=range(len(shown)),
        names=[" & ".join(names) for names in shown["runs"]],
        kind=["one run" if len(names) == 1 else "shared" for names in shown["runs"]],
    )
    step = alt.Step(max(26, min(46, 640 // max(len(shown), 1))))
    bars = _bars(shown.drop(columns="runs"), step)
    dots = _dots(shown, runs, colours or run_colours(runs), step)
    lines = [text for text in (subtitle, note) if text]
    plot = alt.vconcat(bars, dots, spacing=6).properties(title=heading(title, lines))
    # The colours above mean "shared", those below the runs.
    independent: alt.VConcatChart = plot.resolve_scale(color="independent")
    return independent


def _column(axis: alt.Axis | None = None) -> alt.X:
    return alt.X("order:O", axis=axis, title=None)


def _bars(shown: pd.DataFrame, step: alt.Step) -> alt.LayerChart:
    tooltip = [
        alt.Tooltip("names:N", title="In exactly"),
        alt.Tooltip("peptides:Q", title="Peptides", format=","),
    ]
    base = alt.Chart(shown).encode(
        x=_column(),
        y=alt.Y("peptides:Q", title="Peptides", axis=alt.Axis(format=",d")),
        tooltip=tooltip,
    )
    bars = base.mark_bar(width={"band": 0.62}).encode(
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["one run", "shared"], range=["#8A94A3", "#0072B2"]),
        )
    )
    numbers = base.mark_text(style="note", dy=-8).encode(text=alt.Text("peptides:Q", format=","))
    return layered([bars, numbers], title="", width=step, height=190)


def _dots(
    shown: pd.DataFrame, runs: list[str], colours: dict[str, str], step: alt.Step
) -> alt.LayerChart:
    cells = pd.DataFrame(
        {"order": order, "run": run, "member": run in names}
        for order, names in zip(shown["order"], shown["runs"], strict=True)
        for run in runs
    )
    y = alt.Y(
        "run:N",
        title=None,
        sort=runs,
        axis=alt.Axis(domain=False, labelLimit=180, labelFontSize=12),
    )
    base = alt.Chart(cells).encode(x=_column(), y=y)
    empty = base.mark_circle(style="faint", size=110, opacity=1)
    members = base.transform_filter("datum.member")
    link = members.mark_line(strokeWidth=2.5, style="rule").encode(detail="order:O")
    full = members.mark_circle(size=130, opacity=1).encode(
        color=alt.Color(
            "run:N", legend=None, scale=alt.Scale(domain=runs, range=[colours[r] for r in runs])
        ),
        tooltip=[alt.Tooltip("run:N", title="Run")],
    )
    return layered([empty, link, full], title="", width=step, height=alt.Step(26))


def _matrix(
    frame: pd.DataFrame, runs: list[str], title: str, subtitle: str
) -> alt.VConcatChart | alt.LayerChart:
    """Return the number of shared peptides of every pair."""
    shared = {(a, b): 0 for a in runs for b in runs if a != b}
    for names, peptides in zip(frame["runs"], frame["peptides"], strict=True):
        for a in names:
            for b in names:
                if a != b:
                    shared[a, b] += int(peptides)
    pairs = pd.DataFrame({"a": a, "b": b, "value": n} for (a, b), n in shared.items())
    return distance_heatmap(
        pairs, title=title, subtitle=subtitle, measure="Shared peptides", number_format=","
    )
