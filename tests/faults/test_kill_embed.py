"""The command ``embed``, killed on its way and typed again, computes only the rest."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from omicstoken_kernel import pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

_PEPTIDES = 20_000


def _stored_run(ctx, folder):
    draw = random.Random(5)
    file = folder / "ligands.txt"
    peptides = {"".join(draw.choices("ACDEFGHIKLMNPQRSTVWY", k=9)) for _ in range(_PEPTIDES)}
    file.write_text("\n".join(sorted(peptides)) + "\n", encoding="ascii")
    return pipeline.ingest(ctx, file).runs[0]


def _embed(run_id, url):
    command = "from omicstoken_kernel.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", command, "embed", run_id, "--model", "anchor", "--json"],
        env=os.environ | {"OMICSTOKEN_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill_and_repeat(tmp_path, url):
    settings = load_settings(home=tmp_path / "home", user="tester", database_url=url)
    ctx = open_context(settings)
    run = _stored_run(ctx, tmp_path)
    model = load_model("anchor", settings)
    process = _embed(run.id, url)
    while Vectors(ctx).count(model.model_key) < 0.6 * run.peptides:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    kept = Vectors(ctx).count(model.model_key)
    assert 0.6 * run.peptides <= kept < run.peptides

    out, err = _embed(run.id, url).communicate(timeout=120)
    body = json.loads(out)
    assert (body["embedded"], body["known"]) == (run.peptides - kept, kept), err
    assert body["failed_count"] == 0
    latest, killed = Jobs(ctx).list()
    assert (latest.state, killed.state) == ("done", "running")
    some = Peptides(ctx).of_runs([run.id]).take(np.arange(0, run.peptides, 997))
    some = some.sort_by("peptide_id")
    _, found = Vectors(ctx).of_peptides(model.model_key, some["peptide_id"].to_numpy())
    np.testing.assert_allclose(found, model.embed_batch(some["sequence"].to_pylist()), atol=1e-5)
    assert len(open_index(ctx, model.model_key)) == run.peptides
    ctx.engine.dispose()


def test_an_embedding_killed_on_its_way_goes_on_where_it_stopped(tmp_path):
    _kill_and_repeat(tmp_path, "")


@pytest.mark.postgres
def test_an_embedding_killed_on_its_way_goes_on_where_it_stopped_on_postgresql(
    tmp_path, postgres_url
):
    _kill_and_repeat(tmp_path, postgres_url)
