"""How fast a run of a million peptides is embedded, and how much memory that takes.

The peptides are stored by the same calls an upload makes, then embedded in a child process by the
cheapest built-in model, stored, and indexed. Memory is the child's largest resident size less what
it had after importing torch; the parts are told one by one.

    python benchmarks/bench_embed_memory.py [--peptides 1000000] [--batch 512 8192]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from _made_up import describe_machine, made_up_upload, random_peptides

from omicstoken_kernel.context import open_context
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.uploads import Uploads

CHEAPEST = "ligand"
_AT_ONCE = 100_000  # peptides per stored run, so that filling stays small, too


def fill(home: Path, peptides: int) -> None:
    ctx = open_context(load_settings(home=home, user="bench"))
    draw = np.random.default_rng(0)
    for number, start in enumerate(range(0, peptides, _AT_ONCE)):
        sequences = random_peptides(min(_AT_ONCE, peptides - start), draw)
        parsed = made_up_upload({f"run {number}": sequences})
        upload = Uploads(ctx).add(
            name=f"{number}.tsv", sha256=f"{number:064d}", size_bytes=1, options={}
        )
        Features(ctx).replace(upload.id, parsed, {"ledger": parsed.ledger.as_json()})
    ctx.engine.dispose()


class Watch:
    """The largest resident size of this process, looked at 50 times a second."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._most = 0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self._most = max(self._most, self._process.memory_info().rss)
            time.sleep(0.02)

    def most(self) -> int:
        """Return it, in bytes, and begin anew."""
        found, self._most = self._most, self._process.memory_info().rss
        return max(found, self._most)


def child(home: Path, model: str, batch: int) -> None:
    import torch  # noqa: F401 - what memory is counted from

    from omicstoken_kernel.embedding import load_model
    from omicstoken_kernel.embedding.encode import encode_runs
    from omicstoken_kernel.index.flat import rebuild

    watch = Watch()
    base = psutil.Process().memory_info().rss
    settings = load_settings(home=home, user="bench")
    ctx = open_context(settings)
    embedder = load_model(model, settings)
    watch.most()
    result = encode_runs(ctx, None, model=embedder, batch=batch or None)
    embedding = watch.most()
    began = time.perf_counter()
    rebuild(ctx, embedder.model_key)
    found = {
        "embedded": result.embedded,
        "rate": result.peptides_per_second,
        "torch": base,
        "embedding": embedding - base,
        "index_seconds": time.perf_counter() - began,
        "index": watch.most() - base,
    }
    print(json.dumps(found))


def measure(home: Path, model: str, batch: int) -> None:
    command = [sys.executable, __file__, "--child", str(home), "--model", model]
    done = subprocess.run(
        [*command, "--batch", str(batch)], stdout=subprocess.PIPE, check=True, text=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    size = f"{batch} a transaction" if batch else "the model's own transactions"
    print(f"{model}, {found['embedded']:,} peptides, {size}:")
    print(f"  embedded and stored  {found['rate']:10,.0f} peptides/s")
    print(f"  memory above torch   {found['embedding'] / 1e6:10,.0f} MB  (promised: under 2 000)")
    print(f"  index                {found['index_seconds']:10.1f} s")
    print(f"  memory with it       {found['index'] / 1e6:10,.0f} MB")
    print(f"  torch alone          {found['torch'] / 1e6:10,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peptides", type=int, default=1_000_000)
    parser.add_argument("--model", default=CHEAPEST)
    parser.add_argument("--batch", type=int, nargs="+", default=[0], help="0: the model's own")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    set_up_logging(load_settings())
    if chosen.child:
        child(chosen.child, chosen.model, chosen.batch[0])
        return
    print(f"{describe_machine()}, load {os.getloadavg()[0]:.1f}")
    for batch in chosen.batch:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), chosen.peptides)
            measure(Path(folder), chosen.model, batch)


if __name__ == "__main__":
    main()
