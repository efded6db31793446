"""Sequences in packs: each once, in equal shares, few lengths together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omicstoken_kernel.embedding._esm2_packs import make_packs
from omicstoken_kernel.embedding._esm2_shape import BEGIN, END, TOKENS

SEQUENCES = st.lists(st.text(alphabet="ACDEF", min_size=1, max_size=40), max_size=60)


@given(SEQUENCES, st.integers(1, 300), st.integers(1, 5))
def test_every_sequence_is_in_one_pack_and_packs_are_about_as_large_as_asked(
    sequences, tokens, workers
):
    packs = list(make_packs(sequences, tokens_per_pack=tokens, workers=workers))
    places = [place for pack in packs for place in pack.places]
    assert sorted(places) == list(range(len(sequences)))
    for pack in packs:
        assert pack.sequences == tuple(sequences[place] for place in pack.places)
        assert len(pack.tokens()) < tokens + max(map(len, pack.sequences)) + 2
        lengths = [len(sequence) for sequence in pack.sequences]
        assert lengths == sorted(lengths)
        assert sum(count * size for count, size in pack.groups()) == len(pack.tokens())
        assert [size for _, size in pack.groups()] == sorted(set(np.add(lengths, 2)))


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_every_worker_gets_the_same_number_of_packs_of_the_same_size(workers):
    packs = list(make_packs(["SIINFEKLV"] * 1000, tokens_per_pack=704, workers=workers))
    assert len(packs) % workers == 0
    sizes = {len(pack.sequences) for pack in packs}
    assert max(sizes) - min(sizes) <= 1


def test_little_work_is_not_split_into_tiny_packs():
    (pack,) = make_packs(["SIINFEKL"] * 3, tokens_per_pack=704, workers=8)
    assert len(pack.sequences) == 3


def test_tokens_stand_between_the_special_ones():
    (pack,) = make_packs(["AC", "D"], tokens_per_pack=100)
    letters = [TOKENS.index(letter) for letter in "DAC"]
    assert pack.tokens().tolist() == [BEGIN, letters[0], END, BEGIN, *letters[1:], END]
    assert pack.groups() == ((1, 3), (1, 4))
    first, second = pack.halves()
    assert (first.places, second.places) == ((1,), (0,))
