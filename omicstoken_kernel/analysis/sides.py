"""What is set side by side: runs, samples or conditions, and the biological replicates in them.

The biological replicate is the unit: what is measured twice is not two samples. Runs are merged
into one replicate where they belong to one sample (fractions, repeated measurements), and, when
conditions are compared, where condition, donor and a stated biological replicate are the same.
Where no biological replicate is stated, each sample counts as one. Two samples of one donor stay
two: for cell lines that is right, for patients the pairing is not made use of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from omicstoken_kernel.analysis.wording import listing, plural
from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from omicstoken_kernel.store.runs import Run

__all__ = [
    "FEWEST_REPLICATES",
    "By",
    "Members",
    "Replicate",
    "Side",
    "replicated",
    "sides_of",
    "told_apart",
]

By = Literal["run", "sample", "condition"]

#: By side's id the peptides of each of its replicates in turn, distinct within one.
Members = dict[str, list[list[str]]]

#: With fewer biological replicates on a side there are effect sizes and no p-values.
FEWEST_REPLICATES = 3

_MOST_NAMED = 5
_TAKEN = ("sequence", "variants")


@dataclass(frozen=True)
class Replicate:
    """One biological replicate: a name and the runs it was measured in."""

    id: str
    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Side:
    """One of the things compared: a run, a sample or a condition, with its replicates."""

    id: str
    name: str
    replicates: tuple[Replicate, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """All its runs, in the order of its replicates."""
        return tuple(run for replicate in self.replicates for run in replicate.runs)

    def as_json(self) -> dict[str, object]:
        """Return the side as a JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "replicates": [
                {"id": each.id, "name": each.name, "runs": [run.id for run in each.runs]}
                for each in self.replicates
            ],
        }


def replicated(sides: Sequence[Side], *, least: int = FEWEST_REPLICATES) -> bool:
    """Return whether every side has at least ``least`` biological replicates."""
    return all(len(side.replicates) >= least for side in sides)


def sides_of(runs: Sequence[Run], by: str = "run") -> tuple[Side, ...]:
    """Return what is compared, in the order of the runs.

    Parameters
    ----------
    runs
        Distinct runs.
    by
        ``run`` (each run is a side), ``sample`` or ``condition``.

    Raises
    ------
    InputError
        If ``by`` is another word, a run has no condition, or there is only one side.
    """
    if by not in get_args(By):
        msg = f"Runs are compared by {', '.join(get_args(By))}, found '{by}'."
        raise InputError(msg, "For example: --by condition")
    if by == "condition":
        _conditions_given(runs)
    grouped: dict[str, list[Run]] = {}
    for run in runs:
        grouped.setdefault(_side_id(run, by), []).append(run)
    if len(grouped) < 2:
        msg = f"A comparison takes at least 2 {by}s, found {plural(len(grouped), by)}."
        raise InputError(msg, _hint(by))
    names = _names(grouped, by)
    return tuple(
        Side(identifier, names[identifier], _replicates(members, names[identifier], by))
        for identifier, members in grouped.items()
    )


def _hint(by: str) -> str:
    if by == "run":
        return "'omicstoken runs list' shows the runs there are."
    return (
        f"The runs given belong to one {by}; 'omicstoken runs annotate RUN' says which they belong "
        "to, and without --by they are compared run by run."
    )


def _conditions_given(runs: Sequence[Run]) -> None:
    missing = [run.name for run in runs if not run.sample.condition]
    if missing:
        msg = (
            f"{plural(len(missing), 'run')} without a condition: "
            f"{listing(missing, most=_MOST_NAMED)}. Each needs one to be compared by condition."
        )
        raise InputError(msg, "Say it with 'omicstoken runs annotate RUN --condition CONDITION'.")


def _side_id(run: Run, by: str) -> str:
    if by == "condition":
        condition = run.sample.condition or ""
        # Two names are taken by other columns of the table of memberships.
        return f"condition {condition}" if condition in _TAKEN else condition
    return run.sample.id if by == "sample" else run.id


def _names(grouped: dict[str, list[Run]], by: str) -> dict[str, str]:
    """Return what each side is called."""
    if by == "condition":
        return {identifier: runs[0].sample.condition or "" for identifier, runs in grouped.items()}
    called = {
        identifier: runs[0].sample.name if by == "sample" else runs[0].name
        for identifier, runs in grouped.items()
    }
    return told_apart(called)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by id; equal ones get the end of their id.

    >>> told_apart({"run_00aaaaaa": "a", "run_00bbbbbb": "a", "run_00cccccc": "c"})
    {'run_00aaaaaa': 'a (aaaaaa)', 'run_00bbbbbb': 'a (bbbbbb)', 'run_00cccccc': 'c'}
    """
    times = Counter(names.values())
    return {
        identifier: name if times[name] == 1 else f"{name} ({identifier[-6:]})"
        for identifier, name in names.items()
    }


def _replicates(runs: list[Run], side: str, by: str) -> tuple[Replicate, ...]:
    """Return a side's runs merged into biological replicates."""
    if by != "condition":
        return (Replicate(_side_id(runs[0], by), side, tuple(runs)),)
    grouped: dict[Hashable, list[Run]] = {}
    for run in runs:
        grouped.setdefault(_replicate_key(run), []).append(run)
    return tuple(
        Replicate(members[0].sample.id, members[0].sample.name, tuple(members))
        for members in grouped.values()
    )


def _replicate_key(run: Run) -> Hashable:
    sample = run.sample
    if sample.biological_replicate is None:
        return sample.id
    return sample.donor, sample.biological_replicate
