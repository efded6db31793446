"""Features: a whole upload or nothing, and read back as they were parsed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from omicstoken_kernel.chemistry.descriptors import DESCRIPTORS, describe
from omicstoken_kernel.errors import InputError, NotFound, ParseError
from omicstoken_kernel.store import _replace
from omicstoken_kernel.store._blocks import BLOCK_FEATURES
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.features import OCCURRENCES, PLACES, RUN_FEATURES, Features
from omicstoken_kernel.store.ids import peptides_digest
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads


@pytest.fixture
def upload(any_ctx):
    return Uploads(any_ctx).add(name="a.tsv", sha256="0" * 64, size_bytes=1, options={"a": 1})


def with_column(parsed, name, values):
    place = parsed.features.schema.get_field_index(name)
    field = parsed.features.schema.field(place)
    table = parsed.features.set_column(place, field, pa.array(values, field.type))
    return replace(parsed, features=table)


def test_features_come_back_as_they_were_parsed(any_ctx, upload, make_parsed, make_sequences):
    parsed = make_parsed({"a": make_sequences(200, 1), "b": make_sequences(50, 2)})
    runs = Features(any_ctx).replace(upload.id, parsed, {})
    for position, run in enumerate(runs):
        mine = parsed.features.filter(pc.equal(parsed.features["run"], position))
        found = Features(any_ctx).of_run(run.id)
        assert found.schema == RUN_FEATURES
        shared = [name for name in RUN_FEATURES.names if name in mine.schema.names]
        assert found.select(shared).to_pydict() == mine.select(shared).to_pydict()
        assert found["feature_id"].to_pylist() == [f"{run.id}.{n}" for n in range(1, len(mine) + 1)]


def test_runs_carry_what_the_reader_said_and_what_was_counted(
    any_ctx, upload, make_parsed, make_sequences
):
    sequences = make_sequences(20)
    parsed = make_parsed({"B": [*sequences, *sequences[:5]], "A": []})
    first, second = Features(any_ctx).replace(upload.id, parsed, {})
    assert (first.key, first.name, first.sample.name) == ("B", "B", "B")
    assert (first.features, first.peptides) == (25, 20)
    assert first.peptides_digest == peptides_digest(sequences)
    assert first.quantity_kind == "precursor_intensity"
    assert (second.name, second.features, second.peptides) == ("A", 0, 0)
    assert second.peptides_digest == peptides_digest([])
    assert Features(any_ctx).of_run(second.id) == RUN_FEATURES.empty_table()


def test_the_upload_says_how_and_when_it_was_stored(any_ctx, upload, make_parsed, make_sequences):
    parsed = make_parsed({"a": make_sequences(3)})
    Features(any_ctx).replace(upload.id, parsed, {"ledger": {"rows_in": 3}})
    stored = Uploads(any_ctx).get(upload.id)
    assert (stored.format, stored.reader_version) == ("made_up", "1")
    assert stored.report == {"ledger": {"rows_in": 3}}
    assert stored.options == {"a": 1}
    assert stored.stored_at >= stored.created_at
    Features(any_ctx).replace(upload.id, parsed, {}, options={"b": 2})
    assert Uploads(any_ctx).get(upload.id).options == {"b": 2}


def test_features_out_of_order_are_grouped_by_run_and_keep_their_order(
    any_ctx, upload, make_parsed, make_sequences
):
    sequences = make_sequences(40)
    parsed = with_column(
        make_parsed({"a": sequences, "b": []}), "run", [number % 2 for number in range(40)]
    )
    first, second = Features(any_ctx).replace(upload.id, parsed, {})
    assert Features(any_ctx).of_run(first.id)["sequence"].to_pylist() == sequences[::2]
    assert Features(any_ctx).of_run(second.id)["sequence"].to_pylist() == sequences[1::2]


def test_numbers_that_are_not_finite_are_stored_as_missing(any_ctx, upload, make_parsed):
    parsed = make_parsed({"a": ["PEPTIDEK", "PEPTIDER", "PEPTIDEV", "PEPTIDEL"]})
    parsed = with_column(parsed, "quantity", [math.nan, math.inf, None, 1e300])
    (run,) = Features(any_ctx).replace(upload.id, parsed, {})
    assert Features(any_ctx).of_run(run.id)["quantity"].to_pylist() == [None, None, None, 1e300]


@pytest.mark.parametrize("column", ["proforma", "proteins"])
def test_a_nul_in_a_text_is_refused_with_its_line(any_ctx, upload, make_parsed, column):
    parsed = with_column(make_parsed({"a": ["PEPTIDEK", "PEPTIDER"]}), column, ["fine", "no\0t"])
    with pytest.raises(ParseError, match=rf"Line 3: the {column} holds a NUL"):
        Features(any_ctx).replace(upload.id, parsed, {})
    assert Runs(any_ctx).list() == ()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda p: replace(p, features=p.features.drop_columns(["mz"])),
            "without the declared columns",
        ),
        (lambda p: replace(p, runs=(p.runs[0], p.runs[0])), "same key"),
        (lambda p: replace(p, runs=()), "does not list"),
        (lambda p: with_column(p, "run", [-1, 0]), "does not list"),
        (lambda p: with_column(p, "sequence", ["PEPTIDEK", ""]), "Line 3.*sequence"),
        (lambda p: with_column(p, "sequence", ["PEPTIDEK", "A" * 1023]), "Line 3.*sequence"),
    ],
)
def test_what_breaks_the_contract_of_readers_is_refused(
    ctx, store_runs, make_parsed, spoil, message
):
    upload = Uploads(ctx).add(name="a", sha256="0" * 64, size_bytes=1, options={})
    parsed = spoil(make_parsed({"a": ["PEPTIDEK", "PEPTIDER"]}))
    with pytest.raises(ParseError, match=message):
        Features(ctx).replace(upload.id, parsed, {})


def test_reading_again_replaces_and_keeps_what_people_said(
    any_ctx, upload, make_parsed, make_sequences
):
    old = make_parsed({"a": make_sequences(30, 1), "gone": make_sequences(10, 2)})
    first, gone = Features(any_ctx).replace(upload.id, old, {})
    Runs(any_ctx).rename(first.id, "the good one")
    Runs(any_ctx).annotate(first.id, donor="D7", fraction="2")
    new = make_parsed({"new": make_sequences(5, 3), "a": make_sequences(20, 4)})
    added, again = Features(any_ctx).replace(upload.id, new, {})
    assert (again.id, again.created_at) == (first.id, first.created_at)
    assert (again.name, again.sample.donor, again.fraction) == ("the good one", "D7", "2")
    assert (again.features, added.features) == (20, 5)
    assert Features(any_ctx).of_run(again.id)["sequence"].to_pylist() == make_sequences(20, 4)
    with pytest.raises(NotFound):
        Runs(any_ctx).get(gone.id)
    assert {run.sample.name for run in Runs(any_ctx).list()} == {"a", "new"}


def test_a_name_given_when_reading_again_is_taken(any_ctx, upload, make_parsed):
    parsed = make_parsed({"a": ["PEPTIDEK"]})
    Features(any_ctx).replace(upload.id, parsed, {})
    renamed = replace(parsed, runs=(replace(parsed.runs[0], name="mine"),))
    (run,) = Features(any_ctx).replace(upload.id, renamed, {}, options={"run_name": "mine"})
    assert run.name == "mine"


def test_storing_twice_is_storing_once(any_ctx, upload, make_parsed, make_sequences):
    parsed = make_parsed({"a": make_sequences(30), "b": make_sequences(30, 1)})
    Features(any_ctx).replace(upload.id, parsed, {})
    once = logical_dump(any_ctx)
    Features(any_ctx).replace(upload.id, parsed, {})
    assert logical_dump(any_ctx) == once


def test_a_failure_at_the_last_step_leaves_everything_as_it_was(
    any_ctx, upload, make_parsed, make_sequences, monkeypatch
):
    Features(any_ctx).replace(upload.id, make_parsed({"a": make_sequences(30)}), {})
    before = logical_dump(any_ctx)
    before_peptides = len(Peptides(any_ctx).visible_ids())

    def fail(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(_replace, "write_features", fail)
    with pytest.raises(KeyboardInterrupt):
        Features(any_ctx).replace(upload.id, make_parsed({"b": make_sequences(9, 5)}), {})
    assert logical_dump(any_ctx) == before
    assert len(Peptides(any_ctx).visible_ids()) == before_peptides


def test_peptides_are_stored_once_with_their_descriptors(any_ctx, store_runs, make_sequences):
    sequences = [*make_sequences(40), "PEPTXDE", "MUSK"]
    store_runs(any_ctx, {"a": sequences}, file="a")
    store_runs(any_ctx, {"b": sequences[::-1]}, file="b")
    found = Peptides(any_ctx).descriptors(Peptides(any_ctx).visible_ids())
    assert sorted(found["sequence"].to_pylist()) == sorted(sequences)
    expected = describe(found["sequence"].to_pylist())
    for name in DESCRIPTORS:
        assert found[name].to_pylist() == pytest.approx(expected[name].to_pylist(), nan_ok=True)
    assert pc.equal(found["length"], pc.utf8_length(found["sequence"])).to_pylist() == [True] * 42


def test_annotations_are_written_with_the_runs(any_ctx, upload, make_parsed):
    parsed = make_parsed({"a": ["PEPTIDEK"], "b": ["PEPTIDER"]})
    first, second = Features(any_ctx).replace(
        upload.id, parsed, {}, annotations={"a": {"donor": "D1", "hla": ["HLA-A*02:01"]}}
    )
    assert (first.sample.donor, first.sample.hla) == ("D1", ("HLA-A*02:01",))
    assert second.sample.donor is None


def test_an_annotation_that_cannot_be_leaves_nothing(any_ctx, upload, make_parsed):
    with pytest.raises(InputError, match="no field 'colour'"):
        Features(any_ctx).replace(
            upload.id, make_parsed({"a": ["PEPTIDEK"]}), {}, annotations={"a": {"colour": "red"}}
        )
    assert Runs(any_ctx).list() == ()


def test_an_upload_without_runs_can_be_stored(any_ctx, upload, make_parsed):
    assert Features(any_ctx).replace(upload.id, make_parsed({}), {}) == ()
    assert Uploads(any_ctx).get(upload.id).stored_at is not None


def test_batches_are_the_run_in_pieces(any_ctx, store_runs, make_sequences):
    (run,) = store_runs(any_ctx, {"a": make_sequences(25)})
    pieces = list(Features(any_ctx).batches(run.id, 10))
    assert [len(piece) for piece in pieces] == [10, 10, 5]
    assert pa.Table.from_batches(pieces) == Features(any_ctx).of_run(run.id)


def test_occurrences_name_run_and_place_of_every_feature(any_ctx, store_runs, make_sequences):
    shared, only_a, only_b = make_sequences(3)
    first, second = store_runs(any_ctx, {"a": [only_a, shared, shared], "b": [shared, only_b]})
    ids = {name: Peptides(any_ctx).find(name) for name in (shared, only_a, only_b)}
    found = Features(any_ctx).occurrences([ids[shared], ids[only_b]])
    assert found.schema == OCCURRENCES
    expected = sorted(
        [
            (ids[shared], first.id, "a", 2),
            (ids[shared], first.id, "a", 3),
            (ids[shared], second.id, "b", 1),
            (ids[only_b], second.id, "b", 2),
        ]
    )
    columns = ("peptide_id", "run_id", "run_name", "ordinal")
    assert [tuple(row[name] for name in columns) for row in found.to_pylist()] == expected
    features = Features(any_ctx).of_run(second.id).to_pylist()
    last = found.to_pylist()[-1]
    (same,) = [row for row in features if row["feature_id"] == last["feature_id"]]
    assert (last["proforma"], last["quantity"]) == (same["proforma"], same["quantity"])


def test_places_name_each_run_of_a_peptide_once_and_only_the_owners(
    any_ctx, store_runs, make_sequences, other
):
    shared, only_a, only_b = make_sequences(3)
    first, second = store_runs(any_ctx, {"a": [only_a, shared, shared], "b": [shared, only_b]})
    store_runs(other(any_ctx), {"c": [shared, only_b]}, file="theirs.tsv")
    ids = [Peptides(any_ctx).find(name) for name in (shared, only_b)]
    found = Features(any_ctx).places([*ids, ids[0], 10**9])
    assert found.schema == PLACES
    expected = [(ids[0], first.id, "a"), (ids[0], second.id, "b"), (ids[1], second.id, "b")]
    assert [tuple(row.values()) for row in found.to_pylist()] == sorted(expected)
    assert Features(any_ctx).places([]) == PLACES.empty_table()


def test_a_run_of_many_blocks_is_read_whole_in_pieces_and_by_peptide(
    any_ctx, store_runs, make_sequences
):
    sequences = make_sequences(2 * BLOCK_FEATURES + 5)
    (run,) = store_runs(any_ctx, {"a": [*sequences, sequences[0]]})
    whole = Features(any_ctx).of_run(run.id)
    assert whole["sequence"].to_pylist() == [*sequences, sequences[0]]
    assert whole["feature_id"].to_pylist()[-1] == f"{run.id}.{len(sequences) + 1}"
    assert whole["peptide_id"][0] == whole["peptide_id"][-1]
    pieces = list(Features(any_ctx).batches(run.id, 3000))
    assert [len(piece) for piece in pieces] == [3000, len(sequences) + 1 - 3000]
    assert pa.Table.from_batches(pieces) == whole
    at = [0, BLOCK_FEATURES - 1, BLOCK_FEATURES, len(sequences)]
    found = Features(any_ctx).occurrences(whole["peptide_id"].take(at).to_numpy())
    assert sorted(found["ordinal"].to_pylist()) == [place + 1 for place in at]
    assert set(found["proforma"].to_pylist()) == {sequences[place] for place in at[:3]}


def test_occurrences_can_be_limited_to_runs(any_ctx, store_runs, make_sequences):
    sequences = make_sequences(30)
    _, second = store_runs(any_ctx, {"a": sequences, "b": sequences[:10]})
    ids = Peptides(any_ctx).visible_ids()
    found = Features(any_ctx).occurrences(ids, run_ids=[second.id])
    assert set(found["run_id"].to_pylist()) == {second.id}
    assert found.num_rows == 10
    assert Features(any_ctx).occurrences(np.array([], dtype=np.int64)).num_rows == 0
    assert Features(any_ctx).occurrences(ids, run_ids=[]).num_rows == 0
    assert Features(any_ctx).occurrences([10**9]).num_rows == 0
