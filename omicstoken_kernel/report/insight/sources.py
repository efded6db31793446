"""What the card of a peptide says of its proteins and of other programs' predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.allele_match import Typing
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.predictions import PredictionSet
    from omicstoken_kernel.store.runs import Run

__all__ = ["source_columns"]

_MOST_LISTED = 5


def source_columns(ctx: Context, run: Run) -> pd.DataFrame:
    """Return ``sequence`` and, where there are any, ``genes``, ``places`` and ``predicted``.

    Places are those of the newest mapping of the run's present peptides. Of each file of
    predictions the least rank among the sample's alleles is told.
    """
    from omicstoken_kernel.analysis.allele_match import Typing
    from omicstoken_kernel.store.mappings import Mappings
    from omicstoken_kernel.store.predictions import Predictions

    found = pd.DataFrame({"sequence": pd.Series(dtype=str)})
    for mapping in Mappings(ctx).of_run(run.id):
        if mapping.peptides_digest == run.peptides_digest:
            found = _places(mapping.places.to_pandas())
            break
    typing = Typing.of(run.sample.hla)
    told = [_predicted(each, typing) for each in Predictions(ctx).of_run(run.id)]
    if told:
        joined = pd.concat(told).groupby(level=0, sort=False).agg("; ".join).rename("predicted")
        found = found.merge(joined.reset_index(), on="sequence", how="outer")
    return found.fillna("")


def _places(places: pd.DataFrame) -> pd.DataFrame:
    end = places["start"] + places["sequence"].str.len() - 1
    texts = [
        f"{accession} {start}–{stop} {before or '-'}.{spelt}.{after or '-'}"
        for accession, start, stop, before, spelt, after in zip(
            places["accession"], places["start"], end, places["before"], places["found_as"],
            places["after"], strict=True,
        )
    ]  # fmt: skip
    grouped = places.assign(text=texts).groupby("sequence", sort=False)
    columns = {"places": grouped["text"].agg(_listed), "genes": grouped["gene"].agg(_listed)}
    return pd.DataFrame(columns).reset_index()


def _listed(values: pd.Series[str]) -> str:
    distinct = [value for value in dict.fromkeys(values) if value]
    more = f"; {len(distinct) - _MOST_LISTED:,} more" if len(distinct) > _MOST_LISTED else ""
    return "; ".join(distinct[:_MOST_LISTED]) + more


def _predicted(found: PredictionSet, typing: Typing) -> pd.Series[str]:
    """Return for each peptide the best value of one file: by rank, of typed alleles if there are.

    The kind is the one with ranks that stands first in the file: eluted ligands, presentation.
    """
    rows = found.rows.to_pandas().dropna(subset="rank")
    if typing:
        typed = rows["allele"].map({each: typing.has(each) for each in rows["allele"].unique()})
        rows = rows[typed.astype(bool)]
    rows = rows[rows["kind"] == rows["kind"].iloc[0]] if len(rows) else rows
    best = rows.sort_values("rank", kind="stable").drop_duplicates("sequence")
    tool = f"{found.tool} {found.tool_version}".strip()
    texts = [
        f"{tool}: {allele} {name} {rank:g}{f' {label}' if label else ''}"
        for allele, name, rank, label in zip(
            best["allele"], best["rank_name"], best["rank"], best["label"], strict=True
        )
    ]
    return pd.Series(texts, index=pd.Index(best["sequence"], name="sequence"), dtype=str)
