"""Made-up uploads and the machine's description, for the store's benchmarks."""

from __future__ import annotations

import os
import platform
import sqlite3

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.ingest.features import FEATURES, Ledger, ParsedUpload, RunDraft

__all__ = ["describe_machine", "made_up_upload", "random_peptides"]

_RESIDUES = np.frombuffer(b"ACDEFGHIKLMNPQRSTVWY", dtype="S1")


def describe_machine() -> str:
    """Return processor count, platform and versions in one line."""
    return (
        f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sa.__version__}, pyarrow {pa.__version__}"
    )


def random_peptides(count: int, draw: np.random.Generator) -> list[str]:
    """Return made-up peptides of 8 to 11 residues; with 20**8 to choose from, hardly any twice."""
    letters = draw.choice(_RESIDUES, size=(count, 11)).view("S11")[:, 0]
    lengths = draw.integers(8, 12, size=count)
    return [text[:length].decode() for text, length in zip(letters, lengths, strict=True)]


def made_up_upload(runs: dict[str, int | list[str]], *, seed: int = 0) -> ParsedUpload:
    """Return a ParsedUpload of runs given by their number of features or by their sequences."""
    draw = np.random.default_rng(seed)
    tables = []
    for position, content in enumerate(runs.values()):
        sequences = random_peptides(content, draw) if isinstance(content, int) else content
        count = len(sequences)
        columns = {
            "run": np.full(count, position, dtype=np.int32),
            "sequence": sequences,
            "proforma": sequences,
            "precursor_charge": draw.integers(1, 4, size=count).astype(np.int16),
            "mz": draw.uniform(300, 1200, size=count),
            "rt_s": draw.uniform(60, 7200, size=count),
            "quantity": draw.lognormal(10, 2, size=count),
            "score": draw.uniform(0, 100, size=count),
            "pep": draw.uniform(0, 0.1, size=count),
            "q_value": draw.uniform(0, 0.01, size=count),
            "psm_count": draw.integers(1, 9, size=count).astype(np.int32),
            "matched": draw.random(count) < 0.2,
            "contaminant": draw.random(count) < 0.02,
            "proteins": [f"sp|P{number:05d}|" for number in draw.integers(0, 99_999, size=count)],
            "line": np.arange(2, count + 2),
        }
        tables.append(pa.table(columns, schema=FEATURES))
    features = pa.concat_tables(tables)
    rows = features.num_rows
    return ParsedUpload(
        format="made_up",
        reader_version="1",
        runs=tuple(RunDraft(name, name, "precursor_intensity", "Intensity") for name in runs),
        features=features,
        ledger=Ledger(rows_in=rows, used=rows, cells_in=rows, features=rows),
    )
