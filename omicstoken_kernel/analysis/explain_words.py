"""The sentences that explain one peptide of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.clusters import BY_MOTIFS
from omicstoken_kernel.analysis.explain_source_words import (
    origin_sentences,
    prediction_sentences,
)
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import (
    count,
    decimals,
    listing,
    plural,
    share,
    signed,
    statistic,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.analysis.explain import Explanation
    from omicstoken_kernel.analysis.relatives import Relative

__all__ = ["explanation_sentences"]

_MOST_LISTED = 5

Evidence = dict[str, "float | int | str"]

_KINDS = {
    "il_equal": ("differs from it only by I and L", "differ from it only by I and L"),
    "substitutions": ("differs from it by one residue", "differ from it by one residue"),
    "contains": ("contains it", "contain it"),
    "contained": ("lies in it", "lie in it"),
}


def explanation_sentences(found: Explanation) -> tuple[Sentence, ...]:
    """Return what is known about a peptide in sentences, what the file says first."""
    return (
        _observed(found),
        *_abundance(found),
        *_nature(found),
        *_place(found),
        *_suggested(found),
        *_neighbours(found),
        *_relatives(found),
        *_other_runs(found),
        _proteins(found),
        *origin_sentences(found.origins),
        *prediction_sentences(found.predictions, modified_only=_is_modified_only(found)),
        *_missing(found),
    )


def _observed(found: Explanation) -> Sentence:
    forms = list(dict.fromkeys(form.proforma for form in found.peptidoforms))
    features = len(found.peptidoforms)
    evidence: Evidence = {"peptide": found.peptide, "run": found.run_name, "features": features}
    text = f"{found.peptide} was found in {found.run_name} in {plural(features, 'feature')}"
    charges = sorted({f.precursor_charge for f in found.peptidoforms if f.precursor_charge})
    if forms != [found.peptide]:
        evidence["forms"] = listing(forms, most=_MOST_LISTED)
        if len(forms) > 1:
            evidence["peptidoforms"] = len(forms)
        told = f"{plural(len(forms), 'peptidoform')}: " if len(forms) > 1 else ""
        text += f", as {told}{listing(forms, most=_MOST_LISTED)}"
        if len(forms) > _MOST_LISTED:
            evidence["more"] = len(forms) - _MOST_LISTED
    if charges:
        evidence |= {f"charge_{charge}": charge for charge in charges}
        text += f", at charge {listing([str(charge) for charge in charges])}"
    return Sentence(f"{text}.", "observed", evidence)


def _abundance(found: Explanation) -> Iterator[Sentence]:
    own = found.abundance
    if found.quantity_kind == "none":
        return
    kind = found.quantity_kind.replace("_", " ")
    if own is None:
        yield Sentence(f"The file gives no {kind} for it.", "observed")
        return
    yield Sentence(
        f"Its {kind} is {statistic(own.quantity)}, rank {count(own.rank)} of "
        f"{plural(own.ranked, 'peptide')} with one.",
        "computed",
        {"quantity": own.quantity, "rank": own.rank, "ranked": own.ranked},
    )


def _nature(found: Explanation) -> Iterator[Sentence]:
    """Yield length, mass and charge, and how hydrophobic it is among the run's peptides."""
    length = len(found.peptide)
    mass, charge = found.descriptors["mass_monoisotopic_da"], found.descriptors["charge_ph7"]
    gravy = found.descriptors["gravy"]
    evidence: Evidence = {"length": length}
    told: list[str] = []
    if mass.value is not None:
        evidence["mass_monoisotopic_da"] = mass.value
        told.append(f"a monoisotopic mass of {decimals(mass.value, 3)} Da")
    if charge.value is not None:
        evidence |= {"charge_ph7": charge.value, "ph": 7}
        told.append(f"a net charge of {signed(charge.value, 2)} at pH 7")
    if gravy.value is not None:
        evidence["gravy"] = gravy.value
        told.append(f"a hydrophobicity (GRAVY) of {statistic(gravy.value)}")
    text = f"It has {plural(length, 'residue')}"
    # The descriptors are of the letters alone, whatever the peptide was found with.
    if told and any(form.proforma != found.peptide for form in found.peptidoforms):
        text += f"; unmodified, it has {listing(told)}"
    else:
        text = listing([text, *told])
    if gravy.percentile is not None:
        evidence["gravy_percentile"] = gravy.percentile
        text += f", above {share(gravy.percentile / 100)} of the run's peptides"
    yield Sentence(f"{text}.", "computed", evidence)


def _place(found: Explanation) -> Iterator[Sentence]:
    place = found.place
    if place is None:
        return
    if not place.clusters:
        text = "The run has too few peptides to be grouped."
        if place.responsibility is not None:
            text = "No motif stands out in the run, so it is in no cluster."
        yield Sentence(text, "computed")
        return
    if place.cluster is None:
        text = f"It belongs to none of the run's {plural(place.clusters, 'cluster')}."
        yield Sentence(text, "computed", {"clusters": place.clusters})
        return
    sure = place.responsibility or 0.0
    fixed = set(place.motif or "") - {"x"}
    reads = f" ({place.motif if fixed else 'no fixed residue'})" if place.motif else ""
    how = "of repeated groupings put it there"
    if place.method in BY_MOTIFS:
        how = "is the probability that it has this motif and no other one of the run"
    text = f"It belongs to cluster {place.cluster} of {place.clusters}{reads}; {share(sure)} {how}."
    if place.clusters == 1 and place.method not in BY_MOTIFS:
        text = f"It is in the one cluster that all peptides of the run form{reads}."
    yield Sentence(
        text,
        "computed",
        {
            "cluster": place.cluster,
            "clusters": place.clusters,
            "motif": (place.motif or "") if fixed else "",
            "responsibility": sure,
        },
    )


def _suggested(found: Explanation) -> Iterator[Sentence]:
    if found.suggested_hla is not None:
        yield found.suggested_hla.sentence


def _is_modified_only(found: Explanation) -> bool:
    return all(form.proforma != found.peptide for form in found.peptidoforms)


def _neighbours(found: Explanation) -> Iterator[Sentence]:
    if not found.neighbours:
        return
    nearest = found.neighbours[0]
    evidence: Evidence = {"nearest": nearest.sequence, "similarity": nearest.similarity}
    text = f"Most like it is {nearest.sequence} (cosine {statistic(nearest.similarity)}"
    if nearest.percentile is not None:
        if nearest.percentile >= 100:  # of those drawn
            evidence["random_pairs_closer"] = 0
            text += ", and no random pair of these lengths was closer"
        else:
            evidence["percentile"] = nearest.percentile
            text += (
                f", at least as close as {share(nearest.percentile / 100)} of random pairs of "
                "these lengths"
            )
    runs = [run.name for run in nearest.runs]
    if runs:
        evidence["nearest_in"] = listing(runs, most=_MOST_LISTED)
        text += f"; found in {evidence['nearest_in']}"
        if len(runs) > _MOST_LISTED:
            evidence["more"] = len(runs) - _MOST_LISTED
    yield Sentence(f"{text}).", "suggested", evidence)


def _relatives(found: Explanation) -> Iterator[Sentence]:
    """Yield one sentence per kind of related peptide."""
    for kind, (one, many) in _KINDS.items():
        related = [relative for relative in found.relatives if relative.kind == kind]
        if not related:
            continue
        told = listing([_with_runs(relative) for relative in related], most=_MOST_LISTED)
        evidence: Evidence = {"relatives": told, "number": len(related)}
        if len(related) > _MOST_LISTED:
            evidence["more"] = len(related) - _MOST_LISTED
        verb = one if len(related) == 1 else many
        text = f"{plural(len(related), 'peptide')} of your runs {verb}: {told}."
        yield Sentence(text, "observed", evidence)


def _with_runs(relative: Relative) -> str:
    names = list(relative.runs.values())
    return f"{relative.sequence} ({listing(names, most=_MOST_LISTED)})"


def _other_runs(found: Explanation) -> Iterator[Sentence]:
    if not found.runs_searched:
        return
    others = plural(found.runs_searched, "other run")
    evidence: Evidence = {"other_runs": found.runs_searched}
    if not found.other_runs:
        text = f"It was detected in none of {others}, which is not the same as being absent there."
        yield Sentence(text, "observed", evidence)
        return
    names = list(found.other_runs.values())
    evidence |= {"found_in": len(names), "runs": listing(names, most=_MOST_LISTED)}
    if len(names) > _MOST_LISTED:
        evidence["more"] = len(names) - _MOST_LISTED
    text = f"It was found in {count(len(names))} of {others}, too: {evidence['runs']}."
    yield Sentence(text, "observed", evidence)


def _proteins(found: Explanation) -> Sentence:
    if not found.proteins:
        return Sentence("The file names no protein for it.", "observed")
    number = len(found.proteins)
    told = listing(found.proteins, most=_MOST_LISTED)
    evidence: Evidence = {"proteins": number, "named": told}
    if number > _MOST_LISTED:
        evidence["more"] = number - _MOST_LISTED
    return Sentence(f"The file names {plural(number, 'protein')}: {told}.", "observed", evidence)


def _missing(found: Explanation) -> Iterator[Sentence]:
    if found.note:
        yield Sentence(found.note, "computed", {"note": found.note})
