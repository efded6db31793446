"""Uploads: one per owner and content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

SHA = "ab" * 32


def add(ctx, name="a.tsv", sha256=SHA, **options):
    return Uploads(ctx).add(name=name, sha256=sha256, size_bytes=12, options=options)


def test_an_upload_comes_back_as_it_was_added(any_ctx):
    before = datetime.now(UTC)
    added = add(any_ctx, q_value=0.05, columns={"sequence": "Pep"})
    assert added == Uploads(any_ctx).get(added.id)
    assert added.owner == "tester"
    assert added.options == {"q_value": 0.05, "columns": {"sequence": "Pep"}}
    assert (added.format, added.report, added.stored_at) == ("", {}, None)
    assert before - timedelta(seconds=1) <= added.created_at <= datetime.now(UTC)
    assert added.created_at.utcoffset() == timedelta(0)


def test_the_same_bytes_are_one_upload_whatever_their_name(any_ctx):
    first = add(any_ctx)
    assert add(any_ctx, name="b.tsv", q_value=0.1) == first
    assert Uploads(any_ctx).list() == (first,)


def test_two_owners_of_the_same_bytes_have_an_upload_each(any_ctx, other):
    assert add(any_ctx).id != add(other(any_ctx)).id
    assert len(Uploads(any_ctx).list()) == 1


def test_an_upload_is_found_by_its_digest(any_ctx, other):
    added = add(any_ctx)
    assert Uploads(any_ctx).by_sha256(SHA) == added
    assert Uploads(any_ctx).by_sha256("cd" * 32) is None
    assert Uploads(other(any_ctx)).by_sha256(SHA) is None


def test_uploads_are_listed_oldest_first(any_ctx):
    names = [add(any_ctx, name=name, sha256=name * 64).name for name in "cab"]
    assert [upload.name for upload in Uploads(any_ctx).list()] == names


def test_a_name_with_undecodable_bytes_is_stored_readably(any_ctx):
    assert add(any_ctx, name="Pr\udcfcfung.tsv").name == "Pr?fung.tsv"


def test_a_name_with_a_nul_is_refused(any_ctx):
    with pytest.raises(InputError, match="NUL"):
        add(any_ctx, name="a\0b.tsv")


def test_options_that_json_does_not_know_are_stored_as_null(any_ctx):
    assert add(any_ctx, q_value=float("nan")).options == {"q_value": None}


def test_deleting_an_upload_takes_its_runs_and_leaves_peptides_and_vectors(
    any_ctx, store_runs, make_sequences
):
    kept = store_runs(any_ctx, {"kept": make_sequences(20, 1)}, file="kept.tsv")
    before = logical_dump(any_ctx)
    runs = store_runs(any_ctx, {"a": make_sequences(30, 2), "b": make_sequences(10, 3)})
    ids = Peptides(any_ctx).visible_ids()
    Vectors(any_ctx).add(
        model_key="m", name="m", dim=1, peptide_ids=ids, vectors=[[1.0]] * len(ids)
    )
    Uploads(any_ctx).delete(runs[0].upload_id)
    after = logical_dump(any_ctx)
    for part in ("uploads", "samples", "runs", "features"):
        assert after[part] == before[part]
    assert [run.id for run in Runs(any_ctx).list()] == [kept[0].id]
    assert len(after["peptides"]) == 60
    assert Vectors(any_ctx).count("m") == 60
    assert len(Peptides(any_ctx).visible_ids()) == 20
    with pytest.raises(NotFound):
        Uploads(any_ctx).get(runs[0].upload_id)
