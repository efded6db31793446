"""The sentences of a summary: result first, then the number, then how sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.clusters import BY_MOTIFS, BY_VECTOR
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES
from omicstoken_kernel.analysis.mapping_words import mapping_sentences
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.traits import (
    Trait,
    one_cluster_in_words,
    pattern_in_words,
    traits_evidence,
    traits_in_words,
)
from omicstoken_kernel.analysis.wording import count, listing, plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from omicstoken_kernel.analysis.motif_hla import MotifHla
    from omicstoken_kernel.analysis.quality import Quality
    from omicstoken_kernel.analysis.standing import Neighbour
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.mappings import Mapping
    from omicstoken_kernel.store.runs import Run

__all__ = ["RunPicture", "summary_sentences"]

#: Part of the peptides whose share of the total quantity is told.
_TOP = 0.1

_CHECKS = {"peptides": "the number of peptides", "length_profile": "the lengths"}

Evidence = dict[str, "float | int | str"]


@dataclass(frozen=True)
class RunPicture:
    """All that a summary looks at.

    Parameters
    ----------
    run, quality
        The run and its quality.
    fingerprint
        Its fingerprint, or None for the reason ``no_fingerprint``.
    no_fingerprint
        What to do about it.
    others
        The owner's other runs, the highest Jaccard index first.
    quantities
        Columns ``sequence`` and ``quantity``, one row per feature.
    mappings
        Where its peptides lie in proteomes, the newest first.
    hla
        What its motifs suggest; None where nothing was grouped by motif.
    """

    run: Run
    quality: Quality
    fingerprint: Fingerprint | None
    no_fingerprint: str
    others: tuple[Neighbour, ...]
    quantities: pa.Table
    mappings: tuple[Mapping, ...] = ()
    hla: MotifHla | None = None


def summary_sentences(picture: RunPicture) -> tuple[Sentence, ...]:
    """Return the summary of a run in sentences."""
    if not picture.quality.figures.peptides:
        name = picture.run.name
        return (
            Sentence(f"{name} has no peptides, so there is nothing to say about it.", "observed"),
        )
    return (
        _content(picture),
        _class_call(picture),
        *_shortcomings(picture.quality),
        *_clusters(picture),
        *_abundance(picture),
        *_sources(picture),
        *_standing(picture),
        *_molecules(picture.hla),
    )


def _content(picture: RunPicture) -> Sentence:
    figures = picture.quality.figures
    evidence: Evidence = {
        "run": picture.run.name,
        "peptides": figures.peptides,
        "features": figures.features,
    }
    text = (
        f"{picture.run.name} has {plural(figures.peptides, 'peptide')} in "
        f"{plural(figures.features, 'feature')}"
    )
    if figures.modified:
        text += f", {share(figures.modified)} of them modified"
        evidence["modified"] = figures.modified
    return Sentence(f"{text}.", "observed", evidence)


def _molecules(hla: MotifHla | None) -> Iterator[Sentence]:
    """Yield how the given types fit the motifs; without types, what the largest motif suggests."""
    if hla is None or not hla.clusters:
        return
    of_types = [said for said in hla.sentences if "types" in said.evidence]
    yield of_types[0] if of_types else hla.clusters[min(hla.clusters)].sentence


def _class_call(picture: RunPicture) -> Sentence:
    quality, found = picture.quality, picture.fingerprint
    call = quality.call
    opening = f"It looks like {call.likeness}"
    if call.kind in ("class_i", "class_ii") and found is not None and _without_motif(found):
        opening += " by its lengths, but no motif stands out"
    if quality.figures.peptides < FEWEST_FOR_SHARES:
        opening = "What it looks like is not told"
    return Sentence(f"{opening}: {call.reason}", "computed", call.evidence)


def _without_motif(found: Fingerprint) -> bool:
    """Return whether motifs were looked for in enough peptides, and none was found."""
    enough = found.points.num_rows >= FEWEST_FOR_SHARES
    return found.method in BY_MOTIFS and enough and not found.clusters


def _shortcomings(quality: Quality) -> Iterator[Sentence]:
    """Yield what the checks found wanting, in one sentence; the lengths are told before it."""
    bad = [check for check in quality.checks if check.grade != "pass"]
    if not bad:
        number = len(quality.checks)
        text = f"Quality: pass in all {plural(number, 'check')}."
        yield Sentence(text, "computed", {"checks": number})
        return
    names = [_CHECKS.get(check.name, check.name.replace("_", " ")) for check in bad]
    reasons = " ".join(check.reason for check in bad if check.name != "length_profile")
    text = f"Quality: {quality.grade}, because of {listing(names)}. {reasons}".strip()
    evidence: Evidence = {"quality": quality.grade}
    for check in bad:
        if check.name != "length_profile":
            evidence |= check.evidence
    yield Sentence(text, "computed", evidence)


def _clusters(picture: RunPicture) -> Iterator[Sentence]:
    found = picture.fingerprint
    if found is None:
        said = f"Its peptides are not grouped yet: they have no vectors. {picture.no_fingerprint}"
        yield Sentence(said, "computed", {})
        return
    number = found.points.num_rows
    if not found.clusters and number >= FEWEST_FOR_SHARES:
        text = f"No motif stands out among {plural(number, 'peptide')}, so none is grouped."
        yield Sentence(text, "computed", {"mapped": number})
        return
    if not found.clusters:
        text = (
            f"{plural(number, 'peptide')} with a place on the map: fewer than {FEWEST_FOR_SHARES} "
            "are not grouped."
        )
        yield Sentence(text, "computed", {"mapped": number, "fewest": FEWEST_FOR_SHARES})
        return
    yield _one_group(found) if len(found.clusters) == 1 else _several_groups(found)


def _one_group(found: Fingerprint) -> Sentence:
    number, only = found.points.num_rows, found.clusters[0]
    if found.method == BY_VECTOR and only.size == number:
        evidence: Evidence = {"mapped": number, "clusters": 1}
        tried, stability = found.quality.get("groups_tried", 1), found.quality.get("stability")
        if tried > 1 and stability is not None:
            evidence |= {"groups_tried": tried, "chance": 0, "full_agreement": 1}
            if (by_length := found.quality.get("length_agreement")) is not None:
                evidence["length_agreement"] = by_length
            else:
                evidence |= {"stability": stability, "least": 0.6}
        why = _lower(one_cluster_in_words(found.quality))
        return Sentence(f"{plural(number, 'peptide')}: {why}", "computed", evidence)
    grouped, pattern = only.size / number, pattern_in_words(only)
    motif = f" and reads {pattern}" if pattern else ""
    return Sentence(
        f"{share(grouped)} of {plural(number, 'peptide')} form 1 group{motif}.",
        "computed",
        {"mapped": number, "clusters": 1, "grouped": grouped, "motif": pattern},
    )


def _several_groups(found: Fingerprint) -> Sentence:
    number, largest = found.points.num_rows, found.clusters[0]
    grouped = sum(cluster.size for cluster in found.clusters) / number
    pattern = pattern_in_words(largest)
    motif = f" and reads {pattern}" if pattern else ""
    alike = "of alike peptides" if found.method == BY_VECTOR else "with a motif each"
    text = (
        f"{plural(len(found.clusters), 'group')} {alike} hold {share(grouped)} of "
        f"{count(number)}; the largest has {share(largest.share)}{motif}."
    )
    evidence: Evidence = {
        "mapped": number,
        "clusters": len(found.clusters),
        "grouped": grouped,
        "largest_share": largest.share,
        "motif": pattern,
    }
    if traits := _traits(found):
        text += f" It is {_lower(traits_in_words(traits))}"
        evidence |= traits_evidence(traits)
    stability = found.quality.get("stability")
    if isinstance(stability, float):
        text += (
            f" The groups of random halves of the run agree to {statistic(stability)} (adjusted "
            "Rand index; 1 is full agreement)."
        )
        evidence |= {"stability": stability, "full_agreement": 1}
    return Sentence(text, "computed", evidence)


def _traits(found: Fingerprint) -> list[Trait]:
    """Return the strongest of what sets the largest group apart, fit to be said after 'It is'."""
    told = found.quality.get("traits", {}).get("1", {"traits": []})
    traits = [Trait(**trait) for trait in told["traits"]]
    return [trait for trait in traits if not trait.name.startswith(("starts", "ends"))][:2]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _abundance(picture: RunPicture) -> Iterator[Sentence]:
    """Yield how evenly the quantity is spread over the peptides."""
    run = picture.run
    if run.quantity_kind == "none":
        yield Sentence("The file gives no quantities, so nothing is said on abundance.", "observed")
        return
    frame = picture.quantities.to_pandas().dropna()
    if run.quantity_scale == "log2":
        frame["quantity"] = np.exp2(frame["quantity"])
    totals = frame.groupby("sequence")["quantity"].sum().sort_values(ascending=False)
    if len(totals) < FEWEST_FOR_SHARES or totals.sum() <= 0:
        text = f"{plural(len(totals), 'peptide')} with a quantity: too few to tell their spread."
        yield Sentence(text, "observed", {"quantified_peptides": len(totals)})
        return
    top = int(np.ceil(_TOP * len(totals)))
    held = float(totals.iloc[:top].sum() / totals.sum())
    yield Sentence(
        f"The {plural(top, 'most abundant peptide', 'most abundant peptides')} of "
        f"{count(len(totals))} hold {share(held)} of the {run.quantity_kind.replace('_', ' ')}.",
        "computed",
        {"top": top, "quantified_peptides": len(totals), "held_by_top": held},
    )


def _sources(picture: RunPicture) -> Iterator[Sentence]:
    """Yield how many peptides lie in the proteins of each proteome the run was mapped to."""
    for mapping in picture.mappings:
        stale = mapping.peptides_digest != picture.run.peptides_digest
        yield mapping_sentences(mapping, stale=stale)[0]


def _standing(picture: RunPicture) -> Iterator[Sentence]:
    """Yield which of the owner's other runs is most alike, by the Jaccard index."""
    if not picture.others:
        return
    others, closest = len(picture.others), picture.others[0]
    if not closest.shared:
        yield Sentence(
            f"It shares no peptide with {plural(others, 'other run')}; not detected there is not "
            "the same as absent.",
            "observed",
            {"other_runs": others},
        )
        return
    yield Sentence(
        f"Of {plural(others, 'other run')} {closest.name} is most alike by the Jaccard index "
        f"({statistic(closest.jaccard)}): {plural(closest.shared, 'shared peptide')}.",
        "observed",
        {
            "other_runs": others,
            "closest_run": closest.name,
            "shared": closest.shared,
            "jaccard": closest.jaccard or 0.0,
        },
    )
