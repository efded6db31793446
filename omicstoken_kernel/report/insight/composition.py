"""What a run is made of: the map beside one card for each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.report.fingerprint_words import (
    finding,
    method_in_words,
    notes,
    traits,
    unassigned_card,
)
from omicstoken_kernel.report.motif_cards import RESIDUES, motif_cards
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["composition"]


def composition(facts: InsightFacts) -> Section:
    """Return the map and the motif cards; a press on a card filters map and table."""
    from omicstoken_kernel.charts import peptide_map

    groups = facts.peptides["group"]
    drawn = facts.peptides[facts.peptides["x"].notna()]
    figures: tuple[Figure, ...] = ()
    if len(drawn):
        chart = peptide_map(
            drawn,
            title=finding(facts.fingerprint, groups),
            subtitle=method_in_words(facts.fingerprint, len(drawn)),
            source="peptides",
            tooltip=(("sequence", "Peptide"), ("group", "Cluster"), ("length", "Length")),
            height=470,
        )
        figures = (Figure("map", chart, f"{facts.run.name}-map"),)
    cards = motif_cards(facts.fingerprint.clusters, facts.weights, facts.hla)
    return Section(
        "composition",
        render(
            "motifs.html.j2",
            drawn=len(drawn),
            cards=cards,
            unassigned=unassigned_card(groups) if cards else None,
            residues=RESIDUES,
            notes=[*notes(facts.fingerprint), *facts.hla.texts],
            traits=traits(facts.fingerprint),
        ),
        figures=figures,
    )
