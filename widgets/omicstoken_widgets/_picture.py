"""What a fingerprint screen shows of some runs, gathered once: peptides, places, quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.report.insight.facts import peptide_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

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
    descriptors, and ``quantity`` where all runs have quantities of one kind and scale, with
    ``log10_quantity`` where that scale is linear.
    ``cards`` are the clusters', the largest first; ``hla`` is what their motifs suggest, in words.
    """

    runs: tuple[Run, ...]
    fingerprint: Fingerprint
    peptides: pd.DataFrame
    cards: tuple[MotifCard, ...]
    hla: tuple[str, ...]


def stored(
    ctx: Context, run_ids: Sequence[str], model: str | None, method: str | None = None
) -> Fingerprint | None:
    """Return the newest stored fingerprint of these runs that is true of them, or None."""
    from omicstoken_kernel.analysis.clusters import method_for
    from omicstoken_kernel.analysis.model_choice import model_for_maps
    from omicstoken_kernel.store.fingerprints import Fingerprints
    from omicstoken_kernel.store.ids import peptides_digest
    from omicstoken_kernel.store.peptides import Peptides

    sequences = Peptides(ctx).of_runs(run_ids)["sequence"]
    return Fingerprints(ctx).latest(
        run_ids,
        model_key=model_for_maps(ctx, run_ids, model),
        method=method or method_for(sequences),
        peptides_digest=peptides_digest(sequences),
    )


def gather(ctx: Context, run_ids: Sequence[str], fingerprint: Fingerprint) -> Picture:
    """Return everything about the peptides of some runs that their map can be coloured by."""
    from omicstoken_kernel.analysis.described import described_peptides
    from omicstoken_kernel.analysis.motif_hla import motif_hla
    from omicstoken_kernel.analysis.motif_weights import cluster_weights
    from omicstoken_kernel.report.holders import holders
    from omicstoken_kernel.report.motif_cards import motif_cards
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    runs = tuple(Runs(ctx).get(run_id) for run_id in run_ids)
    members = [Peptides(ctx).visible_ids(run_ids=[run.id]) for run in runs]
    ids = Peptides(ctx).visible_ids(run_ids=run_ids)
    known = described_peptides(ctx, ids).to_pandas().drop(columns="peptide_id")
    combinations, which = holders(ids, members)
    known["runs"] = _names(runs, combinations)[which]
    quantities = _quantities(ctx, runs, ids)
    if quantities is not None:
        known["quantity"] = quantities
        if runs[0].quantity_scale == "linear":
            known["log10_quantity"] = np.log10(np.where(quantities > 0, quantities, np.nan))
    peptides = peptide_frame(known, fingerprint)
    hla = motif_hla(ctx, fingerprint)
    cards = motif_cards(fingerprint.clusters, cluster_weights(fingerprint), hla)
    return Picture(runs, fingerprint, peptides, tuple(cards), hla.texts)


def _names(runs: tuple[Run, ...], combinations: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return the names of the runs in each combination, (k,); combinations is (k, runs) bool."""
    return np.array(
        [
            ", ".join(run.name for run, there in zip(runs, combination, strict=True) if there)
            for combination in combinations
        ],
        dtype=object,
    )


def _quantities(
    ctx: Context, runs: tuple[Run, ...], ids: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Return each peptide's quantity summed over features and runs; None where kinds differ.

    ``ids`` (n,) are the runs' peptides, ascending; (n,) float64, NaN where none was measured.
    """
    from omicstoken_kernel.store.quantities import quantities_of

    kinds = {(run.quantity_kind, run.quantity_scale) for run in runs}
    if len(kinds) != 1 or runs[0].quantity_kind == "none":
        return None
    found = [quantities_of(ctx, run.id) for run in runs]
    places = np.searchsorted(ids, np.concatenate([peptides for peptides, _ in found]))
    values = np.concatenate([quantities for _, quantities in found])
    log2 = runs[0].quantity_scale == "log2"
    linear = np.exp2(values) if log2 else values
    total = np.bincount(places, linear, minlength=len(ids)).astype(np.float64)
    total[np.bincount(places, minlength=len(ids)) == 0] = np.nan
    return np.log2(total) if log2 else total
