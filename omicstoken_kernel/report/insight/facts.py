"""Everything an insight report tells, gathered once; the sections only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.motif_hla import MotifHla
    from omicstoken_kernel.analysis.motifs import PositionWeights
    from omicstoken_kernel.analysis.quality import Quality
    from omicstoken_kernel.analysis.sample_quality import GroupQuality
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding import ModelCard
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["InsightFacts", "OtherRun", "gather", "peptide_frame"]

#: Columns of a run's features that the card of a peptide shows, where the file gives them.
_FEATURE_COLUMNS = (
    "proforma", "precursor_charge", "mz", "rt_s", "quantity", "q_value", "psm_count",
)  # fmt: skip


@dataclass(frozen=True)
class OtherRun:
    """Another run of the workspace beside this one: peptides it has, and how many are shared."""

    id: str
    name: str
    condition: str | None
    peptides: int
    shared: int
    share: float
    jaccard: float | None


@dataclass(frozen=True)
class InsightFacts:
    """What is known about one run.

    Parameters
    ----------
    groups
        The quality of the run's sample, if that has several runs, and of its condition, if that
        has several samples.
    peptides
        One row per distinct peptide, sorted by sequence: ``sequence``, ``length``, ``group`` (the
        cluster's number as text, or ``unassigned``), ``responsibility`` (0..1), ``x``, ``y``, the
        descriptors, ``quantity``, ``proteins``, ``contaminant``, ``matched`` where the file gives
        them, ``genes``, ``places`` and ``predicted`` where the run was mapped to a proteome or
        predictions were added, ``other_runs`` (in how many other runs of the workspace it occurs).
    features
        One row per feature with what the file gives, or None where that is only the sequence.
    occurrences
        One row per peptide and other run: ``sequence``, ``run``.
    weights
        The motif of each cluster by its number.
    hla
        The HLA molecules the motifs suggest, beside the sample's types.
    others
        The other runs, the one with the largest Jaccard index first.
    runs_in_file
        How many runs the file holds that this one came from.
    card
        What the model of map and clusters is for and not for; None where it is not known here.
    """

    run: Run
    upload: Upload
    quality: Quality
    groups: tuple[GroupQuality, ...]
    sentences: tuple[Sentence, ...]
    fingerprint: Fingerprint
    weights: dict[int, PositionWeights]
    hla: MotifHla
    peptides: pd.DataFrame
    features: pd.DataFrame | None
    occurrences: pd.DataFrame
    others: tuple[OtherRun, ...]
    runs_in_file: int
    card: ModelCard | None
    model: str
    seed: int


def gather(ctx: Context, run: str, *, model: str = "auto", seed: int = 0) -> InsightFacts:
    """Return the facts of a run, by its id or unambiguous name.

    Parameters
    ----------
    model
        Name of the embedder; ``auto`` takes what the settings choose.
    seed
        Of everything random.

    Raises
    ------
    NotFound
        If there is no such run.
    """
    from omicstoken_kernel.analysis.fingerprint import fingerprint
    from omicstoken_kernel.analysis.model_choice import card_of
    from omicstoken_kernel.analysis.motif_hla import motif_hla
    from omicstoken_kernel.analysis.motif_weights import cluster_weights
    from omicstoken_kernel.analysis.sample_quality import quality_of_runs
    from omicstoken_kernel.analysis.summarize import summarize
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.runs import Runs
    from omicstoken_kernel.store.uploads import Uploads

    found = Runs(ctx).find(run)
    chosen = None if model == "auto" else model
    made = fingerprint(ctx, [found.id], model=chosen, seed=seed)
    table = Features(ctx).of_run(found.id)
    features: pd.DataFrame = table.to_pandas()
    occurrences = _occurrences(ctx, found, features)
    peptides = _peptides(ctx, found, features, made, occurrences)
    judged = quality_of_runs(ctx, [found.id])
    return InsightFacts(
        run=found,
        upload=Uploads(ctx).get(found.upload_id),
        quality=judged.runs[0],
        groups=(*judged.samples, *judged.conditions),
        sentences=summarize(ctx, found.id, model=chosen, seed=seed).sentences,
        fingerprint=made,
        weights=cluster_weights(made),
        hla=motif_hla(ctx, made),
        peptides=peptides,
        features=_informative(features),
        occurrences=occurrences[["sequence", "run"]],
        others=_others(ctx, found, table),
        runs_in_file=sum(run.upload_id == found.upload_id for run in Runs(ctx).list()),
        card=card_of(ctx, made.model_key),
        model=model,
        seed=seed,
    )


def _occurrences(ctx: Context, run: Run, features: pd.DataFrame) -> pd.DataFrame:
    """Return where the run's peptides occur in other runs: ``sequence``, ``run``, ``run_id``."""
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    named = features.drop_duplicates("peptide_id").set_index("peptide_id")["sequence"]
    own = np.sort(named.index.to_numpy(np.int64))
    found = [pd.DataFrame({"sequence": [], "run": [], "run_id": []}, dtype=str)]
    for other in Runs(ctx).list():
        if other.id == run.id:
            continue
        theirs = Peptides(ctx).visible_ids(run_ids=[other.id])
        shared = named.loc[np.intersect1d(own, theirs, assume_unique=True)]
        found.append(
            pd.DataFrame({"sequence": shared.to_numpy(), "run": other.name, "run_id": other.id})
        )
    return pd.concat(found, ignore_index=True)


def _others(ctx: Context, run: Run, table: pa.Table) -> tuple[OtherRun, ...]:
    from omicstoken_kernel.analysis.standing import neighbouring_runs
    from omicstoken_kernel.store.runs import Runs

    conditions = {other.id: other.sample.condition for other in Runs(ctx).list()}
    return tuple(
        OtherRun(
            id=other.run_id,
            name=other.name,
            condition=conditions[other.run_id],
            peptides=other.peptides,
            shared=other.shared,
            share=other.shared / run.peptides if run.peptides else 0.0,
            jaccard=other.jaccard,
        )
        for other in neighbouring_runs(ctx, run.id, table)
    )


def _peptides(
    ctx: Context,
    run: Run,
    features: pd.DataFrame,
    fingerprint: Fingerprint,
    occurrences: pd.DataFrame,
) -> pd.DataFrame:
    from omicstoken_kernel.analysis.described import described_peptides
    from omicstoken_kernel.report.insight.sources import source_columns

    ids = features["peptide_id"].drop_duplicates().to_numpy(np.int64)
    known = described_peptides(ctx, ids).to_pandas().drop(columns="peptide_id")
    others = occurrences.groupby("sequence")["run_id"].nunique().rename("other_runs")
    told = known.merge(_told_by_the_file(run, features), on="sequence", how="left").merge(
        others, on="sequence", how="left"
    )
    told = told.merge(source_columns(ctx, run), on="sequence", how="left")
    counted = told.assign(other_runs=told["other_runs"].fillna(0).astype(int))
    return peptide_frame(counted, fingerprint)


def peptide_frame(described: pd.DataFrame, fingerprint: Fingerprint) -> pd.DataFrame:
    """Return peptides with their place and cluster, sorted by sequence.

    Without a vector a peptide has no place (``x`` and ``y`` are missing) and is unassigned.
    """
    points = fingerprint.points
    known = points["sequence"].combine_chunks()
    # A null place, of a peptide that is not on the map, gives nulls.
    place = pc.index_in(pa.array(described["sequence"], pa.string()), value_set=known)
    found = points.take(place)
    group = found["cluster"].cast(pa.string()).fill_null(UNASSIGNED_LABEL)
    placed = described.reset_index(drop=True).assign(
        **{name: found[name].to_numpy() for name in ("x", "y", "responsibility")},
        group=group.to_pandas(),
    )
    return placed.sort_values("sequence", ignore_index=True)


def _told_by_the_file(run: Run, features: pd.DataFrame) -> pd.DataFrame:
    """Return what the file says of each peptide over all its features, silent columns left out."""
    by_sequence = features.groupby("sequence", sort=False)
    told: dict[str, Any] = {}
    if features["quantity"].notna().any():
        told["quantity"] = _summed(run, features)
    if (features["proteins"] != "").any():
        told["proteins"] = by_sequence["proteins"].first()
    for flag in ("contaminant", "matched"):
        if features[flag].any():
            told[flag] = by_sequence[flag].all() if flag == "matched" else by_sequence[flag].any()
    if not told:
        return pd.DataFrame({"sequence": features["sequence"].unique()})
    return pd.DataFrame(told).rename_axis("sequence").reset_index()


def _summed(run: Run, features: pd.DataFrame) -> pd.Series[float]:
    """Return the sum of each peptide's quantities on the run's scale; null where all are."""
    linear = features["quantity"]
    if run.quantity_scale == "log2":
        linear = np.exp2(linear)
    total = linear.groupby(features["sequence"]).sum(min_count=1)
    return np.log2(total) if run.quantity_scale == "log2" else total


def _informative(features: pd.DataFrame) -> pd.DataFrame | None:
    """Return the columns of the features that say more than the sequence does, or None."""
    telling = [
        name
        for name in _FEATURE_COLUMNS
        if features[name].notna().any()
        and not (name == "proforma" and (features["proforma"] == features["sequence"]).all())
    ]
    if not telling:
        return None
    kept = features[["sequence", *telling]].sort_values("sequence", kind="stable")
    return kept.reset_index(drop=True)
