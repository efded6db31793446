"""What a run is made of: the map beside one card for each cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from omicstoken_kernel.charts.palette import (
    RESIDUE_CLASSES,
    UNASSIGNED_LABEL,
    group_colours,
    text_on,
)
from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = ["composition"]

#: Lengths drawn on a card, in residues: the busiest window of this many; and how high, in pixels.
_LENGTH_BARS = 8
_BAR_HEIGHT = 24


@dataclass(frozen=True)
class _Bar:
    length: int
    height: float


@dataclass(frozen=True)
class _Card:
    id: int
    name: str
    colour: str
    on: str
    share: str
    size: str
    logo: Markup
    lengths: list[_Bar]
    lengths_spoken: str


def composition(facts: InsightFacts) -> Section:
    """Return the map and the motif cards; a press on a card filters map and table."""
    from omicstoken_kernel.charts import peptide_map

    unassigned = int((facts.peptides["group"] == UNASSIGNED_LABEL).sum())
    drawn = facts.peptides[facts.peptides["x"].notna()]
    chart = peptide_map(
        drawn,
        title=_finding(facts, unassigned),
        subtitle=f"n = {words.count(len(drawn))} peptides, {facts.fingerprint.method}",
        source="peptides",
        tooltip=(("sequence", "Peptide"), ("group", "Cluster"), ("length", "Length")),
        height=520,
    )
    return Section(
        "composition",
        render(
            "motifs.html.j2",
            cards=_cards(facts),
            unassigned={
                "size": words.plural(unassigned, "peptide"),
                "share": words.share(unassigned / len(facts.peptides)),
            }
            if unassigned
            else None,
            residues=[(name, letters, name) for name, (letters, _) in RESIDUE_CLASSES.items()],
        ),
        figures=(Figure("map", chart, f"{facts.run.name}-map"),),
    )


def _finding(facts: InsightFacts, unassigned: int) -> str:
    clusters = facts.fingerprint.clusters
    if not clusters:
        return "Too few peptides for clusters"
    held = 1 - unassigned / len(facts.peptides)
    return (
        f"{words.plural(len(clusters), 'cluster')} hold{'s' if len(clusters) == 1 else ''} "
        f"{words.share(held)} of the peptides"
    )


def _cards(facts: InsightFacts) -> list[_Card]:
    from omicstoken_kernel.charts.logo import motif_logo, nice_top

    colours = group_colours(str(cluster.id) for cluster in facts.fingerprint.clusters)
    # One scale for all logos of the figure, or their heights could not be compared.
    top = max((nice_top(weights.bits) for weights in facts.weights.values()), default=1.0)
    cards = []
    for cluster in facts.fingerprint.clusters:
        weights = facts.weights[cluster.id]
        colour = colours[str(cluster.id)]
        logo = motif_logo(
            weights.frequencies,
            weights.bits,
            letters=weights.letters,
            n=weights.n,
            positions=weights.positions,
            top_bits=top,
        )
        cards.append(
            _Card(
                id=cluster.id,
                name=cluster.motif,
                colour=colour,
                on=text_on(colour),
                share=words.share(cluster.share),
                size=words.plural(cluster.size, "peptide"),
                logo=Markup(logo),
                lengths=_bars(cluster),
                lengths_spoken=", ".join(f"{n} of {k}" for k, n in sorted(cluster.lengths.items())),
            )
        )
    return cards


def _bars(cluster: Cluster) -> list[_Bar]:
    """Return the busiest window of lengths, heights in pixels."""
    lengths = cluster.lengths
    starts = range(min(lengths), max(min(lengths), max(lengths) - _LENGTH_BARS + 1) + 1)
    start = max(starts, key=lambda s: sum(lengths.get(s + i, 0) for i in range(_LENGTH_BARS)))
    window = [length for length in range(start, start + _LENGTH_BARS) if length <= max(lengths)]
    highest = max(lengths.get(length, 0) for length in window)
    return [
        _Bar(length, round(_BAR_HEIGHT * lengths.get(length, 0) / highest, 1)) for length in window
    ]
