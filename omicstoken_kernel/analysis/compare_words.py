"""What a comparison found, in sentences that carry their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.caution_words import (
    different_hla,
    different_settings,
    paired_donors,
)
from omicstoken_kernel.analysis.contrast_words import abundances, distance, largest_shift
from omicstoken_kernel.analysis.residue_words import changes_of_a_residue
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import all_of, count, listing, plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.analysis.compare import Comparison

__all__ = ["comparison_sentences"]

_MOST_LISTED = 5  # sides named one by one in a sentence


def comparison_sentences(found: Comparison) -> tuple[Sentence, ...]:
    """Return the result in sentences, the strongest first, the caveats after it."""
    runs = [run for side in found.sides for run in side.runs]
    return (
        _shared(found),
        *_closest(found),
        *different_hla(runs),
        _unique(found),
        *abundances(found),
        *changes_of_a_residue(found),
        *largest_shift(found),
        *distance(found),
        *_in_all_replicates(found),
        *_relatives(found),
        *_chance(found),
        *_merged(found),
        *paired_donors(found.sides),
        *different_settings(runs, found.differences),
    )


def _shared(found: Comparison) -> Sentence:
    overlap = found.overlap
    total, shared = overlap.membership.num_rows, len(overlap.shared)
    evidence: dict[str, float | int | str] = {"shared": shared, "peptides": total}
    sides = len(found.sides)
    if sides > 2:
        evidence[f"{found.choices.by}s"] = sides
        whose = f"all {count(sides)} {found.choices.by}s"
        if not shared:
            return Sentence(
                f"None of {plural(total, 'peptide')} occurs in {whose}.", "observed", evidence
            )
        verb = "occurs" if shared == 1 else "occur"
        part = share(shared / total)
        evidence["share"] = shared / total
        text = f"{count(shared)} of {plural(total, 'peptide')} ({part}) {verb} in {whose}."
        return Sentence(text, "observed", evidence)
    one, other = found.names.values()
    if not shared:
        text = f"{one} and {other} share none of {plural(total, 'peptide')}."
        return Sentence(text, "observed", evidence)
    jaccard, smaller = float(overlap.jaccard[0, 1]), float(overlap.coefficient[0, 1])
    evidence |= {"jaccard": jaccard, "share_of_smaller": smaller}
    text = (
        f"{one} and {other} share {count(shared)} of {plural(total, 'peptide')} "
        f"(Jaccard index {statistic(jaccard)}; {share(smaller)} of the smaller "
        f"{found.choices.by})."
    )
    return Sentence(text, "observed", evidence)


def _nearest(found: Comparison) -> tuple[int, int] | None:
    """Return the two sides with the highest Jaccard index; None where none share anything."""
    jaccard = np.where(np.isnan(found.overlap.jaccard), -1.0, found.overlap.jaccard)
    np.fill_diagonal(jaccard, -1.0)
    one, other = np.unravel_index(int(jaccard.argmax()), jaccard.shape)
    return (int(one), int(other)) if jaccard[one, other] > 0 else None


def _closest(found: Comparison) -> Iterator[Sentence]:
    """Yield which two of more than two sides are most alike, by the Jaccard index."""
    nearest = _nearest(found)
    if len(found.sides) < 3 or nearest is None:
        return
    shared = int(found.overlap.intersections[nearest])
    index = float(found.overlap.jaccard[nearest])
    first, second = (found.sides[place].name for place in nearest)
    yield Sentence(
        f"{first} and {second} are most alike by the Jaccard index ({statistic(index)}): "
        f"{plural(shared, 'shared peptide')}.",
        "observed",
        {"shared": shared, "jaccard": index, found.choices.by: first, "other": second},
    )


def _unique(found: Comparison) -> Sentence:
    names = found.names
    numbers = {side: len(unique) for side, unique in found.overlap.unique.items()}
    ordered = sorted(numbers, key=lambda side: -numbers[side])[:_MOST_LISTED]
    evidence: dict[str, float | int | str] = {f"only_{names[r]}": numbers[r] for r in ordered}
    told = [f"{count(numbers[side])} only in {names[side]}" for side in ordered]
    if len(ordered) < len(numbers):
        evidence["compared"] = len(numbers)
        told[-1] += f", the first {_MOST_LISTED} of {plural(len(numbers), found.choices.by)}"
        evidence["listed"] = _MOST_LISTED
    text = f"Found {listing(told)}; not detected in the others is not the same as absent."
    return Sentence(text, "observed", evidence)


def _in_all_replicates(found: Comparison) -> Iterator[Sentence]:
    """Yield how many of the peptides of one side alone all its replicates have."""
    told: list[str] = []
    evidence: dict[str, float | int | str] = {}
    fewer = 0
    for place, side in enumerate(found.sides[:_MOST_LISTED]):
        replicates = len(side.replicates)
        if replicates < 2:
            continue
        alone = found.identity.member[:, place] & (found.identity.member.sum(axis=1) == 1)
        held = found.identity.replicates[side.id][alone]
        if not len(held):
            continue
        everywhere = int(held.all(axis=1).sum())
        fewer += len(held) - everywhere
        verb = "" if told else "was " if everywhere == 1 else "were "
        told.append(
            f"{count(everywhere)} of {count(len(held))} in {side.name} {verb}in "
            f"{all_of(replicates, 'replicates')}"
        )
        evidence |= {f"in_all_{side.name}": everywhere, f"only_{side.name}": len(held)}
        if replicates > 2:
            evidence[f"replicates_{side.name}"] = replicates
    if told:
        text = f"Of the peptides found on one side only, {listing(told)}"
        if fewer:
            text += f"; the {'other' if fewer == 1 else 'others'} in fewer"
        yield Sentence(f"{text}.", "observed", evidence)


def _relatives(found: Comparison) -> Iterator[Sentence]:
    """Yield how many of the unique peptides have a relative on another side."""
    unique = sum(len(peptides) for peptides in found.overlap.unique.values())
    if not unique or not found.related:
        return
    nested = {each.sequence for each in found.related if each.kind in ("contains", "contained")}
    apart = {each.sequence for each in found.related} - nested
    evidence: dict[str, float | int | str] = {
        "unique": unique,
        "nested": len(nested),
        "one_residue_apart": len(apart),
    }
    yield Sentence(
        f"Of {plural(unique, 'peptide')} found in one {found.choices.by} only, "
        f"{count(len(nested))} {'has' if len(nested) == 1 else 'have'} a longer or shorter "
        f"form in another, and {count(len(apart))} more a form that differs by one residue.",
        "computed",
        evidence,
    )


def _chance(found: Comparison) -> Iterator[Sentence]:
    """Yield what the two nearest sides would share by chance, where there is a pool."""
    nearest = _nearest(found) or (0, 1)
    chance = found.chance
    expected = float(chance.expected[nearest])
    if np.isnan(expected):
        return
    low, high = (round(float(bound[nearest])) for bound in (chance.low, chance.high))
    pool = int(chance.pool[nearest])
    first, second = (found.sides[place].name for place in nearest)
    yield Sentence(
        f"Drawn at random from all {plural(pool, 'peptide')} of their lengths in your runs, "
        f"{first} and {second} would share {statistic(expected)} ({count(low)} to {count(high)} in "
        f"{share(0.95)} of draws); peptides are not detected at random, so this is a reference and "
        "no test.",
        "computed",
        {
            "pool": pool,
            "expected": expected,
            "low": low,
            "high": high,
            "of_draws": 0.95,
            "first": first,
            "second": second,
        },
    )


def _merged(found: Comparison) -> Iterator[Sentence]:
    merged = found.overlap.merged
    if merged:
        yield Sentence(
            f"I and L count as one residue: {plural(merged, 'spelling')} fell together "
            "with another.",
            "computed",
            {"merged": merged},
        )
