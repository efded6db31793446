"""How far replicates agree: the peptides they share, the spread and the order of their quantities.

Technical replicates are runs of one sample, biological ones samples of one condition. Fractions
are no replicates: the runs of one technical replicate count together. Quantities are compared only
where all are of one kind, linear, after the load of each has been taken away as in a comparison:
the median, over the peptides quantified in all, of the log2 ratio to their mean; nothing is filled
in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from omicstoken_kernel.analysis.checks import Check, CheckGrade
from omicstoken_kernel.analysis.measured import offsets_of
from omicstoken_kernel.analysis.wording import all_of, count, plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Agreement", "agreement_of", "check_agreement"]

Level = Literal["technical", "biological"]

# Of pairs of technical replicates of one digest 35 to 60 % of the peptides were found in both
# (Tabb DL et al., J Proteome Res 9:761, 2010). Donors of one condition differ by nature.
_OVERLAP: dict[Level, tuple[float, float]] = {"technical": (0.35, 0.1), "biological": (0.1, 0.0)}
_CORRELATION: dict[Level, float] = {"technical": 0.8, "biological": 0.5}
_CV: dict[Level, float] = {"technical": 0.3, "biological": 0.6}
# Fewer peptides quantified in all replicates say nothing on spread and order.
_FEWEST_QUANTIFIED = 20
# Logarithms that differ by less are one number, and correlate with nothing.
_NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Agreement:
    """How far replicates agree.

    Parameters
    ----------
    level
        ``technical`` for runs of one sample, ``biological`` for samples of one condition.
    names
        The replicates.
    peptides
        Distinct peptides in any, and ``shared`` in all of them.
    overlap
        Median Jaccard index over pairs of replicates, 0..1; None without peptides.
    quantified
        Peptides with a positive quantity in every replicate; 0 where kinds differ or are missing.
    cv
        Median over those of the coefficient of variation, a share; None where they are too few.
    correlation
        Median over pairs of the Pearson correlation of log2 quantities; None likewise.
    """

    level: Level
    names: tuple[str, ...]
    peptides: int
    shared: int
    overlap: float | None
    quantified: int
    cv: float | None
    correlation: float | None

    def as_json(self) -> dict[str, object]:
        """Return the agreement as a JSON object."""
        return {**vars(self), "names": list(self.names)}


def agreement_of(
    replicates: Mapping[str, pd.Series[float]], *, level: Level, comparable: bool
) -> Agreement:
    """Return how far two or more replicates agree.

    Parameters
    ----------
    replicates
        Name to the quantity of each distinct peptide, linear, NaN where there is none.
    level
        What kind of replicates they are.
    comparable
        Whether their quantities are of one kind.
    """
    import pandas as pd

    found = [set(quantities.index) for quantities in replicates.values()]
    pairs = [(len(a & b), len(a | b)) for a, b in combinations(found, 2)]
    overlaps = [both / either for both, either in pairs if either]
    table = pd.concat(list(replicates.values()), axis=1, join="inner").to_numpy(dtype=float)
    complete = np.isfinite(table).all(axis=1) & (table > 0).all(axis=1)
    quantities = table[complete] if comparable else table[:0]
    cv, correlation = _spread(quantities)
    return Agreement(
        level=level,
        names=tuple(replicates),
        peptides=len(set().union(*found)),
        shared=len(set.intersection(*found)),
        overlap=float(np.median(overlaps)) if overlaps else None,
        quantified=len(quantities),
        cv=cv,
        correlation=correlation,
    )


def _spread(quantities: np.ndarray) -> tuple[float | None, float | None]:
    if len(quantities) < _FEWEST_QUANTIFIED:
        return None, None
    logs = np.log2(quantities)
    # How much was loaded is no disagreement.
    offsets, _ = offsets_of(logs)
    level = np.exp2(logs - offsets)
    cv = float(np.median(level.std(axis=1, ddof=1) / level.mean(axis=1)))
    if (np.ptp(logs, axis=0) < _NO_SPREAD).any():
        return cv, None
    correlations = np.corrcoef(logs, rowvar=False)[np.triu_indices(logs.shape[1], 1)]
    return cv, float(np.median(correlations))


def check_agreement(found: Agreement) -> Check:
    """Return the check of an agreement."""
    some, many = _OVERLAP[found.level]
    grade: CheckGrade = "pass"
    if found.overlap is None or found.overlap < many:
        grade = "fail"
    elif (
        found.overlap < some
        or (found.cv is not None and found.cv > _CV[found.level])
        or (found.correlation is not None and found.correlation < _CORRELATION[found.level])
    ):
        grade = "warn"
    reason, evidence = _said(found)
    return Check(
        "replicates",
        grade,
        found.overlap,
        f"in the median a Jaccard index of {some}, a CV of at most {share(_CV[found.level])} and a "
        f"correlation of {_CORRELATION[found.level]} or more"
        + (
            " (pairs of technical replicates of one digest share 35 to 60\u202f%: Tabb et al. 2010)"
            if found.level == "technical"
            else " (donors of one condition differ by nature)"
        ),
        reason,
        evidence,
    )


def _said(found: Agreement) -> tuple[str, dict[str, float | int | str]]:
    what = "runs" if found.level == "technical" else "samples"
    number = len(found.names)
    evidence: dict[str, float | int | str] = {
        "shared": found.shared,
        "peptides": found.peptides,
    }
    if number > 2:
        evidence["replicates"] = number
    verb = "was" if found.shared == 1 else "were"
    reason = (
        f"{count(found.shared)} of {plural(found.peptides, 'peptide')} {verb} found in "
        f"{all_of(number, what)}"
    )
    if found.overlap is not None:
        reason += f"; a pair shares {share(found.overlap)} in the median (Jaccard index)"
        evidence["overlap"] = found.overlap
    reason += "."
    if found.cv is not None:
        reason += (
            f" Of {plural(found.quantified, 'peptide')} quantified in all, the median CV is "
            f"{share(found.cv)} after the medians of their ratios were aligned"
        )
        evidence |= {"quantified": found.quantified, "cv": found.cv}
        if found.correlation is not None:
            reason += f", the correlation of log-quantities {statistic(found.correlation)}"
            evidence["correlation"] = found.correlation
        reason += "."
    return reason, evidence
