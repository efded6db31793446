"""Peptides: those of the owner's runs, whichever way they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.store import _sequences, peptides
from omicstoken_kernel.store.peptides import DESCRIBED, PEPTIDES, Peptides
from omicstoken_kernel.store.runs import Runs


@pytest.fixture
def runs(any_ctx, store_runs, make_sequences, other):
    """Two runs of the owner that share peptides, beside a stranger's."""
    store_runs(other(any_ctx), {"theirs": make_sequences(50, 9)})
    sequences = make_sequences(60, 1)
    return store_runs(any_ctx, {"a": sequences[:40], "b": [*sequences[20:], *sequences[20:]]})


def test_the_peptides_of_runs_are_distinct_and_sorted(any_ctx, runs, make_sequences):
    sequences = make_sequences(60, 1)
    found = Peptides(any_ctx).of_runs([runs[1].id])
    assert found.schema == PEPTIDES
    assert found["sequence"].to_pylist() == sorted(sequences[20:])
    both = Peptides(any_ctx).of_runs([run.id for run in runs])
    assert both["sequence"].to_pylist() == sorted(sequences)
    assert Peptides(any_ctx).of_runs([]) == PEPTIDES.empty_table()


def test_visible_are_all_and_only_the_owners(any_ctx, runs, make_sequences):
    found = Peptides(any_ctx).visible()
    assert found["sequence"].to_pylist() == sorted(make_sequences(60, 1))
    ids = Peptides(any_ctx).visible_ids()
    assert ids.dtype == np.int64
    assert ids.tolist() == sorted(found["peptide_id"].to_pylist())


def test_lengths_include_both_ends(any_ctx, runs):
    everything = Peptides(any_ctx).visible()["sequence"].to_pylist()
    for least, most in ((9, 9), (8, 10), (12, 20)):
        expected = [sequence for sequence in everything if least <= len(sequence) <= most]
        table = Peptides(any_ctx).visible(lengths=(least, most))
        assert table["sequence"].to_pylist() == expected
        ids = Peptides(any_ctx).visible_ids(lengths=(least, most))
        assert ids.tolist() == sorted(table["peptide_id"].to_pylist())


def test_runs_and_lengths_combine(any_ctx, runs):
    expected = [s for s in Peptides(any_ctx).of_runs([runs[0].id])["sequence"].to_pylist()]
    found = Peptides(any_ctx).visible(run_ids=[runs[0].id], lengths=(9, 9))
    assert found["sequence"].to_pylist() == [s for s in expected if len(s) == 9]


def test_ids_lead_back_to_sequences(any_ctx, runs):
    visible = Peptides(any_ctx).visible()
    some = visible["peptide_id"].to_numpy()[[7, 3, 3, 11]]
    found = Peptides(any_ctx).by_ids([*some.tolist(), 10**12])
    by_id = dict(zip(*visible.to_pydict().values(), strict=True))
    assert found["peptide_id"].to_pylist() == sorted(set(some.tolist()))
    assert found["sequence"].to_pylist() == [by_id[key] for key in sorted(set(some.tolist()))]
    assert Peptides(any_ctx).descriptors(some).schema == DESCRIBED


def test_a_sequence_is_found_only_where_the_owner_has_it(any_ctx, runs, make_sequences):
    mine, theirs = make_sequences(60, 1)[0], make_sequences(50, 9)[0]
    key = Peptides(any_ctx).find(mine)
    assert Peptides(any_ctx).by_ids([key])["sequence"].to_pylist() == [mine]
    assert Peptides(any_ctx).find(theirs) is None
    assert Peptides(any_ctx).find("WWWWWWWWW") is None


def test_a_peptide_is_no_longer_visible_when_its_last_run_is_gone(any_ctx, runs, make_sequences):
    shared, only_a = make_sequences(60, 1)[20], make_sequences(60, 1)[0]
    Runs(any_ctx).delete(runs[0].id)
    assert Peptides(any_ctx).find(only_a) is None
    assert Peptides(any_ctx).find(shared) is not None
    assert len(Peptides(any_ctx).visible_ids()) == 40


def test_sequences_sort_by_their_letters_on_every_database(any_ctx, store_runs):
    sequences = ["AU", "AAX", "AB", "A", "ZA", "AAB"]
    store_runs(any_ctx, {"a": sequences})
    assert Peptides(any_ctx).visible()["sequence"].to_pylist() == sorted(sequences)


@pytest.mark.parametrize("wanted", [slice(None), slice(0, 0), slice(3, 50, 7), slice(59, 60)])
def test_many_are_read_as_texts_and_come_out_the_same(any_ctx, runs, monkeypatch, wanted):
    ids = Peptides(any_ctx).visible_ids()[wanted]
    one_by_one = Peptides(any_ctx).by_ids([*ids, 10**12])
    monkeypatch.setattr(peptides, "_FEW", -1)
    monkeypatch.setattr(_sequences, "_RANGE", 8)
    assert Peptides(any_ctx).by_ids([*ids, 10**12]).equals(one_by_one)


def test_many_peptides_of_runs_are_sorted_whatever_their_ids(any_ctx, runs, monkeypatch):
    few = Peptides(any_ctx).visible()
    monkeypatch.setattr(peptides, "_FEW", -1)
    monkeypatch.setattr(_sequences, "_RANGE", 8)
    assert Peptides(any_ctx).visible().equals(few)
