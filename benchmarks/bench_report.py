"""How long a report takes and how large its page is: ``python benchmarks/bench_report.py``.

The workspace is made first, with vectors and fingerprint, as it is when a report is asked for. The
first report of a process also imports papermill and puts Vega together.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from omicstoken_kernel import Workbench

ENDS = ("LV", "YF", "PK", "EW")


def ligands(count: int) -> list[str]:
    draw = np.random.default_rng(0)
    letters = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    found: dict[str, None] = {}
    while len(found) < count:
        second, last = ENDS[len(found) % len(ENDS)]
        found[f"{draw.choice(letters)}{second}{''.join(draw.choice(letters, 6))}{last}"] = None
    return list(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peptides", type=int, nargs="+", default=[1_250, 10_000])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("papermill", "altair"))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(packages)
    for count in options.peptides:
        with tempfile.TemporaryDirectory() as folder:
            workbench = Workbench(Path(folder) / "home", user="bench")
            listed = Path(folder) / "run.txt"
            listed.write_text("\n".join(ligands(count)) + "\n", encoding="utf-8")
            [run] = workbench.upload(listed, embed=True).runs
            workbench.fingerprint(run.id)
            seconds = []
            for _ in range(options.repeats):
                start = time.monotonic()
                made = workbench.report("insight_report", [run.id], Path(folder) / "out")
                seconds.append(time.monotonic() - start)
            size = made.html.stat().st_size / 1e6
            rest = statistics.median(seconds[1:] or seconds)
            print(
                f"{count:>8} peptides: first {seconds[0]:.1f} s, then {rest:.1f} s (median), "
                f"page {size:.2f} MB"
            )


if __name__ == "__main__":
    main()
