"""A run's features as one flat table, CSV or Parquet, with descriptors and clusters.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, and names in a
result file are anyone's to choose. So in CSV such a text gets an apostrophe in front, as OWASP
advises (https://owasp.org/www-community/attacks/CSV_Injection); numbers are left as they are.
Parquet has texts unchanged, and is the format to read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.descriptors import DESCRIPTORS
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.export._publish import published
from omicstoken_kernel.export.results import ExportResult
from omicstoken_kernel.store.features import RUN_FEATURES, Features
from omicstoken_kernel.store.files import digest_of
from omicstoken_kernel.store.fingerprints import Fingerprints
from omicstoken_kernel.store.peptides import DESCRIBED, Peptides
from omicstoken_kernel.store.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["COLUMNS", "as_csv", "rows_of_run", "write_rows", "write_table"]

_BATCH = 20_000

#: As the stored column is called, and as it is called in tables.
_FEATURE_COLUMNS = {
    "feature_id": "feature_id", "sequence": "sequence", "proforma": "proforma",
    "precursor_charge": "precursor_charge", "mz": "mz", "rt_s": "rt_s", "quantity": "intensity",
    "q_value": "q_value", "pep": "pep", "score": "score", "psm_count": "psm_count",
    "matched": "matched", "contaminant": "contaminant", "proteins": "proteins", "line": "line",
}  # fmt: skip

#: Columns of an exported table. ``intensity`` is of the kind ``intensity_kind``; ``cluster`` is
#: null where the peptide is unassigned or the run has no fingerprint of its present peptides.
COLUMNS = pa.schema(
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("run_name", pa.string(), nullable=False),
        pa.field("sample", pa.string(), nullable=False),
        *(RUN_FEATURES.field(stored).with_name(name) for stored, name in _FEATURE_COLUMNS.items()),
        pa.field("intensity_kind", pa.string(), nullable=False),
        pa.field("intensity_scale", pa.string(), nullable=False),
        *(DESCRIBED.field(name) for name in ("length", *DESCRIPTORS)),
        pa.field("cluster", pa.int32()),
    ]
)


def write_table(ctx: Context, run_id: str, path: Path, *, format: str) -> ExportResult:
    """Write a run's features with the columns :data:`COLUMNS` as ``csv`` or ``parquet``.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    ExportError
        If the file cannot be written.
    """
    run = Runs(ctx).get(run_id)
    records = 0
    with published(path) as part:
        with _writer(part, format, COLUMNS) as writer:
            for rows in rows_of_run(ctx, run):
                writer.write_table(_without_formulas(rows) if format == "csv" else rows)
                records += rows.num_rows
        sha256 = digest_of(part)
    return ExportResult(path, sha256, records)


def write_rows(rows: pa.Table, path: Path) -> ExportResult:
    """Write any small table, as CSV or Parquet by the file's ending.

    Raises
    ------
    InputError
        If the ending is neither.
    """
    ending = path.suffix.lstrip(".").lower()
    if ending not in ("csv", "parquet"):
        msg = f"A table is written as csv or parquet; found the ending '{path.suffix}'."
        raise InputError(msg, "Name the file like table.csv or table.parquet.")
    with published(path) as part:
        with _writer(part, ending, rows.schema) as writer:
            writer.write_table(_without_formulas(rows) if ending == "csv" else rows)
        sha256 = digest_of(part)
    return ExportResult(path, sha256, rows.num_rows)


def as_csv(rows: pa.Table) -> str:
    """Return a small table as CSV text, its formulas disarmed."""
    import io

    import pyarrow.csv

    stream = io.BytesIO()
    pyarrow.csv.write_csv(_without_formulas(rows), stream)
    return stream.getvalue().decode()


def rows_of_run(ctx: Context, run: Run) -> Iterator[pa.Table]:
    """Yield a run's features in the order of its file, in tables with schema :data:`COLUMNS`."""
    clusters = _clusters(ctx, run)
    constants = {
        "run_id": run.id,
        "run_name": run.name,
        "sample": run.sample.name,
        "intensity_kind": run.quantity_kind,
        "intensity_scale": run.quantity_scale,
    }
    for batch in Features(ctx).batches(run.id, _BATCH):
        described = Peptides(ctx).descriptors(pc.unique(batch["peptide_id"]).to_numpy())
        places = pc.index_in(batch["peptide_id"], described["peptide_id"])
        columns = {name: pa.repeat(value, batch.num_rows) for name, value in constants.items()}
        columns |= {name: batch[stored] for stored, name in _FEATURE_COLUMNS.items()}
        columns |= {name: described[name].take(places) for name in ("length", *DESCRIPTORS)}
        columns["cluster"] = clusters["cluster"].take(
            pc.index_in(batch["sequence"], clusters["sequence"])
        )
        yield pa.table([columns[name] for name in COLUMNS.names], schema=COLUMNS)


def _clusters(ctx: Context, run: Run) -> pa.Table:
    """Return sequence and cluster of the newest fingerprint of the run's present peptides."""
    found = Fingerprints(ctx).latest([run.id], peptides_digest=run.peptides_digest)
    if found is not None:
        return found.points.select(["sequence", "cluster"]).combine_chunks()
    return pa.table({"sequence": pa.array([], pa.string()), "cluster": pa.array([], pa.int32())})


def _writer(
    path: Path, format: str, schema: pa.Schema
) -> pa.csv.CSVWriter | pa.parquet.ParquetWriter:
    # The two modules cost a moment to load, and few commands export tables.
    if format == "csv":
        import pyarrow.csv

        return pyarrow.csv.CSVWriter(str(path), schema)
    import pyarrow.parquet

    return pyarrow.parquet.ParquetWriter(str(path), schema, compression="zstd")


def _without_formulas(rows: pa.Table) -> pa.Table:
    """Return a table whose texts no spreadsheet takes for a formula."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            safe = pc.replace_substring_regex(rows[place], r"^([=+\-@\t\r])", r"'\1")
            rows = rows.set_column(place, field, safe)
    return rows
