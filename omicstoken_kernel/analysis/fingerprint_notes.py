"""What a fingerprint says about how its clusters came about and how firmly they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omicstoken_kernel.analysis.clusters import BY_CORE, BY_MOTIF, BY_MOTIFS
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES
from omicstoken_kernel.analysis.traits import one_cluster_in_words
from omicstoken_kernel.analysis.wording import plural, share, statistic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omicstoken_kernel.analysis.clusters import Clustering
    from omicstoken_kernel.analysis.embedded import Embedded

__all__ = ["firmness_in_words", "notes_on"]

_MOTIFS = (
    "Grouped by motif: each cluster is a table of how often each residue stands at each of the "
    "first five and last four positions (a position weight matrix). A peptide goes to the table "
    "that fits it best; one for which no table, against the others and random residues, reaches a "
    "probability of one half is unassigned."
)
_CORES = (
    "Grouped by motif: each cluster is a table of how often each residue stands at each place of a "
    "core of nine residues (a position weight matrix), and the core lies where it fits best. "
    "Peptides that share nine residues in a row count once. A peptide for which no table, against "
    "the others and random residues, reaches a probability of one half is unassigned."
)
_NO_CORE = "No motif stands out: no core of nine residues recurs beyond what random residues give."
_NO_MOTIF = "No motif stands out: at the ends the peptides are like random ones of the proteome."


def notes_on(embedded: Embedded, clustering: Clustering | None, method: str) -> list[str]:
    """Return how peptides were grouped, how firmly, and which have no place, in sentences."""
    n = len(embedded.sequences)
    notes = []
    if not embedded.all_sequences:
        notes.append("There are no peptides, so there is nothing to map or to group.")
    elif clustering is None:
        notes.append(
            f"{plural(n, 'peptide')} with a place on the map: fewer than {FEWEST_FOR_SHARES} are "
            "shown one by one and not grouped."
        )
    elif method == BY_MOTIF:
        notes.append(_MOTIFS if clustering.labels.any() else _NO_MOTIF)
    elif method == BY_CORE:
        notes.append(_CORES if clustering.labels.any() else _NO_CORE)
    elif clustering.labels.max() == 1 and (clustering.labels == 1).all():
        notes.append(one_cluster_in_words(clustering.quality))
    if clustering is not None and clustering.labels.max(initial=0) > 1:
        notes += firmness_in_words(clustering.quality, method)
    if embedded.omitted:
        part = len(embedded.omitted) / len(embedded.all_sequences)
        notes.append(
            f"{plural(len(embedded.omitted), 'peptide')} ({share(part)}) without a place here, for "
            "the reasons listed."
        )
    if any(peptide.reason == "it has no vector yet" for peptide in embedded.omitted):
        notes.append("Some were never embedded: 'omicstoken embed RUN' completes them.")
    return notes


# Words for a share of agreement, by rule.
_FIRM = ((0.9, "nearly the same"), (0.75, "largely the same"), (0.0, "only roughly the same"))


def firmness_in_words(quality: Mapping[str, Any], method: str) -> list[str]:
    """Return how far random halves lead to the same clusters; empty where it is not known."""
    stability = quality.get("stability")
    if stability is None:
        return []
    how = next(words for least, words in _FIRM if max(stability, 0.0) >= least)
    what = "motifs" if method in BY_MOTIFS else "clusters"
    more = "; take them for a rough division" if stability < _FIRM[1][0] else ""
    return [
        f"As many {what} sought in random halves of the peptides group them {how} way: their "
        f"groupings agree to {statistic(stability)} (adjusted Rand index; 0 is chance, 1 full "
        f"agreement){more}."
    ]
