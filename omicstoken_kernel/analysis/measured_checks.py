"""The checks of what was measured: modifications, contaminants, charge, elution, quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.checks import Check, CheckGrade
from omicstoken_kernel.analysis.run_figures import BY_DESIGN
from omicstoken_kernel.analysis.wording import listing, share, signed, statistic

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.run_figures import Elution, RunFigures

__all__ = ["check_measured"]

Evidence = dict[str, "float | int | str"]

_MODIFIED = 0.5
# Beyond it a look is due. No share fails: the proteins of a bovine sample are on most lists.
_CONTAMINANTS = 0.05
_QUANTIFIED = 0.5
# Peptides of 7 to 30 residues fly with one to four charges; more belongs to longer chains.
_CHARGES = (1, 4)
_USUAL_CHARGES = 0.9
# On a reversed phase what is hydrophobic elutes late. The rank correlation with GRAVY was 0.14 to
# 0.66 in 24 real files, 0.04 and 0.1 in two excerpts, below zero in two unfiltered lists.
_HYDROPHOBICITY = 0.1
_FULLEST_TENTH = 0.5
_MOST_KINDS = 4


def check_measured(figures: RunFigures) -> list[Check]:
    """Return the checks of what was measured, of a run that has peptides."""
    checks = []
    # A plain list of sequences cannot show a modification, nor one without proteins a contaminant.
    if figures.modifications or not figures.bare:
        checks.append(_modified(figures))
    if figures.proteins_given or figures.contaminants:
        checks.append(_contaminants(figures))
    if figures.charges:
        checks.append(_charge(figures.charges))
    if figures.elution is not None:
        checks.append(_elution(figures.elution))
    if figures.quantity_kind != "none":
        checks.append(_quantified(figures))
    return checks


def _modified(figures: RunFigures) -> Check:
    undesigned = figures.modified_undesigned
    value = figures.modified if undesigned is None else undesigned
    shown = figures.modifications[:_MOST_KINDS]
    threshold = f"at most {share(_MODIFIED)} of the features, alkylation and labels set aside"
    if not figures.modified:
        reason = "No feature carries a modification, or the file does not tell of any."
        return Check("modified", "pass", value, threshold, reason)
    evidence: Evidence = {"modified": figures.modified}
    reason = f"{share(figures.modified)} of the features carry a modification"
    if shown:
        reason += ": " + listing([f"{name} {share(held)}" for name, held in shown])
        evidence |= {f"modification_{n}": name for n, (name, _) in enumerate(shown, start=1)}
        evidence |= {f"modified_{n}": held for n, (_, held) in enumerate(shown, start=1)}
    more = len(figures.modifications) - len(shown)
    if more > 0:
        reason += f"; and {more} rarer {'kind' if more == 1 else 'kinds'}"
        evidence["rarer_kinds"] = more
    reason += "."
    designed = any(BY_DESIGN.search(name) for name, _ in figures.modifications)
    if designed and undesigned is not None:
        reason += f" Alkylation and labels set aside, {share(undesigned)} do."
        evidence["modified_undesigned"] = undesigned
    grade: CheckGrade = "warn" if value is not None and value > _MODIFIED else "pass"
    return Check("modified", grade, value, threshold, reason, evidence)


def _contaminants(figures: RunFigures) -> Check:
    value = figures.contaminants
    grade: CheckGrade = "warn" if value is not None and value > _CONTAMINANTS else "pass"
    reason = f"{share(value)} of the features are flagged as contaminants."
    if value == 0:
        reason = "None of the features is flagged as a contaminant."
    if grade != "pass":
        reason += (
            " Look at the proteins: lists of contaminants hold keratins, albumin and bovine "
            "proteins, which can belong to the sample."
        )
    return Check(
        "contaminants",
        grade,
        value,
        f"at most {share(_CONTAMINANTS)} of the features",
        reason,
        {} if value is None else {"contaminants": value},
    )


def _charge(charges: tuple[tuple[int, float], ...]) -> Check:
    low, high = _CHARGES
    usual = sum(held for charge, held in charges if low <= charge <= high)
    commonest, most = max(charges, key=lambda charge: charge[1])
    return Check(
        "precursor_charge",
        "pass" if usual >= _USUAL_CHARGES else "warn",
        usual,
        f"at least {share(_USUAL_CHARGES)} with a charge of {signed(low)} to {signed(high)}",
        f"{share(usual)} of the features have a charge of {signed(low)} to {signed(high)}; the "
        f"commonest is {signed(commonest)} ({share(most)}).",
        {"usual": usual, "low": low, "high": high, "commonest": commonest, "most": most},
    )


def _elution(elution: Elution) -> Check:
    correlation, tenth = elution.hydrophobicity, elution.fullest_tenth
    first, last = elution.first_s / 60, elution.last_s / 60
    evidence: Evidence = {"first_min": first, "last_min": last, "fullest_tenth": tenth}
    reason = (
        f"Peptides elute from {statistic(first)} to {statistic(last)} min, {share(tenth)} of them "
        "in the fullest tenth of that time"
    )
    if correlation is None:
        reason += "."
    else:
        evidence["correlation"] = correlation
        reason += (
            f"; the rank correlation of retention time and hydrophobicity is "
            f"{statistic(correlation)}."
        )
    grade: CheckGrade = "pass"
    if correlation is not None and correlation < _HYDROPHOBICITY:
        grade = "warn"
        reason += (
            " On a reversed phase hydrophobic peptides elute later; without that, the matches may "
            "be wrong, or the separation another one."
        )
    if tenth > _FULLEST_TENTH:
        grade = "warn"
        reason += " So many at one time compete for the instrument."
    return Check(
        "retention_time",
        grade,
        correlation,
        f"a rank correlation with hydrophobicity of {_HYDROPHOBICITY} or more, and at most "
        f"{share(_FULLEST_TENTH)} of the peptides in one tenth of the time",
        reason,
        evidence,
    )


def _quantified(figures: RunFigures) -> Check:
    value = figures.quantified
    return Check(
        "quantified",
        "warn" if value is not None and value < _QUANTIFIED else "pass",
        value,
        f"at least {share(_QUANTIFIED)} of the features",
        f"{share(value)} of the features have a quantity.",
        {} if value is None else {"quantified": value},
    )
