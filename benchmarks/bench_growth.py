"""What adding one more run costs in a store of many runs, against an empty one.

Both sides add an upload with one run through ``Uploads.add`` and ``Features.replace``, turn by
turn. Of each run's peptides a share is known to the large store; all are new to the empty one. A
thousand samples of 1 250 ligands share most of them, so the promise is made for half known; with
none known, as with made-up peptides, each peptide of a run touches a page of its own in the
index.

    python benchmarks/bench_growth.py [--runs 1000] [--peptides 1250] [--known 0.5 0] [--repeats 15]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from _made_up import describe_machine, made_up_upload, random_peptides

from omicstoken_kernel.context import Context, open_context
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads


def add_run(ctx: Context, name: str, sequences: list[str]) -> float:
    parsed = made_up_upload({name: sequences})
    sha256 = make_id("x", name)[2:] * 4
    start = time.perf_counter()
    upload = Uploads(ctx).add(name=name, sha256=sha256, size_bytes=1, options={})
    Features(ctx).replace(upload.id, parsed, {"ledger": parsed.ledger.as_json()})
    return time.perf_counter() - start


def opened(home: Path) -> Context:
    return open_context(load_settings(home=home, user="bench"))


def fill(ctx: Context, runs: int, peptides: int, known: float) -> list[str]:
    """Add the many runs; return a pool of sequences that are stored."""
    draw = np.random.default_rng(1)
    pool = random_peptides(peptides, draw)
    for number in range(runs):
        old = int(peptides * known)
        sequences = [pool[place] for place in draw.choice(len(pool), size=old, replace=False)]
        fresh = random_peptides(peptides - old, draw)
        add_run(ctx, f"old run {number}", sequences + fresh)
        pool += fresh[: max(1, 200_000 // runs)]
    return pool


def compare(runs: int, peptides: int, known: float, repeats: int) -> None:
    draw = np.random.default_rng(2)
    with tempfile.TemporaryDirectory() as folder:
        large = opened(Path(folder) / "large")
        start = time.perf_counter()
        pool = fill(large, runs, peptides, known)
        filling = time.perf_counter() - start
        in_large, in_empty = [], []
        for number in range(repeats):
            old = int(peptides * known)
            sequences = [pool[place] for place in draw.choice(len(pool), size=old, replace=False)]
            sequences += random_peptides(peptides - old, draw)
            empty = opened(Path(folder) / f"empty{number}")
            in_empty.append(add_run(empty, f"new run {number}", sequences))
            in_large.append(add_run(large, f"new run {number}", sequences))
        start = time.perf_counter()
        listed = len(Runs(large).list())
        listing = time.perf_counter() - start
        size = Path(str(large.engine.url.database)).stat().st_size / 1e6
    big, none = statistics.median(in_large), statistics.median(in_empty)
    print(f"{runs} runs x {peptides} peptides, {known:.0%} of each known before ({size:.0f} MB)")
    print(f"  filled in           {filling:8.1f} s")
    print(f"  one more run        {big * 1000:8.1f} ms (worst: {max(in_large):.3f} s)")
    print(f"  first run, empty    {none * 1000:8.1f} ms (worst: {max(in_empty):.3f} s)")
    promise = "(promised: at most 1.5)" if known >= 0.5 else "(not promised)"
    print(f"  ratio               {big / none:8.2f}    {promise}")
    print(f"  listing {listed} runs  {listing * 1000:8.1f} ms (promised: under 50)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--peptides", type=int, default=1250)
    parser.add_argument("--known", type=float, nargs="+", default=[0.5, 0.0])
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    set_up_logging(load_settings())
    print(describe_machine())
    for known in arguments.known:
        compare(arguments.runs, arguments.peptides, known, arguments.repeats)


if __name__ == "__main__":
    main()
