"""Cells turned into numbers and flags."""

import numpy as np
import pyarrow as pa
import pytest

from omicstoken_kernel.ingest._cells import MISSING, as_text, flags, is_missing, numbers

NAN = float("nan")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "2.5", "1e5", "-3", "+4", ".5", "7."], [1, 2.5, 1e5, -3, 4, 0.5, 7]),
        ([" 1 ", "\t2"], [1, 2]),
        (["1,5", "2,25"], [1.5, 2.25]),  # decimal commas
        (["1,234", "2,5"], [1.234, 2.5]),  # one value shows that commas are decimal
        (["1,234", "2"], [1234, 2]),  # none does
        (["1,234,567", "1,234.5"], [1234567, 1234.5]),
        (["1.234.567,8", "0,5"], [1234567.8, 0.5]),
        (["1 234,5", "1\u00a0234,5", "1'234.5"], [1234.5, 1234.5, 1234.5]),
        (["4.20293344E8", "1,5E3"], [420293344.0, 1500.0]),
    ],
)
def test_numbers_are_read_with_whatever_decimal_sign_the_column_has(cells, values):
    found = numbers(pa.array(cells))
    assert np.allclose(found.values, values)
    assert not found.bad.any()


def test_a_lone_comma_is_decimal_where_semicolons_delimit():
    assert numbers(pa.array(["1,234"]), delimiter=";").values.tolist() == [1.234]
    assert numbers(pa.array(["1,234"]), delimiter=",").values.tolist() == [1234]


@pytest.mark.parametrize("cell", [*MISSING, "NaN", " N/A ", "#N/A", "NULL"])
def test_missing_is_neither_a_number_nor_a_defect(cell):
    found = numbers(pa.array([cell, "1"]))
    assert np.isnan(found.values[0])
    assert found.values[1] == 1
    assert not found.bad.any()


@pytest.mark.parametrize(
    "cell", ["inf", "-Infinity", "x", "1.2.3", "12 units", "0x1F", "1_000", "٣", "1e"]
)
def test_what_is_no_finite_number_is_a_defect(cell):
    found = numbers(pa.array([cell, "1"]))
    assert found.bad.tolist() == [True, False]
    assert np.isnan(found.values[0])


def test_one_defect_does_not_spoil_its_column():
    found = numbers(pa.array(["1", "oops", "", "2"]))
    assert found.bad.tolist() == [False, True, False, False]
    assert found.given.tolist() == [True, False, False, True]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float32(), pa.float64()])
def test_typed_numbers_pass(kind):
    found = numbers(pa.array([1, None, 3], kind))
    assert found.values[0] == 1
    assert np.isnan(found.values[1])


def test_typed_infinity_is_a_defect():
    assert numbers(pa.array([1.0, float("inf")])).bad.tolist() == [False, True]


def test_flags_know_what_tools_write_for_yes():
    column = pa.array(["+", "", "True", "FALSE", "1", "0", "decoy", None, "yes", "-1"])
    assert flags(column).tolist() == [
        True, False, True, False, True, False, True, False, True, False,
    ]  # fmt: skip
    assert flags(pa.array([True, None, False])).tolist() == [True, False, False]


def test_nested_values_become_text():
    assert as_text(pa.array([["P1", "P2"], None, []])).to_pylist() == ["P1;P2", "", ""]
    proteins = pa.array([[{"accession": "P1", "start": 3}, {"accession": "P2", "start": 4}]])
    assert as_text(proteins).to_pylist() == ["P1;P2"]
    assert as_text(pa.array(["a ", "b"]).dictionary_encode()).to_pylist() == ["a", "b"]


def test_a_word_that_only_begins_like_missing_is_not():
    assert is_missing(pa.array(["nana", "none of it", "NA1", "na"])).tolist() == [
        False, False, False, True,
    ]  # fmt: skip
