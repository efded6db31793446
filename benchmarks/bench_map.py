"""Which method draws the map: seconds from a cold start, and how far the picture can be trusted.

Every method runs in a process of its own that also imports it, so that the seconds are those of
the first map after a start. ``ours`` is the map of the product (openTSNE with fewer steps),
``opentsne`` the library with its own defaults, ``pca`` the first two principal components, ``umap``
umap-learn, which is measured only where it is installed. Trustworthiness is scikit-learn's, 15
neighbours, on the same sample of at most 2 000 peptides for all.

    python benchmarks/bench_map.py
    python benchmarks/bench_map.py --sizes 100000 --methods ours pca
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec

METHODS = ("ours", "opentsne", "pca", "umap")


def vectors_of(number):
    """Return the unit vectors of so many made ligands under the built-in model."""
    from bench_fingerprint import ligand_like

    from omicstoken_kernel.analysis.embedded import unit
    from omicstoken_kernel.embedding.ligand import load_ligand

    return unit(load_ligand().embed_batch(ligand_like(number)))


def draw(method, vectors):
    """Return the map of unit vectors, (n, 2)."""
    if method == "ours":
        from omicstoken_kernel.analysis.layout import lay_out

        return lay_out(vectors, seed=0).xy
    if method == "pca":
        from omicstoken_kernel.analysis.mixture import principal_components

        return principal_components(vectors, 2)[0]
    if method == "opentsne":
        import openTSNE

        made = openTSNE.TSNE(random_state=0, n_jobs=1, initialization="pca").fit(vectors)
        return made.__array__()
    import umap

    return umap.UMAP(random_state=0, n_jobs=1).fit_transform(vectors)


def cold(method, number):
    """Draw one map in this process and print what it took and how far it can be trusted."""
    vectors = vectors_of(number)
    started, processor = time.perf_counter(), time.process_time()
    xy = draw(method, vectors)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    from omicstoken_kernel.analysis.layout import trustworthiness

    trust = trustworthiness(vectors, xy, seed=0)
    print(json.dumps({"seconds": seconds, "cpu_s": processor, "trust": trust}))


def measured(method, number):
    """Return the figures of one method and size, from a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, "--cold", method, str(number)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return json.loads(run.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1250, 10_000])
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--cold", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.cold:
        cold(chosen.cold[0], int(chosen.cold[1]))
        return
    libraries = ", ".join(f"{name} {version(name)}" for name in ("openTSNE", "scikit-learn"))
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {libraries}"
    )
    print("| method | peptides | seconds | of processor time | trustworthiness |")
    print("|---|---|---|---|---|")
    for method in chosen.methods:
        if method == "umap" and find_spec("umap") is None:
            print("| umap | – | not installed | – | – |")
            continue
        for number in chosen.sizes:
            found = measured(method, number)
            print(
                f"| {method} | {number} | {found['seconds']:.1f} | {found['cpu_s']:.1f} "
                f"| {found['trust']:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
