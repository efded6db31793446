"""Embedding runs: only what is missing, committed batch by batch, resumable, harmless twice."""

from __future__ import annotations

import numpy as np
import pytest
from forked import all_at_once

from omicstoken_kernel.context import open_context
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.encode import MOST_NAMED, Failure, encode_runs
from omicstoken_kernel.errors import Cancelled, NotFound
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

KEY = AnchorEmbedder.model_key


class Counting(AnchorEmbedder):
    """The anchor model, keeping account of what it is asked for."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def _forward(self, sequences):
        self.asked += sequences
        return super()._forward(sequences)


def test_every_peptide_gets_its_vector(any_ctx, store_runs, make_sequences):
    sequences = make_sequences(70)
    (run,) = store_runs(any_ctx, {"a": sequences})
    result = encode_runs(any_ctx, [run.id], model=AnchorEmbedder(), batch=16)
    assert (result.embedded, result.known, result.failed) == (70, 0, ())
    assert result.model_key == KEY
    assert result.peptides_per_second > 0
    peptides = Peptides(any_ctx).of_runs([run.id])
    ids, found = Vectors(any_ctx).of_peptides(KEY, peptides["peptide_id"].to_numpy())
    expected = {row["peptide_id"]: row["sequence"] for row in peptides.to_pylist()}
    np.testing.assert_allclose(
        found, AnchorEmbedder().embed_batch([expected[i] for i in ids]), atol=1e-6
    )


def test_known_peptides_cost_no_forward_pass(ctx, store_runs, make_sequences):
    sequences = make_sequences(30)
    first, second = store_runs(ctx, {"a": sequences[:20], "b": sequences[10:]})
    encode_runs(ctx, [first.id], model=AnchorEmbedder())
    model = Counting()
    result = encode_runs(ctx, [second.id], model=model)
    assert sorted(model.asked) == sorted(sequences[20:])
    assert (result.embedded, result.known) == (10, 10)
    again = encode_runs(ctx, [first.id, second.id], model=model)
    assert (again.embedded, again.known, len(model.asked)) == (0, 30, 10)


def test_what_cannot_be_embedded_is_named_counted_and_tried_again_next_time(ctx, store_runs):
    (run,) = store_runs(ctx, {"a": ["SIINFEKL", "SIIXFEKL", "BBBBBBBB"]})
    for embedded in (1, 0):
        result = encode_runs(ctx, [run.id], model=AnchorEmbedder())
        assert result.failed == (
            Failure("BBBBBBBB", "residue B has no defined side chain"),
            Failure("SIIXFEKL", "residue X has no defined side chain"),
        )
        assert (result.embedded, result.known) == (embedded, 1 - embedded)
        assert result.failed_count == 2


def test_failures_beyond_the_first_hundred_are_counted_by_reason(ctx, store_runs, make_sequences):
    unknown = [f"{sequence}X" for sequence in make_sequences(130)]
    (run,) = store_runs(ctx, {"a": [*unknown, "BBBBBBBB", "SIINFEKL"]})
    body = encode_runs(ctx, [run.id], model=AnchorEmbedder(), batch=16).as_json()
    assert (body["embedded"], body["known"], body["failed_count"]) == (1, 0, 131)
    assert len(body["failed"]) == MOST_NAMED == 100
    assert body["failed_reasons"] == {
        "residue B has no defined side chain": 1,
        "residue X has no defined side chain": 130,
    }


def test_a_vector_that_is_not_a_number_is_a_failure_and_never_stored(ctx, store_runs):
    class Broken(AnchorEmbedder):
        def _forward(self, sequences):
            vectors = super()._forward(sequences)
            vectors[[s == "SIINFEKL" for s in sequences]] = np.nan
            vectors[[s == "GILGFVFTL" for s in sequences]] = 0
            return vectors

    (run,) = store_runs(ctx, {"a": ["SIINFEKL", "GILGFVFTL", "NLVPMVATV"]})
    result = encode_runs(ctx, [run.id], model=Broken())
    assert result.embedded == 1
    assert {failure.sequence for failure in result.failed} == {"SIINFEKL", "GILGFVFTL"}
    assert Vectors(ctx).count(KEY) == 1


def test_cancelled_work_keeps_its_batches_and_goes_on_from_there(ctx, store_runs, make_sequences):
    (run,) = store_runs(ctx, {"a": make_sequences(50)})
    seen = []

    def stop_after_two(done, total, what):
        # What is reported as done is in the database already.
        assert Vectors(ctx).count(KEY) == done
        seen.append((done, total, what))
        if len(seen) == 3:
            msg = "stop"
            raise Cancelled(msg)

    with pytest.raises(Cancelled):
        encode_runs(ctx, [run.id], model=AnchorEmbedder(), batch=10, progress=stop_after_two)
    assert seen == [(0, 50, "peptides"), (10, 50, "peptides"), (20, 50, "peptides")]
    result = encode_runs(ctx, [run.id], model=AnchorEmbedder(), batch=10)
    assert (result.embedded, result.known) == (30, 20)


def test_what_was_known_is_told_before_the_first_batch(ctx, store_runs, make_sequences):
    sequences = make_sequences(30)
    first, both = store_runs(ctx, {"first": sequences[:20], "both": sequences})
    encode_runs(ctx, [first.id], model=AnchorEmbedder())
    told = []
    encode_runs(
        ctx, [both.id], model=AnchorEmbedder(), progress=lambda *args: told.append(args), what="p"
    )
    assert told == [(20, 30, "p"), (30, 30, "p")]


def test_batches_hold_few_lengths_and_each_peptide_once(ctx, store_runs, make_sequences):
    class Lengths(AnchorEmbedder):
        def __init__(self):
            super().__init__()
            self.batches = []

        def _forward(self, sequences):
            self.batches.append([len(sequence) for sequence in sequences])
            return super()._forward(sequences)

    sequences = make_sequences(400)
    (run,) = store_runs(ctx, {"a": sequences})
    model = Lengths()
    encode_runs(ctx, [run.id], model=model, batch=50)
    assert [len(batch) for batch in model.batches] == [50] * 8
    lengths = [length for batch in model.batches for length in batch]
    assert lengths == sorted(map(len, sequences))


def test_a_foreign_run_is_not_found(ctx, store_runs, other):
    (run,) = store_runs(ctx, {"a": ["SIINFEKL"]})
    with pytest.raises(NotFound):
        encode_runs(other(ctx), [run.id], model=AnchorEmbedder())


def test_a_run_without_peptides_is_no_error(ctx, store_runs):
    (run,) = store_runs(ctx, {"a": []})
    result = encode_runs(ctx, [run.id], model=AnchorEmbedder())
    assert (result.embedded, result.known, result.failed) == (0, 0, ())


def test_none_means_all_runs_of_the_owner(ctx, store_runs, make_sequences, other):
    sequences = make_sequences(12)
    store_runs(ctx, {"a": sequences[:4], "b": sequences[4:8]})
    store_runs(other(ctx), {"c": sequences[8:]}, file="theirs.tsv")
    assert encode_runs(ctx, None, model=AnchorEmbedder()).embedded == 8


def _encode_elsewhere(home, run_id):
    context = open_context(load_settings(home=home, user="tester"))
    result = encode_runs(context, [run_id], model=AnchorEmbedder(), batch=5)
    return result.embedded, result.known


def test_two_processes_embedding_the_same_run_at_once_store_each_vector_once(
    ctx, store_runs, make_sequences
):
    (run,) = store_runs(ctx, {"a": make_sequences(400)})
    counts = all_at_once(_encode_elsewhere, [(ctx.settings.home, run.id)] * 2)
    assert sum(embedded for embedded, _ in counts) == 400
    assert all(embedded + known == 400 for embedded, known in counts)
    assert Vectors(ctx).count(KEY) == 400
