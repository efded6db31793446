"""What an unpacked bundle says, read and checked whole before a line of it is stored.

The container has proved that the bytes are those that were packed. This is about what they mean:
that every document has its shape, that features add up to their runs' counts and digests, that
vectors are vectors of peptides in the bundle. A bundle made on purpose to do harm passes the first
and fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.errors import BundleError
from omicstoken_kernel.export import _manifest as doc
from omicstoken_kernel.export._members import (
    open_parquet,
    read_arrow,
    read_document,
    vector_schema,
)
from omicstoken_kernel.ingest.features import ALPHABET, FEATURES, MAX_RESIDUES
from omicstoken_kernel.store.fingerprints import POINTS
from omicstoken_kernel.store.ids import peptides_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Contents", "read_contents"]

_BATCH = 10_000
_TEXTS = ("proforma", "proteins")


@dataclass(frozen=True)
class Contents:
    """A bundle's documents and the folder that holds its tables and files."""

    folder: Path
    manifest: doc.Manifest
    uploads: tuple[doc.UploadDocument, ...]
    samples: dict[str, doc.SampleDocument]
    fingerprints: tuple[doc.FingerprintDocument, ...]
    reports: tuple[doc.ReportDocument, ...]

    def member(self, name: str) -> Path:
        """Return where a member lies."""
        return self.folder / name

    def features(self, upload: doc.UploadDocument) -> pa.Table:
        """Return the features of an upload, with the schema every reader returns."""
        path = self.member(f"uploads/{upload.id}.parquet")
        with open_parquet(path, FEATURES) as file:
            return file.read()

    def points(self, fingerprint: doc.FingerprintDocument) -> pa.Table:
        """Return the points of a fingerprint."""
        return read_arrow(self.member(f"fingerprints/{fingerprint.id}.arrow"), POINTS)

    def vectors(self, model: doc.ModelEntry) -> Iterator[tuple[pa.Array, NDArray[np.float32]]]:
        """Yield sequences and their vectors, (n, dim) float32, some thousands at a time."""
        with open_parquet(self.member(model.member), vector_schema(model.dim)) as file:
            for batch in file.iter_batches(_BATCH):
                flat = batch["vector"].flatten().to_numpy()
                yield batch["sequence"], flat.reshape(-1, model.dim)


def read_contents(folder: Path, manifest: doc.Manifest) -> Contents:
    """Return what an unpacked bundle holds.

    Raises
    ------
    BundleError
        If it contradicts itself or holds what cannot be stored.
    """
    samples = read_document(folder / "samples.json", doc.Samples).samples
    uploads = [read_document(path, doc.UploadDocument) for path in _json(folder, "uploads")]
    contents = Contents(
        folder=folder,
        manifest=manifest,
        uploads=tuple(sorted(uploads, key=lambda found: (found.created_at, found.id))),
        samples={sample.id: sample for sample in samples},
        fingerprints=tuple(
            read_document(path, doc.FingerprintDocument) for path in _json(folder, "fingerprints")
        ),
        reports=tuple(read_document(path, doc.ReportDocument) for path in _json(folder, "reports")),
    )
    _check_documents(contents)
    sequences: set[str] = set()
    for upload in contents.uploads:
        sequences |= _check_features(contents, upload)
    for model in manifest.models:
        _check_vectors(contents, model, sequences)
    return contents


def _json(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / kind).glob("*.json"))


def _require(truth: object, otherwise: str) -> None:
    """Raise BundleError with what is wrong unless something holds."""
    if not truth:
        msg = f"The bundle contradicts itself: {otherwise}."
        raise BundleError(msg, "It was not made by OmicsToken, or by a version with a defect.")


def _check_documents(contents: Contents) -> None:
    runs = [run for upload in contents.uploads for run in upload.runs]
    ids = {run.id for run in runs}
    members = {member.name: member.sha256 for member in contents.manifest.members}
    listed = {run.id for run in contents.manifest.runs}
    _require(len(ids) == len(runs) and ids == listed, "its runs are not those of its manifest")
    samples = {run.sample for run in runs}
    _require(samples == set(contents.samples), "its samples are not those of its runs")
    for upload in contents.uploads:
        held = not upload.has_file or members.get(f"files/{upload.sha256}") == upload.sha256
        _require(held, f"the file '{upload.name}' is not there")
        keys = {run.key for run in upload.runs}
        _require(len(keys) == len(upload.runs), f"two runs of '{upload.name}' have one key")
    about = {found.id: found.run_ids for found in contents.fingerprints}
    about |= {found.id: found.run_ids for found in contents.reports}
    for identifier, run_ids in about.items():
        _require(ids.issuperset(run_ids), f"{identifier} is about runs that are not there")
    for fingerprint in contents.fingerprints:
        contents.points(fingerprint)
    for report in contents.reports:
        page = members.get(f"reports/{report.id}.html") == report.html_sha256
        notebook = not report.has_notebook or f"reports/{report.id}.ipynb" in members
        _require(page and notebook, f"the report {report.id} is not there")


def _check_features(contents: Contents, upload: doc.UploadDocument) -> set[str]:
    """Check an upload's features against its runs; return its distinct sequences."""
    found: list[set[str]] = [set() for _ in upload.runs]
    counts = np.zeros(len(upload.runs), dtype=np.int64)
    path = contents.member(f"uploads/{upload.id}.parquet")
    with open_parquet(path, FEATURES) as file:
        for batch in file.iter_batches(_BATCH):
            _check_texts(batch, upload)
            runs = batch["run"].to_numpy()
            belong = (runs >= 0).all() and (runs < len(found)).all()
            _require(belong, f"features of '{upload.name}' belong to no run")
            counts += np.bincount(runs, minlength=len(found))
            for position in np.unique(runs).tolist():
                of_run = batch["sequence"].filter(pa.array(runs == position))
                found[position].update(pc.unique(of_run).to_pylist())
    for run, count, sequences in zip(upload.runs, counts.tolist(), found, strict=True):
        same = (run.features, run.peptides) == (count, len(sequences))
        same = same and run.peptides_digest == peptides_digest(list(sequences))
        _require(same, f"the features of run '{run.name}' are not those it counts")
    return set().union(*found)


def _check_texts(batch: pa.RecordBatch, upload: doc.UploadDocument) -> None:
    letters = pc.match_substring_regex(batch["sequence"], f"^[{ALPHABET}]+$")
    short = pc.less_equal(pc.utf8_length(batch["sequence"]), MAX_RESIDUES)
    good = pc.all(pc.and_(letters, short), min_count=0).as_py()
    _require(good, f"'{upload.name}' has a sequence that is none")
    for name in _TEXTS:
        bad = pc.any(pc.match_substring(batch[name], "\0"), min_count=0).as_py()
        _require(not bad, f"'{upload.name}' has a NUL character in {name}")


def _check_vectors(contents: Contents, model: doc.ModelEntry, sequences: set[str]) -> None:
    seen: set[str] = set()
    count = 0
    for names, matrix in contents.vectors(model):
        good = np.isfinite(matrix).all() and matrix.any(axis=1).all()
        _require(good, f"a vector of {model.model_key} is all zeros or not finite")
        seen.update(names.to_pylist())
        count += len(names)
    complete = count == len(seen) == model.vectors and sequences.issuperset(seen)
    _require(complete, f"the vectors of {model.model_key} are not those of its peptides")
