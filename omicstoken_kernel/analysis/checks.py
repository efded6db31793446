"""The checks of a run's quality, each a number against a threshold with its reason in words.

Where a threshold rests on a publication it is named beside it; the others are rules of ours, and
their reasons stand beside them. What a file does not tell is not checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from omicstoken_kernel.analysis.wording import count, plural, share, statistic

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.length_profile import ClassCall
    from omicstoken_kernel.analysis.run_figures import RunFigures

__all__ = ["Check", "CheckGrade", "check_run", "worst"]

CheckGrade = Literal["pass", "warn", "fail"]
_ORDER: tuple[CheckGrade, ...] = ("pass", "warn", "fail")

# A run holds the ligands of three to six molecules; one with a tenth of 500 peptides has 50, the
# fewest from which anything is concluded. Published immunopeptidomes list thousands.
_FEW_PEPTIDES = (500, 50)
_FEATURES_PER_PEPTIDE = 3.0
_UNDEFINED = 0.01
# Repeats in a file that lists peptides and nothing else, where each row should be a peptide.
_REPEATED = 0.05
# Of 54 mixtures of six motifs 6 to 10 % of the ligands fitted none (docs/science.md).
_UNASSIGNED = (0.25, 0.5)


@dataclass(frozen=True)
class Check:
    """One check.

    Parameters
    ----------
    name
        Stable name, as in ``length_profile``.
    grade
        ``pass``, ``warn`` or ``fail``.
    value
        What was measured; None where nothing could be.
    threshold
        What a pass takes, in words.
    reason
        One or two sentences with the figures.
    evidence
        The figures in ``reason``, by name.
    """

    name: str
    grade: CheckGrade
    value: float | int | None
    threshold: str
    reason: str
    evidence: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name for people."""
        return self.name.replace("_", " ")

    def as_json(self) -> dict[str, object]:
        """Return the check as a JSON object."""
        return vars(self).copy()


def worst(checks: tuple[Check, ...]) -> CheckGrade:
    """Return the worst grade among the checks."""
    return max((check.grade for check in checks), key=_ORDER.index, default="pass")


def check_run(figures: RunFigures, call: ClassCall) -> tuple[Check, ...]:
    """Return every check that applies to a run; what its file does not tell is not checked."""
    from omicstoken_kernel.analysis.measured_checks import check_measured

    checks = [_number(figures)]
    if figures.peptides >= _FEW_PEPTIDES[1]:
        checks.append(_lengths(figures, call))
        if figures.unassigned is not None:
            checks.append(_unassigned(figures.unassigned))
    if figures.peptides:
        checks += [_redundancy(figures), _undefined(figures)]
        if figures.account is not None and figures.account.used + figures.account.merged:
            checks.append(_duplicates(figures))
        checks += check_measured(figures)
    return tuple(checks)


def _number(figures: RunFigures) -> Check:
    usual, least = _FEW_PEPTIDES
    found = plural(figures.peptides, "peptide")
    evidence: dict[str, float | int | str] = {"peptides": figures.peptides}
    if figures.peptides >= usual:
        grade, reason = _ORDER[0], f"{found}."
    elif figures.peptides >= least:
        grade = _ORDER[1]
        reason = f"{found}: a group with a tenth of them has fewer than {least}."
        evidence["least"] = least
    else:
        grade, reason = _ORDER[2], f"{found}: too few for shares, clusters or motifs."
    threshold = f"at least {usual}, so that a group with a tenth of them has {least} or more"
    return Check("peptides", grade, figures.peptides, threshold, reason, evidence)


def _lengths(figures: RunFigures, call: ClassCall) -> Check:
    grade: CheckGrade = "pass"
    reason = call.reason
    meant = ", where the sample's HLA types promise ligands" if figures.hla else ""
    if call.kind == "mixed":
        # Class I and class II can be meant; a digest beside ligands never is.
        grade = "fail" if figures.hla and "tryptic" in call.parts else "warn"
        reason = f"{call.likeness[0].upper()}{call.likeness[1:]}: {reason}"
    elif call.kind == "unclear":
        # Where HLA types are given, ligands were meant; elsewhere it may be any peptidome.
        grade = "fail" if figures.hla else "warn"
        what = "MHC ligands, which the sample's HLA types promise" if figures.hla else "MHC ligands"
        reason = f"Neither {what}, nor a tryptic digest: {reason}"
    elif call.kind == "tryptic" and figures.hla:
        grade = "fail"
        reason = f"A digest{meant}: {reason}"
    elif call.kind == "tryptic":
        reason = f"A tryptic digest: {reason}"
    threshold = "the lengths of MHC class I or class II ligands, or a tryptic digest"
    return Check("length_profile", grade, call.figures["share_9"], threshold, reason, call.evidence)


def _unassigned(value: float) -> Check:
    some, many = _UNASSIGNED
    grade: CheckGrade = "pass"
    if value > some:
        grade = "fail" if value > many else "warn"
    return Check(
        "unassigned",
        grade,
        value,
        f"at most {share(some)}; in test mixtures of six motifs 6 to 10\u202f% of ligands are so",
        f"{share(value)} of the peptides are unassigned: no motif of this run reaches a "
        "probability of one half for them.",
        {"unassigned": value},
    )


def _redundancy(figures: RunFigures) -> Check:
    value = figures.features_per_peptide
    return Check(
        "features_per_peptide",
        "warn" if value is not None and value > _FEATURES_PER_PEPTIDE else "pass",
        value,
        f"at most {statistic(_FEATURES_PER_PEPTIDE)}",
        f"A peptide was found as {statistic(value)} forms (modification and charge) on average.",
        {} if value is None else {"features_per_peptide": value},
    )


def _duplicates(figures: RunFigures) -> Check:
    account = figures.account
    assert account is not None
    kept = account.used + account.merged
    value = account.merged / kept
    grade: CheckGrade = "warn" if figures.bare and value > _REPEATED else "pass"
    if not account.merged:
        reason = "No row of the file repeats another."
    else:
        what = (
            "a peptide of another row"
            if figures.bare
            else "the peptide, form and charge of another and went into it, as further spectra do"
        )
        rows = f"{count(account.merged)} of {plural(kept, 'row')} used of the file"
        verb = "repeats" if account.merged == 1 else "repeat"
        reason = f"{rows} ({share(value)}) {verb} {what}."
    threshold = (
        f"at most {share(_REPEATED)} in a plain list of peptides; in other files repeats are usual"
    )
    evidence: dict[str, float | int | str] = {}
    if account.merged:
        evidence = {"merged": account.merged, "rows": kept, "repeated": value}
    return Check("duplicates", grade, value, threshold, reason, evidence)


def _undefined(figures: RunFigures) -> Check:
    value = figures.undefined
    return Check(
        "undefined_residues",
        "warn" if value is not None and value > _UNDEFINED else "pass",
        value,
        f"at most {share(_UNDEFINED)} of the peptides",
        f"{share(value) if value else 'None'} of the peptides "
        f"{'have' if value else 'has'} a residue that is not known (B, J, X or Z).",
        {} if value is None else {"undefined": value},
    )
