"""Values reach both databases whole, however many and however strange."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store import _values
from omicstoken_kernel.store.engine import reading

STRANGE = ["", "'", '"', "\\", "%s", "{}", "a,b", "ä\u2009µ", "\U0001f9ec", "a\nb", "null"]


def test_a_list_of_strings_arrives_in_one_parameter(any_ctx):
    texts = [*STRANGE, *(f"PEPTIDE{number}" for number in range(100_000))]
    with reading(any_ctx.engine) as connection:
        listed = _values.strings(connection, texts)
        found = connection.scalars(sa.select(listed.c.value)).all()
    assert sorted(found) == sorted(texts)


def test_a_list_of_integers_arrives_in_one_parameter(any_ctx):
    numbers = np.array([0, -1, 2**62, *range(100_000)], dtype=np.int64)
    with reading(any_ctx.engine) as connection:
        for given in (numbers, iter(numbers.tolist())):
            listed = _values.integers(connection, given)
            assert sorted(connection.scalars(sa.select(listed.c.value))) == sorted(numbers)


def test_pairs_stay_together(any_ctx):
    texts = [*STRANGE, *("run" for _ in range(50_000))]
    numbers = list(range(len(texts)))
    with reading(any_ctx.engine) as connection:
        listed = _values.pairs(connection, texts, numbers)
        found = connection.execute(sa.select(listed.c.text, listed.c.number)).all()
    assert sorted(map(tuple, found)) == sorted(zip(texts, numbers, strict=True))


@pytest.mark.parametrize("make", ["strings", "integers"])
def test_an_empty_list_is_an_empty_table(any_ctx, make):
    with reading(any_ctx.engine) as connection:
        listed = getattr(_values, make)(connection, [])
        assert connection.scalars(sa.select(listed.c.value)).all() == []
        assert connection.execute(sa.select(_values.pairs(connection, [], []))).all() == []


def test_equal_values_give_equal_json():
    assert _values.dumps({"b": 1, "a": (1, 2)}) == _values.dumps({"a": [1, 2], "b": 1})


def test_numbers_of_numpy_are_numbers_and_what_json_lacks_is_null():
    value = {"n": np.int64(3), "x": np.float32(0.5), "bad": [np.nan, (np.inf, float("nan"))]}
    expected = {"n": 3, "x": 0.5, "bad": [None, [None, None]]}
    assert json.loads(_values.dumps(value)) == expected


def test_what_is_no_json_value_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="set is not a JSON value"):
        _values.dumps({"a": {1}})


def test_missing_nan_and_infinity_are_none():
    floats = pa.chunked_array([[1.5, None], [float("nan"), float("inf"), -0.0]])
    assert _values.python_values(floats) == [1.5, None, None, None, -0.0]
    assert _values.python_values(pa.array([1, None], pa.int16())) == [1, None]
    assert _values.python_values(pa.array([True, None])) == [True, None]
    assert _values.python_values(pa.array(["a", None])) == ["a", None]


def test_moments_come_back_in_utc():
    plain = datetime(2026, 11, 22, 14, 5)  # as SQLite returns them
    aware = datetime(2026, 11, 22, 15, 5, tzinfo=timezone(timedelta(hours=1)))
    for moment in (plain, aware):
        assert _values.as_utc(moment).isoformat() == "2026-11-22T14:05:00+00:00"
    assert _values.now().tzinfo is UTC


def test_a_name_is_storable_or_refused():
    assert _values.storable("Prüfung \U0001f9ec", "name") == "Prüfung \U0001f9ec"
    assert _values.storable("a\udcfcb", "name") == "a?b"
    with pytest.raises(InputError, match="The name 'a\\\\x00b' holds a NUL"):
        _values.storable("a\0b", "name")
