"""How long the peptides are, with what is usual shaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from omicstoken_kernel.charts.palette import OKABE_ITO, run_colours
from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLASS_RANGES", "DIGEST_RANGE", "LONGEST_BIN", "LengthRange", "length_profile"]

#: Longer peptides are drawn together in one last bin, and the axis says so.
LONGEST_BIN = 35


@dataclass(frozen=True)
class LengthRange:
    """A range of lengths, in residues, both ends included, and what it is usual for."""

    shortest: int
    longest: int
    label: str


#: Where presented peptides are found: Purcell AW et al., Nat Protoc 14:1687, 2019.
CLASS_RANGES: tuple[LengthRange, ...] = (
    LengthRange(8, 12, "usual for class I"),
    LengthRange(13, 20, "usual for class II"),
)
#: Where 88 to 98 % of the peptides of the six real digests are that the tests read.
DIGEST_RANGE = LengthRange(7, 25, "usual for a tryptic digest")


def length_profile(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    ranges: Sequence[LengthRange] = CLASS_RANGES,
    colours: dict[str, str] | None = None,
    height: int = 250,
) -> alt.LayerChart:
    """Return the length profile of one run as bars, of several as lines.

    Parameters
    ----------
    frame
        One row per run and length: ``length`` in residues, ``peptides``, and for several runs
        ``run``.
    ranges
        Lengths shaded as usual, in residues.
    colours
        Colour of each run; None means by order of appearance.
    """
    counts = _binned(frame)
    low, high = int(counts["length"].min()), int(counts["length"].max())
    shown = [r for r in ranges if r.longest >= low and r.shortest <= high]
    domain = (min(low, 7) - 0.7, max(high, 12) + 0.7)
    draw = _lines if "run" in counts else _bars
    axis = _axis(frame, domain)
    layers = [*_bands(shown, domain, axis), *draw(counts, axis, colours)]
    return layered(layers, title=heading(title, subtitle), height=height)


def _binned(frame: pd.DataFrame) -> pd.DataFrame:
    """Return counts and shares with everything longer than the last bin put into it."""
    keys = ["run", "length"] if "run" in frame else ["length"]
    binned = frame.assign(length=frame["length"].clip(upper=LONGEST_BIN))
    counts = binned.groupby(keys, sort=True)["peptides"].sum().reset_index()
    if "run" in counts:
        total = counts.groupby("run")["peptides"].transform("sum")
        return counts.assign(share=counts["peptides"] / total)
    return counts.assign(share=counts["peptides"] / counts["peptides"].sum())


def _axis(frame: pd.DataFrame, domain: tuple[float, float]) -> dict[str, Any]:
    return {
        "title": "Peptide length (residues)",
        "scale": alt.Scale(domain=domain, nice=False, zero=False),
        "axis": alt.Axis(
            values=(ticks := _ticks(domain)),
            # Vega thins given values out to this number too.
            tickCount=len(ticks),
            labelOverlap=False,
            format="d",
            labelExpr=_last_bin_label(frame),
        ),
    }


def _ticks(domain: tuple[float, float]) -> list[int]:
    """Return every length, or where that is too many the odd ones: 9, 15 and the last are."""
    every = range(round(domain[0] + 0.7), round(domain[1] - 0.7) + 1)
    return [length for length in every if len(every) <= 20 or length % 2]


def _last_bin_label(frame: pd.DataFrame) -> str:
    if int(frame["length"].max()) <= LONGEST_BIN:
        return "datum.label"
    return f"datum.value == {LONGEST_BIN} ? '≥ {LONGEST_BIN}' : datum.label"


def _bands(
    ranges: Sequence[LengthRange], domain: tuple[float, float], axis: dict[str, Any]
) -> list[alt.Chart]:
    if not ranges:
        return []
    frame = pd.DataFrame(
        {
            "from": [max(r.shortest - 0.5, domain[0]) for r in ranges],
            "to": [min(r.longest + 0.5, domain[1]) for r in ranges],
            "label": [r.label for r in ranges],
        }
    )
    base = alt.Chart(frame).encode(x=alt.X("from:Q", **axis))
    band = base.mark_rect(style="band").encode(x2="to:Q")
    note = base.mark_text(style="note", align="left", baseline="top", dx=5, dy=4).encode(
        y=alt.value(0), text="label:N"
    )
    return [band, note]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("length:Q", title="Length (residues)"),
        alt.Tooltip("peptides:Q", title="Peptides", format=","),
        alt.Tooltip("share:Q", title="Share", format=".2p"),
    ]


def _headroom(largest: float) -> alt.Scale:
    # The labels of the shaded ranges stand above the highest bar.
    return alt.Scale(domain=(0, largest * 1.14), nice=False)


def _bars(
    counts: pd.DataFrame, axis: dict[str, Any], _colours: dict[str, str] | None
) -> list[alt.Chart]:
    edges = counts.assign(left=counts["length"] - 0.41, right=counts["length"] + 0.41, zero=0)
    y = alt.Y(
        "peptides:Q",
        title="Peptides",
        scale=_headroom(float(counts["peptides"].max())),
        axis=alt.Axis(format=",d"),
    )
    bars = alt.Chart(edges).mark_rect(color=OKABE_ITO[0], cornerRadius=1.5)
    return [
        bars.encode(x=alt.X("left:Q", **axis), x2="right:Q", y=y, y2="zero:Q", tooltip=_tooltip())
    ]


def _lines(
    counts: pd.DataFrame, axis: dict[str, Any], colours: dict[str, str] | None
) -> list[alt.Chart]:
    colours = colours or run_colours(counts["run"])
    names = list(colours)
    y = alt.Y(
        "share:Q",
        title="Share of the run's peptides",
        scale=_headroom(float(counts["share"].max())),
        axis=alt.Axis(format="%"),
    )
    base = alt.Chart(counts).encode(
        x=alt.X("length:Q", **axis),
        y=y,
        color=alt.Color(
            "run:N", title=None, scale=alt.Scale(domain=names, range=[*colours.values()])
        ),
        tooltip=[alt.Tooltip("run:N", title="Run"), *_tooltip()],
    )
    shape = alt.Shape("run:N", title=None, scale=alt.Scale(domain=names))
    return [
        base.mark_line(strokeWidth=2),
        base.mark_point(filled=True, size=42, opacity=1).encode(shape=shape),
    ]
