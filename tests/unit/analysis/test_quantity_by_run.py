"""Quantities of peptides run by run: summed, on one scale, missing where there is none."""

from __future__ import annotations

import pytest

from omicstoken_kernel.analysis.quantity_by_run import quantities_by_run
from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.features import Features


def test_quantities_are_the_sums_of_each_runs_features(ctx, store_runs, make_sequences):
    peptides = make_sequences(12)
    runs = store_runs(ctx, {"a": [*peptides, peptides[0]], "b": peptides[:3]})
    found = quantities_by_run(ctx, [peptides[0], peptides[5], "WWWWWWWW"])
    assert set(found["sequence"]) == {peptides[0], peptides[5]}
    assert found[found["sequence"] == peptides[0]]["run"].tolist() == ["a", "b"]
    for run in runs:
        table = Features(ctx).of_run(run.id).to_pandas()
        for row in found[found["run_id"] == run.id].itertuples():
            own = table[table["sequence"] == row.sequence]
            assert row.features == len(own)
            assert row.quantity == pytest.approx(own["quantity"].sum(min_count=1), nan_ok=True)
            assert row.matched == own["matched"].all()


def test_no_peptide_gives_no_row(ctx, store_runs, make_sequences):
    store_runs(ctx, {"a": make_sequences(3)})
    assert quantities_by_run(ctx, []).empty
    assert quantities_by_run(ctx, ["WWWWWWWW"]).empty


def test_a_foreign_run_is_as_one_that_is_not_there(ctx, store_runs, make_sequences, other):
    (run,) = store_runs(ctx, {"a": make_sequences(3)})
    with pytest.raises(NotFound):
        quantities_by_run(other(ctx), ["SIINFEKL"], run_ids=[run.id])
