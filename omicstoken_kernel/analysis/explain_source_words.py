"""The sentences on where a peptide lies in proteins, and on what other programs say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, listing, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omicstoken_kernel.analysis.origins import Origin, ProteinPlace
    from omicstoken_kernel.analysis.predicted import PredictedBy, PredictedValue

__all__ = ["origin_sentences", "prediction_sentences"]

_MOST_LISTED = 5

Evidence = dict[str, "float | int | str"]


def origin_sentences(origins: Sequence[Origin]) -> Iterator[Sentence]:
    """Yield one sentence per proteome the run was mapped to."""
    for origin in origins:
        evidence: Evidence = {"proteome": origin.proteome}
        if origin.unsearched:
            evidence["why"] = origin.unsearched
            text = f"It was not searched in the proteome {origin.proteome}: {origin.unsearched}."
        elif not origin.places:
            text = f"Letter for letter it is in no protein of the proteome {origin.proteome}."
            if origin.stale:
                text = (
                    f"The run has been read anew since it was mapped to the proteome "
                    f"{origin.proteome}, and no place is known for it: map the run again."
                )
        else:
            text = _placed(origin, evidence)
        yield Sentence(text, "computed", evidence)


def _placed(origin: Origin, evidence: Evidence) -> str:
    number, places, genes = len(origin.accessions), len(origin.places), len(origin.genes)
    told = [_place(place) for place in origin.places[:_MOST_LISTED]]
    evidence |= {"proteins": number, "places": "; ".join(told)}
    how = ", I and L taken for one residue" if origin.il_equivalent else ""
    text = f"In the proteome {origin.proteome} it lies letter for letter{how} in "
    text += plural(number, "protein")
    if genes:
        evidence["genes"] = genes
        text += f" ({plural(genes, 'gene name')})"
    if places > number:
        evidence["number"] = places
        text += f" at {plural(places, 'place')}"
    text += f": {evidence['places']}"
    if places > _MOST_LISTED:
        evidence["more"] = places - _MOST_LISTED
        text += f" and {count(places - _MOST_LISTED)} more"
    return f"{text}."


def _place(place: ProteinPlace) -> str:
    """Return a place as ``P04637 (TP53) 12–20, MEE.PQSDPSVEP.PLS``; a dash is a protein's end."""
    gene = f" ({place.gene})" if place.gene else ""
    flanked = f"{place.before or '-'}.{place.found_as}.{place.after or '-'}"
    return f"{place.accession}{gene} {place.start}–{place.end}, {flanked}"


def prediction_sentences(
    found: Sequence[PredictedBy], *, modified_only: bool
) -> Iterator[Sentence]:
    """Yield what other programs computed, one sentence per file and kind.

    ``modified_only`` says that the run has the peptide only with modifications, which these
    programs know nothing of.
    """
    for each in found:
        tool = f"{each.tool} {each.version}".strip()
        for kind in dict.fromkeys(value.kind for value in each.values):
            values = [value for value in each.values if value.kind == kind]
            typed = [value for value in values if value.typed is not False]
            others = len(values) - len(typed)
            shown = typed or values
            evidence: Evidence = {
                "tool": tool,
                "kind": kind,
                "values": "; ".join(_value(value) for value in shown[:_MOST_LISTED]),
            }
            text = f"Computed by {tool} ({kind}): {evidence['values']}"
            if len(shown) > _MOST_LISTED:
                evidence["more"] = len(shown) - _MOST_LISTED
                text += f" and {count(len(shown) - _MOST_LISTED)} more"
            text += _meaning(each, shown, evidence, judged=kind == _judged(each))
            if others and typed:
                evidence["not_typed"] = others
                verb = "is" if others == 1 else "are"
                text += f" {plural(others, 'further value')} {verb} for alleles not typed."
            elif others:
                text += " The sample is typed for none of these alleles."
            if modified_only:
                text += " These values are for the sequence without its modifications."
            yield Sentence(text, "computed", evidence)


def _value(value: PredictedValue) -> str:
    parts = []
    if value.rank is not None:
        parts.append(f"{value.rank_name} {value.rank:g}")
    if value.affinity_nm is not None:
        parts.append(f"{value.affinity_nm:g} nM")
    if value.score is not None:
        parts.append(f"{value.score_name} {value.score:g}")
    if value.label:
        parts.append(value.label)
    return f"{value.allele} {', '.join(parts) or 'no value'}"


def _judged(each: PredictedBy) -> str:
    """Return the kind of rank that a program's words for binders go by."""
    kinds = [value.kind for value in each.values if value.rank is not None]
    return "EL" if "EL" in kinds else next(iter(kinds), "")


def _meaning(
    each: PredictedBy, shown: Sequence[PredictedValue], evidence: Evidence, *, judged: bool
) -> str:
    """Return the end of a sentence: which way the values point, and the program's thresholds."""
    said = []
    if any(value.rank is not None for value in shown):
        said.append("a lower rank is better")
    if any(value.affinity_nm is not None for value in shown):
        said.append("a lower nM is better")
    if each.thresholds and judged:
        words = [f"{name} binder up to {at:g}" for name, at in sorted(each.thresholds.items())]
        evidence["thresholds"] = listing(words)
        said.append(f"{evidence['thresholds']} ({each.thresholds_from})")
    return f"; {', '.join(said)}." if said else "."
