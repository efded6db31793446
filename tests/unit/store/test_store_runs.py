"""Runs and samples: found, renamed, annotated, removed."""

from __future__ import annotations

import pytest

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.fingerprints import POINTS, Fingerprint, Fingerprints
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads


@pytest.fixture
def runs(any_ctx, store_runs, make_sequences):
    return store_runs(
        any_ctx, {name: make_sequences(8, seed) for seed, name in enumerate(("c", "a", "b"))}
    )


def fingerprint(*runs):
    return Fingerprint(
        id="",
        run_ids=tuple(run.id for run in runs),
        peptides_digest="0" * 64,
        model_key="m",
        method="motifs",
        settings={},
        versions={},
        quality={},
        clusters=(),
        points=POINTS.empty_table(),
    )


def test_runs_are_listed_by_upload_in_the_order_of_the_file(any_ctx, runs, store_runs):
    later = store_runs(any_ctx, {"0": ["PEPTIDEK"]}, file="later")
    assert Runs(any_ctx).list() == (*runs, *later)
    assert Runs(any_ctx).list(upload_id=runs[0].upload_id) == runs


def test_a_run_is_found_by_id_and_by_name(any_ctx, runs):
    assert Runs(any_ctx).get(runs[1].id) == runs[1]
    assert Runs(any_ctx).find(runs[1].id) == runs[1]
    assert Runs(any_ctx).find("a") == runs[1]


def test_an_id_wins_over_a_run_that_is_named_like_it(any_ctx, runs):
    Runs(any_ctx).rename(runs[0].id, runs[1].id)
    assert Runs(any_ctx).find(runs[1].id) == runs[1]


def test_a_name_of_two_runs_lists_their_ids(any_ctx, runs, store_runs):
    (twin,) = store_runs(any_ctx, {"a": ["PEPTIDEK"]}, file="other")
    with pytest.raises(InputError) as caught:
        Runs(any_ctx).find("a")
    assert runs[1].id in caught.value.message
    assert twin.id in caught.value.message


def test_an_unknown_name_suggests_the_owners_closest(any_ctx, store_runs, other):
    store_runs(any_ctx, {"Liver_2024_rep1": ["PEPTIDEK"]})
    store_runs(other(any_ctx), {"Liver_2024_rep9": ["PEPTIDEK"]})
    with pytest.raises(NotFound) as caught:
        Runs(any_ctx).find("Liver_2024_rep2")
    assert "Liver_2024_rep1" in caught.value.hint
    assert "rep9" not in str(caught.value)


def test_an_unknown_name_unlike_any_suggests_none(any_ctx, runs):
    with pytest.raises(NotFound) as caught:
        Runs(any_ctx).find("zzzzzzzzzz")
    assert "Did you mean" not in caught.value.hint


def test_renaming_leaves_the_sample_alone(any_ctx, runs):
    renamed = Runs(any_ctx).rename(runs[0].id, "  patient 3 ")
    assert (renamed.name, renamed.sample.name) == ("patient 3", "c")
    assert Runs(any_ctx).get(runs[0].id) == renamed


@pytest.mark.parametrize("name", ["", "   ", "a\0b"])
def test_a_run_cannot_be_named_so(any_ctx, runs, name):
    with pytest.raises(InputError):
        Runs(any_ctx).rename(runs[0].id, name)


def test_annotations_come_back(any_ctx, runs):
    found = Runs(any_ctx).annotate(
        runs[0].id,
        donor="D1",
        condition="tumour",
        biological_replicate=2,
        hla=["HLA-A*02:01", "HLA-B*07:02"],
        extra={"tissue": "liver"},
        technical_replicate="1",
        fraction=3,
    )
    sample = found.sample
    assert (sample.donor, sample.condition, sample.biological_replicate) == ("D1", "tumour", "2")
    assert sample.hla == ("HLA-A*02:01", "HLA-B*07:02")
    assert sample.extra == {"tissue": "liver"}
    assert (found.technical_replicate, found.fraction) == ("1", "3")
    assert Runs(any_ctx).get(runs[0].id) == found


def test_what_is_not_given_stays_and_none_clears(any_ctx, runs):
    Runs(any_ctx).annotate(runs[0].id, donor="D1", condition="tumour", hla=["HLA-A*02:01"])
    found = Runs(any_ctx).annotate(runs[0].id, donor=None, hla=None)
    assert (found.sample.donor, found.sample.condition) == (None, "tumour")
    assert found.sample.hla == ()
    assert Runs(any_ctx).annotate(runs[0].id) == found


def test_runs_put_into_one_sample_share_its_annotations(any_ctx, runs):
    first = Runs(any_ctx).annotate(runs[0].id, donor="D1", sample="patient 3")
    assert first.sample.name == "patient 3"
    second = Runs(any_ctx).annotate(runs[1].id, sample="patient 3")
    assert second.sample == first.sample
    Runs(any_ctx).annotate(runs[1].id, condition="tumour")
    assert Runs(any_ctx).get(runs[0].id).sample.condition == "tumour"
    assert set(logical_dump(any_ctx)["samples"]) == {first.sample.id, runs[2].sample.id}


def test_a_run_that_leaves_its_sample_takes_along_what_was_known(any_ctx, runs):
    Runs(any_ctx).annotate(runs[0].id, sample="shared", donor="D1")
    Runs(any_ctx).annotate(runs[1].id, sample="shared")
    apart = Runs(any_ctx).annotate(runs[1].id, sample="apart", condition="tumour")
    assert (apart.sample.name, apart.sample.donor) == ("apart", "D1")
    assert Runs(any_ctx).get(runs[0].id).sample.condition is None


def test_a_sample_of_someone_else_is_never_joined(any_ctx, runs, store_runs, other):
    Runs(any_ctx).annotate(runs[0].id, sample="patient 3", donor="D1")
    (foreign,) = store_runs(other(any_ctx), {"x": ["PEPTIDEK"]})
    joined = Runs(other(any_ctx)).annotate(foreign.id, sample="patient 3")
    assert joined.sample.donor is None


def test_runs_of_one_name_in_two_files_have_a_sample_each(any_ctx, runs, store_runs):
    (twin,) = store_runs(any_ctx, {"a": ["PEPTIDEK"]}, file="second")
    (triplet,) = store_runs(any_ctx, {"a": ["PEPTIDEK"]}, file="third")
    assert [runs[1].sample.name, twin.sample.name, triplet.sample.name] == ["a", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "red"},
        {"donor": 1.5},
        {"donor": True},
        {"hla": "HLA-A*02:01"},
        {"hla": [1]},
        {"hla": 7},
        {"extra": ["a"]},
        {"condition": "a\0b"},
    ],
)
def test_an_annotation_that_cannot_be_is_refused_and_nothing_is_written(any_ctx, runs, fields):
    before = logical_dump(any_ctx)
    with pytest.raises(InputError):
        Runs(any_ctx).annotate(runs[0].id, fraction="9", **fields)
    assert logical_dump(any_ctx) == before


def test_deleting_a_run_takes_its_features_sample_and_fingerprints(any_ctx, runs):
    with_it = Fingerprints(any_ctx).save(fingerprint(runs[0], runs[1]))
    without = Fingerprints(any_ctx).save(fingerprint(runs[1], runs[2]))
    Runs(any_ctx).delete(runs[0].id)
    after = logical_dump(any_ctx)
    assert set(after["runs"]) == set(after["features"]) == {runs[1].id, runs[2].id}
    assert {sample["name"] for sample in after["samples"].values()} == {"a", "b"}
    assert set(after["fingerprints"]) == {without.id} != {with_it.id}
    assert len(after["peptides"]) == 24
    with pytest.raises(NotFound):
        Runs(any_ctx).delete(runs[0].id)


def test_an_upload_that_lost_a_run_is_not_stored_any_more_and_goes_with_its_last(any_ctx, runs):
    for run in runs[:2]:
        Runs(any_ctx).delete(run.id)
    assert Uploads(any_ctx).get(runs[0].upload_id).stored_at is None
    Runs(any_ctx).delete(runs[2].id)
    assert Uploads(any_ctx).list() == ()
