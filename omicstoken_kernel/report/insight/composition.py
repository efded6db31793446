"""What a run is made of: the map beside one card for each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words
from omicstoken_kernel.report.motif_cards import RESIDUES, motif_cards
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["composition"]


def composition(facts: InsightFacts) -> Section:
    """Return the map and the motif cards; a press on a card filters map and table."""
    from omicstoken_kernel.charts import peptide_map

    total = len(facts.peptides)
    unassigned = int((facts.peptides["group"] == UNASSIGNED_LABEL).sum())
    drawn = facts.peptides[facts.peptides["x"].notna()]
    figures: tuple[Figure, ...] = ()
    if len(drawn):
        chart = peptide_map(
            drawn,
            title=_finding(facts, unassigned),
            subtitle=f"n = {words.count(len(drawn))} peptides; {facts.fingerprint.method}",
            source="peptides",
            tooltip=(("sequence", "Peptide"), ("group", "Cluster"), ("length", "Length")),
            height=470,
        )
        figures = (Figure("map", chart, f"{facts.run.name}-map"),)
    return Section(
        "composition",
        render(
            "motifs.html.j2",
            drawn=len(drawn),
            cards=motif_cards(facts.fingerprint.clusters, facts.weights),
            unassigned=(words.share(unassigned / total), words.plural(unassigned, "peptide"))
            if unassigned
            else None,
            residues=RESIDUES,
        ),
        figures=figures,
    )


def _finding(facts: InsightFacts, unassigned: int) -> str:
    clusters = facts.fingerprint.clusters
    if not clusters:
        return "No clusters"
    verb = "holds" if len(clusters) == 1 else "hold"
    held = words.share(1 - unassigned / len(facts.peptides))
    return f"{words.plural(len(clusters), 'cluster')} {verb} {held} of the peptides"
