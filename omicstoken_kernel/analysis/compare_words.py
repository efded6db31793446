"""What a comparison found, in sentences that carry their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, listing, plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omicstoken_kernel.analysis.joint import ClusterShares, EmbeddingDistance
    from omicstoken_kernel.analysis.overlap import Overlap
    from omicstoken_kernel.analysis.run_settings import Difference
    from omicstoken_kernel.store.runs import Run

__all__ = ["comparison_sentences"]

_MOST_LISTED = 5  # runs named one by one in a sentence
# Settings whose difference makes peptides or quantities differ by itself.
_MATTERS = ("format", "filter", "drop_contaminants", "quantity_kind", "quantity_scale")


def comparison_sentences(
    runs: Sequence[Run],
    overlap: Overlap,
    embedding: EmbeddingDistance,
    *,
    clusters: Sequence[ClusterShares],
    differences: Sequence[Difference],
) -> tuple[Sentence, ...]:
    """Return the result in sentences, the strongest first, the caveats after it."""
    names = {run.id: run.name for run in runs}
    return (
        _shared(names, overlap),
        *_closest(names, overlap),
        _unique(names, overlap),
        *_merged(overlap),
        *_distance(names, embedding),
        *_largest_shift(names, clusters),
        *_hla(runs),
        *_settings(names, differences),
    )


def _shared(names: dict[str, str], overlap: Overlap) -> Sentence:
    total, shared = overlap.membership.num_rows, len(overlap.shared)
    evidence: dict[str, float | int | str] = {"shared": shared, "peptides": total}
    runs = len(names)
    if runs > 2:
        evidence["runs"] = runs
        whose = f"all {count(runs)} runs"
        if not shared:
            return Sentence(
                f"None of {plural(total, 'peptide')} occurs in {whose}.", "observed", evidence
            )
        verb = "occurs" if shared == 1 else "occur"
        part = share(shared / total)
        evidence["share"] = shared / total
        text = f"{count(shared)} of {plural(total, 'peptide')} ({part}) {verb} in {whose}."
        return Sentence(text, "observed", evidence)
    one, other = names.values()
    if not shared:
        text = f"{one} and {other} share none of {plural(total, 'peptide')}."
        return Sentence(text, "observed", evidence)
    jaccard, smaller = float(overlap.jaccard[0, 1]), float(overlap.coefficient[0, 1])
    evidence |= {"jaccard": jaccard, "share_of_smaller": smaller}
    text = (
        f"{one} and {other} share {count(shared)} of {plural(total, 'peptide')} "
        f"(Jaccard index {statistic(jaccard)}; {share(smaller)} of the smaller run)."
    )
    return Sentence(text, "observed", evidence)


def _closest(names: dict[str, str], overlap: Overlap) -> Iterator[Sentence]:
    """Yield which two of more than two runs have most in common."""
    if len(names) < 3:
        return
    jaccard = np.where(np.isnan(overlap.jaccard), -1.0, overlap.jaccard)
    np.fill_diagonal(jaccard, -1.0)
    one, other = np.unravel_index(int(jaccard.argmax()), jaccard.shape)
    if jaccard[one, other] <= 0:
        return
    shared = int(overlap.intersections[one, other])
    index = float(jaccard[one, other])
    first, second = (names[overlap.run_ids[int(place)]] for place in (one, other))
    yield Sentence(
        f"{first} and {second} have most in common: {plural(shared, 'peptide')} "
        f"(Jaccard index {statistic(index)}).",
        "observed",
        {"shared": shared, "jaccard": index, "run": first, "other": second},
    )


def _unique(names: dict[str, str], overlap: Overlap) -> Sentence:
    numbers = {run: len(found) for run, found in overlap.unique.items()}
    ordered = sorted(numbers, key=lambda run: -numbers[run])[:_MOST_LISTED]
    evidence: dict[str, float | int | str] = {f"only_{names[r]}": numbers[r] for r in ordered}
    told = [f"{count(numbers[run])} only in {names[run]}" for run in ordered]
    if len(ordered) < len(numbers):
        evidence["runs"] = len(numbers)
        told[-1] += f", the first {_MOST_LISTED} of {plural(len(numbers), 'run')}"
        evidence["listed"] = _MOST_LISTED
    text = f"Found {listing(told)}; not detected in the others is not the same as absent."
    return Sentence(text, "observed", evidence)


def _merged(overlap: Overlap) -> Iterator[Sentence]:
    if overlap.merged:
        yield Sentence(
            f"I and L count as one residue: {plural(overlap.merged, 'spelling')} fell together "
            "with another.",
            "computed",
            {"merged": overlap.merged},
        )


def _distance(names: dict[str, str], embedding: EmbeddingDistance) -> Iterator[Sentence]:
    distance, reference = embedding.distance, embedding.reference
    if distance is None or reference is None:
        yield Sentence(embedding.note, "computed", {"note": embedding.note})
        return
    if len(names) == 2:
        what = "The peptides of the two runs differ"
        evidence: dict[str, float | int | str] = {"distance": distance}
    else:
        what = "The peptides of two of the runs differ on average"
        evidence = {"mean_distance": distance}
    evidence |= {"reference": reference, "model_key": embedding.model_key or ""}
    beyond = (
        "more than chance makes of the same peptides"
        if distance > reference
        else "no more than chance makes of the same peptides"
    )
    yield Sentence(
        f"{what} by {statistic(distance)} on a scale from 0 (alike) to 1; random halves of one run "
        f"by up to {statistic(reference)}, so this is {beyond}. Without biological replicates "
        "there is no p-value.",
        "computed",
        evidence | {"scale_from": 0, "scale_to": 1},
    )


def _largest_shift(names: dict[str, str], clusters: Sequence[ClusterShares]) -> Iterator[Sentence]:
    """Yield the cluster whose share differs most between two runs."""
    ranges = []
    for cluster in clusters:
        known = {run: part for run, part in cluster.shares.items() if part is not None}
        if cluster.id is not None and len(known) > 1:
            high, low = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
            ranges.append((known[high] - known[low], -cluster.id, cluster, high, low))
    if not ranges:
        return
    *_, cluster, high, low = max(ranges, key=lambda found: found[:2])
    most, least = cluster.shares[high], cluster.shares[low]
    if most is None or least is None or most == least:
        return
    yield Sentence(
        f"Cluster {cluster.id} ({cluster.motif}) differs most: {share(most)} of {names[high]}, "
        f"{share(least)} of {names[low]}.",
        "computed",
        {
            "cluster": cluster.id or 0,
            "motif": cluster.motif,
            "highest_share": most,
            "lowest_share": least,
            "highest_run": names[high],
            "lowest_run": names[low],
        },
    )


def _hla(runs: Sequence[Run]) -> Iterator[Sentence]:
    """Yield the warning that different HLA types present different peptides."""
    typed = {run.name: frozenset(run.sample.hla) for run in runs if run.sample.hla}
    if len(set(typed.values())) < 2:
        return
    common = sorted(frozenset.intersection(*typed.values()))
    told = f"only {listing(common)} in common" if common else "none common to all"
    yield Sentence(
        f"The samples have different HLA types ({told}), so their ligands are expected to differ.",
        "observed",
        {f"hla_{name}": listing(sorted(types)) for name, types in typed.items()},
    )


def _settings(names: dict[str, str], differences: Sequence[Difference]) -> Iterator[Sentence]:
    """Yield what was done differently to the runs, where that alone can make them differ."""
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
        kinds = difference.name in ("quantity_kind", "quantity_scale")
        close = (
            "quantities are not compared" if kinds else "part of the difference may be due to it"
        )
        yield Sentence(
            f"Different {difference.title}: {told}; {close}.",
            "observed",
            {names[run]: value or "not given" for run, value in difference.values.items()},
        )
