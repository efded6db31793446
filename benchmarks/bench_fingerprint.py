"""A fingerprint from a cold start: map and clusters of 1 250, 10 000 and 100 000 peptides.

Claims checked: under 4 s for 1 250 peptides, 30 s for 10 000 and 180 s for 100 000, imports
included, each in a process of its own; what is stored already comes back at once; the result is the
same every time (100 000 are measured once).
The peptides are made up like HLA class I ligands: several motifs, mostly nonamers.

    python benchmarks/bench_fingerprint.py
    python benchmarks/bench_fingerprint.py --sizes 1250 --rounds 5
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

CLAIMS_S = {1250: 4.0, 10_000: 30.0, 100_000: 180.0}
ONCE_FROM = 50_000
LIBRARIES = ("numpy", "scikit-learn", "openTSNE")

# Two anchors each: second and last residue, with how often each motif comes.
MOTIFS = ((0.3, "L", "V"), (0.2, "P", "L"), (0.2, "E", "Y"), (0.15, "T", "K"), (0.15, "Y", "F"))


def ligand_like(number):
    """Return distinct made-up peptides with anchors, 8 to 11 residues long."""
    import numpy as np

    draw = np.random.default_rng(0)
    letters = list("ACDEFGHIKLMNPQRSTVWY")
    chances = [chance for chance, *_ in MOTIFS]
    found = {}
    while len(found) < number:
        length = draw.choice([8, 9, 10, 11], p=[0.06, 0.7, 0.16, 0.08])
        _, second, last = MOTIFS[draw.choice(len(MOTIFS), p=chances)]
        body = draw.choice(letters, length)
        if draw.random() < 0.9:
            body[1], body[-1] = second, last
        found["".join(body)] = None
    return list(found)


def prepare(home, number):
    """Store and embed one run of so many peptides."""
    from omicstoken_kernel import pipeline
    from omicstoken_kernel.context import open_context
    from omicstoken_kernel.settings import load_settings

    ctx = open_context(load_settings(home=home, user="bench", log_level="ERROR"))
    file = home / "peptides.txt"
    file.write_text("\n".join(ligand_like(number)) + "\n", encoding="ascii")
    (run,) = pipeline.ingest(ctx, file).runs
    pipeline.embed_runs(ctx, [run.id], model="anchor")
    return run.id


def cold(home, run_id):
    """Make the fingerprint in this process and print what it took; seconds count from its start."""
    from omicstoken_kernel import pipeline
    from omicstoken_kernel.context import open_context
    from omicstoken_kernel.settings import load_settings

    ctx = open_context(load_settings(home=home, user="bench", log_level="ERROR"))
    found = pipeline.fingerprint(ctx, [run_id], model="anchor")
    content = found.points.to_pandas().to_csv(index=False).encode()
    print(
        json.dumps(
            {
                "cpu_s": time.process_time(),
                "clusters": len(found.clusters),
                "trustworthiness": round(found.quality["trustworthiness"], 3),
                "digest": hashlib.sha256(content).hexdigest()[:12],
            }
        )
    )


def timed(home, run_id):
    """Run :func:`cold` in a fresh process and return what it printed with the wall time."""
    began = time.perf_counter()
    command = [sys.executable, __file__, "--cold", str(home), run_id]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"wall_s": time.perf_counter() - began, **json.loads(done.stdout)}


def measure(number, rounds):
    """Print the medians for one size; each round starts without a stored fingerprint."""
    results, stored = [], []
    rounds = rounds if number < ONCE_FROM else 1
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            run_id = prepare(home, number)
            results.append(timed(home, run_id))
            stored.append(timed(home, run_id)["wall_s"])
    wall = statistics.median(result["wall_s"] for result in results)
    cpu = statistics.median(result["cpu_s"] for result in results)
    first = results[0]
    same = len({result["digest"] for result in results}) == 1
    claim = CLAIMS_S.get(number)
    told = "" if claim is None else f" (claim: under {claim:g} s)"
    print(
        f"{number:>7} peptides: {wall:.1f} s from a cold start{told}, {cpu:.1f} s of processor "
        f"time; stored already: {statistics.median(stored):.1f} s; {first['clusters']} clusters, "
        f"trustworthiness {first['trustworthiness']}, {'the same' if same else 'NOT the same'} "
        f"in {rounds} rounds"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(CLAIMS_S))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold", nargs=2, metavar=("HOME", "RUN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.cold:
        cold(Path(arguments.cold[0]), arguments.cold[1])
        return
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, {platform.platform()}")
    print(f"Python {platform.python_version()}, {libraries}")
    for number in arguments.sizes:
        measure(number, arguments.rounds)


if __name__ == "__main__":
    main()
