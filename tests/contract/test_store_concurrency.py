"""Eight processes write into one store at once: no error, nothing lost, nothing doubled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa
from forked import all_at_once
from store_writer import ROUNDS, RUN_NAMES, sequences_of, vector_of, write

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

PROCESSES = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def written(request, tmp_path):
    """A Context of a store into which eight processes have just written at once."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    home = tmp_path / "home"
    all_at_once(write, [(home, url, number) for number in range(PROCESSES)])
    ctx = open_context(load_settings(home=home, database_url=url, user="owner 0"))
    yield ctx
    ctx.engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_eight_processes_lose_and_double_nothing(written):
    everything: set[str] = set()
    for owner in (0, 1):
        ctx = replace(written, owner=f"owner {owner}")
        uploads = {upload.name: upload for upload in Uploads(ctx).list()}
        numbers = range(owner, PROCESSES, 2)
        assert len(uploads) == len(numbers) * ROUNDS + 1
        runs = Runs(ctx).list()
        assert len(runs) == len(uploads) * len(RUN_NAMES)
        assert len({run.sample.id for run in runs}) == len(runs)
        expected = {
            f"{number}.{round_}": sequences_of(number, round_)
            for number in numbers
            for round_ in range(ROUNDS)
        } | {"shared": sequences_of(owner, 0)}
        for name, sequences in expected.items():
            mine = [run for run in runs if run.upload_id == uploads[name].id]
            stored = [
                sequence
                for run in mine
                for sequence in Features(ctx).of_run(run.id)["sequence"].to_pylist()
            ]
            assert stored == sequences
            assert sum(run.features for run in mine) == len(sequences)
            everything |= set(sequences)
        assert set(Vectors(ctx).counts_by_run()) == {run.id for run in runs}
        assert [job.state for job in Jobs(ctx).list()] == ["done"] * len(numbers)
    check_peptides_and_vectors(written, everything)


def check_peptides_and_vectors(ctx, everything):
    with reading(ctx.engine) as connection:
        rows = connection.execute(sa.text("SELECT id, sequence FROM peptide ORDER BY id")).all()
    assert sorted(sequence for _, sequence in rows) == sorted(everything)
    ids, matrix = next(Vectors(ctx).stream("m", 1_000_000))
    assert ids.tolist() == [key for key, _ in rows]
    assert np.array_equal(matrix, np.stack([vector_of(sequence) for _, sequence in rows]))
    (model,) = Vectors(ctx).models()
    assert 1 <= model.generation <= len(everything)
    assert len(Peptides(ctx).visible_ids()) < len(everything)
