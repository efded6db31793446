"""What became of the rows of a file: used, merged, filtered, rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from omicstoken_kernel.charts.palette import UNASSIGNED
from omicstoken_kernel.charts.theme import heading, layered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FATES", "ledger_flow"]

#: One of the colours that :data:`~omicstoken_kernel.charts.theme.DARK_SWAPS` turns light.
INK_ON_GREY = "#20252E"

#: Where a row can go, in the order drawn, with its colour.
FATES: dict[str, str] = {
    "used": "#0072B2",
    "merged": "#56B4E9",
    "filtered": UNASSIGNED,
    "empty": UNASSIGNED,
    "rejected": "#D55E00",
}


def ledger_flow(frame: pd.DataFrame, *, title: str, subtitle: str = "") -> alt.LayerChart:
    """Return each account as one bar, from what came in to where it went.

    Parameters
    ----------
    frame
        One row per account and fate: ``account`` ("rows", "quantity cells"), ``fate`` (a key of
        :data:`FATES`), ``count``, ``what`` (the reason or what it means, for hover).
    """
    accounts = list(dict.fromkeys(frame["account"]))
    base = alt.Chart(_parts(frame)).encode(
        y=alt.Y(
            "account:N", title=None, sort=accounts, axis=alt.Axis(domain=False, labelLimit=200)
        ),
        x=alt.X("from:Q", title="Share of what came in", axis=alt.Axis(format="%", grid=True)),
    )
    bars = base.mark_bar(height=24, cornerRadius=2).encode(
        x2="to:Q",
        color=alt.Color(
            "fate:N",
            title=None,
            scale=alt.Scale(domain=list(FATES), range=list(FATES.values())),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("account:N", title="Account"),
            alt.Tooltip("fate:N", title="Fate"),
            alt.Tooltip("what:N", title="Why"),
            alt.Tooltip("count:Q", title="Count", format=","),
            alt.Tooltip("share:Q", title="Share", format=".2p"),
        ],
    )
    # A label only where it fits; the rest is in the caption and on hover.
    inside = (
        base.transform_filter("datum.share >= 0.14")
        .mark_text(align="left", dx=8, fontSize=12, fontWeight=600)
        .encode(
            text="label:N",
            color=alt.when("datum.fate == 'used' || datum.fate == 'rejected'")
            .then(alt.value("#FEFEFE"))
            .when("datum.fate == 'merged'")
            .then(alt.value("#15181E"))
            # Grey turns dark on a dark ground, and so must the ink on it turn light.
            .otherwise(alt.value(INK_ON_GREY)),
        )
    )
    return layered([bars, inside], title=heading(title, subtitle), height=38 * len(accounts))


def _parts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the fates that occur, each with where its part of the bar begins and ends."""
    shown = frame[frame["count"] > 0].copy()
    shown["order"] = shown["fate"].map({fate: i for i, fate in enumerate(FATES)})
    shown = shown.sort_values(["account", "order"], kind="stable")
    totals = shown.groupby("account")["count"].transform("sum")
    shown["share"] = shown["count"] / totals
    shown["to"] = shown.groupby("account")["share"].cumsum()
    shown["from"] = shown["to"] - shown["share"]
    shown["label"] = [
        f"{fate} {count:,}".replace(",", "\u202f")
        for fate, count in zip(shown["fate"], shown["count"], strict=True)
    ]
    return shown
