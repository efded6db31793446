"""The insight report: what one run is made of, how good it is, where it stands."""

from __future__ import annotations

from omicstoken_kernel.report.insight.composition import composition
from omicstoken_kernel.report.insight.facts import InsightFacts, OtherRun, gather
from omicstoken_kernel.report.insight.head import head, minute
from omicstoken_kernel.report.insight.peptides import peptides
from omicstoken_kernel.report.insight.provenance import provenance
from omicstoken_kernel.report.insight.quality import quality
from omicstoken_kernel.report.insight.standing import standing

__all__ = [
    "InsightFacts",
    "OtherRun",
    "composition",
    "gather",
    "head",
    "minute",
    "peptides",
    "provenance",
    "quality",
    "standing",
]
