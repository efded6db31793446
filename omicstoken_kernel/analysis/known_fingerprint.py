"""The stored fingerprint of some runs, found by its key: all that the result depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omicstoken_kernel.analysis import layout
from omicstoken_kernel.analysis.clusters import method_for, method_named
from omicstoken_kernel.analysis.model_choice import model_for_maps
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.fingerprints import Fingerprint, Fingerprints
from omicstoken_kernel.store.ids import peptides_digest
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.context import Context

__all__ = ["distinct_runs", "known_fingerprint", "settings_of", "stored_fingerprint"]


def known_fingerprint(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    model: str | None = None,
    seed: int = 0,
    method: str | None = None,
) -> Fingerprint | None:
    """Return what :func:`fingerprint` would if it is stored already, else None; reads no vector.

    Raises
    ------
    InputError
        If no run is named, or there is no such method or model.
    NotFound
        If a run does not exist, belongs to someone else, or has no vectors of the model.
    """
    wanted = distinct_runs(run_ids)
    sequences = Peptides(ctx).of_runs(wanted)["sequence"]
    model_key = model_for_maps(ctx, wanted, model)
    chosen = method or method_for(sequences)
    vectors = Vectors(ctx).count(model_key, wanted)
    return Fingerprints(ctx).latest(
        wanted,
        peptides_digest=peptides_digest(sequences),
        model_key=model_key,
        method=chosen,
        settings=settings_of(vectors, seed=seed, method=chosen),
    )


def stored_fingerprint(
    ctx: Context, run_ids: Sequence[str], embedded: Embedded, *, seed: int, method: str
) -> Fingerprint | None:
    """Return the fingerprint with exactly this key, or None if there is none yet."""
    return Fingerprints(ctx).latest(
        distinct_runs(run_ids),
        peptides_digest=peptides_digest(embedded.all_sequences),
        model_key=embedded.model_key,
        method=method,
        settings=settings_of(len(embedded.sequences), seed=seed, method=method),
    )


def distinct_runs(run_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the runs of a fingerprint as its key has them: each once, sorted; one at least."""
    if not run_ids:
        msg = "A fingerprint needs at least one run, found none."
        raise InputError(msg, "Name a run; 'omicstoken runs list' shows them.")
    return tuple(sorted(set(run_ids)))


def settings_of(vectors: int, *, seed: int, method: str) -> dict[str, Any]:
    """Return all that the result depends on besides runs, peptides, model and method.

    ``vectors`` is how many of the peptides have one.
    """
    return {
        "seed": seed,
        # A run that was embedded only in part has another fingerprint once it is complete.
        "vectors": vectors,
        **method_named(method).SETTINGS,
        **layout.SETTINGS,
    }
