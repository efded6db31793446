"""The peptides of runs with their vectors, of unit length and of one model, and those without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.context import Context

__all__ = ["Embedded", "Omitted", "choose_model_key", "embedded_peptides", "unit"]


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


def choose_model_key(ctx: Context, run_ids: Sequence[str], model: str | None = None) -> str:
    """Return the key of the model whose stored vectors are used for some runs.

    What counts is which vectors the runs have, so no model is loaded where they leave no doubt. A
    name means that model; ``auto`` the first in the order of preference that every run has vectors
    of.

    Raises
    ------
    NotFound
        If a run has no vectors of the model; the hint says how to make them.
    ModelUnavailable
        If the store holds vectors of several weights of one model and the present weights, which
        would decide between them, cannot be loaded.
    """
    from omicstoken_kernel.embedding import choose_model, is_at_hand, model_names
    from omicstoken_kernel.embedding.choice import chosen_name

    wanted = model or ctx.settings.embedder
    names = model_names() if wanted == "auto" else (wanted,)
    for name in names:
        is_at_hand(name, ctx.settings)  # an unknown name is an error of its own
    counts = Vectors(ctx).counts_by_run()
    # A run without any peptide lacks nothing.
    having = [set(counts.get(run_id, {})) for run_id in run_ids if _has_peptides(ctx, run_id)]
    for name in names:
        keys = _keys_of(ctx, name)
        common = [key for key in keys if all(key in found for found in having)]
        if common:
            return common[0] if len(common) == 1 else _present_key(ctx, name, common)
    if not having:
        return choose_model(ctx.settings, model).model_key
    raise _not_embedded(ctx, run_ids, chosen_name(ctx.settings, model), names)


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
    model_key = choose_model_key(ctx, run_ids, model)
    if not sequences:
        return Embedded(model_key, (), (), np.zeros((0, 1), dtype=np.float32), ())
    ids, matrix = Vectors(ctx).of_peptides(model_key, peptides["peptide_id"].to_numpy())
    row_of = {int(peptide_id): row for row, peptide_id in enumerate(ids)}
    rows = [row_of.get(peptide_id) for peptide_id in peptides["peptide_id"].to_pylist()]
    chosen = [row for row in rows if row is not None]
    pairs = list(zip(sequences, rows, strict=True))
    return Embedded(
        model_key=model_key,
        all_sequences=tuple(sequences),
        sequences=tuple(sequence for sequence, row in pairs if row is not None),
        vectors=unit(matrix[chosen]),
        omitted=tuple(
            Omitted(sequence, _why_missing(sequence)) for sequence, row in pairs if row is None
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


def _has_peptides(ctx: Context, run_id: str) -> bool:
    from omicstoken_kernel.store.runs import Runs

    return Runs(ctx).get(run_id).peptides > 0


def _keys_of(ctx: Context, name: str) -> list[str]:
    return [model.model_key for model in Vectors(ctx).models() if model.name == name]


def _present_key(ctx: Context, name: str, keys: list[str]) -> str:
    """Return which of several keys of one model is that of the weights at hand."""
    from omicstoken_kernel.embedding import load_model

    present = load_model(name, ctx.settings).model_key
    return present if present in keys else keys[-1]


def _why_missing(sequence: str) -> str:
    from omicstoken_kernel.embedding.base import why_not_embeddable

    return why_not_embeddable(sequence) or "it has no vector yet"


def _not_embedded(
    ctx: Context, run_ids: Sequence[str], name: str, tried: Sequence[str]
) -> NotFound:
    from omicstoken_kernel.store.runs import Runs

    counts = Vectors(ctx).counts_by_run()
    keys = {key for model in tried for key in _keys_of(ctx, model)}
    lacking = [run_id for run_id in run_ids if not keys & set(counts.get(run_id, {}))]
    run = Runs(ctx).get((lacking or list(run_ids))[0])
    what = "no vectors" if len(tried) > 1 else f"no vectors of the model '{name}'"
    msg = f"The run '{run.name}' has {what}, found: {', '.join(counts[run.id]) or 'none'}."
    flag = "" if len(tried) > 1 else f" --model {name}"
    return NotFound(msg, f"Make them with 'omicstoken embed {run.id}{flag}'.")
