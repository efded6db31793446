"""Saved selections: kept whole under their name and owner, with the rule they were chosen by."""

from __future__ import annotations

import pytest

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.selections import Rule, Selections

PEPTIDES = ["GILGFVFTL", "NLVPMVATV", "SIINFEKL"]
LASSO = Rule(polygon=((0.0, 0.0), (1.5, 0.0), (0.0, -2.25)), filter="length=9")


@pytest.fixture
def run(any_ctx, store_runs):
    return store_runs(any_ctx, {"a": PEPTIDES})[0]


def test_a_selection_comes_back_as_it_was_saved(any_ctx, run):
    saved = Selections(any_ctx).save(
        " <b>mine</b> ", PEPTIDES[:2], run_ids=[run.id], rule=LASSO, fingerprint_id="fp_1"
    )
    (listed,) = Selections(any_ctx).list()
    assert listed == saved == Selections(any_ctx).find("<b>mine</b>")
    assert (listed.rule, listed.fingerprint_id, listed.peptides) == (LASSO, "fp_1", 2)
    assert listed.runs == ((run.id, "a"),)
    assert Selections(any_ctx).sequences(saved.id) == tuple(PEPTIDES[:2])


def test_the_same_under_the_same_name_is_known_and_other_peptides_are_refused(any_ctx, run):
    chosen = Selections(any_ctx)
    first = chosen.save("mine", PEPTIDES[:2], run_ids=[run.id])
    assert chosen.save("mine", reversed(PEPTIDES[:2]), run_ids=[run.id]).id == first.id
    with pytest.raises(InputError, match="'mine' already, of 2 peptides"):
        chosen.save("mine", PEPTIDES, run_ids=[run.id])
    assert chosen.sequences("mine") == tuple(PEPTIDES[:2])


def test_a_peptide_of_no_named_run_is_refused(any_ctx, run):
    with pytest.raises(InputError, match="1 of 2 peptides are in none of the runs"):
        Selections(any_ctx).save("mine", ["SIINFEKL", "AAAAAAAA"], run_ids=[run.id])


@pytest.mark.parametrize(
    ("name", "sequences"), [("", PEPTIDES), ("x" * 201, PEPTIDES), ("mine", []), ("\0", PEPTIDES)]
)
def test_no_name_and_no_peptides_are_refused(any_ctx, run, name, sequences):
    with pytest.raises(InputError):
        Selections(any_ctx).save(name, sequences, run_ids=[run.id])


def test_a_renamed_selection_leaves_its_name_to_others(any_ctx, run):
    chosen = Selections(any_ctx)
    chosen.save("mine", PEPTIDES[:1], run_ids=[run.id])
    chosen.rename("mine", "yours")
    chosen.save("mine", PEPTIDES[1:], run_ids=[run.id])
    assert chosen.sequences("yours") == ("GILGFVFTL",)
    with pytest.raises(InputError, match="'yours' already"):
        chosen.rename("mine", "yours")
    assert chosen.rename("mine", "mine").name == "mine"


def test_a_deleted_selection_is_gone_and_a_missing_one_says_where_to_look(any_ctx, run):
    chosen = Selections(any_ctx)
    chosen.save("mine", PEPTIDES, run_ids=[run.id])
    chosen.delete("mine")
    assert chosen.list() == ()
    with pytest.raises(NotFound) as caught:
        chosen.sequences("mine")
    assert "wb.selections()" in caught.value.hint


def test_a_selection_outlives_its_runs(any_ctx, run):
    Selections(any_ctx).save("mine", PEPTIDES, run_ids=[run.id])
    Runs(any_ctx).delete(run.id)
    (kept,) = Selections(any_ctx).list()
    assert kept.runs == ((run.id, "a"),)
    assert Selections(any_ctx).sequences("mine") == tuple(PEPTIDES)


def test_a_foreign_selection_is_as_one_that_is_not_there(any_ctx, run, other):
    saved = Selections(any_ctx).save("mine", PEPTIDES, run_ids=[run.id])
    stranger = Selections(other(any_ctx))
    assert stranger.list() == ()
    for act in (stranger.find, stranger.sequences, stranger.delete):
        with pytest.raises(NotFound, match="There is no selection"):
            act(saved.id)
    with pytest.raises(NotFound):
        stranger.save("theirs", PEPTIDES, run_ids=[run.id])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "a list"),
        (Rule(clusters=("1", "3")), "cluster 1, 3"),
        (Rule(clusters=("unassigned",), filter="length=9"), "unassigned and filter 'length=9'"),
        (LASSO, "a lasso of 3 corners on the map and filter 'length=9'"),
        (Rule(picked=True), "picked on the map"),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rule.in_words == words
