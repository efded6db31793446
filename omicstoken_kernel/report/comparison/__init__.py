"""The comparison report: what runs share, where they differ, and by how much."""

from __future__ import annotations

from omicstoken_kernel.report.comparison.abundance import abundance
from omicstoken_kernel.report.comparison.differences import differences, lengths
from omicstoken_kernel.report.comparison.facts import ComparisonFacts, gather
from omicstoken_kernel.report.comparison.head import head, minute
from omicstoken_kernel.report.comparison.mind import mind
from omicstoken_kernel.report.comparison.peptides import peptides
from omicstoken_kernel.report.comparison.provenance import provenance
from omicstoken_kernel.report.comparison.shared import shared

__all__ = [
    "ComparisonFacts",
    "abundance",
    "differences",
    "gather",
    "head",
    "lengths",
    "mind",
    "minute",
    "peptides",
    "provenance",
    "shared",
]
