"""The checks of a run's quality, each a number against a threshold with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from omicstoken_kernel.analysis.wording import plural, share, statistic

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.length_profile import ClassCall

__all__ = ["Check", "CheckGrade", "RunFigures", "check_run", "worst"]

CheckGrade = Literal["pass", "warn", "fail"]
_ORDER: tuple[CheckGrade, ...] = ("pass", "warn", "fail")

# Thresholds (warn beyond, fail beyond), set by what published immunopeptidomes show.
_FEW_PEPTIDES = (500, 50)
_FEATURES_PER_PEPTIDE = 3.0
_MODIFIED = 0.5
_CONTAMINANTS = (0.05, 0.2)
_QUANTIFIED = 0.5
_UNDEFINED = 0.01


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
        One sentence with the figures.
    evidence
        The figures in ``reason``, by name.
    """

    name: str
    grade: CheckGrade
    value: float | int | None
    threshold: str
    reason: str
    evidence: dict[str, float | int | str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the check as a JSON object."""
        return vars(self).copy()


@dataclass(frozen=True)
class RunFigures:
    """What the checks look at; shares are 0..1 and None where there is nothing to take a share of.

    ``modified``, ``contaminants`` and ``quantified`` are shares of features, ``undefined`` of
    peptides (those with B, J, X or Z).
    """

    peptides: int
    features: int
    modified: float | None
    contaminants: float | None
    quantified: float | None
    undefined: float | None
    quantity_kind: str
    hla: tuple[str, ...]

    @property
    def features_per_peptide(self) -> float | None:
        """Mean number of peptidoforms and charges a peptide was found as."""
        return self.features / self.peptides if self.peptides else None


def worst(checks: tuple[Check, ...]) -> CheckGrade:
    """Return the worst grade among the checks."""
    return max((check.grade for check in checks), key=_ORDER.index, default="pass")


def check_run(figures: RunFigures, call: ClassCall) -> tuple[Check, ...]:
    """Return every check that applies to a run; what its file does not tell is not checked."""
    checks = [_number(figures)]
    if figures.peptides >= _FEW_PEPTIDES[1]:
        checks.append(_lengths(figures, call))
    if figures.peptides:
        checks += [_redundancy(figures), _modified(figures), _contaminants(figures)]
        checks.append(_undefined(figures))
        if figures.quantity_kind != "none":
            checks.append(_quantified(figures))
    return tuple(checks)


def _number(figures: RunFigures) -> Check:
    usual, least = _FEW_PEPTIDES
    found = plural(figures.peptides, "peptide")
    if figures.peptides >= usual:
        grade, reason = _ORDER[0], f"{found}."
    elif figures.peptides >= least:
        grade, reason = _ORDER[1], f"{found}, where {usual} and more are usual."
    else:
        grade, reason = _ORDER[2], f"{found}: too few for shares, clusters or motifs."
    evidence: dict[str, float | int | str] = {"peptides": figures.peptides}
    if grade == "warn":
        evidence["usual"] = usual
    return Check("peptides", grade, figures.peptides, f"at least {usual}", reason, evidence)


def _lengths(figures: RunFigures, call: ClassCall) -> Check:
    grade: CheckGrade = "pass"
    reason = call.reason
    if call.kind == "mixed":
        grade = "warn"
    elif call.kind == "unclear":
        # Where HLA types are given, ligands were meant; elsewhere it may be any peptidome.
        grade = "fail" if figures.hla else "warn"
        what = "HLA ligands, which the sample's HLA types promise" if figures.hla else "HLA ligands"
        reason = f"Neither {what}, nor a tryptic digest: {reason}"
    elif call.kind == "tryptic" and figures.hla:
        grade = "fail"
        reason = f"A digest, where the sample's HLA types promise ligands: {reason}"
    threshold = "the lengths of HLA class I or class II ligands, or a tryptic digest"
    return Check("length_profile", grade, call.figures["share_9"], threshold, reason, call.evidence)


def _redundancy(figures: RunFigures) -> Check:
    value = figures.features_per_peptide
    return Check(
        "features_per_peptide",
        "warn" if value is not None and value > _FEATURES_PER_PEPTIDE else "pass",
        value,
        f"at most {statistic(_FEATURES_PER_PEPTIDE)}",
        f"A peptide was found as {statistic(value)} peptidoforms and charges on average.",
        _named("features_per_peptide", value),
    )


def _modified(figures: RunFigures) -> Check:
    value = figures.modified
    return Check(
        "modified",
        "warn" if value is not None and value > _MODIFIED else "pass",
        value,
        f"at most {share(_MODIFIED)} of the features",
        f"{share(value)} of the features carry a modification.",
        _named("modified", value),
    )


def _contaminants(figures: RunFigures) -> Check:
    value = figures.contaminants
    some, many = _CONTAMINANTS
    grade: CheckGrade = "pass"
    if value is not None and value > some:
        grade = "fail" if value > many else "warn"
    return Check(
        "contaminants",
        grade,
        value,
        f"at most {share(some)} of the features",
        f"{share(value)} of the features are flagged as contaminants.",
        _named("contaminants", value),
    )


def _undefined(figures: RunFigures) -> Check:
    value = figures.undefined
    return Check(
        "undefined_residues",
        "warn" if value is not None and value > _UNDEFINED else "pass",
        value,
        f"at most {share(_UNDEFINED)} of the peptides",
        f"{share(value)} of the peptides have a residue that is not known (B, J, X or Z).",
        _named("undefined", value),
    )


def _quantified(figures: RunFigures) -> Check:
    value = figures.quantified
    return Check(
        "quantified",
        "warn" if value is not None and value < _QUANTIFIED else "pass",
        value,
        f"at least {share(_QUANTIFIED)} of the features",
        f"{share(value)} of the features have a quantity.",
        _named("quantified", value),
    )


def _named(name: str, value: float | None) -> dict[str, float | int | str]:
    return {} if value is None else {name: value}
