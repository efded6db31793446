"""Exact search against the plainest search there is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omicstoken_kernel.analysis.sequences import (
    KINDS,
    SequenceIndex,
    SequenceMatch,
    find_exact,
)
from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store.peptides import Peptides


def by_hand(stored: list[str], query: str, substitutions: int) -> set[SequenceMatch]:
    """Every stored peptide compared with the query in the plainest way."""
    found = set()
    for row, sequence in enumerate(stored):
        pairs = zip(query.replace("I", "L"), sequence.replace("I", "L"), strict=False)
        distance = sum(a != b for a, b in pairs)
        if sequence == query:
            found.add(SequenceMatch(row, sequence, "equal", 0))
        elif len(sequence) == len(query) and distance <= substitutions:
            kind = "substitutions" if distance else "il_equal"
            found.add(SequenceMatch(row, sequence, kind, distance))
        elif len(sequence) > len(query) and query in sequence:
            found.add(SequenceMatch(row, sequence, "contains", 0))
        elif len(sequence) < len(query) and sequence in query:
            found.add(SequenceMatch(row, sequence, "contained", 0))
    return found


# Few letters and short peptides, so that matches of every kind abound.
peptides = st.text("AIL", min_size=1, max_size=7)


@settings(deadline=None)
@given(st.lists(peptides, unique=True, max_size=60), peptides, st.integers(0, 2))
def test_search_finds_exactly_what_comparing_by_hand_finds(stored, query, substitutions):
    found = SequenceIndex(range(len(stored)), stored).find(query, substitutions=substitutions)
    assert len(found) == len(set(found))
    assert set(found) == by_hand(stored, query, substitutions)


def test_search_among_thousands_of_peptides_misses_none(make_sequences):
    rng = np.random.default_rng(7)
    stored = set(make_sequences(2_000, seed=7, lengths=(7, 15)))
    for sequence in rng.choice(sorted(stored), 2_000):
        relative = list(sequence)
        for place in rng.integers(0, len(relative), rng.integers(1, 4)):
            relative[place] = "ACDEFGHIKLMNPQRSTVWY"[rng.integers(20)]
        stored.add("".join(relative)[rng.integers(0, 2) :])
    listed = sorted(stored)
    index = SequenceIndex(np.arange(len(listed)), pa.array(listed))
    for query in rng.choice(listed, 25):
        for substitutions in (0, 1, 2):
            found = index.find(query, substitutions=substitutions)
            assert set(found) == by_hand(listed, query, substitutions)


def test_matches_come_best_kind_first_and_nearest_first():
    stored = ["AAKLLLKAA", "KLLLK", "KLILK", "KLALK", "KAALK", "LLL", "KLLLKA"]
    found = SequenceIndex(range(7), stored).find("KLLLK", substitutions=2)
    assert [(match.sequence, match.kind, match.substitutions) for match in found] == [
        ("KLLLK", "equal", 0),
        ("KLILK", "il_equal", 0),
        ("KLALK", "substitutions", 1),
        ("KAALK", "substitutions", 2),
        ("KLLLKA", "contains", 0),
        ("AAKLLLKAA", "contains", 0),
        ("LLL", "contained", 0),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kinds_asked_for_come_back(kind):
    stored = ["AAKLLLKAA", "KLLLK", "KLILK", "KLALK", "LLL"]
    index = SequenceIndex(range(5), stored)
    found = index.find("KLLLK", substitutions=1, kinds=[kind])
    assert {match.kind for match in found} == {kind}
    everything = index.find("KLLLK", substitutions=1)
    assert found == tuple(match for match in everything if match.kind == kind)


def test_isoleucine_for_leucine_is_no_substitution():
    found = SequenceIndex([5], ["ILAIL"]).find("LLGLL", substitutions=1)
    assert found == (SequenceMatch(5, "ILAIL", "substitutions", 1),)


def test_a_long_query_differs_in_more_places_than_a_byte_counts():
    stored = ["A" * 600]
    index = SequenceIndex([1], stored)
    assert index.find("C" * 600, substitutions=2) == ()
    assert index.find("C" * 512 + "A" * 88, substitutions=2) == ()
    assert [match.substitutions for match in index.find("CC" + "A" * 598, substitutions=2)] == [2]


def test_nothing_is_found_in_nothing():
    assert SequenceIndex([], []).find("PEPTIDE", substitutions=2) == ()


@pytest.mark.parametrize("query", ["", "  ", "PEP[Oxidation]", "PEP*", "xLxx5", "PEPÄ"])
def test_a_query_that_is_no_sequence_is_refused(query):
    with pytest.raises(InputError, match="cannot be searched"):
        SequenceIndex([1], ["PEP"]).find(query)


@pytest.mark.parametrize("substitutions", [-1, 3])
def test_more_than_two_substitutions_are_refused(substitutions):
    with pytest.raises(InputError, match=str(substitutions)):
        SequenceIndex([1], ["PEP"]).find("PEP", substitutions=substitutions)


def test_blanks_and_case_of_the_query_do_not_matter():
    assert SequenceIndex([1], ["PEPTIDE"]).find(" pep tide ")[0].kind == "equal"


def test_only_the_owners_peptides_are_searched(ctx, other, store_runs):
    runs = {"first": ["SIINFEKL", "SLINFEKL", "AASIINFEKLTT"], "second": ["SIINFEKV"]}
    first, _ = (run.id for run in store_runs(ctx, runs))
    (foreign,) = (run.id for run in store_runs(other(ctx), {"third": ["SIINFEKA"]}))

    found = find_exact(ctx, "SIINFEKL", substitutions=1)
    assert [match.sequence for match in found] == [
        "SIINFEKL", "SLINFEKL", "SIINFEKV", "AASIINFEKLTT",
    ]  # fmt: skip
    sequences = dict(zip(*Peptides(ctx).visible().to_pydict().values(), strict=True))
    assert all(sequences[match.peptide_id] == match.sequence for match in found)

    of_first = find_exact(ctx, "SIINFEKL", substitutions=1, run_ids=[first])
    assert {match.sequence for match in of_first} == {"SIINFEKL", "SLINFEKL", "AASIINFEKLTT"}
    short = find_exact(ctx, "SIINFEKL", lengths=(8, 11))
    assert {match.sequence for match in short} == {"SIINFEKL", "SLINFEKL"}
    allowed = np.array([found[0].peptide_id, found[3].peptide_id])
    assert {match.kind for match in find_exact(ctx, "SIINFEKL", allowed_ids=allowed)} == {
        "equal",
        "contains",
    }
    assert find_exact(ctx, "SIINFEKL", allowed_ids=np.array([], dtype=np.int64)) == ()
    with pytest.raises(NotFound):
        find_exact(ctx, "SIINFEKL", run_ids=[foreign])
