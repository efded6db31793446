"""The head of an insight report, and what it says in one minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.report import words
from omicstoken_kernel.report.minute import minute_section
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["head", "minute"]


class _Said(NamedTuple):
    """A label with its value, ready to be shown."""

    label: str
    value: str
    unit: str = ""


def head(facts: InsightFacts) -> Section:
    """Return who this run is, what it looks like and how good it is."""
    call = facts.quality.call
    return Section(
        "head",
        render(
            "head.html.j2",
            facts=facts,
            lead=call.reason,
            call="class unclear" if call.kind == "unclear" else call.title,
            verdict=facts.quality.grade,
            checks=[check for check in facts.quality.checks if check.grade != "pass"],
            key_figures=_key_figures(facts),
            details=_details(facts),
        ),
        extra={"title": f"{facts.run.name}: insight report"},
    )


def _key_figures(facts: InsightFacts) -> list[_Said]:
    n = len(facts.peptides)
    unassigned = n - sum(cluster.size for cluster in facts.fingerprint.clusters)
    said = [_Said("Peptides", words.count(n))]
    if facts.run.features != n:
        said.append(_Said("Features", words.count(facts.run.features)))
    if facts.fingerprint.clusters:
        said.append(_Said("Clusters", words.count(len(facts.fingerprint.clusters))))
        said.append(_Said("Unassigned", words.share_of(unassigned, n)))
    if n:
        median = facts.peptides["length"].median()
        said.append(_Said("Median length", f"{median:g}", "residues"))
    if facts.others:
        new = int((facts.peptides["other_runs"] == 0).sum())
        said.append(_Said("In this run only", words.share_of(new, n)))
    return said


def _details(facts: InsightFacts) -> list[_Said]:
    run, sample = facts.run, facts.run.sample
    said = [
        _Said("Sample", sample.name),
        _Said("Donor", sample.donor or words.MISSING),
        _Said("Condition", sample.condition or words.MISSING),
    ]
    for label, value in (
        ("Biological replicate", sample.biological_replicate),
        ("Technical replicate", run.technical_replicate),
        ("Fraction", run.fraction),
    ):
        if value:
            said.append(_Said(label, value))
    said += [
        _Said("File", facts.upload.name),
        _Said("Uploaded", words.instant(facts.upload.created_at)),
        _Said("Quantity", _quantity(run.quantity_kind, run.quantity_scale)),
        _Said("Identifications", run.filter_note),
    ]
    return said


def _quantity(kind: str, scale: str) -> str:
    if kind == "none":
        return "none in the file"
    return kind.replace("_", " ") + (", log2" if scale == "log2" else "")


def minute(facts: InsightFacts) -> Section:
    """Return the run in at most six sentences, each with its grade and where its evidence is."""
    return minute_section(facts.sentences, report="insight")
