"""Predictions of other programs, joined to the peptides of a run and stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from omicstoken_kernel.analysis.allele_match import Typing
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, listing, plural
from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest.predictions import Predicted, read_predictions
from omicstoken_kernel.store.predictions import PREDICTED, Predictions, PredictionSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.ingest.predictions import PredictionFile

__all__ = ["JoinedPredictions", "add_predictions"]

_MOST_LISTED = 5


@dataclass(frozen=True)
class JoinedPredictions:
    """A stored set of predictions and what is to be said of how it joined."""

    stored: PredictionSet
    sentences: tuple[Sentence, ...]

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken predictions add --json``."""
        said = [sentence.as_json() for sentence in self.sentences]
        return self.stored.as_json() | {"sentences": said}


@dataclass
class _Join:
    """What has been joined so far; ``rows`` keeps the order of the file, each row once."""

    peptides: frozenset[str]
    rows: dict[Predicted, None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    joined: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    alleles: Counter[str] = field(default_factory=Counter)
    rejections: list[dict[str, object]] = field(default_factory=list)

    def take(self, row: Predicted) -> None:
        """Keep a prediction of a peptide of the run; count all."""
        self.counts["predictions"] += 1
        if row.peptide not in self.peptides:
            self.strangers.add(row.peptide)
            self.counts["not_in_run"] += 1
        elif row in self.rows:
            self.counts["merged"] += 1
        else:
            self.rows[row] = None
            self.joined.add(row.peptide)
            self.alleles[row.allele] += 1


def add_predictions(ctx: Context, run_id: str, path: Path) -> JoinedPredictions:
    """Read an output file, store what it says of a run's peptides, and say what did not join.

    Alleles that the sample is not typed for are kept and told: a typing may come later.

    Raises
    ------
    ParseError
        If the file is no known output, or none of its peptides is in the run.
    NotFound
        If the run does not exist or belongs to someone else.
    """
    from omicstoken_kernel.store.files import digest_of
    from omicstoken_kernel.store.peptides import Peptides
    from omicstoken_kernel.store.runs import Runs

    run = Runs(ctx).get(run_id)
    file = read_predictions(path)
    join = _Join(frozenset(Peptides(ctx).of_runs([run_id])["sequence"].to_pylist()))
    for row in file.rows:
        if isinstance(row, Predicted):
            join.take(row)
        else:
            join.counts["rejected_rows"] += 1
            if len(join.rejections) < 100:
                join.rejections.append({"line": row.line, "value": row.value, "reason": row.reason})
    _check(join, path.name, run.name)
    typing = Typing.of(run.sample.hla)
    found = PredictionSet(
        run_id=run.id,
        name=path.name,
        sha256=digest_of(path),
        tool=file.tool,
        tool_version=file.version[:64],
        report=_report(file, join, typing),
        rows=_table(join),
    )
    stored = Predictions(ctx).save(found)
    return JoinedPredictions(stored, tuple(_sentences(stored, run.name, typed=bool(typing))))


def _check(join: _Join, name: str, run: str) -> None:
    if join.rows:
        return
    if not join.counts["predictions"]:
        first = join.rejections[0] if join.rejections else None
        told = f" Line {first['line']}: {first['reason']}." if first else ""
        msg = f"'{name}' holds no prediction.{told}"
        raise ParseError(msg, "Check that the program that wrote it has finished.")
    msg = f"None of the {len(join.strangers):,} peptides of '{name}' is in the run '{run}'."
    raise ParseError(msg, "Check that the file belongs to this run; nothing was stored.")


def _report(file: PredictionFile, join: _Join, typing: Typing) -> dict[str, object]:
    not_typed = [allele for allele in join.alleles if typing and not typing.has(allele)]
    return {
        "counts": {
            "predictions": join.counts["predictions"],
            "stored": len(join.rows),
            "merged": join.counts["merged"],
            "not_in_run": join.counts["not_in_run"],
            "rejected_rows": join.counts["rejected_rows"],
            "peptides_in_file": len(join.joined) + len(join.strangers),
            "peptides_joined": len(join.joined),
            "peptides_not_in_run": len(join.strangers),
            "run_peptides": len(join.peptides),
        },
        "alleles": dict(join.alleles),
        "alleles_not_typed": not_typed,
        "thresholds": file.thresholds,
        "thresholds_from": file.thresholds_from,
        "notes": file.notes,
        "rejections": join.rejections,
    }


def _table(join: _Join) -> pa.Table:
    columns = zip(*join.rows, strict=True)
    return pa.table(
        [pa.array(values, kind.type) for values, kind in zip(columns, PREDICTED, strict=True)],
        schema=PREDICTED,
    )


def _sentences(found: PredictionSet, run: str, *, typed: bool) -> Iterator[Sentence]:
    counts = found.report["counts"]
    tool = f"{found.tool} {found.tool_version}".strip()
    alleles = list(found.report["alleles"])
    evidence: dict[str, float | int | str] = {
        name: counts[name] for name in ("stored", "peptides_joined", "run_peptides")
    }
    named = listing(alleles, most=_MOST_LISTED)
    if len(alleles) > _MOST_LISTED:
        evidence["more"] = len(alleles) - _MOST_LISTED
    yield Sentence(
        f"{plural(counts['stored'], 'value')} by {tool} for {count(counts['peptides_joined'])} of "
        f"{plural(counts['run_peptides'], 'peptide')} of {run} and "
        f"{plural(len(alleles), 'allele')}: {named}.",
        "observed",
        evidence | {"alleles": len(alleles), "tool": tool, "named": named, "run": run},
    )
    yield from _not_joined(found, typed=typed)


def _not_joined(found: PredictionSet, *, typed: bool) -> Iterator[Sentence]:
    """Yield what did not join, what could not be checked and what could not be read."""
    counts = found.report["counts"]
    if number := counts["peptides_not_in_run"]:
        yield Sentence(
            f"{plural(number, 'peptide')} of the file {'is' if number == 1 else 'are'} not in the "
            "run and left out.",
            "observed",
            {"peptides_not_in_run": number},
        )
    others = found.report["alleles_not_typed"]
    if others:
        told = listing(others, most=_MOST_LISTED)
        yield Sentence(
            f"The sample is not typed for {told}: the card of a peptide tells these last.",
            "observed",
            {"alleles_not_typed": told},
        )
    if not typed:
        yield Sentence(
            "The sample has no HLA types, so no allele could be checked: "
            "'omicstoken runs annotate RUN --hla TYPES' gives it some.",
            "observed",
        )
    if number := counts["rejected_rows"]:
        first = found.report["rejections"][0]
        yield Sentence(
            f"{plural(number, 'row')} could not be read; line {first['line']}: {first['reason']}.",
            "observed",
            {"rejected_rows": number, "line": first["line"], "reason": first["reason"]},
        )
    for note in found.report["notes"]:
        yield Sentence(note, "observed", {"note": note})
