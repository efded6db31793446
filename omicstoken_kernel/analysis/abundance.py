"""How much there is of a peptide: every side against the first, with p-values where replicates are.

Each contrast is a two-group moderated t-test over biological replicates (``moderated.py``), with
Benjamini and Hochberg's false discovery rate over its peptides. With fewer than three replicates on
a side there are log2 ratios alone. A peptide detected on one side only has no ratio: it is in the
list of what is unique, with the number of its replicates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.measured import comparable, measure
from omicstoken_kernel.analysis.moderated import moderated_t
from omicstoken_kernel.analysis.sides import FEWEST_REPLICATES, replicated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.measured import Measured
    from omicstoken_kernel.analysis.moderated import ModeratedTest
    from omicstoken_kernel.analysis.sides import Side
    from omicstoken_kernel.context import Context

__all__ = ["FDR", "MOST_CONTRASTED", "Abundance", "Contrast", "abundance_of"]

#: The false discovery rate at which peptides are counted as changed.
FDR = 0.05

#: More sides than this are not set against the first one by one.
MOST_CONTRASTED = 8

_NO_TEST = (
    f"Fewer than {FEWEST_REPLICATES} biological replicates on a side: log2 ratios and no p-values, "
    "for how much replicates differ by themselves is not known."
)


@dataclass(frozen=True)
class Contrast:
    """One side against the reference.

    Parameters
    ----------
    side, reference
        Ids of the sides.
    peptides
        (n,) the peptides quantified on both sides, sorted.
    rows
        (n,) int64: their rows in ``Abundance.peptides``.
    test
        Their log2 ratios (side over reference) and, where tested, t, degrees of freedom and p.
    q
        (n,) float64: the false discovery rate by Benjamini and Hochberg; NaN where not tested.
    """

    side: str
    reference: str
    peptides: tuple[str, ...]
    rows: NDArray[np.int64]
    test: ModeratedTest
    q: NDArray[np.float64]

    @property
    def tested(self) -> int:
        """How many peptides have a p-value."""
        return int(np.isfinite(self.test.p).sum())

    def changed(self, direction: int) -> int:
        """Return how many peptides are up (1) or down (-1) at the false discovery rate."""
        sign = np.sign(self.test.difference)
        return int(((self.q <= FDR) & (sign == direction)).sum())

    def as_json(self) -> dict[str, object]:
        """Return the contrast as a JSON object, one entry per peptide in ``results``."""
        prior = self.test.prior
        columns = zip(
            self.peptides,
            *(
                values.tolist()
                for values in (
                    self.test.difference, self.test.first, self.test.second, self.test.t,
                    self.test.df, self.test.p, self.q,
                )
            ),
            strict=True,
        )  # fmt: skip
        names = ("sequence", "log2_ratio", "n_reference", "n_side", "t", "df", "p_value", "q_value")
        return {
            "side": self.side,
            "reference": self.reference,
            "peptides": len(self.peptides),
            "tested": self.tested,
            "up": self.changed(1) if self.tested else None,
            "down": self.changed(-1) if self.tested else None,
            "false_discovery_rate": FDR,
            "prior_df": None if prior is None or np.isinf(prior.df) else prior.df,
            "prior_df_infinite": prior is not None and bool(np.isinf(prior.df)),
            "prior_variance": None if prior is None else prior.variance,
            "results": [
                {
                    name: None if isinstance(value, float) and not np.isfinite(value) else value
                    for name, value in zip(names, row, strict=True)
                }
                for row in columns
            ],
        }


@dataclass(frozen=True)
class Abundance:
    """Quantities of several sides, compared as far as that is possible.

    Parameters
    ----------
    measured
        None where quantities cannot be compared.
    contrasts
        Every other side against the first; empty where there are none.
    note
        Why there are no quantities, no contrasts or no p-values; empty where nothing is missing.
    """

    measured: Measured | None
    contrasts: tuple[Contrast, ...]
    note: str

    def as_json(self) -> dict[str, object]:
        """Return the abundances as a JSON object."""
        found = self.measured
        return {
            "quantity_kind": None if found is None else found.kind,
            "scale": None if found is None else "log2",
            "normalised": found is not None and found.normalised,
            "normalised_on": 0 if found is None else found.shared,
            "measurements": [] if found is None else [m.as_json() for m in found.measurements],
            "contrasts": [contrast.as_json() for contrast in self.contrasts],
            "note": self.note,
        }


def abundance_of(
    ctx: Context,
    sides: Sequence[Side],
    peptides: Sequence[str],
    row_of: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    *,
    normalise: bool = True,
) -> Abundance:
    """Return the abundances of sides.

    Parameters
    ----------
    peptides
        What is compared, sorted; the rows of every matrix.
    row_of
        Turns peptide ids into rows.
    normalise
        Whether to align the medians of the measurements.
    """
    reason = comparable([run for side in sides for run in side.runs])
    if reason or not len(peptides):
        return Abundance(None, (), reason or "There are no peptides.")
    if len(sides) > MOST_CONTRASTED:
        note = (
            f"Quantities are set side by side for up to {MOST_CONTRASTED} runs, samples or "
            "conditions."
        )
        return Abundance(None, (), note)
    measured = measure(ctx, sides, row_of, rows=len(peptides), normalise=normalise)
    first = sides[0]
    tested = [replicated((first, side)) for side in sides[1:]]
    contrasts = tuple(
        _contrast(measured, (first.id, side.id), peptides, test=test)
        for side, test in zip(sides[1:], tested, strict=True)
    )
    notes = [measured.note, "" if any(tested) else _NO_TEST]
    if not any(contrast.peptides for contrast in contrasts):
        notes = ["No peptide is quantified on two sides that are compared."]
    return Abundance(measured, contrasts, " ".join(filter(None, notes)))


def _contrast(
    measured: Measured, pair: tuple[str, str], peptides: Sequence[str], *, test: bool
) -> Contrast:
    from scipy.stats import false_discovery_control

    reference, side = (measured.values[identifier] for identifier in pair)
    both = np.isfinite(reference).any(axis=1) & np.isfinite(side).any(axis=1)
    rows = np.flatnonzero(both)
    found = moderated_t(reference[rows], side[rows], test=test)
    q = np.full(len(rows), np.nan)
    known = np.isfinite(found.p)
    if known.any():
        q[known] = false_discovery_control(found.p[known], method="bh")
    return Contrast(
        side=pair[1],
        reference=pair[0],
        peptides=tuple(peptides[row] for row in rows.tolist()),
        rows=rows,
        test=found,
        q=q,
    )
