"""The quality of samples and conditions: runs taken together, and how replicates agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.checks import Check, CheckGrade, worst
from omicstoken_kernel.analysis.quality import Quality, assess, quality
from omicstoken_kernel.analysis.replicates import Agreement, agreement_of, check_agreement
from omicstoken_kernel.analysis.wording import count, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from omicstoken_kernel.analysis.replicates import Level
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["GroupQuality", "QualityReport", "quality_of_runs"]


@dataclass(frozen=True)
class GroupQuality:
    """The quality of a sample, or of a condition.

    Parameters
    ----------
    kind
        ``sample`` or ``condition``.
    name
        Of the sample or the condition.
    members
        Names of its runs, or of its samples.
    grade
        The worst grade of its checks.
    pooled
        The quality of all its peptides together; None for a condition.
    agreement
        How far the replicates agree; None where there are none to compare.
    checks
        The check of the replicates, if any.
    notes
        Sentences on what is not graded, and why.
    """

    kind: str
    name: str
    members: tuple[str, ...]
    grade: CheckGrade
    pooled: Quality | None
    agreement: Agreement | None
    checks: tuple[Check, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the quality as a JSON object."""
        return {
            "kind": self.kind,
            "name": self.name,
            "members": list(self.members),
            "grade": self.grade,
            "pooled": None if self.pooled is None else self.pooled.as_json(),
            "agreement": None if self.agreement is None else self.agreement.as_json(),
            "checks": [check.as_json() for check in self.checks],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class QualityReport:
    """The quality of runs, of their samples with several runs, and of conditions with several."""

    runs: tuple[Quality, ...]
    samples: tuple[GroupQuality, ...]
    conditions: tuple[GroupQuality, ...]

    def as_json(self) -> dict[str, object]:
        """Return the report in the shape of ``omicstoken quality --json``."""
        return {
            "runs": [found.as_json() for found in self.runs],
            "samples": [found.as_json() for found in self.samples],
            "conditions": [found.as_json() for found in self.conditions],
        }


def quality_of_runs(ctx: Context, run_ids: Sequence[str]) -> QualityReport:
    """Return the quality of the owner's runs, of their samples and of their conditions.

    A sample is told of where it has several runs, a condition where it has several samples; all
    their runs count, named here or not.

    Raises
    ------
    NotFound
        If a run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.runs import Runs

    named = [Runs(ctx).get(run_id) for run_id in dict.fromkeys(run_ids)]
    everything = Runs(ctx).list()
    samples: dict[str, list[Run]] = {}
    for run in everything:
        samples.setdefault(run.sample.id, []).append(run)
    conditions: dict[str, list[str]] = {}
    for sample_id, runs in samples.items():
        if condition := runs[0].sample.condition:
            conditions.setdefault(condition, []).append(sample_id)
    wanted = dict.fromkeys(run.sample.id for run in named)
    of_condition = dict.fromkeys(run.sample.condition for run in named if run.sample.condition)
    return QualityReport(
        tuple(quality(ctx, run.id) for run in named),
        tuple(_of_sample(ctx, samples[key]) for key in wanted if len(samples[key]) > 1),
        tuple(
            _of_condition(ctx, condition, [samples[key] for key in conditions[condition]])
            for condition in of_condition
            if len(conditions[condition]) > 1
        ),
    )


def _of_sample(ctx: Context, runs: list[Run]) -> GroupQuality:
    import pyarrow as pa

    from omicstoken_kernel.store.features import Features

    tables = [Features(ctx).of_run(run.id) for run in runs]
    pooled = assess(_as_one(runs), pa.concat_tables(tables))
    found: Agreement | None = None
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = (
        f"The {count(len(runs))} runs are fractions, which are parts of one measurement and no "
        "replicates.",
    )
    replicates = _technical(runs)
    if len(replicates) > 1:
        found, checks, notes = _compared(ctx, replicates, level="technical")
    return GroupQuality(
        "sample",
        runs[0].sample.name,
        tuple(run.name for run in runs),
        worst((*pooled.checks, *checks)),
        pooled,
        found,
        checks,
        notes,
    )


def _of_condition(ctx: Context, condition: str, samples: list[list[Run]]) -> GroupQuality:
    replicates = {runs[0].sample.name: runs for runs in samples}
    found, checks, notes = _compared(ctx, replicates, level="biological")
    if len({frozenset(runs[0].sample.hla) for runs in samples}) > 1:
        # What an HLA molecule holds decides what is found; there is nothing to grade.
        checks = ()
        notes += (
            "The samples carry different HLA types, so different peptides are expected and their "
            "agreement is not graded.",
        )
    return GroupQuality(
        "condition", condition, tuple(replicates), worst(checks), None, found, checks, notes
    )


def _as_one(runs: list[Run]) -> Run:
    """Return a run that stands for all of them together."""
    kinds = {run.quantity_kind for run in runs}
    notes = list(dict.fromkeys(run.filter_note for run in runs))
    sample = runs[0].sample
    return replace(
        runs[0],
        id=sample.id,
        name=sample.name,
        quantity_kind=kinds.pop() if len(kinds) == 1 else "none",
        filter_note="; ".join(notes),
    )


def _technical(runs: list[Run]) -> dict[str, list[Run]]:
    """Return the replicates of a sample: its runs, or with fractions its technical replicates."""
    if not any(run.fraction for run in runs):
        return {run.id: [run] for run in runs}
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.technical_replicate or "", []).append(run)
    return found


def _compared(
    ctx: Context, replicates: dict[str, list[Run]], *, level: Level
) -> tuple[Agreement, tuple[Check, ...], tuple[str, ...]]:
    kinds = {run.quantity_kind for runs in replicates.values() for run in runs}
    comparable = len(kinds) == 1 and kinds != {"none"}
    quantities = {name: _quantities(ctx, runs) for name, runs in replicates.items()}
    found = agreement_of(quantities, level=level, comparable=comparable)
    notes: tuple[str, ...] = ()
    if len(kinds) > 1:
        told = listing(sorted(kind.replace("_", " ") for kind in kinds))
        notes = (f"The quantities are of different kinds ({told}) and are not compared.",)
    checks = (check_agreement(found),) if found.peptides else ()
    return found, checks, notes


def _quantities(ctx: Context, runs: list[Run]) -> pd.Series[float]:
    """Return the linear quantity of each peptide over some runs; NaN where there is none."""
    import pandas as pd

    from omicstoken_kernel.store.features import Features

    parts = []
    for run in runs:
        frame = Features(ctx).of_run(run.id).select(["sequence", "quantity"]).to_pandas()
        if run.quantity_scale == "log2":
            frame["quantity"] = np.exp2(frame["quantity"])
        parts.append(frame)
    summed: pd.Series[float] = pd.concat(parts).groupby("sequence")["quantity"].sum(min_count=1)
    return summed
