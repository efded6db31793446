"""How far sides lie apart in the embedding space, with what to hold it against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from omicstoken_kernel.analysis.distance import FEWEST, energy_distances
from omicstoken_kernel.analysis.relabelled import relabel, within_and_between
from omicstoken_kernel.analysis.sides import replicated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.analysis.sides import Members, Side

__all__ = ["EmbeddingDistance", "separation"]

_NO_P_VALUE = (
    "A test counts biological replicates: with fewer than three a side there is an effect size and "
    "no p-value."
)


@dataclass(frozen=True)
class EmbeddingDistance:
    """How far apart the vectors of the sides lie.

    Parameters
    ----------
    model_key
        None where the runs have no vectors of one model.
    distance
        The energy coefficient, at most 1: the mean over all pairs of replicates of different sides
        that have one; of two runs, theirs. None where there is none.
    reference
        Of sides with two or more replicates each: the mean between replicates of one side.
        Otherwise what random halves of one replicate reach (95th percentile), of that where it is
        largest.
    reference_kind
        ``replicates`` or ``halves``; None where there is no reference.
    p_value, least_p_value, labellings
        The permutation test of the replicates' labels, the least p it could give, and over how many
        ways of dealing them out; None with fewer than three replicates on a side.
    distances, references, sampled
        By pair of sides, the mean over their replicates; by side, the largest reference of halves
        and how many vectors were looked at.
    note
        Why there is no distance, or no p-value; empty where both are.
    """

    model_key: str | None = None
    distance: float | None = None
    reference: float | None = None
    reference_kind: Literal["replicates", "halves"] | None = None
    p_value: float | None = None
    least_p_value: float | None = None
    labellings: int | None = None
    distances: dict[str, dict[str, float | None]] = field(default_factory=dict)
    references: dict[str, float | None] = field(default_factory=dict)
    sampled: dict[str, int] = field(default_factory=dict)
    note: str = _NO_P_VALUE

    def as_json(self) -> dict[str, object]:
        """Return the distance as a JSON object."""
        return vars(self).copy()


def separation(
    embedded: Embedded | None,
    sides: Sequence[Side],
    members: Members,
    *,
    seed: int,
    reason: str = "",
) -> EmbeddingDistance:
    """Return the distance between sides, or an empty one that says why.

    Parameters
    ----------
    embedded
        The peptides of all runs with their vectors; None where a run has none, for ``reason``.
    seed
        Of the samples, the random halves and the labellings drawn.
    reason
        Why there are no vectors.
    """
    if embedded is None:
        return EmbeddingDistance(note=reason)
    generator = np.random.default_rng(seed)
    labels = [place for place, side in enumerate(sides) for _ in side.replicates]
    sets = [embedded.vectors[embedded.rows(held)] for side in sides for held in members[side.id]]
    found = energy_distances(sets, generator)
    between = _by_side(found.matrix, labels)
    ids = tuple(side.id for side in sides)
    within, apart = within_and_between(found.matrix, labels)
    common = {
        "model_key": embedded.model_key,
        "distances": {a: _numbers(ids, row) for a, row in zip(ids, between, strict=True)},
        "references": _numbers(ids, _of_sides(found.references, labels)),
        "sampled": {
            side: int(found.sampled[np.array(labels) == place].sum())
            for place, side in enumerate(ids)
        },
    }
    if np.isnan(apart):
        note = _too_few(embedded, sides)
        return EmbeddingDistance(**common, note=note)  # type: ignore[arg-type]
    of_replicates = replicated(sides, least=2) and not np.isnan(within)
    complete = bool(np.isfinite(found.matrix).all())
    test = relabel(found.matrix, labels, generator) if replicated(sides) and complete else None
    return EmbeddingDistance(
        **common,  # type: ignore[arg-type]
        distance=apart,
        reference=within if of_replicates else float(np.nanmax(found.references)),
        reference_kind="replicates" if of_replicates else "halves",
        p_value=None if test is None else test.p_value,
        least_p_value=None if test is None else test.least_p_value,
        labellings=None if test is None else test.labellings,
        note="" if test is not None else _why_no_test(sides, complete=complete),
    )


def _too_few(embedded: Embedded, sides: Sequence[Side]) -> str:
    things = "replicates" if any(len(side.replicates) > 1 for side in sides) else "sides"
    note = f"A distance takes at least {FEWEST} embedded peptides in each of two {things}."
    if any("no vector yet" in peptide.reason for peptide in embedded.omitted):
        return f"{note} Some were never embedded: 'omicstoken embed RUN' completes them."
    return note


def _why_no_test(sides: Sequence[Side], *, complete: bool) -> str:
    if replicated(sides) and not complete:
        return f"No p-value: a replicate has fewer than {FEWEST} embedded peptides."
    return _NO_P_VALUE


def _by_side(matrix: NDArray[np.float64], labels: Sequence[int]) -> NDArray[np.float64]:
    """Return the mean distance between the replicates of every pair of sides, 0 on the diagonal."""
    marks = np.eye(max(labels) + 1)[list(labels)]
    known = np.isfinite(matrix).astype(np.float64)
    sums = marks.T @ np.nan_to_num(matrix) @ marks
    counts = marks.T @ known @ marks
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    diagonal = np.diag(means).copy()
    np.fill_diagonal(means, np.where(np.isnan(diagonal), np.nan, 0.0))
    return np.asarray(means)


def _of_sides(values: NDArray[np.float64], labels: Sequence[int]) -> NDArray[np.float64]:
    """Return the largest value of each side's replicates; NaN where none has one."""
    marks = np.asarray(labels)
    largest = np.full(max(labels) + 1, -np.inf)
    np.maximum.at(largest, marks, np.where(np.isnan(values), -np.inf, values))
    return np.where(np.isinf(largest), np.nan, largest)


def _numbers(ids: tuple[str, ...], values: NDArray[np.float64]) -> dict[str, float | None]:
    return {
        identifier: None if np.isnan(value) else float(value)
        for identifier, value in zip(ids, values, strict=True)
    }
