"""How a report came about, and the one command that makes it again."""

from __future__ import annotations

import platform
import shlex
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omicstoken_kernel.embedding import ModelCard
    from omicstoken_kernel.report.insight.facts import InsightFacts
    from omicstoken_kernel.store.uploads import Upload

__all__ = [
    "PairTable",
    "file_pairs",
    "ledger_pairs",
    "method_section",
    "model_pairs",
    "named_values",
    "provenance",
    "versions",
]

_PACKAGES = ("omicstoken", "numpy", "pandas", "pyarrow", "scikit-learn", "openTSNE", "altair")


class PairTable(NamedTuple):
    """A small table of names and values."""

    title: str
    rows: list[tuple[str, str]]


def provenance(facts: InsightFacts) -> Section:
    """Return parameters, checksums, ledgers, model, versions, seed and the command, folded."""
    fingerprint = facts.fingerprint
    analysis = [
        ("Run", facts.run.id),
        ("Peptides' digest", facts.run.peptides_digest),
        ("Filter", facts.run.filter_note),
        ("Method", fingerprint.method),
        ("Seed", str(facts.seed)),
        *named_values({**fingerprint.settings, **_figures(fingerprint.quality)}),
        (
            "Fingerprint",
            f"{fingerprint.id}, {words.instant(fingerprint.created_at, with_zone=True)}",
        ),
    ]
    command = [
        "omicstoken", "report", "insight_report", "--run", facts.run.id,
        "-p", f"model={facts.model}", "-p", f"seed={facts.seed}",
    ]  # fmt: skip
    return method_section(
        command,
        [
            PairTable("File", file_pairs(facts.upload)),
            PairTable("Ledgers", ledger_pairs(facts.upload.report.get("ledger", {}))),
            PairTable("Model", model_pairs(fingerprint.model_key, facts.card)),
            PairTable("Analysis", analysis),
            PairTable("Versions", versions()),
        ],
    )


def _figures(quality: Mapping[str, object]) -> dict[str, object]:
    """Return what a fingerprint says of itself without the sentences, which stand elsewhere."""
    return {name: value for name, value in quality.items() if name not in ("notes", "traits")}


def method_section(command: list[str], groups: list[PairTable]) -> Section:
    """Return the folded method section of any report."""
    shown = [group for group in groups if group.rows]
    return Section("method", render("method.html.j2", command=shlex.join(command), groups=shown))


def model_pairs(model_key: str, card: ModelCard | None) -> list[tuple[str, str]]:
    """Return a model's card: its name and key, what it is for and what it is not for."""
    if card is None:
        return [("Key", model_key)]
    return [
        ("Name", card.name),
        ("Key", model_key),
        ("For", card.used_for),
        ("Not for", card.not_for),
    ]


def file_pairs(upload: Upload) -> list[tuple[str, str]]:
    """Return what identifies a file and how it was read."""
    report = upload.report
    options = {name: value for name, value in upload.options.items() if value}
    return [
        ("Name", upload.name),
        ("sha256", upload.sha256),
        ("Size", words.bytes_size(upload.size_bytes)),
        ("Format", f"{upload.format}, reader {upload.reader_version}"),
        ("Options", _value(options) if options else "none, all by default"),
        ("Columns", _value(report.get("columns", {})) or words.MISSING),
        ("Uploaded", words.instant(upload.created_at, with_zone=True)),
    ]


def ledger_pairs(ledger: dict[str, Any]) -> list[tuple[str, str]]:
    """Return both accounts of a file, line by line."""
    if not ledger:
        return []
    cells = ledger.get("cells", {})
    lines: list[tuple[str, int]] = [
        ("Rows in", ledger["rows_in"]),
        ("– used", ledger["used"]),
        ("– merged into another", ledger["merged"]),
        *((f"– filtered: {why}", n) for why, n in ledger["filtered"].items()),
        *((f"– rejected: {why}", n) for why, n in ledger["rejected"].items()),
    ]
    if cells.get("in"):
        lines += [
            ("Quantity cells in", cells["in"]),
            ("– stored as features", cells["features"]),
            ("– merged into another", cells["merged"]),
            ("– empty: zero or blank", cells["empty"]),
            *((f"– rejected: {why}", n) for why, n in cells.get("rejected", {}).items()),
        ]
    else:
        lines.append(("Quantity cells in", 0))
    return [(name, words.count(n)) for name, n in lines]


def versions() -> list[tuple[str, str]]:
    """Return the versions of what computed and drew the report."""
    found = [("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def named_values(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return settings or figures with their names in words; the seed has a line of its own."""
    return [
        (name.replace("_", " ").capitalize(), _value(value))
        for name, value in values.items()
        if name != "seed"
    ]


def _value(value: object) -> str:
    """Return a setting as text."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(inner)}" for name, inner in value.items())
    if isinstance(value, float):
        return words.statistic(value)
    return words.MISSING if value is None else str(value)
