"""What a fingerprint screen shows of some runs, gathered once: peptides, places, quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from omicstoken_kernel.report.insight.facts import peptide_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.report.motif_cards import MotifCard
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run

__all__ = ["Picture", "gather", "stored"]


@dataclass(frozen=True)
class Picture:
    """Runs as one map.

    ``peptides`` has one row per distinct peptide: ``sequence``, ``x``, ``y``, ``group`` (the
    cluster's number as text, or ``unassigned``), ``responsibility`` (0..1), ``runs`` (names), the
    descriptors, and ``quantity`` where all runs have quantities of one kind and scale.
    ``cards`` are the clusters', the largest first; ``hla`` is what their motifs suggest, in words.
    """

    runs: tuple[Run, ...]
    fingerprint: Fingerprint
    peptides: pd.DataFrame
    cards: tuple[MotifCard, ...]
    hla: tuple[str, ...]


def stored(ctx: Context, run_ids: Sequence[str], model: str | None) -> Fingerprint | None:
    """Return the newest stored fingerprint of these runs that is true of them, or None."""
    from omicstoken_kernel.analysis.clusters import method_for
    from omicstoken_kernel.analysis.model_choice import model_for_maps
    from omicstoken_kernel.store.fingerprints import Fingerprints
    from omicstoken_kernel.store.ids import peptides_digest
    from omicstoken_kernel.store.peptides import Peptides

    sequences = Peptides(ctx).of_runs(run_ids)["sequence"].to_pylist()
    return Fingerprints(ctx).latest(
        run_ids,
        model_key=model_for_maps(ctx, run_ids, model),
        method=method_for(sequences),
        peptides_digest=peptides_digest(sequences),
    )


def gather(ctx: Context, run_ids: Sequence[str], fingerprint: Fingerprint) -> Picture:
    """Return everything about the peptides of some runs that their map can be coloured by."""
    from omicstoken_kernel.analysis.motif_hla import motif_hla
    from omicstoken_kernel.analysis.motif_weights import cluster_weights
    from omicstoken_kernel.report.motif_cards import motif_cards
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    runs = tuple(Runs(ctx).get(run_id) for run_id in run_ids)
    members = [Peptides(ctx).visible_ids(run_ids=[run.id]) for run in runs]
    ids = np.unique(np.concatenate(members))
    described = Peptides(ctx).descriptors(ids).to_pandas()
    held = np.array([np.isin(described["peptide_id"], one) for one in members])
    described["runs"] = _names(runs, held)
    quantities = _quantities(ctx, runs)
    if quantities is not None:
        described = described.merge(quantities, on="sequence", how="left")
    peptides = peptide_frame(described.drop(columns="peptide_id"), fingerprint)
    hla = motif_hla(ctx, fingerprint)
    cards = motif_cards(fingerprint.clusters, cluster_weights(fingerprint), hla)
    return Picture(runs, fingerprint, peptides, tuple(cards), hla.texts)


def _names(runs: tuple[Run, ...], held: np.ndarray[Any, Any]) -> list[str]:
    """Return for each peptide the names of the runs that hold it; held is (runs, peptides) bool."""
    patterns, which = np.unique(held.T, axis=0, return_inverse=True)
    named = [
        ", ".join(run.name for run, there in zip(runs, pattern, strict=True) if there)
        for pattern in patterns
    ]
    return [named[place] for place in which.ravel()]


def _quantities(ctx: Context, runs: tuple[Run, ...]) -> pd.DataFrame | None:
    """Return each peptide's quantity summed over features and runs; None where kinds differ."""
    from omicstoken_kernel.store.features import Features

    kinds = {(run.quantity_kind, run.quantity_scale) for run in runs}
    if len(kinds) != 1 or runs[0].quantity_kind == "none":
        return None
    parts = [
        Features(ctx).of_run(run.id).select(["sequence", "quantity"]).to_pandas() for run in runs
    ]
    frame = pd.concat(parts, ignore_index=True)
    log2 = runs[0].quantity_scale == "log2"
    linear = np.exp2(frame["quantity"]) if log2 else frame["quantity"]
    total = linear.groupby(frame["sequence"]).sum(min_count=1)
    summed: pd.Series[float] = np.log2(total) if log2 else total
    return summed.rename("quantity").rename_axis("sequence").reset_index()
