"""How well a search tells hits that mean little from those that mean much, and what that costs.

On the demo's samples, for queries of either kind: made-up human peptides, which have nothing to do
with what is stored, and stored peptides with one residue replaced. Then the time of that look-up
among made-up peptides, for the first search of a set and for later ones.

    python benchmarks/bench_chance.py [--queries 300] [--peptides 100000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from _made_up import describe_machine, random_peptides
from bench_embed_memory import fill

from omicstoken_kernel import pipeline
from omicstoken_kernel.analysis.search import search
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME
from omicstoken_kernel.context import Context, open_context
from omicstoken_kernel.demo.tour import load_samples
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.choice import BUILT_IN
from omicstoken_kernel.index.chance import nearest_by_chance
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs


def variants(ctx: Context, count: int, draw: np.random.Generator) -> list[str]:
    stored = Peptides(ctx).visible()["sequence"].to_pylist()
    found = []
    for place in draw.choice(len(stored), size=count, replace=False):
        peptide = list(stored[place])
        at = draw.integers(len(peptide))
        others = sorted(set("ACDEFGHIKLMNPQRSTVWY") - {peptide[at]})
        peptide[at] = others[draw.integers(len(others))]
        found.append("".join(peptide))
    return found


def unrelated(count: int, draw: np.random.Generator) -> list[str]:
    shares = np.array(list(HUMAN_PROTEOME.values()))
    return [
        "".join(draw.choice(list(HUMAN_PROTEOME), size=len(peptide), p=shares / shares.sum()))
        for peptide in random_peptides(count, draw)
    ]


def tell_apart(model: str, queries: int) -> None:
    draw = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        ctx = open_context(load_settings(home=Path(folder), user="bench"))
        pipeline.embed_runs(ctx, [run.id for run in load_samples(ctx)], model=model)
        for kind, asked in (
            ("made-up human peptides", unrelated(queries, draw)),
            ("stored peptides, one residue replaced", variants(ctx, queries, draw)),
        ):
            found = [search(ctx, query, k=1, model=model).chance for query in asked]
            by_model = np.mean([chance.share > 0.05 for chance in found])
            noted = np.mean([not chance.nearer for chance in found])
            print(f"  {kind:<38} no nearer than chance: {noted:4.0%} (by likeness {by_model:4.0%})")
        ctx.engine.dispose()


def time_it(model: str, peptides: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), peptides)
        settings = load_settings(home=Path(folder), user="bench")
        ctx = open_context(settings)
        pipeline.embed_runs(ctx, [run.id for run in Runs(ctx).list()], model=model)
        embedder = load_model(model, settings)
        index, allowed = open_index(ctx, embedder.model_key), Peptides(ctx).visible_ids()
        times = []
        for _ in range(10):
            began = time.perf_counter()
            nearest_by_chance(ctx, embedder, 9, index=index, allowed=allowed)
            times.append((time.perf_counter() - began) * 1000)
        ctx.engine.dispose()
    print(
        f"  among {peptides:,} peptides: first search {times[0]:.0f} ms more, later ones", end=" "
    )
    print(f"{statistics.median(times[1:]):.1f} ms (promised: under 100)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=BUILT_IN)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--peptides", type=int, default=100_000)
    chosen = parser.parse_args()
    set_up_logging(load_settings())
    print(f"{describe_machine()}, load {os.getloadavg()[0]:.1f}")
    print(f"{chosen.model}:")
    tell_apart(chosen.model, chosen.queries)
    time_it(chosen.model, chosen.peptides)


if __name__ == "__main__":
    main()
