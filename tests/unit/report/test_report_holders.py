"""Peptides for a page: the descriptors that are stored, and the runs they are in."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.described import described_peptides
from omicstoken_kernel.report.holders import holders
from omicstoken_kernel.store.peptides import Peptides


def test_the_computed_descriptors_are_the_stored_ones(ctx, store_runs, make_sequences):
    store_runs(ctx, {"a": [*make_sequences(40), "AXA", "C", "AUBZ"]})
    ids = Peptides(ctx).visible_ids()
    assert described_peptides(ctx, ids).equals(Peptides(ctx).descriptors(ids))


@pytest.mark.parametrize("runs", [1, 2, 33, 70])
def test_each_peptide_is_told_exactly_the_runs_that_hold_it(runs):
    draw = np.random.default_rng(runs)
    ids = np.arange(0, 300, 3)
    there = draw.random((runs, len(ids))) < 0.3
    combinations, which = holders(ids, [ids[row] for row in there])
    assert (combinations[which] == there.T).all()
    assert len(np.unique(combinations, axis=0)) == len(combinations)


def test_without_peptides_there_are_no_combinations():
    combinations, which = holders(np.array([], dtype=np.int64), [np.array([], dtype=np.int64)])
    assert combinations.shape == (0, 1)
    assert len(which) == 0
