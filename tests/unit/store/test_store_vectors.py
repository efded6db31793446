"""Vectors: checked, stored once, read back bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import sqlalchemy as sa

from omicstoken_kernel.errors import InputError, NotFound, StoreError
from omicstoken_kernel.store import vectors as module
from omicstoken_kernel.store.engine import writing
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

DIM = 5


@pytest.fixture
def runs(any_ctx, store_runs, make_sequences):
    sequences = make_sequences(60)
    return store_runs(any_ctx, {"a": sequences[:40], "b": sequences[30:]})


def made_up(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)


def add(ctx, ids, vectors, model_key="m", dim=DIM):
    return Vectors(ctx).add(
        model_key=model_key, name="made up", dim=dim, peptide_ids=ids, vectors=vectors
    )


def test_vectors_come_back_bit_for_bit_by_peptide(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()
    matrix = made_up(len(ids))
    shuffled = np.random.default_rng(1).permutation(len(ids))
    assert add(any_ctx, ids[shuffled], matrix[shuffled]) == 60
    found_ids, found = Vectors(any_ctx).of_peptides("m", ids[::-2])
    assert (found_ids.dtype, found.dtype) == (np.int64, np.float32)
    assert found_ids.tolist() == sorted(ids[::-2].tolist())
    assert found.tobytes() == matrix[np.isin(ids, ids[::-2])].tobytes()


@pytest.mark.parametrize("batch", [1, 7, 60, 1000])
def test_a_stream_is_all_vectors_in_order(any_ctx, runs, batch):
    ids = Peptides(any_ctx).visible_ids()
    matrix = made_up(len(ids))
    add(any_ctx, ids, matrix)
    pieces = list(Vectors(any_ctx).stream("m", batch))
    assert all(len(piece) == len(vectors) <= batch for piece, vectors in pieces)
    assert np.concatenate([piece for piece, _ in pieces]).tolist() == ids.tolist()
    assert np.concatenate([vectors for _, vectors in pieces]).tobytes() == matrix.tobytes()


def test_a_stream_left_half_way_lets_others_write(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()
    add(any_ctx, ids[:30], made_up(30))
    stream = Vectors(any_ctx).stream("m", 10)
    next(stream)
    add(any_ctx, ids[30:], made_up(30))
    assert sum(len(piece) for piece, _ in stream) == 20  # the state when it began


def test_nothing_is_known_of_a_model_without_vectors(any_ctx, runs):
    assert Vectors(any_ctx).model("m") is None
    assert Vectors(any_ctx).models() == ()
    assert Vectors(any_ctx).count("m") == 0
    assert list(Vectors(any_ctx).stream("m", 10)) == []
    with pytest.raises(NotFound, match="'m'"):
        Vectors(any_ctx).of_peptides("m", [1])


def test_the_generation_grows_exactly_when_vectors_are_added(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()
    generations = []
    for part in (ids[:10], ids[:10], ids[5:20], ids[:0]):
        add(any_ctx, part, made_up(len(part)))
        generations.append(Vectors(any_ctx).model("m").generation)
    assert generations == [1, 1, 2, 2]


def test_a_vector_that_exists_stays(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()[:3]
    first = made_up(3, seed=1)
    assert add(any_ctx, ids, first) == 3
    assert add(any_ctx, ids, made_up(3, seed=2)) == 0
    assert Vectors(any_ctx).of_peptides("m", ids)[1].tobytes() == first.tobytes()


def test_models_lie_side_by_side(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()
    add(any_ctx, ids[:20], made_up(20), model_key="b")
    add(any_ctx, ids[:5], made_up(5), model_key="a")
    assert [model.model_key for model in Vectors(any_ctx).models()] == ["a", "b"]
    assert [Vectors(any_ctx).count(key) for key in "ab"] == [5, 20]
    model = Vectors(any_ctx).model("a")
    assert (model.name, model.dim, model.generation) == ("made up", DIM, 1)


def test_missing_are_the_owners_peptides_without_a_vector(any_ctx, runs, store_runs, other):
    store_runs(other(any_ctx), {"theirs": ["PEPTIDEK"]})
    visible = Peptides(any_ctx).visible()
    assert Vectors(any_ctx).missing("m", None) == visible
    add(any_ctx, visible["peptide_id"].to_numpy()[:25], made_up(25))
    assert Vectors(any_ctx).missing("m", None) == visible.slice(25)
    of_b = Peptides(any_ctx).of_runs([runs[1].id])
    expected = set(of_b["sequence"].to_pylist()) & set(visible["sequence"].to_pylist()[25:])
    assert Vectors(any_ctx).missing("m", [runs[1].id])["sequence"].to_pylist() == sorted(expected)


def test_lacking_are_those_of_some_peptides_without_a_vector(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()
    np.testing.assert_array_equal(Vectors(any_ctx).lacking("m", ids), ids)
    add(any_ctx, ids[5:15], made_up(10))
    np.testing.assert_array_equal(Vectors(any_ctx).lacking("m", ids[3:8]), ids[3:5])
    assert len(Vectors(any_ctx).lacking("m", ids[5:15])) == 0


@pytest.mark.parametrize("few", [0, 1000])
def test_counts_by_run_count_distinct_peptides(any_ctx, runs, store_runs, other, few, monkeypatch):
    monkeypatch.setattr(module, "_FEW", few)
    store_runs(other(any_ctx), {"theirs": ["PEPTIDEK"]})
    (empty,) = store_runs(any_ctx, {"empty": []}, file="empty")
    first = Peptides(any_ctx).visible_ids(run_ids=[runs[0].id])
    add(any_ctx, first[:33], made_up(33))
    second = set(Peptides(any_ctx).visible_ids(run_ids=[runs[1].id]).tolist())
    shared = len(second & set(first[:33].tolist()))
    expected = {runs[0].id: {"m": 33}, runs[1].id: {"m": shared} if shared else {}, empty.id: {}}
    assert Vectors(any_ctx).counts_by_run() == expected
    assert Vectors(any_ctx).counts_by_run([empty.id]) == {empty.id: {}}
    assert Vectors(any_ctx).count("m", [runs[1].id]) == shared
    assert Vectors(any_ctx).count("m", []) == 0
    assert Vectors(any_ctx).count("none", [runs[1].id]) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_is_refused_with_its_peptide(any_ctx, runs, bad):
    ids = Peptides(any_ctx).visible_ids()[:3]
    matrix = made_up(3)
    matrix[1, 2] = bad
    with pytest.raises(InputError, match=f"peptide {ids[1]} is"):
        add(any_ctx, ids, matrix)
    assert Vectors(any_ctx).models() == ()


def test_a_vector_of_zeros_is_refused(any_ctx, runs):
    with pytest.raises(InputError, match="all zeros"):
        add(any_ctx, Peptides(any_ctx).visible_ids()[:1], np.zeros((1, DIM), dtype=np.float32))


@pytest.mark.parametrize("shape", [(2, DIM), (3, DIM + 1), (3,), (3, DIM, 1)])
def test_vectors_of_another_shape_are_refused(any_ctx, runs, shape):
    with pytest.raises(InputError, match="shape"):
        add(any_ctx, Peptides(any_ctx).visible_ids()[:3], np.ones(shape, dtype=np.float32))


def test_a_model_does_not_change_its_dimension(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()[:3]
    add(any_ctx, ids, made_up(3))
    with pytest.raises(StoreError, match="5 dimensions"):
        add(any_ctx, ids, np.ones((3, 7), dtype=np.float32), dim=7)


def test_a_vector_needs_its_peptide_and_one_stranger_undoes_all(any_ctx, runs):
    ids = [*Peptides(any_ctx).visible_ids()[:3].tolist(), 10**9]
    with pytest.raises(StoreError):
        add(any_ctx, ids, made_up(4))
    assert Vectors(any_ctx).models() == ()


def test_a_vector_that_was_cut_in_the_database_is_noticed(any_ctx, runs):
    ids = Peptides(any_ctx).visible_ids()[:3]
    add(any_ctx, ids, made_up(3))
    with writing(any_ctx.engine) as connection:
        connection.execute(
            sa.text("UPDATE embedding SET vector = :cut WHERE peptide_id = :key"),
            {"cut": b"\x00" * 8, "key": int(ids[1])},
        )
    with pytest.raises(StoreError, match="of 5 dimensions"):
        Vectors(any_ctx).of_peptides("m", ids)


def test_thousands_of_peptides_go_through_copy_and_long_lists(any_ctx, store_runs, make_sequences):
    (run,) = store_runs(any_ctx, {"a": make_sequences(3000)})
    ids = Peptides(any_ctx).visible_ids()
    matrix = made_up(3000)
    add(any_ctx, ids[:1500], matrix[:1500])
    assert add(any_ctx, ids, matrix) == 1500
    assert Vectors(any_ctx).of_peptides("m", ids)[1].tobytes() == matrix.tobytes()
    assert Vectors(any_ctx).counts_by_run() == {run.id: {"m": 3000}}
