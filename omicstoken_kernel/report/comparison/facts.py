"""Everything a comparison report tells, gathered once; the sections only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from omicstoken_kernel.analysis.sides import told_apart
from omicstoken_kernel.charts.palette import run_colours
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report.insight.facts import peptide_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from omicstoken_kernel.analysis.compare import Comparison
    from omicstoken_kernel.analysis.motif_hla import MotifHla
    from omicstoken_kernel.analysis.motifs import PositionWeights
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding import ModelCard
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["ComparisonFacts", "gather"]


@dataclass(frozen=True)
class ComparisonFacts:
    """What is known about two or more runs side by side.

    Parameters
    ----------
    runs
        In the order asked for.
    names
        What is compared, by the id of the side: a run's name (with part of the id where two are
        equal), a sample's or a condition.
    run_names
        What each run is called, by its id.
    colours
        By the name of the side.
    grades
        The quality of each run by id: ``pass``, ``warn`` or ``fail``.
    fingerprint
        The joint one.
    weights
        The motif of each joint cluster by its number.
    hla
        The HLA molecules the motifs suggest, beside the samples' types.
    peptides
        As of an insight report, with ``runs`` (the names of the sides that hold it) and ``held``
        (for each side in turn ``1`` or ``0``).
    combinations
        ``runs`` (a tuple of names) and ``peptides``: how many are in exactly these.
    card
        What the model of map and clusters is for and not for; None where it is not known here.
    """

    runs: tuple[Run, ...]
    uploads: tuple[Upload, ...]
    names: dict[str, str]
    run_names: dict[str, str]
    colours: dict[str, str]
    grades: dict[str, str]
    comparison: Comparison
    fingerprint: Fingerprint
    weights: dict[int, PositionWeights]
    hla: MotifHla
    peptides: pd.DataFrame
    combinations: pd.DataFrame
    card: ModelCard | None
    model: str

    @property
    def by(self) -> str:
        """What is set side by side: ``run``, ``sample`` or ``condition``."""
        return self.comparison.choices.by

    @property
    def il_equivalent(self) -> bool:
        """Whether I and L counted as one residue."""
        return self.comparison.il_equivalent

    @property
    def seed(self) -> int:
        """Seed of everything random."""
        return self.comparison.choices.seed

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the comparison says, most important first."""
        return self.comparison.sentences


def gather(
    ctx: Context,
    runs: Sequence[str],
    *,
    model: str = "auto",
    **choices: Any,  # noqa: ANN401 - passed on to analysis.compare
) -> ComparisonFacts:
    """Return the facts of runs, by their ids or unambiguous names.

    Parameters
    ----------
    model
        Name of the embedder; ``auto`` takes what the settings choose.
    choices
        ``by``, ``il_equivalent``, ``normalise`` and ``seed``, as ``analysis.compare`` takes them.

    Raises
    ------
    InputError
        If fewer than two different runs are named.
    NotFound
        If there is no such run.
    """
    from omicstoken_kernel.analysis.compare import compare
    from omicstoken_kernel.analysis.fingerprint import fingerprint
    from omicstoken_kernel.store.runs import Runs

    found = tuple({run.id: run for run in (Runs(ctx).find(name) for name in runs)}.values())
    if len(found) < 2:
        msg = f"A comparison needs at least two runs, found {len(found)}."
        raise InputError(msg, "Name another run; 'omicstoken runs list' shows them.")
    ids = [run.id for run in found]
    chosen = None if model == "auto" else model
    # The joint fingerprint is stored, and its clusters are then those of the comparison.
    joint = fingerprint(ctx, ids, model=chosen, seed=choices.get("seed", 0))
    compared = compare(ctx, ids, model=chosen, **choices)
    return _laid_out(ctx, found, joint, compared, model=model)


def _laid_out(
    ctx: Context,
    runs: tuple[Run, ...],
    joint: Fingerprint,
    compared: Comparison,
    *,
    model: str,
) -> ComparisonFacts:
    from omicstoken_kernel.analysis.model_choice import card_of
    from omicstoken_kernel.analysis.motif_hla import motif_hla
    from omicstoken_kernel.analysis.motif_weights import cluster_weights
    from omicstoken_kernel.analysis.quality import quality
    from omicstoken_kernel.store.uploads import Uploads

    names = compared.names
    peptides = _peptides(ctx, compared, joint)
    upload_ids = dict.fromkeys(run.upload_id for run in runs)
    return ComparisonFacts(
        runs=runs,
        uploads=tuple(Uploads(ctx).get(upload_id) for upload_id in upload_ids),
        names=names,
        run_names=told_apart({run.id: run.name for run in runs}),
        colours=run_colours(names.values()),
        grades={run.id: quality(ctx, run.id).grade for run in runs},
        comparison=compared,
        fingerprint=joint,
        weights=cluster_weights(joint),
        hla=motif_hla(ctx, joint),
        peptides=peptides,
        combinations=_combinations(compared.overlap.membership, names),
        card=card_of(ctx, joint.model_key),
        model=model,
    )


def _peptides(ctx: Context, compared: Comparison, joint: Fingerprint) -> pd.DataFrame:
    from omicstoken_kernel.analysis.described import described_peptides
    from omicstoken_kernel.report.holders import holders
    from omicstoken_kernel.store.peptides import Peptides

    names = compared.names
    members = [
        Peptides(ctx).visible_ids(run_ids=[run.id for run in side.runs]) for side in compared.sides
    ]
    ids = Peptides(ctx).visible_ids(run_ids=compared.run_ids)
    known = described_peptides(ctx, ids).to_pandas()
    # A handful of patterns for all peptides, each put into words once.
    patterns, which = holders(ids, members)
    held = ["".join("1" if there else "0" for there in pattern) for pattern in patterns]
    called = [
        ", ".join(name for name, there in zip(names.values(), pattern, strict=True) if there)
        for pattern in patterns
    ]
    told = known.drop(columns="peptide_id").assign(
        held=np.array(held, dtype=object)[which], runs=np.array(called, dtype=object)[which]
    )
    return peptide_frame(told, joint)


def _combinations(membership: pa.Table, names: dict[str, str]) -> pd.DataFrame:
    """Return how many peptides are in exactly each combination of runs, as they were compared."""
    counts = membership.select(list(names)).to_pandas().value_counts()
    return pd.DataFrame(
        {
            "runs": [
                tuple(name for name, there in zip(names.values(), found, strict=True) if there)
                for found in counts.index
            ],
            "peptides": counts.to_numpy(),
        }
    )
