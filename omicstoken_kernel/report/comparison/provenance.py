"""How a comparison came about, and the one command that makes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.report import words
from omicstoken_kernel.report.insight.provenance import (
    PairTable,
    file_pairs,
    ledger_pairs,
    method_section,
    model_pairs,
    named_values,
    versions,
)

if TYPE_CHECKING:
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts
    from omicstoken_kernel.report.sections import Section

__all__ = ["provenance"]


def provenance(facts: ComparisonFacts) -> Section:
    """Return parameters, checksums, ledgers, model, versions, seed and the command, folded."""
    fingerprint = facts.fingerprint
    created = words.instant(fingerprint.created_at, with_zone=True)
    command = ["omicstoken", "report", "comparison_report"]
    for run in facts.runs:
        command += ["--run", run.id]
    command += ["-p", f"model={facts.model}", "-p", f"seed={facts.seed}"]
    command += ["-p", f"il_equivalent={str(facts.il_equivalent).lower()}"]
    if facts.by != "run":
        command += ["-p", f"by={facts.by}"]
    if not facts.comparison.choices.normalise:
        command += ["-p", "normalise=false"]
    runs = [(facts.run_names[run.id], f"{run.id}, {run.filter_note}") for run in facts.runs]
    analysis = [
        ("Method", fingerprint.method),
        ("Seed", str(facts.seed)),
        ("I and L", "the same" if facts.il_equivalent else "different"),
        *named_values({**fingerprint.settings, **fingerprint.quality}),
        ("Joint fingerprint", f"{fingerprint.id}, {created}"),
    ]
    files = [
        table
        for upload in facts.uploads
        for table in (
            PairTable(f"File {upload.name}", file_pairs(upload)),
            PairTable(f"Ledgers of {upload.name}", ledger_pairs(upload.report.get("ledger", {}))),
        )
    ]
    return method_section(
        command,
        [
            PairTable("Runs", runs),
            PairTable("Model", model_pairs(fingerprint.model_key, facts.card)),
            PairTable("Analysis", analysis),
            *files,
            PairTable("Versions", versions()),
        ],
    )
