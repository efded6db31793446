"""Fingerprints: one per key, read back as they were made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.fingerprints import POINTS, Cluster, Fingerprint, Fingerprints


@pytest.fixture
def runs(any_ctx, store_runs, make_sequences):
    return store_runs(any_ctx, {"a": make_sequences(5, 1), "b": make_sequences(5, 2)})


@pytest.fixture
def made(runs):
    points = pa.table(
        {
            "sequence": ["PEPTIDEK", "PEPTIDER", "PEPTIDEV"],
            "x": [0.1, -2.5, 3.0],
            "y": [1e-9, 0.0, None],
            "cluster": [1, 1, None],
            "responsibility": [0.99, 0.5, 0.1],
        },
        schema=POINTS,
    )
    return Fingerprint(
        id="",
        run_ids=(runs[1].id, runs[0].id),
        peptides_digest="0" * 64,
        model_key="anchor:1",
        method="motifs",
        settings={"seed": 0, "lengths": [8, 11]},
        versions={"openTSNE": "1.0.2"},
        quality={"assigned": np.float64(0.67), "gap": float("nan"), "k": np.int64(1)},
        clusters=(Cluster(1, 2, 2 / 3, "xLxxxxxxV", {8: 1, 11: 1}),),
        points=points,
    )


def test_a_fingerprint_comes_back_as_it_was_made(any_ctx, made, runs):
    saved = Fingerprints(any_ctx).save(made)
    assert Fingerprints(any_ctx).get(saved.id) == saved
    assert saved.run_ids == tuple(sorted(run.id for run in runs))
    assert saved.points == made.points
    assert saved.clusters == made.clusters
    assert saved.settings == made.settings
    assert saved.quality == {"assigned": 0.67, "gap": None, "k": 1}
    assert saved.created_at.tzinfo is not None
    assert saved.unassigned == 1


def test_the_same_key_is_the_same_fingerprint(any_ctx, made):
    first = Fingerprints(any_ctx).save(made)
    again = Fingerprints(any_ctx).save(
        replace(made, run_ids=made.run_ids[::-1], versions={"openTSNE": "9"})
    )
    assert again == first
    assert len(Fingerprints(any_ctx).list()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"peptides_digest": "1" * 64},
        {"model_key": "esm2:1"},
        {"method": "leiden"},
        {"settings": {"seed": 1}},
    ],
)
def test_another_key_is_another_fingerprint(any_ctx, made, change):
    first = Fingerprints(any_ctx).save(made)
    assert Fingerprints(any_ctx).save(replace(made, **change)).id != first.id


def test_the_latest_of_exactly_these_runs_is_found(any_ctx, made, runs):
    joint = Fingerprints(any_ctx).save(made)
    alone = Fingerprints(any_ctx).save(replace(made, run_ids=(runs[0].id,)))
    newer = Fingerprints(any_ctx).save(replace(made, peptides_digest="1" * 64))
    repository = Fingerprints(any_ctx)
    assert repository.latest([run.id for run in runs]) == newer
    assert repository.latest([runs[0].id]) == alone
    assert repository.latest([runs[1].id]) is None
    assert repository.latest(made.run_ids, peptides_digest="0" * 64) == joint
    assert repository.latest(made.run_ids, settings={"lengths": [8, 11], "seed": 0}) == newer
    assert repository.latest(made.run_ids, model_key="other") is None


def test_a_match_that_does_not_exist_is_a_mistake_of_the_caller(any_ctx, made):
    with pytest.raises(TypeError, match="colour"):
        Fingerprints(any_ctx).latest(made.run_ids, colour="red")


def test_fingerprints_are_listed_oldest_first_and_by_run(any_ctx, made, runs):
    joint = Fingerprints(any_ctx).save(made)
    alone = Fingerprints(any_ctx).save(replace(made, run_ids=(runs[0].id,)))
    assert Fingerprints(any_ctx).list() == (joint, alone)
    assert Fingerprints(any_ctx).list(runs[0].id) == (joint, alone)
    assert Fingerprints(any_ctx).list(runs[1].id) == (joint,)


def test_a_fingerprint_of_an_unknown_run_is_not_stored(any_ctx, made):
    with pytest.raises(NotFound, match="run_none"):
        Fingerprints(any_ctx).save(replace(made, run_ids=("run_none",)))
    assert Fingerprints(any_ctx).list() == ()
