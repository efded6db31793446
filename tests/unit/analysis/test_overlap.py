"""Overlap of runs, checked against plain sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.analysis.overlap import overlap_of

peptides = st.lists(st.text("AIL", min_size=1, max_size=4), unique=True, max_size=12)
several = st.lists(peptides, min_size=2, max_size=5).map(
    lambda found: {f"run_{number}": sequences for number, sequences in enumerate(found)}
)


@given(several)
def test_shared_and_unique_are_what_sets_say(runs):
    found = overlap_of(runs)
    sets = [set(sequences) for sequences in runs.values()]
    assert set(found.shared) == set.intersection(*sets)
    for run, own in zip(runs, sets, strict=True):
        others = set().union(*(set(s) for name, s in runs.items() if name != run))
        assert set(found.unique[run]) == own - others
    assert found.membership.num_rows == len(set.union(*sets))
    assert found.merged == 0


@given(several)
def test_indices_of_every_pair_are_what_sets_say(runs):
    found = overlap_of(runs)
    sets = [set(sequences) for sequences in runs.values()]
    for i, one in enumerate(sets):
        for j, other in enumerate(sets):
            both, smaller = len(one & other), min(len(one), len(other))
            assert found.intersections[i, j] == both
            for value, whole in (
                (found.jaccard[i, j], len(one | other)),
                (found.coefficient[i, j], smaller),
            ):
                assert np.isnan(value) if whole == 0 else value == both / whole


@given(several)
def test_with_i_and_l_as_one_a_peptide_counts_once_and_keeps_its_spellings(runs):
    found = overlap_of(runs, il_equivalent=True)
    keys = {name: {s.replace("I", "L") for s in sequences} for name, sequences in runs.items()}
    assert found.sizes == {name: len(own) for name, own in keys.items()}
    assert len(found.shared) == len(set.intersection(*keys.values()))
    written = [v for variants in found.membership["variants"].to_pylist() for v in variants]
    assert sorted(written) == sorted({s for sequences in runs.values() for s in sequences})
    assert found.merged == len(written) - found.membership.num_rows


@given(several)
def test_membership_has_one_sorted_row_per_peptide(runs):
    table = overlap_of(runs).membership
    assert table["sequence"].to_pylist() == sorted(table["sequence"].to_pylist())
    for run, sequences in runs.items():
        members = [
            sequence
            for sequence, there in zip(
                table["sequence"].to_pylist(), table[run].to_pylist(), strict=True
            )
            if there
        ]
        assert members == sorted(sequences)


def test_two_empty_runs_have_no_index():
    found = overlap_of({"a": [], "b": []})
    assert np.isnan(found.jaccard).all()
    assert found.shared == ()
