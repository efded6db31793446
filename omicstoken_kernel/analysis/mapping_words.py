"""The sentences about a run's mapping to a proteome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.protein_search import SHORTEST
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, plural, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.store.mappings import Mapping

__all__ = ["mapping_json", "mapping_sentences"]


def mapping_json(mapping: Mapping) -> dict[str, object]:
    """Return a mapping in the shape of ``omicstoken proteome map --json``, without its places."""
    return {
        "mapping_id": mapping.id,
        "run_id": mapping.run_id,
        "proteome_id": mapping.proteome_id,
        "proteome": mapping.proteome_name,
        "il_equivalent": mapping.il_equivalent,
        "flank": mapping.flank,
        **mapping.counts,
        "sentences": [sentence.as_json() for sentence in mapping_sentences(mapping)],
    }


def mapping_sentences(mapping: Mapping, *, stale: bool = False) -> tuple[Sentence, ...]:
    """Return how many peptides were found, in how many proteins and genes, and what was not.

    ``stale`` says that the run has other peptides now.
    """
    return (_found(mapping, stale=stale), *_left(mapping))


def _found(mapping: Mapping, *, stale: bool) -> Sentence:
    counts = mapping.counts
    peptides, mapped = counts["peptides"], counts["mapped"]
    evidence: dict[str, float | int | str] = {
        "peptides": peptides,
        "mapped": mapped,
        "proteome": mapping.proteome_name,
    }
    how = ", I and L taken for one residue," if mapping.il_equivalent else ""
    text = f"{count(mapped)} of {plural(peptides, 'peptide')}"
    if peptides:
        evidence["share"] = mapped / peptides
        text += f" ({share(mapped / peptides)})"
    verb = "is" if mapped == 1 else "are"
    text += f" {verb} found letter for letter{how} in the proteome {mapping.proteome_name}"
    if mapped:
        evidence |= {name: counts[name] for name in ("proteins", "one_protein")}
        text += f", in {plural(counts['proteins'], 'protein')}"
        if counts["genes"]:
            evidence |= {"genes": counts["genes"], "one_gene": counts["one_gene"]}
            text += f" ({plural(counts['genes'], 'gene name')})"
        one = counts["one_protein"]
        text += f"; {count(one)} of them in one protein only"
        if counts["genes"]:
            text += f", {count(counts['one_gene'])} in proteins of one gene only"
    if stale:
        text += ". The run has been read anew since: map it again"
    return Sentence(f"{text}.", "computed", evidence)


def _left(mapping: Mapping) -> Iterator[Sentence]:
    """Yield what was not found or not searched."""
    counts = mapping.counts
    if number := counts["not_found"]:
        verb = "is" if number == 1 else "are"
        swapped = "" if mapping.il_equivalent else "I and L interchanged, "
        yield Sentence(
            f"{plural(number, 'peptide')} {verb} in none of its proteins; reasons can be "
            f"{swapped}a variant, a spliced or foreign sequence, a proteome without the protein, "
            "or a wrong identification.",
            "computed",
            {"not_found": number},
        )
    if number := counts["too_short"]:
        verb = "was" if number == 1 else "were"
        yield Sentence(
            f"{plural(number, 'peptide')} shorter than {SHORTEST} residues {verb} not searched: "
            "so few letters are found many times by chance.",
            "computed",
            {"too_short": number, "shortest": SHORTEST},
        )
    if number := counts["ambiguous"]:
        verb = "was" if number == 1 else "were"
        yield Sentence(
            f"{plural(number, 'peptide')} with a letter for several residues (B, J, X or Z) {verb} "
            "not searched.",
            "computed",
            {"ambiguous": number},
        )
