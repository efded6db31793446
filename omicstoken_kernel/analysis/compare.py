"""Two to a hundred runs side by side: their peptides, quantities, clusters, vectors and settings.

What is set side by side is the run, the sample or the condition; what is counted in a test is the
biological replicate (``sides.py``). Each part has a module of its own: ``identity`` (who holds
what), ``overlap_chance``, ``unique_relatives``, ``abundance``, ``joint`` with ``composition``, and
``separation``; ``compare_words`` says it in sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.abundance import Abundance, abundance_of
from omicstoken_kernel.analysis.compare_json import as_document
from omicstoken_kernel.analysis.compare_words import comparison_sentences
from omicstoken_kernel.analysis.identity import Identity, chance_of, identity_of
from omicstoken_kernel.analysis.joint import ClusterShares, joint_clusters
from omicstoken_kernel.analysis.run_settings import Difference, differences
from omicstoken_kernel.analysis.separation import EmbeddingDistance, separation
from omicstoken_kernel.analysis.sides import Side, sides_of
from omicstoken_kernel.analysis.unique_relatives import RelatedUnique, related_uniques
from omicstoken_kernel.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.analysis.overlap import Overlap
    from omicstoken_kernel.analysis.overlap_chance import ChanceOverlap
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["MOST_RUNS", "Choices", "Comparison", "compare"]

#: Most runs one comparison takes.
MOST_RUNS = 100


@dataclass(frozen=True)
class Choices:
    """How a comparison is made.

    Parameters
    ----------
    by
        What is set side by side: ``run``, ``sample`` or ``condition``.
    il_equivalent
        Whether I and L, which have the same mass, count as one residue. Unless told, they do where
        the runs come from files of different formats: engines settle the letter differently.
    normalise
        Whether the medians of quantities are aligned on the peptides quantified everywhere.
    model
        Name of the embedder; None means the settings' choice, and runs without vectors are then
        compared by their peptides alone.
    seed
        Seed of everything random.
    """

    by: str = "run"
    il_equivalent: bool = False
    normalise: bool = True
    model: str | None = None
    seed: int = 0


@dataclass(frozen=True)
class Comparison:
    """Runs, samples or conditions, side by side.

    Parameters
    ----------
    run_ids
        The runs in the order given.
    sides
        What is compared, each with its biological replicates; ``names`` has theirs by id.
    choices
        How it was made.
    identity
        Peptides by side and replicate, with the ``overlap`` of the sides.
    chance
        What the sides would share if they were drawn at random.
    related
        The peptides of one side that have relatives in others.
    abundance
        Quantities, as far as they can be compared.
    embedding
        Distance between the sides' vectors, with its reference.
    clusters
        Joint clusters with each side's share; empty where there are none.
    clusters_note
        Why there are no clusters; empty where there are.
    differences
        What differs between how the runs were made and read, and nothing else.
    sentences
        What was found, in words.
    """

    run_ids: tuple[str, ...]
    sides: tuple[Side, ...]
    choices: Choices
    identity: Identity
    chance: ChanceOverlap
    related: tuple[RelatedUnique, ...]
    abundance: Abundance
    embedding: EmbeddingDistance
    clusters: tuple[ClusterShares, ...]
    clusters_note: str
    differences: tuple[Difference, ...]
    sentences: tuple[Sentence, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """What each side is called, by its id."""
        return {side.id: side.name for side in self.sides}

    @property
    def overlap(self) -> Overlap:
        """The peptides of the sides: shared, unique, and every pair's overlap."""
        return self.identity.overlap

    @property
    def il_equivalent(self) -> bool:
        """Whether I and L counted as one residue."""
        return self.choices.il_equivalent

    def as_json(self) -> dict[str, object]:
        """Return the comparison in the shape of ``omicstoken compare --json``."""
        return as_document(self)


def compare(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    by: str = "run",
    il_equivalent: bool | None = None,
    normalise: bool = True,
    model: str | None = None,
    seed: int = 0,
) -> Comparison:
    """Return 2 to 100 of the owner's runs side by side; stores nothing.

    Parameters
    ----------
    ctx
        The Context.
    run_ids
        The runs; the result keeps their order.
    by, il_equivalent, normalise, model, seed
        As in :class:`Choices`.

    Raises
    ------
    InputError
        If there are fewer than 2 or more than 100 different runs, fewer than 2 sides, or a run has
        no condition and conditions are compared.
    NotFound
        If a run does not exist or belongs to someone else; or, where a model is named, if a run
        has no vectors of it.
    """
    runs = _runs(ctx, run_ids)
    different = differences(ctx, runs)
    if il_equivalent is None:
        il_equivalent = any(difference.name == "format" for difference in different)
    choices = Choices(by, il_equivalent, normalise, model, seed)
    found = _computed(ctx, sides_of(runs, by), choices, different)
    return replace(found, sentences=comparison_sentences(found))


def _computed(
    ctx: Context, sides: tuple[Side, ...], choices: Choices, different: tuple[Difference, ...]
) -> Comparison:
    """Return a comparison that does not speak yet."""
    il_equivalent, seed = choices.il_equivalent, choices.seed
    run_ids = tuple(run.id for side in sides for run in side.runs)
    identity = identity_of(ctx, sides, il_equivalent=il_equivalent)
    peptides = identity.overlap.membership["sequence"].to_pylist()
    embedded, reason = _embedded(ctx, run_ids, choices.model)
    clusters, note = joint_clusters(ctx, embedded, sides, identity.members, seed=seed)
    ids = [side.id for side in sides]
    return Comparison(
        run_ids=run_ids,
        sides=sides,
        choices=choices,
        identity=identity,
        chance=chance_of(ctx, identity, il_equivalent=il_equivalent),
        related=related_uniques(peptides, identity.member, ids, il_equivalent=il_equivalent),
        abundance=abundance_of(ctx, sides, peptides, identity.row_of, normalise=choices.normalise),
        embedding=separation(embedded, sides, identity.members, seed=seed, reason=reason),
        clusters=clusters,
        clusters_note=note,
        differences=different,
    )


def _runs(ctx: Context, run_ids: Sequence[str]) -> tuple[Run, ...]:
    from omicstoken_kernel.store.runs import Runs

    wanted = list(dict.fromkeys(run_ids))
    if not 2 <= len(wanted) <= MOST_RUNS:
        msg = f"A comparison takes 2 to {MOST_RUNS} different runs, found {len(wanted)}."
        raise InputError(msg, "'omicstoken runs list' shows the runs there are.")
    return tuple(Runs(ctx).get(run_id) for run_id in wanted)


def _embedded(
    ctx: Context, run_ids: tuple[str, ...], model: str | None
) -> tuple[Embedded | None, str]:
    """Return the runs' vectors, or None and why there are none for all of them."""
    from omicstoken_kernel.analysis.embedded import embedded_peptides

    try:
        return embedded_peptides(ctx, run_ids, model=model), ""
    except NotFound as error:
        # The runs exist, so it is the vectors that are missing; peptides can be compared without.
        if model is not None:
            raise
        return None, str(error)
