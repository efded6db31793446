"""Vectors for runs: what is missing, in batches, each stored before the next is begun.

Only pairs of model and peptide that have no vector yet are computed, so a step that was cancelled
or killed goes on where it stopped when it is run again. Two processes that embed the same run at
once both do the work, and the store keeps one vector of each peptide.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.embedding.base import why_not_embeddable
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.vectors import Vectors

__all__ = ["EncodeResult", "Failure", "encode_runs"]

_log = get_logger(__name__)


@dataclass(frozen=True)
class Failure:
    """A peptide that has no vector under a model, and why."""

    sequence: str
    reason: str


@dataclass(frozen=True)
class EncodeResult:
    """What became of the distinct peptides of the runs.

    Parameters
    ----------
    model_key
        The model.
    embedded
        Peptides whose vector was computed and stored now.
    known
        Peptides that had a vector before, or got it from another process meanwhile.
    failed
        Peptides that cannot have one; ``embedded + known + len(failed)`` is all of them.
    seconds
        Time taken.
    """

    model_key: str
    embedded: int
    known: int
    failed: tuple[Failure, ...]
    seconds: float

    @property
    def peptides_per_second(self) -> float:
        """How many peptides were embedded per second; 0 where there was nothing to do."""
        return self.embedded / self.seconds if self.embedded and self.seconds else 0.0

    def as_json(self) -> dict[str, object]:
        """Return the result in the shape of ``omicstoken embed --json``."""
        return {
            "model_key": self.model_key,
            "embedded": self.embedded,
            "known": self.known,
            "failed": [
                {"sequence": failure.sequence, "reason": failure.reason} for failure in self.failed
            ],
            "seconds": round(self.seconds, 3),
            "peptides_per_second": round(self.peptides_per_second, 1),
        }


def encode_runs(
    ctx: Context,
    run_ids: Sequence[str] | None,
    *,
    model: BaseEmbedder,
    batch: int = 512,
    progress: Progress = silent,
) -> EncodeResult:
    """Compute and store the vectors the peptides of some runs lack, and return what was done.

    Parameters
    ----------
    ctx
        The Context; its owner must own the runs.
    run_ids
        The runs; None means all the owner's.
    model
        The embedder.
    batch
        Peptides per transaction.
    progress
        Called after each stored batch with the number of peptides done, failed ones included. What
        it raises (``Cancelled``) is let through; stored batches stay.

    Raises
    ------
    NotFound
        If a run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.vectors import Vectors

    began = time.perf_counter()
    vectors = Vectors(ctx)
    total = len(Peptides(ctx).visible_ids(run_ids=run_ids))
    missing = vectors.missing(model.model_key, run_ids)
    waiting, failures = _sort_out(
        missing["peptide_id"].to_pylist(), missing["sequence"].to_pylist()
    )
    embedded = 0
    for start in range(0, len(waiting), batch):
        chosen = waiting[start : start + batch]
        added, unusable = _embed_and_store(vectors, model, chosen)
        embedded += added
        failures += unusable
        # Peptides known before count as done: the bar shows how much of the runs has vectors.
        progress(total - len(waiting) + start + len(chosen), total, "peptides")
    result = EncodeResult(
        model_key=model.model_key,
        embedded=embedded,
        known=total - embedded - len(failures),
        failed=tuple(failures),
        seconds=time.perf_counter() - began,
    )
    _log.info(
        "runs_embedded",
        model_key=result.model_key,
        embedded=result.embedded,
        known=result.known,
        failed=len(result.failed),
        peptides_per_second=round(result.peptides_per_second, 1),
    )
    return result


def _embed_and_store(
    vectors: Vectors, model: BaseEmbedder, chosen: Sequence[tuple[int, str]]
) -> tuple[int, list[Failure]]:
    """Store the vectors of some peptides and return how many were new, and which are unusable."""
    matrix = model.embed_batch([sequence for _, sequence in chosen])
    usable = np.isfinite(matrix).all(axis=1) & (matrix != 0).any(axis=1)
    added = vectors.add(
        model_key=model.model_key,
        name=model.name,
        dim=model.dim,
        peptide_ids=np.array([peptide_id for peptide_id, _ in chosen], dtype=np.int64)[usable],
        vectors=matrix[usable],
    )
    return added, [
        Failure(sequence, "the model gives no usable vector")
        for (_, sequence), good in zip(chosen, usable.tolist(), strict=True)
        if not good
    ]


def _sort_out(
    peptide_ids: Sequence[int], sequences: Sequence[str]
) -> tuple[list[tuple[int, str]], list[Failure]]:
    """Return what can be embedded, ordered so that batches hold few lengths, and what cannot."""
    waiting: list[tuple[int, str]] = []
    failures: list[Failure] = []
    for peptide_id, sequence in zip(peptide_ids, sequences, strict=True):
        reason = why_not_embeddable(sequence)
        if reason is None:
            waiting.append((peptide_id, sequence))
        else:
            failures.append(Failure(sequence, reason))
    waiting.sort(key=lambda pair: (len(pair[1]), pair[1]))
    return waiting, failures
