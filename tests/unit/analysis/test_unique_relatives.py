"""Relatives of unique peptides, against looking at every pair."""

from __future__ import annotations

import numpy as np

from omicstoken_kernel.analysis.unique_relatives import related_uniques


def by_looking(sequences, member, sides):
    found = {}
    for row, one in enumerate(sequences):
        if member[row].sum() != 1:
            continue
        home = member[row].argmax()
        for other_row, other in enumerate(sequences):
            elsewhere = member[other_row].copy()
            elsewhere[home] = False
            if other == one or not elsewhere.any():
                continue
            different = [p for p in zip(one, other, strict=False) if p[0] != p[1]]
            kind = None
            if len(one) == len(other) and len(different) == 1:
                kind = "il_equal" if set(different[0]) == {"I", "L"} else "substitutions"
            elif len(one) < len(other) and one in other and len(one) >= 7:
                kind = "contains"
            elif len(other) < len(one) and other in one and len(other) >= 7:
                kind = "contained"
            if kind:
                found.setdefault((one, sides[home], kind), set()).add(other)
    return found


def test_all_relatives_are_found_and_no_others():
    draw = np.random.default_rng(1)
    roots = ["".join(draw.choice(list("AIKL"), 12)) for _ in range(25)]
    sequences = set()
    for root in roots:
        for _ in range(12):
            start, length = draw.integers(0, 3), draw.integers(6, 11)
            text = list(root[start : start + length])
            if draw.random() < 0.5:
                text[draw.integers(len(text))] = str(draw.choice(list("AIKL")))
            sequences.add("".join(text))
    sequences = sorted(sequences)
    sides = ["a", "b", "c"]
    member = draw.random((len(sequences), 3)) < 0.4
    member[~member.any(axis=1), 0] = True
    expected = by_looking(sequences, member, sides)
    found = related_uniques(sequences, member, sides)
    assert len(expected) > 100
    assert {(r.sequence, r.side, r.kind): r.number for r in found} == {
        key: len(others) for key, others in expected.items()
    }
    for each in found:
        others = expected[each.sequence, each.side, each.kind]
        assert each.relative == min(others)
        assert each.side not in each.relative_sides
        assert each.relative_sides


def test_what_both_sides_hold_has_no_relatives():
    member = np.array([[True, True], [True, True]])
    assert related_uniques(["SIINFEKL", "SIINFEKV"], member, ["a", "b"]) == ()
    assert related_uniques([], np.zeros((0, 2), dtype=bool), ["a", "b"]) == ()


def test_i_and_l_are_no_difference_where_they_count_as_one():
    member = np.array([[True, False], [False, True]])
    sequences = ["SIINFEKLA", "SLINFEKLV"]
    assert related_uniques(sequences, member, ["a", "b"]) == ()
    found = related_uniques(sequences, member, ["a", "b"], il_equivalent=True)
    assert [each.kind for each in found] == ["substitutions", "substitutions"]
