"""Vectors for runs: what is missing, in batches, each stored before the next is begun.

Only pairs of model and peptide that have no vector yet are computed, so a step that was cancelled
or killed goes on where it stopped when it is run again. Two processes that embed the same run at
once both do the work, and the store keeps one vector of each peptide.

Whatever the number of peptides, only their ids are held all at once (8 bytes each). Sequences are
read some thousand at a time, by ascending id, and put in order of length within each such part, so
that batches hold few lengths.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.embedding.base import why_not_embeddable
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.base import BaseEmbedder
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.vectors import Vectors

__all__ = ["MOST_NAMED", "EncodeResult", "Failure", "encode_runs"]

#: Peptides without a vector that a result names; all are counted, by reason.
MOST_NAMED = 100

_READ_AT_ONCE = 16_384
_UNUSABLE = "the model gives no usable vector"

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
        The first :data:`MOST_NAMED` peptides that cannot have one.
    failed_count
        How many cannot have one; ``embedded + known + failed_count`` is all of them.
    failed_reasons
        How many of them for each reason.
    seconds
        Time taken.
    """

    model_key: str
    embedded: int
    known: int
    failed: tuple[Failure, ...]
    failed_count: int
    failed_reasons: dict[str, int]
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
            "failed_count": self.failed_count,
            "failed_reasons": self.failed_reasons,
            "seconds": round(self.seconds, 3),
            "peptides_per_second": round(self.peptides_per_second, 1),
        }


@dataclass
class _Failures:
    """Every failure counted, the first named."""

    named: list[Failure] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, sequence: str, reason: str) -> None:
        self.reasons[reason] += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(Failure(sequence, reason))


def encode_runs(
    ctx: Context,
    run_ids: Sequence[str] | None,
    *,
    model: BaseEmbedder,
    batch: int | None = None,
    progress: Progress = silent,
    what: str = "peptides",
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
        Peptides per transaction; None means the model's own number.
    progress
        Called before the first batch and after each stored one with the number of ``what`` done,
        known and failed ones included. What it raises (``Cancelled``) is let through; stored
        batches stay.

    Raises
    ------
    NotFound
        If a run does not exist or belongs to someone else.
    ServiceUnavailable
        If the database does not answer or its disk is full; stored batches stay.
    """
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.vectors import Vectors

    began = time.perf_counter()
    peptides, vectors = Peptides(ctx), Vectors(ctx)
    ids = peptides.visible_ids(run_ids=run_ids)
    waiting = vectors.lacking(model.model_key, ids)
    failures = _Failures()
    embedded, done = 0, len(ids) - len(waiting)
    progress(done, len(ids), what)
    for chosen in _batches(peptides, waiting, batch or model.peptides_at_once):
        embedded += _embed_and_store(vectors, model, chosen, failures)
        done += len(chosen)
        progress(done, len(ids), what)
    failed = failures.reasons.total()
    result = EncodeResult(
        model_key=model.model_key,
        embedded=embedded,
        known=len(ids) - embedded - failed,
        failed=tuple(failures.named),
        failed_count=failed,
        failed_reasons=dict(sorted(failures.reasons.items())),
        seconds=time.perf_counter() - began,
    )
    _log.info(
        "runs_embedded",
        model_key=result.model_key,
        embedded=result.embedded,
        known=result.known,
        failed=result.failed_count,
        peptides_per_second=round(result.peptides_per_second, 1),
    )
    return result


def _batches(
    peptides: Peptides, ids: NDArray[np.int64], size: int
) -> Iterator[list[tuple[int, str]]]:
    """Yield peptides with their ids, at most ``size`` at a time and mostly of one length."""
    at_once = max(size, _READ_AT_ONCE // size * size)
    for start in range(0, len(ids), at_once):
        read = peptides.by_ids(ids[start : start + at_once])
        pairs = zip(read["peptide_id"].to_pylist(), read["sequence"].to_pylist(), strict=True)
        ordered = sorted(pairs, key=lambda pair: len(pair[1]))
        for first in range(0, len(ordered), size):
            yield ordered[first : first + size]


def _embed_and_store(
    vectors: Vectors,
    model: BaseEmbedder,
    chosen: Sequence[tuple[int, str]],
    failures: _Failures,
) -> int:
    """Store the vectors of some peptides and return how many were new; what fails is noted."""
    good: list[tuple[int, str]] = []
    for peptide_id, sequence in chosen:
        reason = why_not_embeddable(sequence)
        if reason is None:
            good.append((peptide_id, sequence))
        else:
            failures.add(sequence, reason)
    matrix = model.embed_batch([sequence for _, sequence in good])
    usable = np.isfinite(matrix).all(axis=1) & (matrix != 0).any(axis=1)
    for place in np.flatnonzero(~usable).tolist():
        failures.add(good[place][1], _UNUSABLE)
    if not usable.any():
        return 0
    return vectors.add(
        model_key=model.model_key,
        name=model.name,
        dim=model.dim,
        peptide_ids=np.array([peptide_id for peptide_id, _ in good], dtype=np.int64)[usable],
        vectors=matrix[usable],
    )
