"""Comparisons where the truth is known: null behaviour, planted changes, speed of many runs.

Everything is simulated, and called so; nothing here stands for a biological finding.

- Abundance: peptides with log2 quantities of N(22, 2²), variances drawn from a scaled inverse
  chi-square (6 degrees of freedom around the square of the spread told), loads of N(0, 0.5²),
  10 % of the values missing at random; three or five replicates a side. In one set nothing differs,
  in the other 5 % are doubled.
- Composition: replicates that are multinomial draws of the shares of five clusters and the
  unassigned; in one set nothing differs, in the other the first cluster (30 %) takes a tenth of all
  peptides from the others, or grows by a tenth of itself.
- Halves: one list of peptides with labels, split at random; the intervals over peptides.
- Speed: a workspace with runs drawn from one pool; the command in a process of its own.

    python benchmarks/bench_compare.py [--experiments 200] [--runs 100] [--peptides 5000] [--write]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _made_up import describe_machine, made_up_upload, random_peptides
from scipy import stats

from omicstoken_kernel.analysis.composition import shifts_of_peptides, shifts_of_replicates
from omicstoken_kernel.analysis.measured import offsets_of
from omicstoken_kernel.analysis.moderated import moderated_t
from omicstoken_kernel.context import open_context
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.uploads import Uploads

FDR = 0.05
SHARES = np.array([0.30, 0.22, 0.18, 0.12, 0.08, 0.10])  # the last is unassigned
LIGANDS = 1250
DOCUMENT = Path(__file__).parent.parent / "docs" / "science.md"
BEGIN, END = "<!-- comparison figures: begin -->", "<!-- comparison figures: end -->"


def experiment(draw, replicates, spread, changed, peptides=2000):
    """Return p-values and which peptides were doubled, of one simulated experiment."""
    variance = spread**2 * 6 / draw.chisquare(6, size=(peptides, 1))
    values = draw.normal(22, 2, size=(peptides, 1))
    values = values + np.sqrt(variance) * draw.normal(size=(peptides, 2 * replicates))
    doubled = np.zeros(peptides, dtype=bool)
    doubled[: round(changed * peptides)] = True
    values[doubled, replicates:] += 1
    values += draw.normal(0, 0.5, size=2 * replicates)
    values[draw.random(values.shape) < 0.1] = np.nan
    values -= offsets_of(values)[0]
    p = moderated_t(values[:, :replicates], values[:, replicates:]).p
    tested = np.isfinite(p)
    return p[tested], doubled[tested]


def abundance(seeds, replicates, spread):
    """Return rows of the table for one number of replicates and one spread between them."""
    kept, below, discovered, power = [], [], [], []
    for seed in range(seeds):
        draw = np.random.default_rng([seed, replicates])
        p, _ = experiment(draw, replicates, spread, 0)
        kept.append(draw.choice(p, 10, replace=False))
        below.append((p <= FDR).mean())
        p, doubled = experiment(draw, replicates, spread, 0.05)
        called = stats.false_discovery_control(p) <= FDR
        discovered.append((called & ~doubled).sum() / max(called.sum(), 1))
        power.append(called[doubled].mean())
    uniform = stats.kstest(np.concatenate(kept), "uniform").pvalue
    what = f"{replicates} against {replicates}, spread {spread}"
    return [
        (f"abundance, {what}, nothing differs: share of p ≤ 0.05", interval(below)),
        (f"the same: uniform p-values (Kolmogorov-Smirnov, {seeds} x 10)", f"p = {uniform:.2f}"),
        (f"abundance, {what}, 5 % doubled: false among called at q ≤ 0.05", interval(discovered)),
        ("the same: doubled peptides called", interval(power)),
    ]


def composition(seeds, shares, what):
    """Return rows of the table for one planted change of the first cluster."""
    p, called, false, covered = [], [], [], []
    for seed in range(seeds):
        draw = np.random.default_rng([seed, 7])
        one, other = (draw.multinomial(LIGANDS, s, size=3).T for s in (SHARES, shares))
        found = shifts_of_replicates(one, other)
        p.append(found[0].p_value)
        called.append(found[0].q_value <= FDR)
        false.append(any(shift.q_value <= FDR for shift in found))
        true = shares - SHARES
        covered.append(all(s.low <= t <= s.high for s, t in zip(found, true, strict=True)))
    rows = [(f"composition, {what}: all intervals hold the truth", interval(covered))]
    if np.array_equal(shares, SHARES):
        uniform = stats.kstest(p, "uniform").pvalue
        return [
            *rows,
            ("the same: any cluster at q ≤ 0.05", interval(false)),
            (f"the same: uniform p-values ({seeds} splits)", f"p = {uniform:.2f}"),
        ]
    return [*rows, ("the same: the cluster called at q ≤ 0.05", interval(called))]


def halves(seeds):
    """Return the row about random halves of one run, without replicates."""
    labels = np.repeat(np.arange(len(SHARES)), np.round(SHARES * LIGANDS).astype(int))
    beyond = []
    for seed in range(seeds):
        order = np.random.default_rng([seed, 9]).permutation(len(labels))
        counts = [
            np.bincount(labels[part], minlength=len(SHARES)) for part in np.array_split(order, 2)
        ]
        beyond.append(any(shift.beyond for shift in shifts_of_peptides(*counts)))
    return [("random halves of one run: any cluster beyond its interval", interval(beyond))]


def interval(values):
    """Return a mean with its 95 % interval over seeds."""
    values = np.asarray(values, dtype=float)
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.3f} ± {half:.3f}"


def speed(runs, peptides):
    """Return the rows about the command on many runs, in a process of its own."""
    draw = np.random.default_rng(0)
    pool = random_peptides(8 * peptides, draw)
    with tempfile.TemporaryDirectory() as home:
        ctx = open_context(load_settings(home=Path(home), user="bench"))
        upload = Uploads(ctx).add(name="x", sha256="ab" * 32, size_bytes=1, options={})
        held = {
            f"simulated {number}": [pool[i] for i in places]
            for number in range(runs)
            for places in [draw.choice(len(pool), peptides, replace=False)]
        }
        stored = Features(ctx).replace(upload.id, made_up_upload(held), {"ledger": {}})
        ids = [run.id for run in stored]
        encode_runs(ctx, ids, model=load_model("ligand", ctx.settings))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        call = "from omicstoken_kernel.cli import main; main()"
        arguments = [sys.executable, "-c", call, "--home", home, "compare", *ids]
        environment = {**os.environ, "OMICSTOKEN_USER": "bench"}
        subprocess.run(arguments, check=True, capture_output=True, env=environment)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    what = f"`compare` of {runs} runs of {peptides} peptides, cold start included"
    return [(what, f"{seconds:.0f} s, {processor:.0f} s of processor time")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=200)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--peptides", type=int, default=5000)
    parser.add_argument("--write", action="store_true", help="put the table into docs/science.md")
    options = parser.parse_args()
    set_up_logging(load_settings())
    n = options.experiments
    larger = SHARES * (1 - 0.1 / (1 - SHARES[0]))
    larger[0] = SHARES[0] + 0.1
    slightly = SHARES * (1 - 0.1 * SHARES[0] / (1 - SHARES[0]))
    slightly[0] = SHARES[0] * 1.1
    rows = [
        *abundance(n, 3, 0.2),
        *abundance(n, 3, 0.3),
        *abundance(n, 5, 0.3),
        *composition(n, SHARES, "3 against 3, nothing differs"),
        *composition(n, larger, "3 against 3, a cluster of 30 % grown by 10 points"),
        *composition(n, slightly, "3 against 3, a cluster of 30 % grown by a tenth of itself"),
        *halves(n),
        *(speed(options.runs, options.peptides) if options.runs else []),
    ]
    lines = [
        f"Measured {time.strftime('%Y-%m-%d')} with `python benchmarks/bench_compare.py`: "
        f"{describe_machine()}. {n} simulated experiments, seeds from 0; mean and 95 % interval.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    print("\n".join(lines))
    if options.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        table = "\n".join(lines)
        DOCUMENT.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
