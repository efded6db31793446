"""A fingerprint in words, the same in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours, text_on
from omicstoken_kernel.report import words

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["ClusterTraits", "finding", "method_in_words", "notes", "traits", "unassigned_card"]

_MAPS = {"t-sne": "t-SNE", "principal components": "principal components"}


def finding(fingerprint: Fingerprint, groups: pd.Series[str]) -> str:
    """Return the map's title: how many clusters there are and what they hold."""
    clusters = fingerprint.clusters
    if not clusters and fingerprint.points["responsibility"].null_count < len(groups):
        return "No motif stands out among the peptides"
    if not clusters:
        return "Too few peptides to form clusters"
    held = words.share(1 - float((groups == UNASSIGNED_LABEL).mean()))
    verb = "holds" if len(clusters) == 1 else "hold"
    return f"{words.plural(len(clusters), 'cluster')} {verb} {held} of the peptides"


def method_in_words(fingerprint: Fingerprint, n: int) -> str:
    """Return the map's subtitle: n, model, clustering and map, short enough for one line."""
    drawn = _MAPS.get(str(fingerprint.quality.get("map")), "")
    model = fingerprint.model_key.split(":")[0]
    said = [f"n = {words.count(n)} peptides", model]
    if fingerprint.clusters:
        said.append(fingerprint.method.replace("-", " "))
    return " · ".join([*said, drawn] if drawn else said)


def notes(fingerprint: Fingerprint) -> list[str]:
    """Return what the fingerprint says about itself, as sentences."""
    found = fingerprint.quality.get("notes", [])
    return [str(note) for note in found]


class ClusterTraits(NamedTuple):
    """What sets a cluster apart, with the colours of its badge."""

    id: int
    colour: str
    on: str
    sentence: str


def traits(fingerprint: Fingerprint) -> list[ClusterTraits]:
    """Return what sets each cluster apart from all other peptides, where that was looked at."""
    said = fingerprint.quality.get("traits", {})
    colours = group_colours(str(cluster.id) for cluster in fingerprint.clusters)
    return [
        ClusterTraits(
            cluster.id,
            colours[str(cluster.id)],
            text_on(colours[str(cluster.id)]),
            said[str(cluster.id)]["sentence"],
        )
        for cluster in fingerprint.clusters
        if str(cluster.id) in said
    ]


def unassigned_card(groups: pd.Series[str]) -> tuple[str, str] | None:
    """Return share and number of the peptides in no cluster, or None if there are none."""
    n = int((groups == UNASSIGNED_LABEL).sum())
    return (words.share(n / len(groups)), words.plural(n, "peptide")) if n else None
