"""Two stores with the same content have the same dump, whatever came first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store._blocks import FEATURE_VALUES, blocks_of, write_run
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.engine import writing
from omicstoken_kernel.store.fingerprints import POINTS, Fingerprint, Fingerprints
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.tables import FEATURE_BLOCK
from omicstoken_kernel.store.vectors import Vectors


def vector_of(sequence):
    return np.random.default_rng(sum(sequence.encode())).normal(size=4).astype(np.float32)


def fill(ctx, store_runs, make_sequences, *, backwards):
    every = make_sequences(60, 1)
    files = [("one", every[:40]), ("two", every[20:])]
    for file, sequences in files[::-1] if backwards else files:
        store_runs(ctx, {f"run of {file}": sequences}, file=file)
    visible = Peptides(ctx).visible()
    for start in range(0, visible.num_rows, 7):
        part = visible.slice(start, 7)
        Vectors(ctx).add(
            model_key="m",
            name="m",
            dim=4,
            peptide_ids=part["peptide_id"].to_numpy(),
            vectors=np.stack([vector_of(s) for s in part["sequence"].to_pylist()]),
        )
    made = Fingerprint(
        "", (Runs(ctx).find("run of one").id,), "0" * 64, "m", "motifs", {}, {}, {}, (),
        POINTS.empty_table(),
    )  # fmt: skip
    Fingerprints(ctx).save(made)
    Jobs(ctx).create("embed", {})


@pytest.fixture
def reference(tmp_path, store_runs, make_sequences):
    ctx = open_context(load_settings(home=tmp_path / "reference", user="tester"))
    fill(ctx, store_runs, make_sequences, backwards=False)
    return ctx


def test_the_order_of_storing_and_the_database_do_not_matter(
    any_ctx, reference, store_runs, make_sequences
):
    fill(any_ctx, store_runs, make_sequences, backwards=True)
    dump = logical_dump(any_ctx)
    assert dump == logical_dump(reference)
    assert {name: len(part) for name, part in dump.items()} == {
        "peptides": 60, "uploads": 2, "samples": 2, "runs": 2, "features": 2, "members": 2,
        "vectors": 1, "fingerprints": 1, "proteomes": 0, "mappings": 0, "predictions": 0,
        "selections": 0,
    }  # fmt: skip
    assert len(dump["vectors"]["m"]) == 60


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE feature_block SET first = 2",
        "UPDATE embedding SET vector = x'0000803f0000803f0000803f0000803f' WHERE peptide_id = 2",
        "UPDATE peptide SET gravy = 0 WHERE id = 2",
        "UPDATE run SET peptides = 1",
        "UPDATE fingerprint SET quality = '{\"a\": 1}'",
        "DELETE FROM embedding WHERE peptide_id = 5",
        "DELETE FROM feature_block",
        "UPDATE run_peptides SET lengths = zeroblob(80)",
    ],
)
def test_any_change_of_content_changes_the_dump(reference, change):
    before = logical_dump(reference)
    with reference.engine.connect() as connection:
        connection.exec_driver_sql(change)
        connection.commit()
    assert logical_dump(reference) != before


@pytest.mark.parametrize("column", ["quantity", "proforma", "line"])
def test_a_change_of_one_feature_changes_the_dump(reference, column):
    before = logical_dump(reference)
    with writing(reference.engine) as connection:
        run_id = connection.scalars(sa.select(FEATURE_BLOCK.c.run_id)).first()
        (block,) = blocks_of(connection, run_id)
        rows = block.values.to_pylist()
        rows[3][column] = {"quantity": 1.5, "proforma": "AM[Oxidation]K", "line": 7}[column]
        connection.execute(sa.delete(FEATURE_BLOCK).where(FEATURE_BLOCK.c.run_id == run_id))
        changed = pa.Table.from_pylist(rows, FEATURE_VALUES)
        write_run(connection, run_id, block.peptide_ids, changed)
    assert logical_dump(reference) != before


def test_another_owner_sees_the_same_dump(reference):
    assert logical_dump(replace(reference, owner="another")) == logical_dump(reference)
