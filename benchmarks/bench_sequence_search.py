"""Exact sequence search over a million peptides, beside the same search in plain Python.

All five kinds of match are sought, with up to two substitutions. The plain loop is the one a
script would hold; it takes seconds, so it runs once for each query.

Run with ``python benchmarks/bench_sequence_search.py``.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import version

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

from omicstoken_kernel.analysis.sequences import SequenceIndex
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME

PEPTIDES = 1_000_000
ROUNDS = 9


def generate(n: int, seed: int) -> list[str]:
    """Distinct peptides of 8-14 residues (mostly 9) with the composition of the human proteome."""
    rng = np.random.default_rng(seed)
    residues, shares = np.array(list(HUMAN_PROTEOME)), np.array(list(HUMAN_PROTEOME.values()))
    found: set[str] = set()
    while len(found) < n:
        lengths = rng.choice(np.arange(8, 15), n, p=[0.1, 0.5, 0.15, 0.1, 0.05, 0.05, 0.05])
        letters = "".join(rng.choice(residues, lengths.sum(), p=shares / shares.sum()))
        ends = np.cumsum(lengths)
        found |= {letters[end - size : end] for end, size in zip(ends, lengths, strict=True)}
    return sorted(found)[:n]


def loop(stored: list[str], query: str, substitutions: int) -> int:
    found = 0
    alike = query.replace("I", "L")
    for sequence in stored:
        if len(sequence) == len(query):
            letters = zip(alike, sequence.replace("I", "L"), strict=True)
            found += sum(a != b for a, b in letters) <= substitutions
        else:
            found += query in sequence or sequence in query
    return found


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("numpy", "pyarrow")))
    stored = generate(PEPTIDES, seed=1)
    strings = pa.array(stored)
    start = time.perf_counter()
    index = SequenceIndex(np.arange(PEPTIDES), strings)
    print(f"{PEPTIDES:,} peptides, index built in {time.perf_counter() - start:.2f} s")
    rng = np.random.default_rng(2)
    for length in (8, 9, 12, 30):
        query = str(rng.choice([s for s in stored if len(s) == min(length, 12)]))
        query += "".join(rng.choice(list(HUMAN_PROTEOME), length - len(query)))
        times = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            found = index.find(query, substitutions=2)
            times.append(time.perf_counter() - start)
        start = time.perf_counter()
        expected = loop(stored, query, 2)
        plain = time.perf_counter() - start
        assert len(found) == expected
        median = statistics.median(times[1:])
        print(
            f"query of {length:2d}: first {times[0] * 1e3:6.1f} ms, median of {ROUNDS} "
            f"{median * 1e3:6.1f} ms, plain loop {plain * 1e3:8.0f} ms, "
            f"ratio {plain / median:4.0f} x, {len(found)} found"
        )


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
