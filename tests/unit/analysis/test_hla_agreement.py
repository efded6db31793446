"""HLA types side by side: written otherwise is not different, and given in part is not either."""

from __future__ import annotations

import pytest

from omicstoken_kernel.analysis.hla_agreement import hla_agreement


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["HLA-A*02:01"], ["HLA-A*24:02"]),
        (["HLA-A*02:01", "HLA-A*03:01"], ["HLA-A*02:01", "HLA-A*24:02"]),
        (["HLA-A2"], ["HLA-A*24:02"]),
        (["HLA-B5"], ["HLA-B*07:02"]),
        (["HLA-A*02:01", "HLA-B*07:02"], ["HLA-A*02:01", "HLA-B*08:01"]),
        (["HLA-A*02:01"], ["HLA-A*02:02"]),
        (["HLA-A*24:02"], ["HLA-A*24:09N"]),
    ],
)
def test_types_that_cannot_be_one_persons_differ(first, second):
    assert hla_agreement([first, second]).differ
    assert hla_agreement([second, first]).differ


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (["HLA-A*02:01"], ["HLA-A*02:01:01:01"], ("HLA-A*02:01",)),
        (
            ["HLA-DQA1*05:01/DQB1*02:01"],
            ["HLA-DQA1*05:01:01/DQB1*02:01:01"],
            ("HLA-DQA1*05:01", "HLA-DQB1*02:01"),
        ),
        (["HLA-A*02:01", "H2-Kb"], ["HLA-A*02:01", "H2-Kb"], ("H2-Kb", "HLA-A*02:01")),
        ([], [], ()),
    ],
)
def test_types_given_alike_are_the_same(first, second, common):
    found = hla_agreement([first, second])
    assert (found.differ, found.partly, found.common) == (False, False, common)


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (["HLA-A2"], ["HLA-A*02:01"], ("HLA-A*02:01",)),
        (["HLA-B62"], ["HLA-B*15:01"], ("HLA-B*15:01",)),
        (["HLA-Cw10"], ["HLA-C*03:04"], ("HLA-C*03:04",)),
        (["HLA-A*02:01"], ["HLA-A*02:01", "HLA-A*24:02"], ("HLA-A*02:01",)),
        (["HLA-A*02:01"], ["HLA-B*07:02"], ()),
    ],
)
def test_types_given_in_part_agree_as_far_as_they_are_given(first, second, common):
    found = hla_agreement([first, second])
    assert (found.differ, found.partly, found.common) == (False, True, common)
