"""The peptides of runs with their vectors, of unit length and of one model, and those without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.model_choice import model_for_maps
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context

__all__ = ["Embedded", "Omitted", "embedded_peptides", "unit"]


@dataclass(frozen=True)
class Omitted:
    """A peptide without a vector, and why."""

    sequence: str
    reason: str


@dataclass(frozen=True)
class Embedded:
    """The distinct peptides of some runs.

    Parameters
    ----------
    model_key
        The model the vectors are of.
    all_sequences
        Every peptide of the runs, sorted, with or without a vector.
    sequences
        Those with a vector, sorted.
    vectors
        Their vectors, (n, dim) float32 of unit length, in the order of ``sequences``.
    omitted
        Those without.
    """

    model_key: str
    all_sequences: tuple[str, ...]
    sequences: tuple[str, ...]
    vectors: NDArray[np.float32]
    omitted: tuple[Omitted, ...]

    def rows(self, sequences: Sequence[str]) -> NDArray[np.int64]:
        """Return the places of those of ``sequences`` that have a vector, ascending, (m,) int64."""
        place = self._place
        found = sorted(place[sequence] for sequence in set(sequences) if sequence in place)
        return np.array(found, dtype=np.int64)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {sequence: row for row, sequence in enumerate(self.sequences)}


def embedded_peptides(
    ctx: Context, run_ids: Sequence[str], *, model: str | None = None
) -> Embedded:
    """Return the distinct peptides of the owner's runs with their unit vectors.

    Raises
    ------
    NotFound
        If a run does not exist, belongs to someone else, or has no vectors of the model.
    """
    peptides = Peptides(ctx).of_runs(run_ids)
    sequences = peptides["sequence"].to_pylist()
    model_key = model_for_maps(ctx, run_ids, model)
    if not sequences:
        return Embedded(model_key, (), (), np.zeros((0, 1), dtype=np.float32), ())
    if Vectors(ctx).model(model_key) is None:
        # None of these peptides can have a vector, nor has any other one of this model yet.
        omitted = tuple(Omitted(sequence, _why_missing(sequence)) for sequence in sequences)
        return Embedded(model_key, tuple(sequences), (), np.zeros((0, 1), np.float32), omitted)
    ids, matrix = Vectors(ctx).of_peptides(model_key, peptides["peptide_id"].to_numpy())
    wanted = peptides["peptide_id"].to_numpy()
    there = np.isin(wanted, ids, assume_unique=True)
    rows = np.searchsorted(ids, wanted[there])
    return Embedded(
        model_key=model_key,
        all_sequences=tuple(sequences),
        sequences=tuple(compress(sequences, there)),
        vectors=unit(matrix[rows]),
        omitted=tuple(
            Omitted(sequence, _why_missing(sequence)) for sequence in compress(sequences, ~there)
        ),
    )


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors divided by their length, (n, dim) float32; the store holds none of length 0.

    >>> unit(np.array([[3.0, 4.0]], dtype=np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    # The length in float64, so that equal directions give equal vectors whatever the batch.
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def _why_missing(sequence: str) -> str:
    from omicstoken_kernel.embedding.base import why_not_embeddable

    return why_not_embeddable(sequence) or "it has no vector yet"
