"""The figures by which a map and its clusters can be judged, each with what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["sureness"]


def sureness(found: Fingerprint, peptides: pd.DataFrame) -> Markup:
    """Return the figures as a table: name, value, meaning."""
    rows = "".join(
        Markup('<tr><th scope="row">{}</th><td class="ot-number">{}</td><td>{}</td></tr>').format(
            name, value, meaning
        )
        for name, value, meaning in _figures(found, peptides)
    )
    return Markup(
        '<table class="ot-grid"><caption>How sure map and clusters are</caption>'
        '<thead><tr><th scope="col">Figure</th><th scope="col">Value</th>'
        '<th scope="col">What it means</th></tr></thead><tbody>{}</tbody></table>'
    ).format(Markup(rows))


def _figures(found: Fingerprint, peptides: pd.DataFrame) -> list[tuple[str, str, str]]:
    from omicstoken_kernel.analysis.clusters import BY_MOTIFS
    from omicstoken_kernel.analysis.traits import one_cluster_in_words

    quality = found.quality
    rows = []
    if len(found.clusters) == 1 and found.method not in BY_MOTIFS:
        # Nothing is assigned to one of several, so there is no stability or fit to judge.
        rows.append(("Clusters", "1", one_cluster_in_words(quality)))
    elif found.clusters:
        stability = quality.get("stability")
        rows.append(
            (
                "Stability",
                words.statistic(stability),
                "How far random halves of the peptides lead to the same clusters (adjusted Rand "
                "index): 1 is full agreement, 0 is chance.",
            )
            if isinstance(stability, float)
            else (
                "Stability",
                words.MISSING,
                "Not measured: it takes two clusters, and enough peptides to halve.",
            )
        )
        unassigned = int((peptides["group"] == UNASSIGNED_LABEL).sum())
        fit = peptides.loc[peptides["group"] != UNASSIGNED_LABEL, "responsibility"]
        rows += [
            (
                "Unassigned",
                words.share_of(unassigned, len(peptides)),
                "Peptides that fit no cluster well; kept, and shown in grey.",
            ),
            (
                "Fit, median",
                words.statistic(float(fit.median())) if fit.notna().any() else words.MISSING,
                "How surely a peptide belongs to its cluster and no other: 1 is beyond doubt.",
            ),
        ]
    trust = quality.get("trustworthiness")
    if isinstance(trust, float):
        near = quality.get("trustworthiness_neighbours", 15)
        rows.append(
            (
                "Map",
                words.statistic(trust),
                f"Trustworthiness: 1 means that the {near} nearest on the map are the nearest in "
                "the full comparison too, 0.5 is about chance. Clusters never come from the map.",
            )
        )
    omitted = int(quality.get("omitted", {}).get("count", 0))
    if omitted:
        meaning = "Peptides the model cannot place; they are in the table all the same."
        rows.append(("Without a place", words.count(omitted), meaning))
    return rows
