"""The pipeline that nothing may break, walked from upload to export on two real samples."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq

from omicstoken_kernel import pipeline
from omicstoken_kernel.demo.samples import samples
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors


def _peptides_of(sample) -> set[str]:
    return set(sample.path.read_text(encoding="ascii").split())


def test_two_real_samples_walk_from_upload_to_export(ctx, tmp_path):
    first, second = samples()[1:3]

    # Upload -> Parse -> Store features
    ingested = [pipeline.ingest(ctx, sample.path) for sample in (first, second)]
    runs = [entry.runs[0] for entry in ingested]
    for entry, run, sample in zip(ingested, runs, (first, second), strict=True):
        lines = len(sample.path.read_text(encoding="ascii").split())
        ledger = entry.as_json()["ledger"]
        assert ledger["rows_in"] == lines == ledger["used"] + ledger["merged"]
        assert set(Features(ctx).of_run(run.id)["sequence"].to_pylist()) == _peptides_of(sample)

    # Embed -> Store embeddings -> Rebuild index
    run_ids = [run.id for run in runs]
    embedded = pipeline.embed_runs(ctx, run_ids, model="anchor")
    everything = _peptides_of(first) | _peptides_of(second)
    assert embedded.embedded == len(everything)
    again = pipeline.embed_runs(ctx, run_ids, model="anchor")
    assert (again.embedded, again.known) == (0, len(everything))
    manifest = pipeline.rebuild_index(ctx, embedded.model_key)
    assert manifest.count == len(everything)

    # Search: every peptide finds itself first, and what is found is what brute force finds.
    query = sorted(_peptides_of(first))[17]
    found = pipeline.search(ctx, query, k=5, model="anchor", run_ids=[runs[1].id])
    ids, vectors = Vectors(ctx).of_peptides(
        embedded.model_key, Peptides(ctx).visible_ids(run_ids=[runs[1].id])
    )
    own = Peptides(ctx).find(query)
    _, own_vector = Vectors(ctx).of_peptides(embedded.model_key, np.array([own]))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    similarities = unit @ (own_vector[0] / np.linalg.norm(own_vector[0]))
    best = np.sort(similarities)[::-1][:5]
    assert np.allclose([hit.similarity for hit in found.hits], best, atol=1e-5)
    assert {hit.sequence for hit in found.hits} <= _peptides_of(second)
    assert ids.size == len(_peptides_of(second))

    # Fingerprint -> Compare -> Summarize
    picture = pipeline.fingerprint(ctx, run_ids, model="anchor")
    assert set(picture.points["sequence"].to_pylist()) == everything
    comparison = pipeline.compare(ctx, run_ids, model="anchor").as_json()
    shared = _peptides_of(first) & _peptides_of(second)
    assert comparison["shared"] == len(shared)
    assert comparison["unique"][runs[0].id] == len(_peptides_of(first) - shared)
    assert pipeline.summarize(ctx, runs[0].id, model="anchor").sentences

    # Export: the payload holds every feature with its vector; the table every feature.
    exported = pipeline.export(ctx, runs[0].id, tmp_path / "run.json", model="anchor")
    payload = json.loads(exported.path.read_text(encoding="utf-8"))
    assert payload["total_embeddings"] == len(payload["data"]) == runs[0].features
    assert all(len(record["embedding"]) == 320 for record in payload["data"])
    table = pipeline.export(ctx, runs[0].id, tmp_path / "run.parquet")
    assert pq.read_table(table.path).num_rows == runs[0].features
