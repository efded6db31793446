"""A run's quality: what it looks like, and every check with its number, threshold and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.checks import Check, CheckGrade, RunFigures, check_run, worst
from omicstoken_kernel.analysis.length_profile import ClassCall, call_class, count_lengths

if TYPE_CHECKING:
    import pyarrow as pa

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["Quality", "assess", "quality"]


@dataclass(frozen=True)
class Quality:
    """The quality of one run.

    Parameters
    ----------
    run_id, run_name
        The run.
    grade
        The worst grade of the checks.
    call
        What the run looks like: HLA class I, class II, a digest, ...
    lengths
        Distinct peptides by length in residues.
    figures
        Counts and shares (0..1) the checks rest on.
    checks
        Those that apply to this run.
    notes
        Sentences on what the file does not tell, which is no fault of the run.
    """

    run_id: str
    run_name: str
    grade: CheckGrade
    call: ClassCall
    lengths: dict[int, int]
    figures: RunFigures
    checks: tuple[Check, ...]
    notes: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of the checks that did not pass, failed ones first."""
        bad = [check for check in self.checks if check.grade != "pass"]
        return tuple(check.reason for check in sorted(bad, key=lambda check: check.grade != "fail"))

    def as_json(self) -> dict[str, object]:
        """Return the quality as a JSON object."""
        return {
            "run_id": self.run_id,
            "run_name": self.run_name,
            "grade": self.grade,
            "call": self.call.as_json(),
            "lengths": {str(length): number for length, number in self.lengths.items()},
            "figures": {
                **vars(self.figures),
                "hla": list(self.figures.hla),
                "features_per_peptide": self.figures.features_per_peptide,
            },
            "checks": [check.as_json() for check in self.checks],
            "notes": list(self.notes),
        }


def assess(run: Run, features: pa.Table) -> Quality:
    """Return the quality of a run.

    Parameters
    ----------
    run
        The run, with its sample.
    features
        All its features, with the columns ``sequence``, ``proforma``, ``contaminant`` and
        ``quantity``.
    """
    sequences = sorted(set(features["sequence"].to_pylist()))
    call = call_class(sequences)
    figures = _figures(run, features, sequences)
    checks = check_run(figures, call)
    return Quality(
        run_id=run.id,
        run_name=run.name,
        grade=worst(checks),
        call=call,
        lengths=count_lengths(sequences),
        figures=figures,
        checks=checks,
        notes=_notes(run),
    )


def quality(ctx: Context, run_id: str) -> Quality:
    """Return the quality of one of the owner's runs.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.runs import Runs

    return assess(Runs(ctx).get(run_id), Features(ctx).of_run(run_id))


def _figures(run: Run, features: pa.Table, sequences: list[str]) -> RunFigures:
    import pyarrow.compute as pc

    total = features.num_rows

    def of_features(mask: pa.ChunkedArray) -> float | None:
        return (pc.sum(mask).as_py() or 0) / total if total else None

    undefined = sum(any(letter in sequence for letter in "BJXZ") for sequence in sequences)
    return RunFigures(
        peptides=len(sequences),
        features=total,
        # A ProForma string without modification is the bare sequence.
        modified=of_features(pc.not_equal(features["proforma"], features["sequence"])),
        contaminants=of_features(features["contaminant"]),
        quantified=of_features(pc.is_valid(features["quantity"])),
        undefined=undefined / len(sequences) if sequences else None,
        quantity_kind=run.quantity_kind,
        hla=run.sample.hla,
    )


def _notes(run: Run) -> tuple[str, ...]:
    notes = []
    if run.quantity_kind == "none":
        notes.append("The file gives no quantities, so nothing is said about abundance.")
    if run.filter_note.startswith("unfiltered"):
        notes.append(f"Identifications are {run.filter_note}.")
    return tuple(notes)
