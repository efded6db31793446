"""One card for each cluster: number, motif, logo, size, lengths, and the HLA it suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from omicstoken_kernel.analysis.traits import pattern_in_words
from omicstoken_kernel.charts.palette import RESIDUE_CLASSES, group_colours, text_on
from omicstoken_kernel.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omicstoken_kernel.analysis.motif_hla import MotifHla
    from omicstoken_kernel.analysis.motifs import PositionWeights
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = ["RESIDUES", "LengthBar", "MotifCard", "motif_cards"]

#: The legend of the logos: class and letters.
RESIDUES: tuple[tuple[str, str], ...] = tuple(
    (name, letters) for name, (letters, _) in RESIDUE_CLASSES.items()
)

#: Lengths on a card, in residues: the busiest window of this many; and how high, in pixels.
_LENGTH_BARS = 8
_BAR_HEIGHT = 24


@dataclass(frozen=True)
class LengthBar:
    """A bar of the length profile: residues, and height in pixels."""

    length: int
    height: float


@dataclass(frozen=True)
class MotifCard:
    """What a card shows, ready for its template."""

    id: int
    name: str
    colour: str
    on: str
    share: str
    size: str
    logo: Markup
    lengths: list[LengthBar]
    lengths_spoken: str
    basis: str
    hla: str = ""
    hla_said: str = ""


def motif_cards(
    clusters: tuple[Cluster, ...],
    weights: Mapping[int, PositionWeights],
    hla: MotifHla | None = None,
) -> list[MotifCard]:
    """Return the cards of clusters; all logos have one scale, so that heights can be compared.

    ``hla`` is what the motifs suggest; without it, or where nothing is compared, cards say nothing.
    """
    from omicstoken_kernel.charts.logo import motif_logo, nice_top

    colours = group_colours(str(cluster.id) for cluster in clusters)
    top = max((nice_top(found.bits) for found in weights.values()), default=1.0)
    cards = []
    for cluster in clusters:
        found = weights[cluster.id]
        colour = colours[str(cluster.id)]
        suggested = None if hla is None else hla.clusters.get(cluster.id)
        logo = motif_logo(
            found.frequencies,
            found.bits,
            letters=found.letters,
            n=found.n,
            positions=found.positions,
            top_bits=top,
        )
        cards.append(
            MotifCard(
                id=cluster.id,
                name=pattern_in_words(cluster) or "no fixed residue",
                colour=colour,
                on=text_on(colour),
                share=words.share(cluster.share),
                size=words.plural(cluster.size, "peptide"),
                logo=Markup(logo),
                lengths=_bars(cluster),
                lengths_spoken=", ".join(f"{n} of {k}" for k, n in sorted(cluster.lengths.items())),
                basis=_basis(cluster, found),
                hla="" if hla is None else hla.in_short(cluster.id),
                hla_said="" if suggested is None else suggested.sentence.text,
            )
        )
    return cards


def _basis(cluster: Cluster, found: PositionWeights) -> str:
    """Return what the logo rests on: peptides, or the distinct cores of class II ligands."""
    if found.n == cluster.size:
        return f"n = {words.count(found.n)}"
    return f"n = {words.count(found.n)} distinct cores"


def _bars(cluster: Cluster) -> list[LengthBar]:
    """Return the busiest window of lengths."""
    lengths = cluster.lengths
    starts = range(min(lengths), max(min(lengths), max(lengths) - _LENGTH_BARS + 1) + 1)
    start = max(starts, key=lambda s: sum(lengths.get(s + i, 0) for i in range(_LENGTH_BARS)))
    window = [length for length in range(start, start + _LENGTH_BARS) if length <= max(lengths)]
    highest = max(lengths.get(length, 0) for length in window)
    return [
        LengthBar(length, round(_BAR_HEIGHT * lengths.get(length, 0) / highest, 1))
        for length in window
    ]
