"""Which model's vectors are used for some runs: the one place that decides it.

A name, the user's or else that of the setting ``embedder``, means that model. ``auto`` goes by what
the runs have vectors of: ``esm2`` where they have it, else ``ligand``, except that maps of HLA
ligands (class I, class II or both, as quality calls them) use ``ligand`` first; ``anchor`` only
where nothing else has vectors. "Have it" means that hardly a peptide would go missing for the
choice: a model counts when it has at least 99 of 100 vectors the best-covered model has, so one
whose vectors are still being computed does not take over half-way.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from omicstoken_kernel.embedding import is_at_hand, load_model, model_cards
from omicstoken_kernel.embedding.choice import AUTO, BUILT_IN, OF_LIGANDS, OF_PEPTIDES
from omicstoken_kernel.errors import NotEmbedded
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding import BaseEmbedder, ModelCard

__all__ = ["card_of", "model_for_maps", "model_for_search", "model_of_run", "without_vectors"]

_ENOUGH = 0.99
_LIGANDS = ("class_i", "class_ii", "mixed")

_Purpose = Literal["search", "map"]


def model_for_search(
    ctx: Context, run_ids: Sequence[str] | None, model: str | None = None
) -> BaseEmbedder:
    """Return the model to search some runs with, loaded; None means all the owner's runs.

    Raises
    ------
    InputError
        If there is no model of that name.
    ModelUnavailable
        If the model cannot be loaded; no other takes its place.
    """
    wanted = model or ctx.settings.embedder
    if wanted != AUTO:
        return load_model(wanted, ctx.settings)
    for name, keys in _ranked(ctx, run_ids, AUTO, "search"):
        # Vectors of weights that are not here, read from a bundle, cannot be searched.
        if is_at_hand(name, ctx.settings):
            embedder = load_model(name, ctx.settings)
            if embedder.model_key in keys:
                return embedder
    return load_model(BUILT_IN, ctx.settings)


def model_of_run(ctx: Context, run_id: str, model: str | None = None) -> str:
    """Return the key of the model whose vectors of a run are told of and exported.

    Parameters
    ----------
    model
        Name or key of a model. Vectors that are stored are used even where their model is no longer
        at hand.

    Raises
    ------
    InputError
        If there is no such model.
    ModelUnavailable
        If the run has no vectors of the model and the model cannot be loaded.
    NotFound
        If the run does not exist or belongs to someone else.
    """
    wanted = model or ctx.settings.embedder
    for name, keys in _ranked(ctx, [run_id], wanted, "search"):
        return keys[0] if len(keys) == 1 else _present(ctx, name, keys)
    if Vectors(ctx).model(wanted) is not None:
        return wanted
    return load_model(BUILT_IN if wanted == AUTO else wanted, ctx.settings).model_key


def model_for_maps(ctx: Context, run_ids: Sequence[str], model: str | None = None) -> str:
    """Return the key of the model whose vectors place some runs on one map, compare and group them.

    Each run that has peptides must have its vectors.

    Raises
    ------
    InputError
        If there is no model of that name.
    NotEmbedded
        If a run has no vectors of the model; the hint says how to make them.
    ModelUnavailable
        If the store holds vectors of several weights of one model and the present weights, which
        would decide between them, cannot be loaded.
    """
    wanted = model or ctx.settings.embedder
    if wanted != AUTO:
        is_at_hand(wanted, ctx.settings)  # an unknown name is an error of its own
    for name, keys in _ranked(ctx, run_ids, wanted, "map"):
        return keys[0] if len(keys) == 1 else _present(ctx, name, keys)
    if not any(_can_be_embedded(ctx, run_id) for run_id in run_ids):
        return load_model(BUILT_IN if wanted == AUTO else wanted, ctx.settings).model_key
    raise _not_embedded(ctx, run_ids, wanted)


def without_vectors(
    ctx: Context, run_ids: Sequence[str] | None = None, model_key: str | None = None
) -> list[str]:
    """Return those runs that have no vector of a model, or of any, and could have some.

    ``run_ids`` None means all of the owner's.
    """
    counts = Vectors(ctx).counts_by_run(run_ids)
    bare = [
        run_id
        for run_id, found in counts.items()
        if not (found if model_key is None else found.get(model_key))
    ]
    return [run_id for run_id in bare if _can_be_embedded(ctx, run_id)]


def card_of(ctx: Context, model_key: str) -> ModelCard | None:
    """Return the card of a model that has vectors here; None where this version has no such one."""
    stored = Vectors(ctx).model(model_key)
    return None if stored is None else model_cards().get(stored.name)


def _ranked(
    ctx: Context, run_ids: Sequence[str] | None, wanted: str, purpose: _Purpose
) -> list[tuple[str, list[str]]]:
    """Return the models that come into question, best first: name and those keys the runs have."""
    counts = Vectors(ctx).counts_by_run(run_ids)
    covered: Counter[str] = Counter()
    for of_run in counts.values():
        covered.update(of_run)
    keys = set(covered)
    if purpose == "map":
        keys &= _common(ctx, counts)
    name_of = {model.model_key: model.name for model in Vectors(ctx).models()}
    names: Iterable[str] = (wanted,)
    if wanted == AUTO:
        enough = _ENOUGH * max((covered[key] for key in keys), default=0)
        keys = {key for key in keys if covered[key] >= enough}
        several = len({name_of[key] for key in keys}) > 1
        of_ligands = several and purpose == "map" and _are_ligands(ctx, run_ids or ())
        names = OF_LIGANDS if of_ligands else OF_PEPTIDES
    found = [(name, sorted(key for key in keys if name in (name_of[key], key))) for name in names]
    return [(name, of_name) for name, of_name in found if of_name]


def _common(ctx: Context, counts: dict[str, dict[str, int]]) -> set[str]:
    """Return the keys that every run has vectors of; a run that can have none lacks nothing."""
    having = [
        set(found) for run_id, found in counts.items() if found or _can_be_embedded(ctx, run_id)
    ]
    return set.intersection(*having) if having else set()


def _has_peptides(ctx: Context, run_id: str) -> bool:
    from omicstoken_kernel.store.runs import Runs

    return Runs(ctx).get(run_id).peptides > 0


def _can_be_embedded(ctx: Context, run_id: str) -> bool:
    """Return whether a run has a peptide that a vector can be made of."""
    from omicstoken_kernel.embedding.base import why_not_embeddable
    from omicstoken_kernel.store.peptides import Peptides

    sequences = Peptides(ctx).of_runs([run_id])["sequence"].to_pylist()
    return any(why_not_embeddable(sequence) is None for sequence in sequences)


def _are_ligands(ctx: Context, run_ids: Iterable[str]) -> bool:
    """Return whether each of the runs looks like HLA ligands."""
    from omicstoken_kernel.analysis.length_profile import call_class
    from omicstoken_kernel.store.peptides import Peptides

    return all(
        call_class(Peptides(ctx).of_runs([run_id])["sequence"]).kind in _LIGANDS
        for run_id in run_ids
        if _has_peptides(ctx, run_id)
    )


def _present(ctx: Context, name: str, keys: list[str]) -> str:
    """Return which of several keys of one model is that of the weights at hand."""
    present = load_model(name, ctx.settings).model_key
    return present if present in keys else keys[-1]


def _not_embedded(ctx: Context, run_ids: Sequence[str], wanted: str) -> NotEmbedded:
    from omicstoken_kernel.store.runs import Runs

    counts = Vectors(ctx).counts_by_run(run_ids)
    names = OF_PEPTIDES if wanted == AUTO else (wanted,)
    keys = {model.model_key for model in Vectors(ctx).models() if model.name in names}
    lacking = [run_id for run_id in run_ids if not keys & set(counts[run_id])] or list(run_ids)
    run = Runs(ctx).get(lacking[0])
    what = "no vectors" if wanted == AUTO else f"no vectors of the model '{wanted}'"
    found = f", found: {', '.join(counts[run.id])}" if counts[run.id] else " yet"
    msg = f"The run '{run.name}' has {what}{found}."
    flag = "" if wanted == AUTO else f" --model {wanted}"
    hint = f"Make them with 'omicstoken embed {run.id}{flag}'."
    return NotEmbedded(msg, hint, run_ids=lacking, model=None if wanted == AUTO else wanted)
