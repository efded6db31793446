"""Odd input from file to vector: each peptide has one vector or one reason, and all are counted."""

from __future__ import annotations

import numpy as np
import pytest
import sqlalchemy as sa

from omicstoken_kernel import pipeline
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import ServiceUnavailable
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors


@pytest.fixture
def model(ctx):
    return load_model("anchor", ctx.settings)


def ingested(ctx, tmp_path, sequences):
    file = tmp_path / "odd.csv"
    rows = "".join(f"{sequence},1\n" for sequence in sequences)
    file.write_text(f"sequence,intensity\n{rows}", encoding="ascii")
    return pipeline.ingest(ctx, file)


def test_odd_sequences_of_a_file_are_refused_embedded_or_failed_each_with_its_reason(
    ctx, tmp_path, model
):
    refused = ["", "   ", "A" * 5000, "SI1NFEKL", "SIIN-EKL"]
    embeddable = ["SIINFEKL", "gilgfvftl", "SIIUFEKL", "SIIOFEKL"]
    undefined = ["SIIXFEKL", "SIIBFEKL", "SIIZFEKL"]
    found = ingested(ctx, tmp_path, [*refused, *embeddable, *undefined])
    assert found.as_json()["ledger"]["rejected"] == {
        "holds a sign that is no amino acid": 2,
        "longer than 1022 residues": 1,
        "no sequence": 2,
    }
    result = encode_runs(ctx, [found.runs[0].id], model=model)
    assert (result.embedded, result.known, result.failed_count) == (4, 0, 3)
    assert result.failed_reasons == {
        f"residue {letter} has no defined side chain": 1 for letter in "BXZ"
    }
    stored = Peptides(ctx).of_runs([found.runs[0].id])
    ids, matrix = Vectors(ctx).of_peptides(model.model_key, stored["peptide_id"].to_numpy())
    named = dict(zip(stored["peptide_id"].to_pylist(), stored["sequence"].to_pylist(), strict=True))
    assert {named[peptide_id] for peptide_id in ids.tolist()} == {s.upper() for s in embeddable}
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)


def test_a_sequence_a_million_times_in_a_file_is_one_peptide_with_one_vector(ctx, tmp_path, model):
    file = tmp_path / "same.txt"
    file.write_bytes(b"SIINFEKL\n" * 1_000_000)
    found = pipeline.ingest(ctx, file)
    ledger = found.as_json()["ledger"]
    assert (ledger["used"], ledger["merged"]) == (1, 999_999)
    result = encode_runs(ctx, [found.runs[0].id], model=model)
    assert (result.embedded, result.known, result.failed_count) == (1, 0, 0)


def test_a_full_disk_is_told_and_leaves_whole_batches_only(ctx, store_runs, make_sequences, model):
    (run,) = store_runs(ctx, {"a": make_sequences(1000)})
    limit = {"pages": 0}

    def cap(connection, _record):
        if limit["pages"]:
            connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    sa.event.listen(ctx.engine, "connect", cap)
    with ctx.engine.connect() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit["pages"] = used + 150  # room for some of the 1 000 vectors of 1 280 bytes
    with pytest.raises(ServiceUnavailable, match=r"disk of the database .* is full") as caught:
        encode_runs(ctx, [run.id], model=model, batch=100)
    assert "Free some disk space" in caught.value.hint
    kept = Vectors(ctx).count(model.model_key)
    assert kept in range(100, 1000, 100)
    limit["pages"] = 0
    rest = encode_runs(ctx, [run.id], model=model, batch=100)
    assert (rest.embedded, rest.known) == (1000 - kept, kept)
