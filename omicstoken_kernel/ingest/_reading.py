"""Reading a file of any format: recognise, read, check the ledger."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._registry import reader, readers
from omicstoken_kernel.ingest._runs import run_name
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest.features import FEATURES, ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._reader import FormatInfo, Reader
    from omicstoken_kernel.ingest.features import Ledger, ParsedUpload, RunDraft

__all__ = ["Preview", "Recognition", "formats", "preview", "read", "recognise"]

# A reader that is less sure than this has not recognised the file.
_MIN_CONFIDENCE = 0.2

# One this sure knows better than what the beginning of the file looks like.
_CERTAIN = 0.9

_PREVIEW_FEATURES = 10


@dataclass(frozen=True)
class Recognition:
    """Which reader takes a file.

    Parameters
    ----------
    confidence
        0..1; 1 where the user named the format.
    why
        One sentence.
    others
        Further formats that would take it, with their confidence, the surest first.
    """

    reader: Reader
    confidence: float
    why: str
    others: tuple[tuple[str, float], ...] = ()


def formats() -> tuple[FormatInfo, ...]:
    """Return every format that can be read, in the order in which they are tried."""
    return tuple(one.INFO for one in readers().values())


def recognise(path: Path, options: ReadOptions, *, name: str | None = None) -> Recognition:
    """Return which reader takes a file, by its content.

    Raises
    ------
    ParseError
        If none does; says what the file looks like.
    InputError
        If the user named a format that does not exist.
    """
    # Loads numpy and Arrow's functions, which importing the package should not.
    from omicstoken_kernel.ingest._refusals import looks_like, refuse

    if options.format is not None:
        return Recognition(reader(options.format), 1.0, "You named the format.")
    source = open_source(path, name, sheet=options.sheet)
    found = [(one, one.sniff(source.head, source.name)) for one in readers().values()]
    found = [(one, sure) for one, sure in found if sure >= _MIN_CONFIDENCE]
    certain = any(sure >= _CERTAIN for _, sure in found)
    if not found or (not certain and looks_like(source.head) is not None):
        if "sequence" in options.columns or "modified" in options.columns:
            return Recognition(reader("generic"), 1.0, "You named the peptide column.")
        raise refuse(source.head, source.name)
    found.sort(key=lambda pair: -pair[1])
    best, sure = found[0]
    others = tuple((one.INFO.name, other) for one, other in found[1:])
    return Recognition(best, sure, _why(best, others), others)


def _why(best: Reader, others: tuple[tuple[str, float], ...]) -> str:
    if best.INFO.name == "generic":
        why = "No known format: read as a table with a column of peptides."
    else:
        why = f"Its beginning is that of {best.INFO.title}: {best.INFO.reads}"
    if others:
        why += " It could also be read as " + ", ".join(name for name, _ in others) + "."
    return why


def read(
    path: Path, options: ReadOptions | None = None, *, name: str | None = None
) -> ParsedUpload:
    """Return the features of a file of any known format, with both accounts balanced.

    Parameters
    ----------
    path
        The file, under whatever name it is kept.
    options
        What the user says about it; None means nothing.
    name
        The file's own name, where ``path`` has another one.

    Raises
    ------
    ParseError
        If the file is not a peptide table, or damaged.
    InputError
        If an option does not fit: an unknown format, a column that is not there.
    """
    options = options or ReadOptions()
    return _read(recognise(path, options, name=name).reader, path, options, name)


def _read(chosen: Reader, path: Path, options: ReadOptions, name: str | None) -> ParsedUpload:
    options.check()
    shown = name or path.name
    if options.run_name is None:
        options = replace(options, run_name=run_name(shown))
    try:
        parsed = chosen.read(path, options)
    except ParseError as error:
        # Readers only know the name the file is kept under.
        raise ParseError(error.message.replace(path.name, shown), error.hint) from error
    parsed.ledger.check()
    if not parsed.features.schema.equals(FEATURES):
        msg = f"The reader '{chosen.INFO.name}' returned a table that is no feature table."
        raise ParseError(msg, "Please report this: the reader has a defect.")
    return replace(
        parsed,
        format=chosen.INFO.name,
        reader_version=chosen.INFO.version,
        warnings=(*parsed.warnings, *_unused(options, parsed)),
    )


# Readers put these into the sequence, and are done with them.
_USED_UP = ("modifications", "sites")


def _unused(options: ReadOptions, parsed: ParsedUpload) -> list[str]:
    """Return a warning for each column the user named in vain."""
    return [
        f"'{header}' was named for '{canonical}', which is not used in this file."
        for canonical, header in options.columns.items()
        if canonical not in parsed.columns and canonical not in _USED_UP
    ]


@dataclass(frozen=True)
class Preview:
    """What an upload would do, without doing it.

    Parameters
    ----------
    format, confidence, why
        Which reader takes the file, how sure that is (0..1), and the reason.
    others
        Further formats that would take it.
    columns
        Canonical name to header.
    runs
        The runs with their numbers of features and of distinct peptides.
    rows
        The first features, as dictionaries of what :data:`FEATURES` names.
    """

    format: str
    title: str
    confidence: float
    why: str
    others: tuple[tuple[str, float], ...]
    columns: dict[str, str]
    runs: tuple[tuple[RunDraft, int, int], ...]
    rows: tuple[dict[str, object], ...]
    ledger: Ledger
    rejections: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return what ``upload --dry-run --json`` shows."""
        return {
            "format": self.format,
            "title": self.title,
            "confidence": self.confidence,
            "why": self.why,
            "others": [{"format": name, "confidence": sure} for name, sure in self.others],
            "columns": self.columns,
            "runs": [
                {**asdict(draft), "features": features, "peptides": peptides}
                for draft, features, peptides in self.runs
            ],
            "preview": list(self.rows),
            "ledger": self.ledger.as_json(),
            "rejections": list(self.rejections),
            "warnings": list(self.warnings),
        }


def preview(path: Path, options: ReadOptions | None = None, *, name: str | None = None) -> Preview:
    """Return what reading a file gives: the same reading, shown instead of stored.

    Raises
    ------
    ParseError, InputError
        As :func:`read`.
    """
    options = options or ReadOptions()
    found = recognise(path, options, name=name)
    parsed = _read(found.reader, path, options, name)
    return Preview(
        format=parsed.format,
        title=found.reader.INFO.title,
        confidence=found.confidence,
        why=found.why,
        others=found.others,
        columns=parsed.columns,
        runs=_counted(parsed),
        rows=tuple(parsed.features.slice(0, _PREVIEW_FEATURES).to_pylist()),
        ledger=parsed.ledger,
        rejections=tuple(asdict(one) for one in parsed.rejections[:_PREVIEW_FEATURES]),
        warnings=parsed.warnings,
    )


def _counted(parsed: ParsedUpload) -> tuple[tuple[RunDraft, int, int], ...]:
    grouped = parsed.features.group_by("run").aggregate(
        [("sequence", "count"), ("sequence", "count_distinct")]
    )
    counts = {
        row["run"]: (row["sequence_count"], row["sequence_count_distinct"])
        for row in grouped.to_pylist()
    }
    return tuple((run, *counts.get(place, (0, 0))) for place, run in enumerate(parsed.runs))
