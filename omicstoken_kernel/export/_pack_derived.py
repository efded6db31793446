"""What rests on the runs of a bundle: peptides, vectors, fingerprints, reports."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.export import _manifest as doc
from omicstoken_kernel.export._members import (
    parquet_writer,
    vector_schema,
    write_arrow,
    write_document,
)
from omicstoken_kernel.store.files import digest_of
from omicstoken_kernel.store.fingerprints import Fingerprints
from omicstoken_kernel.store.mappings import Mappings
from omicstoken_kernel.store.peptides import DESCRIBED, Peptides
from omicstoken_kernel.store.predictions import Predictions
from omicstoken_kernel.store.reports import Reports
from omicstoken_kernel.store.selections import Selections
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.vectors import Model

__all__ = [
    "annotation_notes",
    "write_fingerprints",
    "write_peptides",
    "write_reports",
    "write_vectors",
]

_BATCH = 10_000


def write_peptides(ctx: Context, peptides: pa.Table, path: Path) -> None:
    """Write the distinct peptides with their descriptors, for people; import makes them anew."""
    schema = pa.schema([field for field in DESCRIBED if field.name != "peptide_id"])
    with parquet_writer(path, schema) as writer:
        for batch in peptides.to_batches(_BATCH):
            described = Peptides(ctx).descriptors(batch["peptide_id"].to_numpy())
            order = pc.index_in(batch["peptide_id"], described["peptide_id"])
            writer.write_table(described.take(order).select(schema.names))


def write_vectors(ctx: Context, peptides: pa.Table, folder: Path) -> tuple[doc.ModelEntry, ...]:
    """Write the peptides' vectors, one member a model; return what the manifest says of them."""
    entries: list[doc.ModelEntry] = []
    for model in Vectors(ctx).models():
        member = f"vectors/{len(entries) + 1}.parquet"
        count = _write_model(ctx, model, peptides, folder / member)
        if count:
            entries.append(
                doc.ModelEntry(
                    model_key=model.model_key,
                    name=model.name,
                    dim=model.dim,
                    vectors=count,
                    member=member,
                )
            )
        else:
            (folder / member).unlink()
    return tuple(entries)


def _write_model(ctx: Context, model: Model, peptides: pa.Table, path: Path) -> int:
    """Write the peptides' vectors by sequence, which is the same order in every workspace."""
    schema, count = vector_schema(model.dim), 0
    with parquet_writer(path, schema) as writer:
        for batch in peptides.to_batches(_BATCH):
            wanted = batch["peptide_id"].to_numpy()
            ids, matrix = Vectors(ctx).of_peptides(model.model_key, wanted)
            known = np.flatnonzero(np.isin(wanted, ids))
            if not len(known):
                continue
            flat = pa.array(matrix[np.searchsorted(ids, wanted[known])].reshape(-1))
            vectors = pa.FixedSizeListArray.from_arrays(flat, type=schema.field("vector").type)
            sequences = batch["sequence"].take(pa.array(known))
            writer.write_table(pa.table([sequences, vectors], schema=schema))
            count += len(known)
    return count


def write_fingerprints(ctx: Context, runs: Sequence[Run], folder: Path) -> int:
    """Write the fingerprints of these runs only; return their number."""
    packed = {run.id for run in runs}
    kept = [found for found in Fingerprints(ctx).list() if packed.issuperset(found.run_ids)]
    for found in kept:
        fields = {
            name: getattr(found, name)
            for name in doc.FingerprintDocument.model_fields
            if name != "clusters"
        }
        clusters = tuple(doc.ClusterDocument(**vars(cluster)) for cluster in found.clusters)
        document = doc.FingerprintDocument(clusters=clusters, **fields)
        write_document(folder / "fingerprints" / f"{found.id}.json", document)
        write_arrow(folder / "fingerprints" / f"{found.id}.arrow", found.points)
    return len(kept)


def write_reports(ctx: Context, runs: Sequence[Run], folder: Path) -> tuple[int, list[str]]:
    """Write the reports about these runs only; return their number and what was left out."""
    packed = {run.id for run in runs}
    notes, count = [], 0
    for found in Reports(ctx).list():
        if not found.run_ids or not packed.issuperset(found.run_ids):
            continue
        page, notebook = Path(found.html_path), Path(found.notebook_path)
        if not page.is_file() or digest_of(page) != found.html_sha256:
            notes.append(f"The report '{page.name}' was moved, changed or removed.")
            continue
        fields = {
            name: getattr(found, name)
            for name in doc.ReportDocument.model_fields
            if name != "has_notebook"
        }
        document = doc.ReportDocument(has_notebook=notebook.is_file(), **fields)
        target = folder / "reports" / f"{found.id}.json"
        write_document(target, document)
        shutil.copyfile(page, target.with_suffix(".html"))
        if notebook.is_file():
            shutil.copyfile(notebook, target.with_suffix(".ipynb"))
        count += 1
    return count, notes


def annotation_notes(ctx: Context, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return what is laid over the runs and not packed: it is made again from its own files."""
    mapped = [run.name for run in runs if Mappings(ctx).of_run(run.id)]
    predicted = [run.name for run in runs if Predictions(ctx).of_run(run.id)]
    notes = []
    for names, what, files in (
        (mapped, "mapped to a proteome", "FASTA file"),
        (predicted, "annotated with predictions of other programs", "output file"),
    ):
        if names:
            told = ", ".join(f"'{name}'" for name in names[:5]) + ", ..." * (len(names) > 5)
            notes.append(f"{told}: {what}, which is not packed; keep the {files}.")
    packed = {run.id for run in runs}
    kept = [found.name for found in Selections(ctx).list() if packed & set(found.run_ids)]
    if kept:
        told = ", ".join(f"'{name}'" for name in kept[:5]) + ", ..." * (len(kept) > 5)
        notes.append(f"Saved selections of the runs are not packed: {told}.")
    return tuple(notes)
