"""How much of some peptides each of the owner's runs holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from omicstoken_kernel.context import Context

__all__ = ["quantities_by_run"]


def quantities_by_run(
    ctx: Context, sequences: Sequence[str], *, run_ids: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return one row per peptide and run that holds it, by peptide, then by the run's name.

    Parameters
    ----------
    sequences
        The peptides; those of no run give no row.
    run_ids
        Only these runs; None means all the owner's.

    Returns
    -------
    DataFrame
        ``sequence``, ``run_id``, ``run``, ``features``, ``quantity`` (summed over features on the
        linear scale, NaN where the run has none for it), ``kind`` of the quantity, ``matched``
        (whether every feature was transferred from another run).

    Raises
    ------
    NotFound
        If any run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    ids = {Peptides(ctx).find(sequence): sequence for sequence in dict.fromkeys(sequences)}
    ids.pop(None, None)
    known = [peptide_id for peptide_id in ids if peptide_id is not None]
    frame = Features(ctx).occurrences(known, run_ids=run_ids).to_pandas()
    runs = {run.id: run for run in Runs(ctx).list()}
    log2 = frame["run_id"].map(lambda run_id: runs[run_id].quantity_scale == "log2").astype(bool)
    quantity = frame["quantity"].astype(float)
    frame["quantity"] = quantity.where(~log2, np.exp2(quantity.where(log2)))
    found = frame.groupby(["peptide_id", "run_id"], as_index=False).agg(
        run=("run_name", "first"),
        features=("feature_id", "size"),
        quantity=("quantity", lambda values: values.sum(min_count=1)),
        matched=("matched", "all"),
    )
    found["sequence"] = found["peptide_id"].map(ids)
    found["kind"] = [
        str(runs[run_id].quantity_kind).replace("_", " ") for run_id in found["run_id"]
    ]
    columns = ["sequence", "run_id", "run", "features", "quantity", "kind", "matched"]
    ordered: pd.DataFrame = found[columns].sort_values(["sequence", "run"], ignore_index=True)
    return ordered
