"""One of several processes that write into one store at once; started by test_store_concurrency."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np
import pyarrow as pa

from omicstoken_kernel.context import open_context
from omicstoken_kernel.ingest.features import FEATURES, Ledger, ParsedUpload, RunDraft
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.jobs import Jobs
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

ROUNDS = 3
RUN_NAMES = ("alpha", "beta")


def sequences_of(number: int, round_: int) -> list[str]:
    """Return the peptides of one upload: half of them are in every other upload too."""
    common, own = random.Random(0), random.Random(f"{number}.{round_}")

    def some(draw: random.Random) -> list[str]:
        return ["".join(draw.choices("ACDEFGHIKLMNPQRSTVWY", k=9)) for _ in range(300)]

    found = list(dict.fromkeys(some(common) + some(own)))
    own.shuffle(found)
    return found


def vector_of(sequence: str) -> np.ndarray:
    digest = hashlib.sha256(sequence.encode()).digest()
    return np.frombuffer(digest, dtype=np.uint8)[:8].astype(np.float32) + 1


def parsed(sequences: list[str], names: tuple[str, ...]) -> ParsedUpload:
    count = len(sequences)
    values: dict[str, object] = {
        "run": np.sort(np.arange(count) % len(names)).astype(np.int32),
        "sequence": sequences,
        "proforma": sequences,
        "matched": [False] * count,
        "contaminant": [False] * count,
        "proteins": [""] * count,
        "line": np.arange(count),
    }
    columns = [
        pa.array(values[field.name], field.type)
        if field.name in values
        else pa.nulls(count, field.type)
        for field in FEATURES
    ]
    return ParsedUpload(
        "test",
        "1",
        tuple(RunDraft(name, name) for name in names),
        pa.table(columns, schema=FEATURES),
        Ledger(count, count, cells_in=count, features=count),
    )


def write(home: Path, url: str, number: int) -> None:
    """Store uploads, vectors and a job in the one workspace of all."""
    settings = load_settings(home=home, database_url=url, user=f"owner {number % 2}")
    ctx = open_context(settings)
    # Everyone also stores this one upload of their owner, over and over.
    shared = Uploads(ctx).add(name="shared", sha256="f" * 64, size_bytes=1, options={})
    # Names in another order in every other process: a trap for locks taken one by one.
    names = RUN_NAMES if number % 4 < 2 else RUN_NAMES[::-1]
    job = Jobs(ctx).create("embed", {})
    for round_ in range(ROUNDS):
        sha256 = hashlib.sha256(f"{number}.{round_}".encode()).hexdigest()
        upload = Uploads(ctx).add(
            name=f"{number}.{round_}", sha256=sha256, size_bytes=1, options={}
        )
        Features(ctx).replace(upload.id, parsed(sequences_of(number, round_), names), {})
        Features(ctx).replace(shared.id, parsed(sequences_of(number % 2, 0), RUN_NAMES), {})
        missing = Vectors(ctx).missing("m", [run.id for run in Runs(ctx).list()])
        for batch in missing.to_batches(max_chunksize=128):
            Vectors(ctx).add(
                model_key="m",
                name="m",
                dim=8,
                peptide_ids=batch["peptide_id"].to_numpy(),
                vectors=np.stack([vector_of(text) for text in batch["sequence"].to_pylist()]),
            )
            Jobs(ctx).update(job.id, state="running", progress=0.5)
    Jobs(ctx).update(job.id, state="done", progress=1.0)
