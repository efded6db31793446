"""How many peptides per second each model embeds, ESM-2 beside fair-esm's own padded batches.

The weights are seeded, not trained: speed does not depend on them. All use the same threads and
take turns.

    python benchmarks/bench_embed.py
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.esm2 import load_esm2

# The lengths of HLA class I ligands, as in published mono-allelic sets: 9.4 residues in the mean.
LENGTHS = {8: 0.11, 9: 0.54, 10: 0.18, 11: 0.10, 12: 0.04, 13: 0.03}


def peptides(count):
    draw = np.random.default_rng(0)
    lengths = draw.choice(list(LENGTHS), size=count, p=list(LENGTHS.values()))
    return ["".join(draw.choice(list("ACDEFGHIKLMNPQRSTVWY"), n)) for n in lengths]


def padded(network, sequences, size=128):
    """Embed as fair-esm's README does, in batches sorted by length."""
    convert = network.alphabet.get_batch_converter()
    with torch.no_grad():
        ordered = sorted(sequences, key=len)
        for start in range(0, len(ordered), size):
            batch = ordered[start : start + size]
            _, _, tokens = convert([("", sequence) for sequence in batch])
            states = network(tokens, repr_layers=[6])["representations"][6]
            for row, sequence in enumerate(batch):
                states[row, 1 : len(sequence) + 1].mean(0).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peptides", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from esm2_weights import network_of, write_weights

    with tempfile.TemporaryDirectory() as folder:
        esm2 = load_esm2(write_weights(Path(folder)).parent)
    network = network_of(seed=0)
    few, many = peptides(chosen.peptides), peptides(50 * chosen.peptides)
    contestants = {
        "anchor": (len(many), lambda: AnchorEmbedder().embed_batch(many)),
        "esm2 (batches of equal length)": (len(few), lambda: esm2.embed_batch(few)),
        "fair-esm (padded batches of 128)": (len(few), lambda: padded(network, few)),
    }
    times = {name: [] for name in contestants}
    for turn in range(chosen.rounds + 1):
        for name, (_, run) in contestants.items():
            began = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - began)
    print(
        f"{platform.platform()}, Python {platform.python_version()}, torch {torch.__version__}, "
        f"{os.cpu_count()} cores, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}"
    )
    rates = {
        name: count / statistics.median(times[name]) for name, (count, _) in contestants.items()
    }
    for name, rate in rates.items():
        print(f"{name:<34} {rate:>10,.0f} peptides/s")
    ours, theirs = list(rates.values())[1:]
    print(f"esm2 / fair-esm: {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
