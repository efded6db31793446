"""Results of the kernel as markup; every value is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from omicstoken_kernel.report import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omicstoken_kernel.analysis.sentences import Sentence
    from omicstoken_kernel.store.runs import Run

__all__ = ["SIGNS", "chips", "grid", "ledger_words", "runs_in_words", "sentences"]

#: A shape for each grade of a check: never colour alone.
SIGNS = {"pass": "\N{CHECK MARK}", "warn": "!", "fail": "\N{MULTIPLICATION X}"}

_MEANING = {
    "observed": "in the file",
    "computed": "from the file by a stated method",
    "suggested": "by likeness to something known",
}


#: Letters of a title that runs may take.
_TITLE = 90


def runs_in_words(runs: Sequence[Run]) -> str:
    """Return the names of runs, or how many they are where the names are too long for a title."""
    names = words.listing([words.short(run.name, 60) for run in runs])
    return names if len(runs) == 1 or len(names) <= _TITLE else words.plural(len(runs), "run")


def sentences(said: Iterable[Sentence]) -> Markup:
    """Return sentences as a list, each with its grade and, unfolded, the figures it rests on."""
    return Markup('<ul class="ot-sentences">{}</ul>').format(Markup("").join(map(_line, said)))


def _line(sentence: Sentence) -> Markup:
    grade = Markup('<span class="ot-grade" title="{}">{}</span>').format(
        _MEANING[sentence.grade], sentence.grade
    )
    if not sentence.evidence:
        return Markup("<li>{}<span>{}</span></li>").format(grade, sentence.text)
    return Markup(
        '<li>{}<details><summary>{}</summary><span class="ot-muted">{}: {}</span></details></li>'
    ).format(grade, sentence.text, _MEANING[sentence.grade], _evidence(sentence.evidence))


def _evidence(evidence: Mapping[str, object]) -> str:
    return "; ".join(
        f"{name.replace('_', ' ')} = {_written(value)}" for name, value in evidence.items()
    )


def _written(value: object) -> str:
    """Return a figure as people write it: no long tails of digits, no brackets of ours."""
    if value is None:
        return words.MISSING
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_written, value))
    return str(value)


def grid(rows: Iterable[tuple[str, object]]) -> Markup:
    """Return names and values as a small table; a dash where there is no value."""
    lines = [
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            name, words.MISSING if value in (None, "") else value
        )
        for name, value in rows
    ]
    return Markup('<table class="ot-grid">{}</table>').format(Markup("").join(lines))


def chips(graded: Iterable[tuple[str, str, str]]) -> Markup:
    """Return short labels with a grade (pass, warn or fail) and, on hover, the reason."""
    looks = {"pass": "ot-pass", "warn": "ot-warned", "fail": "ot-failed"}
    return Markup("").join(
        Markup('<span class="ot-chip {}" title="{}">{}</span>').format(
            looks.get(grade, ""), reason, label
        )
        for label, grade, reason in graded
    )


def ledger_words(ledger: Mapping[str, Any]) -> Markup:
    """Return both accounts of a file: what came in, and where all of it went."""
    rows = [
        ("rows in", ledger["rows_in"]),
        ("used", ledger["used"]),
        ("merged into others", ledger["merged"]),
        *((f"filtered: {reason}", n) for reason, n in ledger["filtered"].items()),
        *((f"rejected: {reason}", n) for reason, n in ledger["rejected"].items()),
    ]
    account = [_flow(rows)]
    cells = ledger.get("cells", {})
    if cells.get("in"):
        account.append(
            _flow(
                [
                    ("quantity cells in", cells["in"]),
                    ("features", cells["features"]),
                    ("merged", cells["merged"]),
                    ("empty", cells["empty"]),
                    *((f"rejected: {reason}", n) for reason, n in cells["rejected"].items()),
                ]
            )
        )
    return Markup("").join(account)


def _flow(parts: list[tuple[str, int]]) -> Markup:
    shown = [
        Markup("<span>{}<strong>{}</strong>{}</span>").format(
            Markup("= ") if place == 1 else Markup("+ ") if place > 1 else "", words.count(n), label
        )
        for place, (label, n) in enumerate(parts)
        if place < 2 or n
    ]
    return Markup('<div class="ot-flow">{}</div>').format(Markup("").join(shown))
