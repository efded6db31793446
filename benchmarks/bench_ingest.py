"""How fast a DIA-NN report of a million rows is read and stored, beside pandas.

The file is made up in the engine's 60-column layout: 50 000 precursors a run, each in every run
once as the engine writes them, a tenth of them modified, a third above the threshold. All sides
read the same file, interleaved; each measurement is a process of its own, so that its peak memory
is its own. Imports and the opening of the workspace are not counted.

Besides: whether time grows with the rows (a quarter of them against all), the memory of a large
Parquet report, and a workbook with a million rows that are formatted and empty.

    python benchmarks/bench_ingest.py [--rows 1000000] [--repeats 3] [--parquet-rows 5000000]
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import zipfile
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

_WORKSPACE = (
    "import tempfile; from omicstoken_kernel import pipeline, ingest; "
    "from omicstoken_kernel.context import open_context; "
    "from omicstoken_kernel.settings import load_settings; "
    "home = tempfile.TemporaryDirectory(dir=path.parent); "
    "ctx = open_context(load_settings(home=home.name, user='bench', database_url=''))"
)

#: What is prepared, and what is measured.
READ = {
    "pandas.read_csv": (
        "import pandas",
        "rows = len(pandas.read_csv(path, sep='\\t', low_memory=False))",
    ),
    "parse": ("from omicstoken_kernel.ingest import read", "rows = read(path).ledger.rows_in"),
    "parse and store": (
        _WORKSPACE,
        "rows = pipeline.ingest(ctx, path).upload.report['ledger']['rows_in']",
    ),
}

CHILD = """
import json, re, sys, time
from pathlib import Path
import pyarrow
path = Path(sys.argv[1])
{before}
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


def batch(start: int, rows: int, draw: np.random.Generator, library: tuple) -> pa.Table:
    stripped, modified, charge = library
    place = np.arange(start, start + rows)
    pick, run = place % PRECURSORS, place // PRECURSORS
    names = np.array([f"2026_HLA_donor_{place:02d}_rep1" for place in range(run.max() + 1)])
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


def make(folder: Path, rows: int, *, text: bool = True) -> Path:
    """Write a report of so many rows, as text or as Parquet."""
    draw = np.random.default_rng(0)
    library = precursors(draw)
    path = folder / f"report{rows}.{'tsv' if text else 'parquet'}"
    options = pyarrow.csv.WriteOptions(delimiter="\t", quoting_style="none")
    writer = None
    for start in range(0, rows, 100_000):
        table = batch(start, min(100_000, rows - start), draw, library)
        if writer is None:
            writer = (
                pyarrow.csv.CSVWriter(path, table.schema, write_options=options)
                if text
                else pq.ParquetWriter(path, table.schema)
            )
        writer.write_table(table)
    if writer is not None:
        writer.close()
    return path


def make_workbook(folder: Path, empty: int) -> Path:
    """Write a workbook of 1 000 peptides and so many rows below that hold a format and nothing."""
    path = folder / "formatted.xlsx"
    sheet = "xl/worksheets/sheet1.xml"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    letters = "ACDEFGHIKLMNPQRSTVWY"
    draw = np.random.default_rng(0)
    peptides = ["".join(draw.choice(list(letters), 9)) for _ in range(1000)]
    texts = ["sequence", *peptides]
    filled = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for row, text in enumerate(texts, 1)
    )
    first = len(texts) + 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            '"/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.sheet.main+xml"/><Override PartName="/{sheet}" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with archive.open(sheet, "w") as stream:
            stream.write(f'<worksheet xmlns="{main}"><sheetData>{filled}'.encode())
            for row in range(first, first + empty):
                stream.write(
                    f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>'.encode()
                )
            stream.write(b"</sheetData></worksheet>")
    return path


def measure(name: str, path: Path) -> dict[str, float]:
    before, code = READ[name]
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(before=before, code=code), str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(child.stdout)


def median(found: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in found)


def told(name: str, found: list[dict[str, float]], path: Path) -> None:
    seconds, peak = median(found, "seconds"), median(found, "peak_bytes")
    print(
        f"{name:20} {seconds:6.2f} s (processor {median(found, 'cpu'):5.2f} s) "
        f"{found[0]['rows'] / seconds / 1000:6.0f} k rows/s  peak {peak / 1e6:6.0f} MB "
        f"({peak / path.stat().st_size:.2f} x the file)"
    )


def compare(folder: Path, rows: int, repeats: int) -> None:
    """Print how long each side takes for one text file, and our time for a quarter of its rows."""
    path = make(folder, rows)
    print(f"{rows} rows x {len(NAMES)} columns, tsv {path.stat().st_size / 1e6:.0f} MB")
    results: dict[str, list[dict[str, float]]] = {name: [] for name in READ}
    for _ in range(repeats):
        for name in READ:
            results[name].append(measure(name, path))
    for name, found in results.items():
        told(name, found, path)
    for unit in ("seconds", "cpu"):
        base = median(results["pandas.read_csv"], unit)
        ratios = (f"{name} {median(results[name], unit) / base:.2f}" for name in list(READ)[1:])
        print(f"times pandas.read_csv, in {unit}: {', '.join(ratios)}")
    path.unlink()
    quarter = make(folder, rows // 4)
    cpu = measure("parse and store", quarter)["cpu"]
    growth = median(results["parse and store"], "cpu") / cpu
    print(f"parse and store, four times the rows: {growth:.1f} times the processor time")
    quarter.unlink()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--parquet-rows", type=int, default=5_000_000)
    asked.add_argument("--empty-rows", type=int, default=1_000_000)
    options = asked.parse_args()
    import pandas as pd

    print(
        f"{datetime.date.today()}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, pyarrow {pa.__version__}, pandas {pd.__version__}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare(folder, options.rows, options.repeats)
        if options.parquet_rows:
            path = make(folder, options.parquet_rows, text=False)
            told("parquet, parse", [measure("parse", path)], path)
            path.unlink()
        if options.empty_rows:
            path = make_workbook(folder, options.empty_rows)
            told("workbook, parse", [measure("parse", path)], path)


if __name__ == "__main__":
    main()
