"""How fast a DIA-NN report of a million rows is read, beside pandas.

The file is made up in the engine's 60-column layout (20 runs, 50 000 precursors, a tenth of them
modified). Both readers parse the same file, interleaved; each measurement is a process of its own,
so that its peak memory is its own.

    python benchmarks/bench_ingest.py [rows] [repeats]
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

NAMES = (
    "File.Name", "Run", "Protein.Group", "Protein.Ids", "Protein.Names", "Genes", "PG.Quantity",
    "PG.Normalised", "PG.MaxLFQ", "Genes.Quantity", "Genes.Normalised", "Genes.MaxLFQ",
    "Genes.MaxLFQ.Unique", "Modified.Sequence", "Stripped.Sequence", "Precursor.Id",
    "Precursor.Charge", "Q.Value", "PEP", "Global.Q.Value", "Protein.Q.Value", "PG.Q.Value",
    "Global.PG.Q.Value", "GG.Q.Value", "Translated.Q.Value", "Proteotypic",
    "Precursor.Quantity", "Precursor.Normalised", "Quantity.Quality", "RT", "RT.Start",
    "RT.Stop", "iRT", "Predicted.RT", "Predicted.iRT", "First.Protein.Description",
    "Lib.Q.Value", "Lib.PG.Q.Value", "Ms1.Profile.Corr", "Ms1.Area", "Ms1.Normalised",
    "Normalisation.Factor", "Evidence", "Spectrum.Similarity", "Averagine", "Mass.Evidence",
    "CScore", "Fragment.Quant.Raw", "Fragment.Correlations", "MS2.Scan", "PTM.Informative",
    "PTM.Specific", "PTM.Localising", "PTM.Q.Value", "PTM.Site.Confidence",
    "Lib.PTM.Site.Confidence", "IM", "iIM", "Predicted.IM", "Predicted.iIM",
)  # fmt: skip

PRECURSORS = 50_000
RUNS = 20

READ = {
    "omicstoken": "from omicstoken_kernel.ingest import read; rows = read(path).ledger.rows_in",
    "pandas": "import pandas; rows = len(pandas.read_csv(path, sep='\\t', low_memory=False))",
    "omicstoken parquet": "from omicstoken_kernel.ingest import read; rows = read(path)"
    ".ledger.rows_in",
}

CHILD = """
import json, re, sys, time
from pathlib import Path
import pyarrow
path = Path(sys.argv[1])
began, began_cpu = time.perf_counter(), time.process_time()
{code}
seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
# ru_maxrss would start at the parent's size: the kernel hands it through exec.
status = Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) * 1024
print(json.dumps({{"rows": rows, "seconds": seconds, "cpu": cpu, "peak_bytes": peak}}))
"""


def precursors(draw: np.random.Generator) -> tuple[list[str], list[str], np.ndarray]:
    letters = np.frombuffer(b"ACDEFGHIKLMNPQRSTVWY", "S1")
    stripped = []
    for length in draw.integers(7, 26, PRECURSORS):
        stripped.append(draw.choice(letters, length).tobytes().decode())
    modified = [
        text.replace("M", "M(UniMod:35)", 1).replace("C", "C(UniMod:4)")
        if index % 10 == 0
        else text
        for index, text in enumerate(stripped)
    ]
    return stripped, modified, draw.integers(1, 5, PRECURSORS)


def batch(rows: int, draw: np.random.Generator, library: tuple) -> pa.Table:
    stripped, modified, charge = library
    pick = draw.integers(0, PRECURSORS, rows)
    run = draw.integers(0, RUNS, rows)
    names = np.array([f"2026_HLA_donor_{place:02d}_rep1" for place in range(RUNS)])
    fragments = np.array(
        [";".join(f"{x:.2f}" for x in draw.lognormal(6, 2, 12)) + ";" for _ in range(500)]
    )
    proteins = np.array([f"P{number:05d};Q{number:05d}" for number in range(5000)])
    text = {
        "File.Name": np.char.add("D:\\\\data\\\\2026\\\\", np.char.add(names, ".raw"))[run],
        "Run": names[run],
        "Modified.Sequence": np.array(modified)[pick],
        "Stripped.Sequence": np.array(stripped)[pick],
        "Precursor.Id": np.array([f"{m}{z}" for m, z in zip(modified, charge, strict=True)])[pick],
        "First.Protein.Description": np.full(rows, "Made-up protein of middling length"),
        "Fragment.Quant.Raw": fragments[draw.integers(0, 500, rows)],
        "Fragment.Correlations": fragments[draw.integers(0, 500, rows)],
    }
    for name in ("Protein.Group", "Protein.Ids", "Protein.Names", "Genes"):
        text[name] = proteins[pick % 5000]
    columns: dict[str, np.ndarray] = {}
    for name in NAMES:
        if name in text:
            columns[name] = text[name]
        elif name == "Precursor.Charge":
            columns[name] = charge[pick]
        elif name in ("Q.Value", "Lib.Q.Value", "Global.Q.Value"):
            columns[name] = np.round(draw.beta(0.3, 60, rows), 8)
        elif name == "Proteotypic":
            columns[name] = np.ones(rows, int)
        elif name == "RT":
            columns[name] = np.round(draw.uniform(5, 120, rows), 4)
        else:
            columns[name] = np.round(draw.lognormal(8, 2, rows), 3)
    return pa.table(columns)


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    draw = np.random.default_rng(0)
    library = precursors(draw)
    text, parquet = folder / "report.tsv", folder / "report.parquet"
    options = pyarrow.csv.WriteOptions(delimiter="\t", quoting_style="none")
    writers = None
    for start in range(0, rows, 100_000):
        table = batch(min(100_000, rows - start), draw, library)
        if writers is None:
            writers = (
                pyarrow.csv.CSVWriter(text, table.schema, write_options=options),
                pq.ParquetWriter(parquet, table.schema),
            )
        for writer in writers:
            writer.write_table(table)
    for writer in writers or ():
        writer.close()
    return text, parquet


def measure(name: str, path: Path) -> dict[str, float]:
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(code=READ[name]), str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(child.stdout)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    import pandas as pd

    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"pyarrow {pa.__version__}, pandas {pd.__version__}, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        text, parquet = make(Path(folder), rows)
        print(
            f"{rows} rows x {len(NAMES)} columns, tsv {text.stat().st_size / 1e6:.0f} MB, parquet "
            f"{parquet.stat().st_size / 1e6:.0f} MB, made in {time.perf_counter() - began:.0f} s"
        )
        results: dict[str, list[dict[str, float]]] = {name: [] for name in READ}
        for _ in range(repeats):
            for name in READ:
                results[name].append(measure(name, parquet if "parquet" in name else text))
        medians = {}
        for name, found in results.items():
            seconds = medians[name] = statistics.median(one["seconds"] for one in found)
            peak = statistics.median(one["peak_bytes"] for one in found)
            size = (parquet if "parquet" in name else text).stat().st_size
            cpu = statistics.median(one["cpu"] for one in found)
            print(
                f"{name:20} {seconds:6.2f} s (processor {cpu:5.2f} s) "
                f"{rows / seconds / 1000:6.0f} k rows/s  peak {peak / 1e6:6.0f} MB "
                f"({peak / size:.2f} x the file)"
            )
        print(
            f"reading takes {medians['omicstoken'] / medians['pandas']:.2f} times pandas.read_csv"
        )


if __name__ == "__main__":
    main()
