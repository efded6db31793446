"""The HLA molecules that the motif of a peptide's cluster suggests, where motifs are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.motif_hla import motif_hla

if TYPE_CHECKING:
    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.fingerprints import Fingerprint

__all__ = ["SuggestedHla", "suggested_hla"]


@dataclass(frozen=True)
class SuggestedHla:
    """Alleles a motif suggests, the best first, with the fit of each; and that in words."""

    alleles: dict[str, float]
    sentence: Sentence

    def as_json(self) -> dict[str, object]:
        """Return the suggestion as a JSON object."""
        return {"alleles": self.alleles, "sentence": self.sentence.as_json()}


def suggested_hla(
    ctx: Context, found: Fingerprint | None, cluster: int | None
) -> SuggestedHla | None:
    """Return what the motif of a cluster suggests; None where nothing is compared with it."""
    if found is None or cluster is None:
        return None
    compared = motif_hla(ctx, found).clusters.get(cluster)
    if compared is None:
        return None
    fits = {each.allele: float(each.fit) for each in compared.suggested}
    return SuggestedHla(fits, compared.sentence)
