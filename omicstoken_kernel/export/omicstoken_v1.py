"""OmicsToken v1: a run with its vectors as one JSON document, written as it is read.

The document is never in memory as a whole: features come from the store in batches, and each batch
becomes one chunk of bytes. The same generator serves files and any other channel, so the bytes are
the same through all. ``v1_schema`` says what is in the document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.analysis.model_choice import model_of_run
from omicstoken_kernel.embedding.base import why_not_embeddable
from omicstoken_kernel.errors import ExportError, NotFound
from omicstoken_kernel.export._publish import published
from omicstoken_kernel.export.results import ExportResult
from omicstoken_kernel.export.v1_schema import EXPORT_VERSION
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import digest_of
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["Payload", "open_payload", "write_json"]

#: Reason of features whose peptide could have a vector but has none yet.
NOT_EMBEDDED = "not embedded yet"

_BATCH = 1024


@dataclass(frozen=True)
class Payload:
    """One run's v1 document before it is written.

    ``total_embeddings`` features have a vector of ``model_key`` and are in the document;
    ``omitted`` counts the others by reason.
    """

    ctx: Context
    run: Run
    model_key: str
    total_embeddings: int
    omitted: dict[str, int]

    def chunks(self) -> Iterator[bytes]:
        """Yield the document as UTF-8, a batch of features at a time.

        Raises
        ------
        ExportError
            If the run was changed by someone else while it was being written.
        """
        yield self._head().encode()
        written = 0
        for batch in Features(self.ctx).batches(self.run.id, _BATCH):
            records = self._records(batch)
            if records:
                yield ((",\n" if written else "\n") + ",\n".join(records)).encode()
                written += len(records)
        if written != self.total_embeddings:
            msg = f"The run '{self.run.name}' changed while it was being exported."
            raise ExportError(msg, "Export it again.")
        yield b"\n]}\n"

    def _head(self) -> str:
        head = {
            "run_id": self.run.id,
            "export_version": EXPORT_VERSION,
            "total_embeddings": self.total_embeddings,
            "model_key": self.model_key,
            "run_name": self.run.name,
            "quantity": {
                "kind": self.run.quantity_kind,
                "column": self.run.quantity_column,
                "scale": self.run.quantity_scale,
            },
            "omitted": {"count": sum(self.omitted.values()), "reasons": self.omitted},
        }
        return json.dumps(head, ensure_ascii=False)[:-1] + ', "data": ['

    def _records(self, batch: pa.RecordBatch) -> list[str]:
        """Return the features of a batch that have a vector, each as JSON."""
        wanted = pc.unique(batch["peptide_id"]).to_numpy()
        ids, matrix = _vectors(self.ctx, self.model_key, wanted)
        vectors = dict(zip(ids.tolist(), _as_text(matrix), strict=True))
        described = Peptides(self.ctx).descriptors(ids).to_pylist()
        properties = {row["peptide_id"]: row for row in described}
        return [
            _record(feature, properties[key], vectors[key])
            for feature in batch.to_pylist()
            if (key := feature["peptide_id"]) in vectors
        ]


def open_payload(ctx: Context, run_id: str, *, model: str | None = None) -> Payload:
    """Return a run's v1 document, counted and ready to be written.

    Parameters
    ----------
    model
        Name or key of the model whose vectors are exported; None means the settings' choice.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    InputError, ModelUnavailable
        If there is no such model, or it can neither be loaded nor has vectors here.
    """
    run = Runs(ctx).get(run_id)
    model_key = model_of_run(ctx, run_id, model)
    missing = Vectors(ctx).missing(model_key, [run_id])
    omitted = _count_omitted(ctx, run_id, missing)
    return Payload(ctx, run, model_key, run.features - sum(omitted.values()), omitted)


def write_json(ctx: Context, run_id: str, path: Path, *, model: str | None = None) -> ExportResult:
    """Write a run's v1 document to a file, which appears only when it is whole.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    ExportError
        If the file cannot be written.
    """
    payload = open_payload(ctx, run_id, model=model)
    with published(path) as part:
        with part.open("wb") as file:
            for chunk in payload.chunks():
                file.write(chunk)
        sha256 = digest_of(part)
    return ExportResult(path, sha256, payload.total_embeddings)


def _count_omitted(ctx: Context, run_id: str, missing: pa.Table) -> dict[str, int]:
    """Return how many features have no vector, by reason, given the peptides that have none."""
    reasons = {
        peptide_id: why_not_embeddable(sequence) or NOT_EMBEDDED
        for peptide_id, sequence in zip(*(column.to_pylist() for column in missing), strict=True)
    }
    counts: dict[str, int] = {}
    if reasons:
        for batch in Features(ctx).batches(run_id, 50_000):
            for found in batch["peptide_id"].value_counts().to_pylist():
                reason = reasons.get(found["values"])
                if reason is not None:
                    counts[reason] = counts.get(reason, 0) + found["counts"]
    return dict(sorted(counts.items()))


def _vectors(
    ctx: Context, model_key: str, peptide_ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    try:
        return Vectors(ctx).of_peptides(model_key, peptide_ids)
    except NotFound:  # no vector of this model was ever stored here
        return np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.float32)


def _as_text(matrix: NDArray[np.float32]) -> list[str]:
    """Return each row as JSON numbers joined by commas.

    Each number is the shortest that gives the same float32 back.
    """
    rows, dim = matrix.shape
    numbers = pc.cast(pa.array(matrix.reshape(-1)), pa.string())
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * dim)
    texts: list[str] = pc.binary_join(pa.ListArray.from_arrays(offsets, numbers), ",").to_pylist()
    return texts


def _record(feature: dict[str, Any], peptide: dict[str, Any], vector: str) -> str:
    record = {
        "feature_id": feature["feature_id"],
        "sequence": feature["sequence"],
        "intensity": feature["quantity"],
        "properties": {
            "length": peptide["length"],
            "charge": peptide["net_charge"],
            "hydrophobicity": peptide["gravy"],
            "molecular_weight": peptide["mass_average_da"],
            "precursor_charge": feature["precursor_charge"],
            "net_charge_ph7": peptide["charge_ph7"],
            "proforma": feature["proforma"],
        },
    }
    return (
        f'{json.dumps(record, ensure_ascii=False, allow_nan=False)[:-1]}, "embedding": [{vector}]}}'
    )
