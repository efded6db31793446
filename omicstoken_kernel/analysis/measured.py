"""Log2 quantities of the peptides of several runs, merged to biological replicates, normalised.

The rules, from the feature up: within a run the quantities of a peptide's features (peptidoforms,
charges) are added, on the linear scale; runs that are fractions of one measurement are added too;
repeated measurements of one replicate are averaged on the log2 scale, each over the measurements
that have the peptide. Nothing is imputed: what was not quantified stays missing.

Normalisation comes before the averaging: from every measurement the median, over the peptides
quantified in all of them, of its log2 ratio to their mean is taken away. It rests on the assumption
that most of these peptides do not change, and cannot tell a change of all from a larger load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.wording import all_of, count, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.sides import Replicate, Side
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["FEWEST_SHARED", "Measured", "Measurement", "comparable", "measure", "offsets_of"]

#: With fewer peptides quantified in all measurements their median is not taken for a load.
FEWEST_SHARED = 50

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Measurement:
    """One column of quantities: a run, or fractions added.

    ``offset`` is what was taken away, in log2 units (0 where nothing was); ``before`` and ``after``
    are the 5th, 25th, 50th, 75th and 95th percentiles of its log2 quantities, empty where it has
    none; ``peptides`` says how many.
    """

    name: str
    side: str
    replicate: str
    runs: tuple[str, ...]
    peptides: int
    offset: float
    before: tuple[float, ...]
    after: tuple[float, ...]

    def as_json(self) -> dict[str, object]:
        """Return the measurement as a JSON object."""
        return vars(self) | {"runs": list(self.runs)}


@dataclass(frozen=True)
class Measured:
    """Log2 quantities of peptides in biological replicates.

    Parameters
    ----------
    kind
        The one kind of quantity there is.
    values
        By side's id: (peptides, replicates) float64, log2, NaN where not quantified.
    measurements
        What the replicates were averaged from.
    shared
        Peptides quantified in all measurements.
    normalised
        Whether the medians were aligned.
    note
        Why they were not, where that was asked for.
    """

    kind: str
    values: dict[str, NDArray[np.float64]]
    measurements: tuple[Measurement, ...]
    shared: int
    normalised: bool
    note: str


def comparable(runs: Sequence[Run]) -> str:
    """Return why the quantities of runs cannot be compared; empty where they can."""
    without = [run.name for run in runs if run.quantity_kind == "none"]
    if len(without) == len(runs):
        return "The runs have no quantities, so abundance is not compared."
    if without:
        return (
            f"{plural(len(without), 'run')} of {count(len(runs))} without quantities, so abundance "
            "is not compared."
        )
    kinds = sorted({run.quantity_kind.replace("_", " ") for run in runs})
    if len(kinds) > 1:
        return f"The quantities are of different kinds ({', '.join(kinds)}) and are not compared."
    return ""


def measure(
    ctx: Context,
    sides: Sequence[Side],
    row_of: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    *,
    rows: int,
    normalise: bool = True,
) -> Measured:
    """Return the quantities of sides whose runs are :func:`comparable`.

    Parameters
    ----------
    row_of
        Turns peptide ids into rows of the result.
    rows
        How many there are.
    normalise
        Whether to align the medians.
    """
    columns: list[NDArray[np.float64]] = []
    labels: list[tuple[Side, Replicate, tuple[Run, ...]]] = []
    for side in sides:
        for replicate in side.replicates:
            for runs in _measurements(replicate):
                columns.append(_log2_sum(ctx, runs, row_of, rows))
                labels.append((side, replicate, runs))
    before = np.column_stack(columns)
    offsets, shared = offsets_of(before)
    aligned = normalise and shared >= FEWEST_SHARED
    if not aligned:
        offsets = np.zeros(len(columns))
    after = before - offsets
    note = ""
    if normalise and not aligned:
        note = (
            f"Not normalised: {plural(shared, 'peptide')} quantified in "
            f"{all_of(len(columns), 'measurements')}, at least {FEWEST_SHARED} are needed."
        )
    return Measured(
        kind=sides[0].runs[0].quantity_kind,
        values=_averaged(after, sides, labels),
        measurements=tuple(
            Measurement(
                name=" + ".join(run.name for run in runs),
                side=side.id,
                replicate=replicate.id,
                runs=tuple(run.id for run in runs),
                peptides=int(np.isfinite(before[:, place]).sum()),
                offset=float(offsets[place]),
                before=_quantiles(before[:, place]),
                after=_quantiles(after[:, place]),
            )
            for place, (side, replicate, runs) in enumerate(labels)
        ),
        shared=shared,
        normalised=aligned,
        note=note,
    )


def offsets_of(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Return the load of each column in log2 units, (columns,), and how many rows it rests on.

    ``values`` is (peptides, columns) float64, log2, with NaN; only complete rows are looked at.

    >>> offsets_of(np.array([[1.0, 3.0], [2.0, 4.0], [5.0, np.nan]]))
    (array([-1.,  1.]), 2)
    """
    complete = values[np.isfinite(values).all(axis=1)]
    if not len(complete):
        return np.zeros(values.shape[1]), 0
    ratios = complete - complete.mean(axis=1, keepdims=True)
    return np.asarray(np.median(ratios, axis=0), dtype=np.float64), len(complete)


def _measurements(replicate: Replicate) -> list[tuple[Run, ...]]:
    """Return a replicate's runs, fractions of one technical replicate together."""
    grouped: dict[tuple[str, str | None], list[Run]] = {}
    for run in replicate.runs:
        whole = run.fraction is None
        key = ("run", run.id) if whole else ("fractions", run.technical_replicate)
        grouped.setdefault(key, []).append(run)
    return [tuple(runs) for runs in grouped.values()]


def _log2_sum(
    ctx: Context,
    runs: Sequence[Run],
    row_of: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    rows: int,
) -> NDArray[np.float64]:
    """Return log2 of the added quantities of each peptide, (rows,) float64, NaN without any."""
    from omicstoken_kernel.store.quantities import quantities_of

    total = np.zeros(rows)
    for run in runs:
        ids, quantities = quantities_of(ctx, run.id)
        if run.quantity_scale == "log2":
            quantities = np.exp2(quantities)
        positive = np.isfinite(quantities) & (quantities > 0)
        total += np.bincount(row_of(ids[positive]), quantities[positive], minlength=rows)
    return np.log2(total, out=np.full(rows, np.nan), where=total > 0)


def _averaged(
    values: NDArray[np.float64],
    sides: Sequence[Side],
    labels: Sequence[tuple[Side, Replicate, tuple[Run, ...]]],
) -> dict[str, NDArray[np.float64]]:
    of_side = {}
    for side in sides:
        columns = []
        for replicate in side.replicates:
            chosen = [
                place
                for place, (its_side, its_replicate, _) in enumerate(labels)
                if its_side.id == side.id and its_replicate is replicate
            ]
            columns.append(_row_means(values[:, chosen]))
        of_side[side.id] = np.column_stack(columns)
    return of_side


def _row_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = np.isfinite(values).sum(axis=1)
    undefined = np.full(len(values), np.nan)
    return np.asarray(np.divide(np.nansum(values, axis=1), counts, out=undefined, where=counts > 0))


def _quantiles(values: NDArray[np.float64]) -> tuple[float, ...]:
    known = values[np.isfinite(values)]
    return tuple(np.quantile(known, _QUANTILES).tolist()) if len(known) else ()
