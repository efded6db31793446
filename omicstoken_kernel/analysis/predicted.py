"""What other programs predict for one peptide of a run, in their own values and words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.allele_match import Typing

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.predictions import PredictionSet
    from omicstoken_kernel.store.runs import Run

__all__ = ["PredictedBy", "PredictedValue", "predicted_of"]


@dataclass(frozen=True)
class PredictedValue:
    """One predicted value; the fields are those of ``store.predictions.PREDICTED``.

    ``typed`` says whether the sample is typed for the allele; None where it has no typing.
    """

    allele: str
    written: str
    kind: str
    score: float | None
    score_name: str
    rank: float | None
    rank_name: str
    affinity_nm: float | None
    core: str
    label: str
    typed: bool | None


@dataclass(frozen=True)
class PredictedBy:
    """What one output file of a program says of a peptide.

    Parameters
    ----------
    tool, version, file
        The program, its version (empty where the file does not state it), the file.
    thresholds
        Percentiles of its binder words, ``strong`` and ``weak``; empty where none are known.
    thresholds_from
        Where they stand.
    values
        Alleles of the sample's typing first, then by the least rank.
    """

    tool: str
    version: str
    file: str
    thresholds: dict[str, float]
    thresholds_from: str
    values: tuple[PredictedValue, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return asdict(self)


def predicted_of(ctx: Context, run: Run, sequence: str) -> tuple[PredictedBy, ...]:
    """Return what is predicted for a peptide, a file at a time, the newest first.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.predictions import Predictions

    typing = Typing.of(run.sample.hla)
    found = (_by(each, sequence, typing) for each in Predictions(ctx).of_run(run.id))
    return tuple(each for each in found if each.values)


def _by(found: PredictionSet, sequence: str, typing: Typing) -> PredictedBy:
    import pyarrow.compute as pc

    rows = found.rows.filter(pc.equal(found.rows["sequence"], sequence))
    values = [
        PredictedValue(**row, typed=typing.has(row["allele"]) if typing else None)
        for row in rows.drop_columns(["sequence"]).to_pylist()
    ]
    # A missing rank comes last; 101 is beyond any percentile.
    values.sort(key=lambda value: (value.typed is False, 101 if value.rank is None else value.rank))
    return PredictedBy(
        tool=found.tool,
        version=found.tool_version,
        file=found.name,
        thresholds=found.report["thresholds"],
        thresholds_from=found.report["thresholds_from"],
        values=tuple(values),
    )
