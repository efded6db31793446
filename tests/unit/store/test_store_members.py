"""Packed sets of peptides say the same as the features they are derived from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.store._members import common, flags, members_of, union
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.features import Features

id_sets = st.sets(st.integers(0, 60)).map(lambda ids: np.array(sorted(ids), dtype=np.int64))


@given(st.lists(id_sets, max_size=5))
def test_the_union_is_that_of_numpy(parts):
    expected = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))
    found = union(parts)
    assert found.dtype == np.int64
    assert found.tolist() == expected.tolist() == np.flatnonzero(flags(parts)).tolist()


@given(id_sets, id_sets)
def test_what_is_common_is_that_of_numpy(ids, wanted):
    assert common(ids, wanted).tolist() == np.intersect1d(ids, wanted).tolist()


@pytest.mark.parametrize("again", [False, True])
def test_packed_sets_are_those_of_the_features(any_ctx, store_runs, make_sequences, again):
    sequences = make_sequences(90, 3)
    if again:
        store_runs(any_ctx, {"a": sequences[::-2], "b": sequences[5:9]})
    runs = store_runs(any_ctx, {"a": [*sequences[:50], *sequences[:9]], "b": sequences[::-3]})
    with reading(any_ctx.engine) as connection:
        found = {item.run_id: item for item in members_of(connection, [run.id for run in runs])}
        for run in runs:
            packed = found[run.id]
            pairs = list(zip(packed.ids.tolist(), packed.lengths.tolist(), strict=True))
            features = Features(any_ctx).of_run(run.id).to_pylist()
            assert pairs == sorted({(row["peptide_id"], len(row["sequence"])) for row in features})
            assert len(pairs) == run.peptides
