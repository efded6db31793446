"""Search: peptides that are like a query, and beside them those that match it by their letters.

Both are exact and restricted before they begin: to the peptides of the owner's runs, and within
them to runs, lengths and a motif. Likeness ranks by the cosine of vectors and says how often random
peptides are as much alike; letters find what is equal, equal but for I and L, within a few
substitutions, or one inside the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.hits import ExactHit, Hit, HitRun, SearchResult, search_note
from omicstoken_kernel.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.sequences import SequenceMatch
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.base import BaseEmbedder

__all__ = ["ExactHit", "Hit", "HitRun", "RunFeature", "SearchResult", "search"]

_SAME_LENGTH = ("equal", "il_equal", "substitutions")

# No sequence has an underscore or a dot, so an id cannot be taken for one.
_FEATURE_ID = re.compile(r"run_[0-9a-f]+\.[0-9]+")


@dataclass(frozen=True)
class RunFeature:
    """A feature of one of the owner's runs, as a query."""

    run_id: str
    feature_id: str


@dataclass(frozen=True)
class _Restriction:
    """Among which of the owner's peptides to search; None means no restriction."""

    run_ids: tuple[str, ...] | None
    lengths: tuple[int, int] | None
    motif: str | None


def search(
    ctx: Context,
    query: str | RunFeature,
    *,
    model: str | None = None,
    k: int = 10,
    run_ids: Sequence[str] | None = None,
    lengths: tuple[int, int] | None = None,
    motif: str | None = None,
    substitutions: int | None = 0,
) -> SearchResult:
    """Return the peptides most like a query, and those that match it by their letters.

    Parameters
    ----------
    ctx
        The Context; only peptides of its owner's runs are searched.
    query
        A sequence (blanks and case do not matter), or a feature of one of the owner's runs, also
        by its id alone.
    model
        Name of an embedder; None means the settings' choice, see
        :mod:`~omicstoken_kernel.analysis.model_choice`.
    k
        How many peptides to find by likeness, at least 1. The query itself counts, where it is
        stored.
    run_ids
        Only peptides of these runs; None means all the owner's.
    lengths
        Least and greatest length in residues, both included; None means any.
    motif
        Only peptides with this motif from end to end, as in ``xLxxxxxx[VL]``; None means any.
    substitutions
        The most substitutions of a match by letters, 0..2; None leaves that search out.

    Raises
    ------
    InputError
        If the query is no sequence a model can embed, or a restriction makes no sense.
    NotFound
        If a run or feature does not exist or belongs to someone else.
    ModelUnavailable
        If the model cannot be loaded.
    IndexUnavailable
        If the index must be built and cannot be.
    """
    from omicstoken_kernel.analysis.model_choice import model_for_search
    from omicstoken_kernel.index.chance import chance_of, nearest_by_chance
    from omicstoken_kernel.index.flat import open_index

    if k < 1:
        msg = f"A search for {k} peptides finds nothing."
        raise InputError(msg, "Ask for at least one.")
    sequence = _sequence_of(ctx, query)
    restriction = _Restriction(None if run_ids is None else tuple(run_ids), lengths, motif)
    allowed = _allowed(ctx, restriction)
    embedder = model_for_search(ctx, run_ids, model)
    index = open_index(ctx, embedder.model_key)
    searched = len(index.rows_of(allowed))
    similarities, found = index.search(embedder.embed(sequence)[np.newaxis], k, allowed=allowed)
    matches = _matches(ctx, sequence, restriction, allowed, substitutions)
    result = SearchResult(
        query=sequence,
        model_key=embedder.model_key,
        searched=searched,
        hits=_hits(ctx, embedder, sequence, restriction, (similarities[0], found[0])),
        exact=_exact(ctx, matches, restriction, substitutions),
        stale=index.stale,
    )
    if searched:
        nearest = nearest_by_chance(ctx, embedder, len(sequence), index=index, allowed=allowed)
        kin = any(match.kind in _SAME_LENGTH and match.substitutions <= 1 for match in matches)
        chance = chance_of(nearest, float(similarities[0, 0]), by_letters=kin)
        result = replace(result, chance=chance)
    return replace(result, note=search_note(result, len(allowed)))


def _sequence_of(ctx: Context, query: str | RunFeature) -> str:
    """Return the query's clean sequence."""
    import pyarrow.compute as pc

    from omicstoken_kernel.embedding.base import clean_sequence
    from omicstoken_kernel.store.features import Features

    if isinstance(query, str):
        if not _FEATURE_ID.fullmatch(query):
            return clean_sequence(query)
        query = RunFeature(query.rpartition(".")[0], query)
    features = Features(ctx).of_run(query.run_id)
    place = pc.index(features["feature_id"], query.feature_id).as_py()
    if place >= 0:
        return str(features["sequence"][place].as_py())
    msg = f"The run {query.run_id} has no feature '{query.feature_id}'."
    raise NotFound(msg, "See 'omicstoken runs features RUN' for its features.")


def _allowed(ctx: Context, restriction: _Restriction) -> NDArray[np.int64]:
    """Return the ids of the peptides to search among, (n,) int64, ascending."""
    from omicstoken_kernel.analysis.motifs import motif_pattern
    from omicstoken_kernel.store.peptides import Peptides

    run_ids, lengths = restriction.run_ids, restriction.lengths
    if lengths is not None and not 1 <= lengths[0] <= lengths[1]:
        msg = f"No peptide has a length from {lengths[0]} to {lengths[1]} residues."
        raise InputError(msg, "Give the least and then the greatest length, as in 8-11.")
    if restriction.motif is None:
        return Peptides(ctx).visible_ids(run_ids=run_ids, lengths=lengths)
    pattern = motif_pattern(restriction.motif)
    visible = Peptides(ctx).visible(run_ids=run_ids, lengths=lengths)
    fitting = visible["peptide_id"].to_numpy()[pattern(visible["sequence"])]
    ids: NDArray[np.int64] = np.sort(fitting)
    return ids


def _hits(
    ctx: Context,
    embedder: BaseEmbedder,
    sequence: str,
    restriction: _Restriction,
    found: tuple[NDArray[np.float32], NDArray[np.int64]],
) -> tuple[Hit, ...]:
    from omicstoken_kernel.index.percentile import percentiles
    from omicstoken_kernel.store.peptides import Peptides

    similarities, ids = found
    peptides = Peptides(ctx).by_ids(ids)
    sequences = dict(
        zip(
            peptides["peptide_id"].to_pylist(),
            peptides["sequence"].to_pylist(),
            strict=True,
        )
    )
    ranks = percentiles(
        ctx,
        embedder,
        len(sequence),
        similarities=similarities,
        lengths=[len(sequences[peptide_id]) for peptide_id in ids.tolist()],
    )
    runs = _runs_of(ctx, ids, restriction)
    return tuple(
        Hit(sequences[peptide_id], similarity, rank, runs.get(peptide_id, ()))
        for peptide_id, similarity, rank in zip(
            ids.tolist(), similarities.tolist(), ranks.tolist(), strict=True
        )
    )


def _matches(
    ctx: Context,
    sequence: str,
    restriction: _Restriction,
    allowed: NDArray[np.int64],
    substitutions: int | None,
) -> tuple[SequenceMatch, ...]:
    """Return the matches by letters, with one substitution at least: they tell kin from chance."""
    from omicstoken_kernel.analysis.sequences import find_exact

    if substitutions is None:
        return ()
    return find_exact(
        ctx,
        sequence,
        # Also for 0, but a number that is not offered stays as it is and is refused.
        substitutions=substitutions or 1,
        run_ids=restriction.run_ids,
        lengths=restriction.lengths,
        allowed_ids=allowed if restriction.motif else None,
    )


def _exact(
    ctx: Context,
    matches: tuple[SequenceMatch, ...],
    restriction: _Restriction,
    substitutions: int | None,
) -> tuple[ExactHit, ...]:
    """Return the matches that were asked for, with their runs."""
    asked = [match for match in matches if match.substitutions <= (substitutions or 0)]
    runs = _runs_of(ctx, [match.peptide_id for match in asked], restriction)
    return tuple(
        ExactHit(match.sequence, match.kind, match.substitutions, runs.get(match.peptide_id, ()))
        for match in asked
    )


def _runs_of(
    ctx: Context, peptide_ids: Iterable[int] | NDArray[np.int64], restriction: _Restriction
) -> dict[int, tuple[HitRun, ...]]:
    """Return for each peptide the runs it occurs in, among those searched.

    A peptide whose last run was deleted this moment is not in it.
    """
    from omicstoken_kernel.store.features import Features

    places = Features(ctx).occurrences(peptide_ids, run_ids=restriction.run_ids)
    grouped: dict[int, dict[tuple[str, str], list[tuple[str, str]]]] = {}
    for row in places.select(
        ["peptide_id", "run_id", "run_name", "feature_id", "proforma"]
    ).to_pylist():
        runs = grouped.setdefault(row["peptide_id"], {})
        forms = runs.setdefault((row["run_id"], row["run_name"]), [])
        forms.append((row["feature_id"], row["proforma"]))
    return {
        peptide_id: tuple(
            HitRun(run_id, name, *(tuple(column) for column in zip(*forms, strict=True)))
            for (run_id, name), forms in runs.items()
        )
        for peptide_id, runs in grouped.items()
    }
