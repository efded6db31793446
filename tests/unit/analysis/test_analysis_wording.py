"""Numbers in sentences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.analysis.wording import (
    MISSING,
    count,
    decimals,
    listing,
    p_value,
    share,
    statistic,
)


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_what_is_missing_is_a_dash(missing):
    assert {share(missing), statistic(missing), p_value(missing), decimals(missing, 2)} == {MISSING}
    assert count(None) == MISSING


@given(st.floats(0, 1))
def test_a_share_reads_0_or_100_percent_only_where_it_is_exactly_that(value):
    text = share(value)
    assert (text == "0\u202f%") == (value == 0)
    assert (text == "100\u202f%") == (value == 1)


@given(st.floats(1e-4, 0.994))
def test_a_share_is_told_to_two_significant_digits(value):
    percent = float(share(value).removesuffix("\u202f%"))
    assert percent == pytest.approx(value * 100, rel=0.051)


@given(st.floats(1e-3, 1e9) | st.floats(-1e9, -1e-3))
def test_a_statistic_is_told_to_three_significant_digits(value):
    told = float(statistic(value).replace("\u202f", "").replace("−", "-"))
    assert told == pytest.approx(value, rel=0.0051)


def test_rounding_up_to_the_next_power_of_ten_keeps_the_digits():
    assert share(0.0996) == "10\u202f%"
    assert statistic(9.996) == "10.0"


def test_long_lists_are_cut_with_the_number_left_out():
    assert listing([str(n) for n in range(8)], most=3) == "0, 1, 2 and 5 more"
    assert listing([]) == ""
