"""How fast each model embeds, and how near ESM-2 comes to what the machine can multiply.

Claims checked, on 9-mers and on a mix of lengths as HLA class I ligands have it: ``esm2`` embeds at
least 1.45 times as many peptides per second as fair-esm's own loop (batches of 128 sorted by
length), at least 5 times as many as one sequence at a time through ``transformers``, and reaches at
least 65 % of the rate at which torch multiplies square float32 matrices, the best of several sizes;
``ligand``, where this version has it, embeds at least 20 times as many as ``esm2``.

Beside them ``products``: the linear layers' matrix products alone, in the same packs, which is the
most that any arrangement of them could reach here.

The weights are seeded, not trained: speed does not depend on them. All contestants have the same
weights and threads and take turns in one run; each figure is the median over the rounds.

Operations are counted as they are carried out, a product of (m, k) by (k, n) as 2 m k n. A sequence
of L residues has T = L + 2 tokens, and each of N layers of width d does

- query, key and value: 2 T d 3d, but for the first layer, where they are looked up in a table;
- the two products of the attention: 2 x 2 T T d;
- the output projection 2 T d d and the two feeding layers 2 x 2 T d 4d, in the last layer for the L
  residues only.

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
from datetime import datetime
from pathlib import Path

import numpy as np
import torch

from omicstoken_kernel.embedding import load_model, model_names
from omicstoken_kernel.embedding._device import in_parallel, workers_on
from omicstoken_kernel.embedding._esm2_packs import make_packs
from omicstoken_kernel.settings import load_settings

# The lengths of HLA class I ligands, as in published mono-allelic sets: 9.4 residues in the mean.
LIGANDS = {8: 0.11, 9: 0.54, 10: 0.18, 11: 0.10, 12: 0.04, 13: 0.03}
INPUTS = {"9-mers": {9: 1.0}, "length mix": LIGANDS}
SQUARES = (512, 1024, 2048)
LAYERS, DIM = 6, 320
# As esm2 packs them on a CPU.
TOKENS_PER_PACK = 704
# So many times as many peptides go into a model that takes little time for each.
MORE = {"anchor": 50, "ligand": 20}


def peptides(count, shares):
    draw = np.random.default_rng(0)
    lengths = draw.choice(list(shares), size=count, p=list(shares.values()))
    return ["".join(draw.choice(list("ACDEFGHIKLMNPQRSTVWY"), n)) for n in lengths]


def operations(sequence):
    """Return the floating-point operations of one sequence, by the formula above."""
    residues, tokens = len(sequence), len(sequence) + 2
    qkv = (LAYERS - 1) * 2 * tokens * DIM * 3 * DIM
    attention = LAYERS * 2 * 2 * tokens * tokens * DIM
    rest = ((LAYERS - 1) * tokens + residues) * (2 * DIM * DIM + 2 * 2 * DIM * 4 * DIM)
    return qkv + attention + rest


def padded(network, sequences, size=128):
    """Embed as fair-esm's README does, in batches sorted by length."""
    convert = network.alphabet.get_batch_converter()
    with torch.no_grad():
        ordered = sorted(sequences, key=len)
        for start in range(0, len(ordered), size):
            batch = ordered[start : start + size]
            _, _, tokens = convert([("", sequence) for sequence in batch])
            states = network(tokens, repr_layers=[LAYERS])["representations"][LAYERS]
            for row, sequence in enumerate(batch):
                states[row, 1 : len(sequence) + 1].mean(0).numpy()


def one_at_a_time(network, alphabet, sequences):
    """Embed as the examples of `transformers` do, without the tokenizer's own time."""
    convert = alphabet.get_batch_converter()
    with torch.no_grad():
        for sequence in sequences:
            _, _, tokens = convert([("", sequence)])
            states = network(tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
            states[0, 1:-1].mean(0).numpy()


def squares(size, seconds=0.5):
    """Multiply square matrices for some time and return the operations per second."""
    left, right = torch.randn(2, size, size)
    product, count, began = torch.empty(size, size), 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        torch.mm(left, right, out=product)
        count += 1
    return count * 2 * size**3 / passed


def products_alone(sequences):
    """Do the linear layers' products of these sequences and nothing else, in the model's packs.

    What is left out (attention, norms, GELU, sums, means) cannot take less than no time, so no
    float32 network on these products is faster.
    """
    draw = torch.Generator().manual_seed(0)
    shapes = {
        "qkv": (3 * DIM, DIM),
        "out": (DIM, DIM),
        "fc1": (4 * DIM, DIM),
        "fc2": (DIM, 4 * DIM),
    }
    weights = {name: torch.randn(*shape, generator=draw).t() for name, shape in shapes.items()}
    device = torch.device("cpu")

    def multiply(pack):
        with torch.inference_mode():
            states = torch.randn(sum(len(sequence) + 2 for sequence in pack.sequences), DIM)
            for layer in range(LAYERS):
                if layer:
                    torch.mm(states, weights["qkv"])
                if layer == LAYERS - 1:
                    states = states[: sum(map(len, pack.sequences))]
                torch.mm(states, weights["out"])
                torch.mm(torch.mm(states, weights["fc1"]), weights["fc2"])

    packs = make_packs(sequences, tokens_per_pack=TOKENS_PER_PACK, workers=workers_on(device))
    for _ in in_parallel(multiply, list(packs), device=device):
        pass


def contest(contestants, rounds):
    """Return each contestant's median rate, all taking turns; the first round warms up."""
    rates = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in contestants.items():
            rate = run()
            if turn:
                rates[name].append(rate)
    return {name: statistics.median(found) for name, found in rates.items()}


def timed(work, sequences):
    """Return a contestant: peptides per second of one pass over the sequences."""

    def run():
        began = time.perf_counter()
        work(sequences)
        return len(sequences) / (time.perf_counter() - began)

    return run


def compare(title, few, many, *, settings, networks, rounds):
    """Let all take turns on one input and print what came out."""
    theirs, hugging_face = networks
    names = [name for name in model_names() if not name.startswith("esm2-")]
    models = {name: load_model(name, settings) for name in names}
    contestants = {
        name: timed(model.embed_batch, many[: MORE.get(name, 1) * len(few)])
        for name, model in models.items()
    }
    contestants["fair-esm"] = timed(lambda chosen: padded(theirs, chosen), few)
    contestants["transformers"] = timed(
        lambda chosen: one_at_a_time(hugging_face, theirs.alphabet, chosen), few[:100]
    )
    contestants["products"] = timed(products_alone, few)
    contestants |= {f"square {size}": lambda size=size: squares(size) for size in SQUARES}
    rates = contest(contestants, rounds)
    best = max(rates[f"square {size}"] for size in SQUARES)
    reached = rates["esm2"] * statistics.mean(map(operations, few))
    print(f"\n{title}: {len(few)} peptides, load {os.getloadavg()[0]:.1f}")
    for name, rate in rates.items():
        shown = f"{rate / 1e9:>9.1f} GFLOP/s" if "square" in name else f"{rate:>9,.0f} peptides/s"
        print(f"  {name:<14}{shown}")
    print(f"  esm2 / fair-esm      {rates['esm2'] / rates['fair-esm']:>6.2f}  (at least 1.45)")
    print(f"  products / fair-esm  {rates['products'] / rates['fair-esm']:>6.2f}  (the most)")
    print(f"  esm2 / transformers  {rates['esm2'] / rates['transformers']:>6.2f}  (at least 5)")
    print(f"  esm2 / best square   {reached / best:>6.0%}  (at least 65 %)", end="")
    print(f" {reached / 1e9:.1f} of {best / 1e9:.1f} GFLOP/s")
    if "ligand" in rates:
        print(f"  ligand / esm2        {rates['ligand'] / rates['esm2']:>6.1f}  (at least 20)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peptides", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    import transformers
    from esm2_weights import hugging_face_of, network_of, write_weights

    network = network_of(seed=0)
    networks = (network, hugging_face_of(network).esm)
    print(
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {platform.platform()}, "
        f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"transformers {transformers.__version__}, fair-esm 2.0.0, {os.cpu_count()} cores, "
        f"{torch.get_num_threads()} threads"
    )
    with tempfile.TemporaryDirectory() as folder:
        write_weights(Path(folder))
        settings = load_settings(home=Path(folder), models=Path(folder), device="cpu")
        for title, shares in INPUTS.items():
            many = peptides(max(MORE.values()) * chosen.peptides, shares)
            few = many[: chosen.peptides]
            compare(title, few, many, settings=settings, networks=networks, rounds=chosen.rounds)


if __name__ == "__main__":
    main()
