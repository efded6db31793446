"""What to mind in a comparison: HLA types, donors on several sides, settings that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.hla_agreement import hla_agreement
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.sides import told_apart
from omicstoken_kernel.analysis.wording import listing, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omicstoken_kernel.analysis.run_settings import Difference
    from omicstoken_kernel.analysis.sides import Side
    from omicstoken_kernel.store.runs import Run

__all__ = ["different_hla", "different_settings", "paired_donors"]

_TWO = 2
_MOST_LISTED = 5  # runs named one by one in a sentence
# Settings whose difference makes peptides or quantities differ by itself.
_MATTERS = ("format", "filter", "drop_contaminants", "quantity_kind")


def different_hla(runs: Sequence[Run]) -> Iterator[Sentence]:
    """Yield the warning that different HLA types present different peptides."""
    names = told_apart({run.id: run.name for run in runs})
    typed = {names[run.id]: run.sample.hla for run in runs if run.sample.hla}
    if len(typed) < _TWO:
        return
    found = hla_agreement(list(typed.values()))
    evidence: dict[str, float | int | str] = {
        f"hla_{name}": listing(sorted(types)) for name, types in typed.items()
    }
    if found.differ:
        told = f"only {listing(found.common)} in common" if found.common else "none common to all"
        text = (
            f"The samples have different HLA types ({told}), so their ligands are expected to "
            "differ."
        )
        yield Sentence(text, "observed", evidence)
    elif found.partly:
        text = (
            "The samples' HLA types agree as far as they are given, but are not given alike: "
            "whether they are the same is not known."
        )
        yield Sentence(text, "observed", evidence)


def different_settings(
    runs: Sequence[Run], differences: Sequence[Difference]
) -> Iterator[Sentence]:
    """Yield what was done differently to the runs, where that alone can make them differ."""
    names = told_apart({run.id: run.name for run in runs})
    for difference in differences:
        if difference.name not in _MATTERS:
            continue
        by_value: dict[str, list[str]] = {}
        for run, value in difference.values.items():
            by_value.setdefault(value or "not given", []).append(names[run])
        told = "; ".join(
            f"{value} in {listing(of_runs, most=_MOST_LISTED)}"
            for value, of_runs in by_value.items()
        )
        kinds = difference.name == "quantity_kind"
        close = (
            "quantities are not compared" if kinds else "part of the difference may be due to it"
        )
        yield Sentence(
            f"Different {difference.title}: {told}; {close}.",
            "observed",
            {names[run]: value or "not given" for run, value in difference.values.items()},
        )


def paired_donors(sides: Sequence[Side]) -> Iterator[Sentence]:
    """Yield that pairs are not made use of, where a donor is on several sides of a test."""
    if not any(len(side.replicates) > 1 for side in sides):
        return
    of_sides = [{run.sample.donor for run in side.runs} - {None} for side in sides]
    everyone = set().union(*of_sides)
    twice = sorted(
        str(donor) for donor in everyone if sum(donor in donors for donors in of_sides) > 1
    )
    if twice:
        yield Sentence(
            f"{plural(len(twice), 'donor')} on more than one side; the tests take all replicates "
            "for independent and make no use of the pairs.",
            "observed",
            {"donors_on_several_sides": len(twice)},
        )
