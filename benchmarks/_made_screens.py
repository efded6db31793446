"""Workspaces for the benchmark of the screens: large runs with a map, and a thousand small ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

RESIDUES = np.frombuffer(b"ACDEFGHIKLMNPQRSTVWY", dtype="S1")
#: Of more peptides than this the vectors are made up: embedding a million takes an hour.
EMBEDDED = 100_000


def stock(home, count):
    """Store a run of made-up 9-mers with vectors and a fingerprint whose map is random."""
    from omicstoken_kernel import Workbench
    from omicstoken_kernel.analysis.model_choice import model_for_maps
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.vectors import Vectors

    draw = np.random.default_rng(0)
    bench = Workbench(home=home, user="bench")
    embed = count <= EMBEDDED
    peptides = {b"".join(row).decode() for row in draw.choice(RESIDUES, (count, 9))}
    (run,) = bench.upload(written(home, "large", peptides), embed=embed).runs
    if not embed:
        ids = Peptides(bench.context).visible_ids()
        made_up = draw.normal(size=(len(ids), 4)).astype(np.float32)
        Vectors(bench.context).add(
            model_key="ligand:made-up", name="ligand", dim=4, peptide_ids=ids, vectors=made_up
        )
    store_map(bench, [run], model_for_maps(bench.context, [run.id]), draw)
    return bench, run


def written(home, name, peptides):
    """Write a list of peptides and return its path."""
    path = Path(home) / f"{name}.txt"
    path.write_text("\n".join(sorted(peptides)))
    return path


def store_map(bench, runs, model_key, draw):
    """Store a fingerprint of runs with random places and clusters, as if it had been computed."""
    from omicstoken_kernel.analysis import layout
    from omicstoken_kernel.analysis.clusters import describe_clusters, method_for, method_named
    from omicstoken_kernel.store.fingerprints import POINTS, Fingerprint, Fingerprints
    from omicstoken_kernel.store.ids import peptides_digest
    from omicstoken_kernel.store.peptides import Peptides

    found = Peptides(bench.context).of_runs([run.id for run in runs])["sequence"]
    sequences = found.to_pylist()
    labels = draw.integers(0, 7, len(sequences)).astype(np.int32)
    points = pa.table(
        [
            pa.array(sequences),
            pa.array(draw.normal(size=len(sequences))),
            pa.array(draw.normal(size=len(sequences))),
            pa.array(labels, mask=labels == 0),
            pa.array(draw.random(len(sequences))),
        ],
        schema=POINTS,
    )
    method = method_for(sequences)
    settings = {
        "seed": 0, "vectors": len(sequences), **method_named(method).SETTINGS, **layout.SETTINGS
    }  # fmt: skip
    Fingerprints(bench.context).save(
        Fingerprint(
            "", tuple(sorted(run.id for run in runs)), peptides_digest(found), model_key,
            method, settings, {}, {"notes": []}, describe_clusters(sequences, labels), points,
        )
    )  # fmt: skip


def many_runs(home, count):
    """Store a thousand runs of three peptides each, in one file."""
    from omicstoken_kernel import Workbench

    draw = np.random.default_rng(1)
    rows = draw.choice(RESIDUES, (count * 3, 9))
    lines = [f"{b''.join(row).decode()},run {n // 3:04d}" for n, row in enumerate(rows)]
    path = Path(home) / "many.csv"
    path.write_text("\n".join(["sequence,run", *lines]))
    bench = Workbench(home=home, user="many")
    bench.upload(path, columns={"sequence": "sequence", "run": "run"})
    return bench
