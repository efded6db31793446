"""A run is embedded by several models at once, and a damaged one does not undo the others."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from esm2_weights import FILE_NAME, write_weights

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.choice import BUILT_IN
from omicstoken_kernel.errors import ModelUnavailable
from omicstoken_kernel.index.flat import status
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.vectors import Vectors


@pytest.fixture
def equipped(ctx, tmp_path):
    """A workspace on a machine with weights of esm2."""
    folder = tmp_path / "models"
    folder.mkdir()
    write_weights(folder)
    return replace(ctx, settings=ctx.settings.override(models=folder))


def test_a_run_gets_the_vectors_of_each_model_with_their_indexes(
    equipped, store_runs, make_sequences
):
    (run,) = store_runs(equipped, {"a": [*make_sequences(30), "SIIXFEKL"]})
    told = []
    result = pipeline.embed_runs(equipped, [run.id], progress=lambda *args: told.append(args))
    keys = [load_model(name, equipped.settings).model_key for name in (BUILT_IN, "esm2")]
    assert [each.model_key for each in result.models] == keys
    assert Vectors(equipped).counts_by_run() == {run.id: dict.fromkeys(keys, 30)}
    assert [status(equipped, key).state for key in keys] == ["current", "current"]
    body = json.loads(json.dumps(result.as_json()))
    assert {"model_key", "embedded", "known", "failed", "seconds"} <= set(body)
    # The leading figures are those of the model that search uses.
    assert body["model_key"] == pipeline.search(equipped, "SIINFEKL").model_key == keys[1]
    assert [(each["embedded"], each["failed_count"]) for each in body["models"]] == [(30, 1)] * 2
    assert {what for _, _, what in told} == {
        f"peptides, {BUILT_IN} (1 of 2)",
        "peptides, esm2 (2 of 2)",
    }


def test_a_named_model_is_the_only_one(equipped, store_runs):
    (run,) = store_runs(equipped, {"a": ["SIINFEKL"]})
    result = pipeline.embed_runs(equipped, [run.id], model="anchor")
    assert [model.name for model in Vectors(equipped).models()] == ["anchor"]
    assert [each.model_key for each in result.models] == [result.model_key]


def test_damaged_weights_are_told_and_what_the_others_made_is_kept(equipped, store_runs):
    (run,) = store_runs(equipped, {"a": ["SIINFEKL", "GILGFVFTL"]})
    file = equipped.settings.models / FILE_NAME
    file.write_bytes(file.read_bytes()[:1000])
    built_in = load_model(BUILT_IN, equipped.settings).model_key
    with pytest.raises(ModelUnavailable, match="1000 bytes") as caught:
        jobs.do(equipped, "embed", {"run_ids": [run.id]}, subject=run.id)
    assert f"stored: the vectors of {built_in}" in caught.value.hint
    assert Vectors(equipped).count(built_in) == 2
    assert status(equipped, built_in).state == "current"
    (job,) = Jobs(equipped).list()
    assert job.state == "failed"
    assert "1000 bytes" in job.reason
