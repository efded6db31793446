"""Descriptors of 10 000 peptides: ours, vectorised, beside a loop over the package `peptides`.

Both sides compute the same ten descriptors and the length, on one thread; rounds alternate between
the sides.

Run with ``python benchmarks/bench_descriptors.py``.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import version

import numpy as np
import peptides
import pyarrow as pa
from threadpoolctl import threadpool_limits

from omicstoken_kernel.chemistry.descriptors import describe
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME

ROUNDS = 5


def generate(n: int, seed: int) -> list[str]:
    """Peptides of 8-14 residues (mostly 9) with the composition of the human proteome."""
    rng = np.random.default_rng(seed)
    residues = np.array(list(HUMAN_PROTEOME))
    shares = np.array(list(HUMAN_PROTEOME.values()))
    lengths = rng.choice(np.arange(8, 15), n, p=[0.1, 0.5, 0.15, 0.1, 0.05, 0.05, 0.05])
    letters = "".join(rng.choice(residues, lengths.sum(), p=shares / shares.sum()))
    ends = np.cumsum(lengths)
    return [letters[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def loop(sequences: list[str]) -> list[tuple[float, ...]]:
    rows = []
    for sequence in sequences:
        peptide = peptides.Peptide(sequence)
        rows.append(
            (
                len(sequence),
                peptide.molecular_weight(),
                peptide.molecular_weight(average="monoisotopic"),
                sum(map(sequence.count, "KRH")) - sum(map(sequence.count, "DE")),
                peptide.charge(pH=7),
                peptide.isoelectric_point(),
                peptide.hydrophobicity(),
                sum(map(sequence.count, "FWY")) / len(sequence),
                peptide.aliphatic_index(),
                peptide.instability_index(),
                peptide.boman(),
            )
        )
    return rows


def seconds(function, argument) -> float:
    start = time.perf_counter()
    function(argument)
    return time.perf_counter() - start


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("numpy", "pyarrow", "peptides")))
    small = generate(10_000, seed=1)
    large = pa.array(generate(1_000_000, seed=2))
    describe(small[:100])
    ours, theirs, million = [], [], []
    for _ in range(ROUNDS):
        ours.append(seconds(describe, small))
        theirs.append(seconds(loop, small))
        million.append(seconds(describe, large))
    fast, slow, whole = (statistics.median(times) for times in (ours, theirs, million))
    print(f"10 000 peptides, omicstoken   {fast * 1e3:9.1f} ms (median of {ROUNDS})")
    print(f"10 000 peptides, peptides     {slow * 1e3:9.1f} ms")
    print(f"ratio                         {slow / fast:9.0f} x")
    print(f"1 000 000 peptides            {whole:9.2f} s = {1e6 / whole:,.0f} peptides/s")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
