"""What differs between the sides and by how much: abundance, composition, embedding space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.abundance import FDR
from omicstoken_kernel.analysis.composition import LEVEL
from omicstoken_kernel.analysis.joint import shares_of_sides, shifts_between
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.sides import replicated
from omicstoken_kernel.analysis.wording import count, p_value, plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.analysis.abundance import Abundance, Contrast
    from omicstoken_kernel.analysis.compare import Comparison
    from omicstoken_kernel.analysis.composition import Shift
    from omicstoken_kernel.analysis.separation import EmbeddingDistance

__all__ = ["abundances", "distance", "largest_shift"]

_Evidence = dict[str, float | int | str]


def abundances(found: Comparison) -> Iterator[Sentence]:
    """Yield what the quantities say, one sentence for each contrast, or why they say nothing."""
    abundance = found.abundance
    contrasts = [contrast for contrast in abundance.contrasts if contrast.peptides]
    if not contrasts:
        if abundance.note and "different kinds" not in abundance.note:
            yield Sentence(abundance.note, "computed", _numbers_of(abundance.note, found))
        return
    for contrast in contrasts:
        if contrast.tested:
            yield _tested(found, contrast)
        else:
            yield _untested(found, contrast)
    if abundance.measured is not None and abundance.measured.note:
        note = abundance.measured.note
        yield Sentence(note, "computed", _numbers_of(note, found))


def _numbers_of(note: str, found: Comparison) -> _Evidence:
    """Return the figures of a note of the abundances."""
    from omicstoken_kernel.analysis.abundance import MOST_CONTRASTED
    from omicstoken_kernel.analysis.measured import FEWEST_SHARED

    measured = found.abundance.measured
    runs = [run for side in found.sides for run in side.runs]
    candidates: _Evidence = {
        "runs_without_quantities": sum(run.quantity_kind == "none" for run in runs),
        "runs": len(runs),
        "most_sides": MOST_CONTRASTED,
    }
    if measured is not None:
        candidates |= {
            "shared_peptides": measured.shared,
            "measurements": len(measured.measurements),
            "fewest_shared": FEWEST_SHARED,
        }
    written = note.replace("\u202f", "")
    words = {word.strip("(),.;:") for word in written.split()}
    return {name: value for name, value in candidates.items() if str(value) in words}


def _tested(found: Comparison, contrast: Contrast) -> Sentence:
    side, reference = (found.names[each] for each in (contrast.side, contrast.reference))
    up, down = contrast.changed(1), contrast.changed(-1)
    sizes = {each.id: len(each.replicates) for each in found.sides}
    n = sizes[contrast.side], sizes[contrast.reference]
    evidence: _Evidence = {
        "tested": contrast.tested,
        "up": up,
        "down": down,
        "false_discovery_rate": FDR,
        "replicates_of_side": n[0],
        "replicates_of_reference": n[1],
        "side": side,
        "reference": reference,
    }
    normalised, more = _normalisation(found.abundance)
    return Sentence(
        f"Of {plural(contrast.tested, 'peptide')} tested, {count(up)} "
        f"{'is' if up == 1 else 'are'} higher and {count(down)} lower in {side} than in "
        f"{reference} at a false discovery rate of {share(FDR)} (moderated t over {count(n[0])} "
        f"and {count(n[1])} biological replicates; {normalised}).",
        "computed",
        evidence | more,
    )


def _normalisation(abundance: Abundance) -> tuple[str, _Evidence]:
    measured = abundance.measured
    if measured is None or not measured.normalised:
        return "not normalised", {}
    shared = measured.shared
    return f"medians aligned on {plural(shared, 'peptide')}", {"normalised_on": shared}


def _untested(found: Comparison, contrast: Contrast) -> Sentence:
    side, reference = (found.names[each] for each in (contrast.side, contrast.reference))
    half = float(2 ** np.median(np.abs(contrast.test.difference)))
    number = len(contrast.peptides)
    normalised, more = _normalisation(found.abundance)
    evidence: _Evidence = {
        "quantified_in_both": number,
        "median_fold": half,
        "side": side,
        "reference": reference,
    }
    return Sentence(
        f"{plural(number, 'peptide')} quantified in both {reference} and {side}: half of them "
        f"differ by a factor of {statistic(half)} or more ({normalised}). "
        f"{_why_untested(found, contrast)}",
        "computed",
        evidence | more,
    )


def _why_untested(found: Comparison, contrast: Contrast) -> str:
    pair = [side for side in found.sides if side.id in (contrast.side, contrast.reference)]
    if replicated(pair):
        return "None of them has a quantity in two replicates of each side, so there is no p-value."
    return (
        "Without three biological replicates on each side there is no p-value, for how much "
        "replicates differ by themselves is not known."
    )


def largest_shift(found: Comparison) -> Iterator[Sentence]:
    """Yield the cluster whose share differs most between two sides, with its interval."""
    shares = shares_of_sides(found.clusters, over_replicates=replicated(found.sides))
    ranges = []
    for place, (cluster, known) in enumerate(zip(found.clusters, shares, strict=True)):
        if cluster.id is not None and len(known) > 1:
            high, low = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
            ranges.append((known[high] - known[low], -place, high, low))
    if not ranges or max(ranges)[0] == 0:
        return
    _, place, high, low = max(ranges, key=lambda each: each[:2])
    cluster = found.clusters[-place]
    shift = shifts_between(found.clusters, low, high)[-place]
    # The shares that the interval is about.
    over_replicates = shift.unit == "replicates"
    known = shares_of_sides(found.clusters, over_replicates=over_replicates)[-place]
    names = found.names
    evidence: _Evidence = {
        "cluster": cluster.id or 0,
        "motif": cluster.motif,
        "highest_share": known[high],
        "lowest_share": known[low],
        "highest": names[high],
        "lowest": names[low],
    }
    bounds, more = _interval(shift)
    none = "" if shift.beyond or not bounds else "No cluster's share differs beyond its interval. "
    yield Sentence(
        f"{none}Cluster {cluster.id} ({cluster.motif}) differs most: {share(known[high])} of "
        f"{names[high]}, {share(known[low])} of {names[low]}{bounds}.",
        "computed",
        evidence | more,
    )


def _interval(shift: Shift) -> tuple[str, _Evidence]:
    """Return the interval of a difference of shares in words, and its figures."""
    if shift.low is None or shift.high is None:
        return "", {}
    bounds = 100 * shift.low, 100 * shift.high
    evidence: _Evidence = {"low_points": bounds[0], "high_points": bounds[1], "level": LEVEL}
    text = (
        f"; the difference lies between {statistic(bounds[0])} and {statistic(bounds[1])} "
        f"percentage points ({share(LEVEL)} for all clusters together, "
    )
    if shift.unit == "peptides":
        return f"{text}by the sampling of peptides only, which says nothing of biology)", evidence
    if shift.q_value is None:
        return f"{text}over biological replicates)", evidence
    return (
        f"{text}over biological replicates; {_q(shift.q_value)} among the clusters)",
        evidence | {"q_value": shift.q_value},
    )


def _q(value: float) -> str:
    """Return a false discovery rate as a statement."""
    return p_value(value).replace("p", "q", 1)


def distance(found: Comparison) -> Iterator[Sentence]:
    """Yield how far the sides lie apart, beside what replicates or halves of one run do."""
    embedding = found.embedding
    apart, reference = embedding.distance, embedding.reference
    if apart is None or reference is None:
        yield Sentence(embedding.note, "computed", {"note": embedding.note})
        return
    name = "distance" if len(found.sides) == 2 else "mean_distance"
    evidence: _Evidence = {
        name: apart,
        "reference": reference,
        "scale_from": 0,
        "scale_to": 1,
        "model_key": embedding.model_key or "",
    }
    test, more = _labels(embedding)
    text = f"{_apart(found, apart, reference)}{test}"
    if min(apart, reference) < 0:
        text += " An estimate scatters about 0 where nothing differs, and may fall below it."
    yield Sentence(text, "computed", evidence | more)


def _apart(found: Comparison, apart: float, reference: float) -> str:
    """Return the distance and its reference in words, the sentence left open."""
    by, two = found.choices.by, len(found.sides) == 2
    if found.embedding.reference_kind == "replicates":
        return (
            f"Replicates of different {by}s lie {statistic(apart)} apart on a scale from 0 (alike) "
            f"to 1, replicates of one {by} {statistic(reference)}"
        )
    what = f"the two {by}s differ" if two else f"two of the {by}s differ on average"
    beyond = "more" if apart > reference else "no more"
    return (
        f"The peptides of {what} by {statistic(apart)} on a scale from 0 (alike) to 1; random "
        f"halves of one of them by up to {statistic(reference)}, so this is {beyond} than chance "
        "makes of the same peptides"
    )


def _labels(embedding: EmbeddingDistance) -> tuple[str, _Evidence]:
    """Return the end of the sentence: the permutation test, or why there is none."""
    p, least, ways = embedding.p_value, embedding.least_p_value, embedding.labellings
    if p is None or least is None or ways is None:
        return ". Without three biological replicates a side there is no p-value.", {}
    return (
        f"; {p_value(p)} over {count(ways)} ways of giving the replicates their labels, where the "
        f"least there can be is {p_value(least).removeprefix('p = ').removeprefix('p ')}.",
        {"p_value": p, "least_p_value": least, "labellings": ways},
    )
