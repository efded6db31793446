"""A run's quality: what it looks like, and every check with its number, threshold and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.checks import Check, CheckGrade, check_run, worst
from omicstoken_kernel.analysis.length_profile import ClassCall, call_class, count_lengths
from omicstoken_kernel.analysis.run_figures import FileAccount, RunFigures, account_of, figures_of
from omicstoken_kernel.analysis.wording import listing, plural, share

if TYPE_CHECKING:
    import pyarrow as pa

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run

__all__ = ["Quality", "assess", "motif_fingerprint", "quality"]


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
            "figures": self.figures.as_json(),
            "checks": [check.as_json() for check in self.checks],
            "notes": list(self.notes),
        }


def assess(
    run: Run,
    features: pa.Table,
    *,
    account: FileAccount | None = None,
    fingerprint: Fingerprint | None = None,
) -> Quality:
    """Return the quality of a run.

    Parameters
    ----------
    run
        The run, with its sample.
    features
        All its features, as :meth:`~omicstoken_kernel.store.features.Features.of_run` gives them.
    account
        What became of the rows of its file; None where that is not looked at.
    fingerprint
        Its fingerprint by motif, from which the unassigned are told; None without one.
    """
    sequences = sorted(set(features["sequence"].to_pylist()))
    call = call_class(sequences)
    figures = figures_of(run, features, sequences, account=account, fingerprint=fingerprint)
    checks = check_run(figures, call)
    return Quality(
        run_id=run.id,
        run_name=run.name,
        grade=worst(checks),
        call=call,
        lengths=count_lengths(sequences),
        figures=figures,
        checks=checks,
        notes=_notes(run, figures, call),
    )


def quality(ctx: Context, run_id: str) -> Quality:
    """Return the quality of one of the owner's runs.

    The share of peptides in no motif is told from the newest fingerprint there is; none is
    computed here.

    Raises
    ------
    NotFound
        If the run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.runs import Runs
    from omicstoken_kernel.store.uploads import Uploads

    run = Runs(ctx).get(run_id)
    return assess(
        run,
        Features(ctx).of_run(run_id),
        account=account_of(Uploads(ctx).get(run.upload_id).report),
        fingerprint=motif_fingerprint(ctx, run),
    )


def motif_fingerprint(ctx: Context, run: Run) -> Fingerprint | None:
    """Return the newest fingerprint of a run's present peptides if it is by motif, else None."""
    from omicstoken_kernel.analysis.clusters import BY_VECTOR
    from omicstoken_kernel.store.fingerprints import Fingerprints

    found = Fingerprints(ctx).latest([run.id], peptides_digest=run.peptides_digest)
    return None if found is None or found.method == BY_VECTOR else found


def _notes(run: Run, figures: RunFigures, call: ClassCall) -> tuple[str, ...]:
    notes = []
    if figures.peptides and (missing := _not_given(run, figures)):
        told = f"no {missing[0]}" if len(missing) == 1 else f"no {listing(missing, last='or')}"
        notes.append(f"The file gives {told}: what is not told is not checked.")
    if figures.timed and figures.elution is None:
        notes.append("Too few peptides have a retention time of their own to judge the elution.")
    if run.filter_note.startswith("unfiltered"):
        notes.append(f"Identifications are {run.filter_note}.")
    account = figures.account
    if account is not None and account.decoys:
        kept = account.used + account.merged
        said = f"{plural(account.decoys, 'decoy')} of the file {_were(account.decoys)} left out"
        if run.filter_note.startswith("unfiltered") and kept:
            said += (
                f": {share(account.decoys / kept)} of the number of rows kept, and about the share "
                "of those that is wrong, if decoys and targets were searched in equal numbers"
            )
        notes.append(f"{said}.")
    if call.kind == "class_i" and figures.unassigned is None:
        notes.append(
            "How many peptides are unassigned is told once the run has a fingerprint by motif."
        )
    return tuple(notes)


def _not_given(run: Run, figures: RunFigures) -> list[str]:
    """Return what the file of a run does not tell."""
    silent = (
        ("quantities", run.quantity_kind == "none"),
        ("modifications", figures.bare and not figures.modifications),
        ("charges", not figures.charges),
        ("retention times", not figures.timed),
        ("proteins (so no contaminants either)", not figures.proteins_given),
    )
    return [what for what, is_silent in silent if is_silent]


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
