"""What goes into a bundle, laid out in a folder: whole uploads and all that rests on them."""

from __future__ import annotations

import platform
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import omicstoken_kernel
from omicstoken_kernel.errors import ExportError
from omicstoken_kernel.export import _manifest as doc
from omicstoken_kernel.export._container import describe_members
from omicstoken_kernel.export._members import parquet_writer, write_document
from omicstoken_kernel.export._pack_derived import (
    annotation_notes,
    write_fingerprints,
    write_peptides,
    write_reports,
    write_vectors,
)
from omicstoken_kernel.ingest.features import FEATURES
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import path_of
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow.parquet as pq

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["lay_out", "whole_uploads"]

_BATCH = 10_000

_README = """\
This is a bundle of OmicsToken: runs of peptides with all that was computed on them.

manifest.json      what is in here, with the sha256 of every file
uploads/           each uploaded file: its runs and how it was read (.json), its features (.parquet)
files/             the uploaded files as they came, named by their sha256
samples.json       the samples the runs belong to
peptides.parquet   every distinct peptide with its descriptors
vectors/           the vectors of one model each (.parquet: sequence, vector)
fingerprints/      maps and clusters (.json), one row a peptide (.arrow, the Feather format)
reports/           published reports

Read it back with:  omicstoken bundle import FILE
"""


def whole_uploads(ctx: Context, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return the runs with all others that came in the same files, in the order of the store.

    Raises
    ------
    NotFound
        If any run does not exist or belongs to someone else.
    """
    uploads = {Runs(ctx).get(run_id).upload_id for run_id in run_ids}
    return tuple(run for run in Runs(ctx).list() if run.upload_id in uploads)


def lay_out(
    ctx: Context, runs: Sequence[Run], folder: Path, *, created_at: datetime | None = None
) -> doc.Manifest:
    """Write all members of a bundle of whole uploads into a folder and return their manifest."""
    (folder / "README.txt").write_text(_README, encoding="utf-8")
    notes = []
    for upload_id in dict.fromkeys(run.upload_id for run in runs):
        upload = Uploads(ctx).get(upload_id)
        of_upload = [run for run in runs if run.upload_id == upload_id]
        notes += _write_upload(ctx, upload, of_upload, folder)
    _write_samples(runs, folder / "samples.json")
    peptides = Peptides(ctx).of_runs([run.id for run in runs])
    write_peptides(ctx, peptides, folder / "peptides.parquet")
    models = write_vectors(ctx, peptides, folder)
    fingerprints = write_fingerprints(ctx, runs, folder)
    reports, more = write_reports(ctx, runs, folder)
    return doc.Manifest(
        format=doc.BUNDLE_FORMAT,
        version=doc.BUNDLE_VERSION,
        created_at=created_at or datetime.now(UTC),
        software={
            "omicstoken": omicstoken_kernel.__version__,
            "python": platform.python_version(),
            "pyarrow": pa.__version__,
            "numpy": np.__version__,
        },
        runs=tuple(
            doc.RunEntry(id=run.id, name=run.name, features=run.features, peptides=run.peptides)
            for run in runs
        ),
        models=models,
        fingerprints=fingerprints,
        reports=reports,
        notes=(*notes, *more, *annotation_notes(ctx, runs)),
        members=describe_members(folder),
    )


def _write_upload(ctx: Context, upload: Upload, runs: Sequence[Run], folder: Path) -> list[str]:
    """Write an upload, its features and its file; return what there is to note about it."""
    source = path_of(ctx, upload.sha256)
    has_file = source.is_file()
    if has_file:
        target = folder / "files" / upload.sha256
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
    document = doc.UploadDocument(
        id=upload.id,
        name=upload.name,
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        format=upload.format,
        reader_version=upload.reader_version,
        options=upload.options,
        report=upload.report,
        created_at=upload.created_at,
        has_file=has_file,
        runs=tuple(_run_document(run) for run in runs),
    )
    write_document(folder / "uploads" / f"{upload.id}.json", document)
    with parquet_writer(folder / "uploads" / f"{upload.id}.parquet", FEATURES) as writer:
        for position, run in enumerate(runs):
            _write_features(ctx, run, position, writer)
    return [] if has_file else [f"The file '{upload.name}' is not in the workspace any more."]


def _run_document(run: Run) -> doc.RunDocument:
    fields = {name: getattr(run, name) for name in doc.RunDocument.model_fields if name != "sample"}
    return doc.RunDocument(sample=run.sample.id, **fields)


def _write_features(ctx: Context, run: Run, position: int, writer: pq.ParquetWriter) -> None:
    written = 0
    for batch in Features(ctx).batches(run.id, _BATCH):
        column = pa.array(np.full(batch.num_rows, position, dtype=np.int32))
        columns = [column, *(batch[name] for name in FEATURES.names[1:])]
        writer.write_table(pa.table(columns, schema=FEATURES))
        written += batch.num_rows
    if written != run.features:
        msg = f"The run '{run.name}' changed while it was being packed."
        raise ExportError(msg, "Make the bundle again.")


def _write_samples(runs: Sequence[Run], path: Path) -> None:
    samples = {run.sample.id: run.sample for run in runs}
    documents = [
        doc.SampleDocument(
            **{name: getattr(samples[key], name) for name in doc.SampleDocument.model_fields}
        )
        for key in sorted(samples)
    ]
    write_document(path, doc.Samples(samples=tuple(documents)))
