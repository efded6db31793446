"""Search beside a plain sort of all cosines, on every path."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.index import exact
from omicstoken_kernel.index._file import new_index
from omicstoken_kernel.index.exact import FlatIndex
from omicstoken_kernel.index.manifest import IndexManifest


def make_index(vectors, ids):
    """Return a FlatIndex of some vectors, made unit."""
    dim = vectors.shape[1]
    index = new_index(dim)
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    index.add_with_ids(unit, np.asarray(ids, dtype=np.int64))
    manifest = IndexManifest("made-up:1:test", dim, len(vectors), 1, "x", "y", 1, "faiss", "now")
    return FlatIndex(manifest, index)


def by_hand(vectors, ids, query, k, allowed=None):
    """The k best by cosine in float64, rounded, ties by id: the definition."""
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    target = query.astype(np.float64) / np.linalg.norm(query.astype(np.float64))
    cosines = np.clip(unit.astype(np.float64) @ target.astype(np.float32), -1, 1)
    rows = np.arange(len(ids)) if allowed is None else np.flatnonzero(np.isin(ids, allowed))
    order = rows[np.lexsort((ids[rows], -np.round(cosines[rows], 6)))][:k]
    return cosines[order], ids[order]


@pytest.fixture(scope="module")
def table():
    """3000 vectors of 24 numbers, ids with gaps."""
    draw = np.random.default_rng(5)
    ids = np.sort(draw.choice(20_000, size=3000, replace=False)).astype(np.int64)
    return draw.standard_normal((3000, 24)).astype(np.float32), ids


@pytest.mark.parametrize("queries", [1, 3, 16, 70])
@pytest.mark.parametrize("share", [None, 0.0, 0.001, 0.01, 0.2, 0.6, 0.999, 1.0])
@pytest.mark.parametrize("k", [1, 10, 200])
def test_the_answer_is_that_of_a_full_sort(table, queries, share, k):
    vectors, ids = table
    index = make_index(vectors, ids)
    draw = np.random.default_rng(9)
    asked = draw.standard_normal((queries, 24)).astype(np.float32)
    allowed = None if share is None else draw.choice(ids, int(share * len(ids)), replace=False)
    similarities, found = index.search(asked, k, allowed=allowed)
    expected = len(ids) if allowed is None else len(allowed)
    assert similarities.shape == found.shape == (queries, min(k, expected))
    assert similarities.dtype == np.float32
    assert found.dtype == np.int64
    for place, query in enumerate(asked):
        best, best_ids = by_hand(vectors, ids, query, k, allowed)
        np.testing.assert_allclose(similarities[place], best, atol=1e-6)
        # Two cosines that differ in the seventh digit may stand either way in by_hand's rounding.
        assert set(found[place]) == set(best_ids)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 30))
def test_every_path_gives_the_same_answer_to_the_last_digit(seed, k, groups):
    draw = np.random.default_rng(seed)
    # Many rows are exactly alike, so the k-th place is tied nearly always.
    vectors = draw.standard_normal((groups, 16)).astype(np.float32)[draw.integers(0, groups, 400)]
    ids = np.sort(draw.choice(10_000, 400, replace=False)).astype(np.int64)
    index = make_index(vectors, ids)
    query = draw.standard_normal((1, 16)).astype(np.float32)
    allowed = np.sort(draw.choice(ids, 300, replace=False))
    answers = []
    with pytest.MonkeyPatch.context() as patch:
        for gather_below in (0.0, 1.1):
            patch.setattr(exact, "GATHER_BELOW", gather_below)
            patch.setattr(exact, "_GATHER_AT_MOST", gather_below)
            answers.append(index.search(query, k, allowed=allowed))
    np.testing.assert_array_equal(answers[0][0], answers[1][0])
    np.testing.assert_array_equal(answers[0][1], answers[1][1])
    # Equal similarities stand in the order of ids.
    similarities, found = answers[0][0][0], answers[0][1][0]
    for place in np.flatnonzero(np.diff(similarities) == 0):
        assert found[place] < found[place + 1]
    full = index.search(query, len(ids))
    kept = np.isin(full[1][0], allowed)
    np.testing.assert_array_equal(full[1][0][kept][:k], found)


def test_ten_thousand_equal_rows_are_answered_by_the_lowest_ids():
    vectors = np.ones((10_000, 8), dtype=np.float32)
    index = make_index(vectors, np.arange(10_000))
    similarities, found = index.search(np.ones((1, 8), dtype=np.float32), 5)
    assert found.tolist() == [[0, 1, 2, 3, 4]]
    np.testing.assert_allclose(similarities, 1, atol=1e-6)


def test_an_answer_never_leaves_what_is_allowed(table):
    vectors, ids = table
    index = make_index(vectors, ids)
    for size in (1, 30, 2000):
        allowed = ids[:size]
        _, found = index.search(vectors[-5:], 50, allowed=allowed)
        assert np.isin(found, allowed).all()


def test_allowed_ids_without_a_vector_or_twice_or_in_disorder_do_no_harm(table):
    vectors, ids = table
    index = make_index(vectors, ids)
    strange = np.array([ids[7], 10**12, -4, ids[3], ids[7], 19_999_999], dtype=np.int64)
    _, found = index.search(vectors[:1], 10, allowed=strange)
    assert sorted(found[0]) == sorted(ids[[3, 7]])


@pytest.mark.parametrize("step", [1, 10**9])
def test_ids_may_lie_close_together_or_far_apart(table, step):
    vectors, _ = table
    ids = np.arange(1, len(vectors) + 1, dtype=np.int64) * step
    index = make_index(vectors, ids)
    _, found = index.search(vectors[40:41], 2, allowed=ids[[40, 41]])
    assert found[0].tolist() == [ids[40], ids[41]]
    assert index.rows_of(np.array([ids[5], ids[-1] + 1, 0])).tolist() == [5]


def test_a_vector_of_the_index_finds_itself_with_similarity_one(table):
    vectors, ids = table
    similarities, found = make_index(vectors, ids).search(vectors[:20] * 37.5, 1)
    assert found[:, 0].tolist() == ids[:20].tolist()
    np.testing.assert_allclose(similarities, 1, atol=1e-6)
    assert (similarities <= 1).all()


@pytest.mark.parametrize("k", [0, -3])
def test_a_search_for_nothing_is_refused(table, k):
    with pytest.raises(InputError, match="at least one"):
        make_index(*table).search(np.ones((1, 24), np.float32), k)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (np.zeros((1, 24)), "points nowhere"),
        (np.full((1, 24), np.nan), "points nowhere"),
        (np.ones((1, 320)), r"Expected queries of shape \(q, 24\)"),
        (np.ones(24), r"Expected queries of shape \(q, 24\)"),
    ],
)
def test_a_query_that_is_no_vector_of_the_model_is_refused(table, query, reason):
    with pytest.raises(InputError, match=reason):
        make_index(*table).search(query.astype(np.float32), 1)


def test_an_index_survives_the_names_it_was_made_from(table):
    import gc

    vectors, ids = table
    index = make_index(vectors, ids).as_stale("old")
    gc.collect()
    _, found = index.search(vectors[:1], 1, allowed=ids[:10])
    assert found[0, 0] == ids[0]
    assert index.stale == "old"
