"""How long 100 000 features take to store, against bare ``executemany`` of the same rows.

The bare side inserts finished peptides into the same table and finished features into a plain one,
a row each, found by run and peptide: one ``executemany`` for either, with the same settings. Our
side is ``Features.replace`` of the parsed upload: look-up of known peptides, descriptors, peptides,
packed features, runs, counts, report.

    python benchmarks/bench_store.py [--features 100000] [--repeats 5]
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from _made_up import describe_machine, made_up_upload

from omicstoken_kernel.context import Context, open_context
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads

_PRAGMAS = ("foreign_keys = ON", "synchronous = NORMAL", "cache_size = -65536")


def ours(home: Path, count: int) -> tuple[float, Context]:
    ctx = open_context(load_settings(home=home, user="bench"))
    upload = Uploads(ctx).add(name="bench", sha256="0" * 64, size_bytes=1, options={})
    parsed = made_up_upload({f"run {number}": count // 4 for number in range(4)})
    start = time.perf_counter()
    Features(ctx).replace(upload.id, parsed, {"ledger": parsed.ledger.as_json()})
    return time.perf_counter() - start, ctx


def feature_rows(ctx: Context) -> list[tuple[object, ...]]:
    return [
        (run.id, ordinal, *row.values())
        for run in Runs(ctx).list()
        for ordinal, row in enumerate(
            Features(ctx).of_run(run.id).drop_columns(["feature_id", "sequence"]).to_pylist(), 1
        )
    ]


def bare(home: Path, source: Context) -> float:
    """Insert the rows of ``source`` into an empty store, by the driver alone."""
    ctx = open_context(load_settings(home=home, user="bench"))
    database = sqlite3.connect(str(ctx.engine.url.database), isolation_level=None)
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    origin = sqlite3.connect(str(source.engine.url.database))
    peptides = origin.execute("SELECT * FROM peptide").fetchall()
    origin.close()
    features = feature_rows(source)
    database.execute(
        "CREATE TABLE feature (run_id TEXT, ordinal INT, proforma TEXT, charge INT, mz REAL, "
        "rt_s REAL, quantity REAL, score REAL, pep REAL, q_value REAL, psm_count INT, "
        "matched INT, contaminant INT, proteins TEXT, line INT, peptide_id INT, "
        "PRIMARY KEY (run_id, ordinal)) WITHOUT ROWID"
    )
    database.execute("CREATE INDEX feature_peptide ON feature (run_id, peptide_id)")
    start = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    for table, rows in (("peptide", peptides), ("feature", features)):
        marks = ", ".join("?" * len(rows[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    database.execute("COMMIT")
    seconds = time.perf_counter() - start
    database.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    set_up_logging(load_settings())
    print(describe_machine())
    our_times, bare_times = [], []
    for _ in range(arguments.repeats):
        with tempfile.TemporaryDirectory() as folder:
            seconds, source = ours(Path(folder) / "ours", arguments.features)
            our_times.append(seconds)
            bare_times.append(bare(Path(folder) / "bare", source))
    our, base = statistics.median(our_times), statistics.median(bare_times)
    count = arguments.features
    print(f"{count} features of as many peptides, {arguments.repeats} repeats, medians")
    print(f"Features.replace          {our:7.3f} s  {count / our:10,.0f} features/s")
    print(f"bare sqlite3 executemany  {base:7.3f} s  {count / base:10,.0f} features/s")
    print(f"ratio                     {our / base:7.2f}    (promised: at most 3)")


if __name__ == "__main__":
    main()
