"""A sample sheet laid beside the owner's runs: what matches, what contradicts, what changes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.channel_names import parted, place_of, plain_channel
from omicstoken_kernel.store._owned import writing_for
from omicstoken_kernel.store._samples import SAMPLE_FIELDS, annotate_run
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.runs import runs_where
from omicstoken_kernel.store.tables import RUN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.ingest.sheet import SampleSheet, SheetRow
    from omicstoken_kernel.store.runs import Run

__all__ = ["Annotated", "SheetResult", "annotate_from"]

#: Where HLA types stay as the sheet wrote them, where that differs from the normalised names.
WRITTEN = "HLA types as written"

_ENDINGS = (".gz", ".raw", ".mzml", ".mzxml", ".d", ".wiff", ".mgf", ".dia", ".tdf", ".zip")


@dataclass(frozen=True)
class Annotated:
    """One run of the sheet: its lines, and each field that changes with the old and new value."""

    run_id: str
    name: str
    lines: tuple[int, ...]
    changes: dict[str, tuple[object, object]]


@dataclass(frozen=True)
class SheetResult:
    """What a sheet did, or with ``dry_run`` would do.

    ``rows_without_run`` are lines with what they name; ``runs_without_row`` are ids with names.
    ``varying_columns`` are free fields that differ within a sample and so are not its own.
    """

    sheet: str
    dry_run: bool
    runs: tuple[Annotated, ...]
    rows_without_run: tuple[tuple[int, str], ...]
    runs_without_row: tuple[tuple[str, str], ...]
    unused_columns: tuple[str, ...]
    varying_columns: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the result as JSON values."""
        changes = [
            asdict(run)
            | {"changes": {key: {"from": a, "to": b} for key, (a, b) in run.changes.items()}}
            for run in self.runs
        ]
        rows = [{"line": line, "run": name} for line, name in self.rows_without_run]
        left = [{"run_id": run_id, "name": name} for run_id, name in self.runs_without_row]
        return asdict(self) | {"runs": changes, "rows_without_run": rows, "runs_without_row": left}


def annotate_from(ctx: Context, sheet: SampleSheet, *, dry_run: bool = False) -> SheetResult:
    """Give the owner's runs what a sheet says of them, all in one transaction or none.

    A row names a run by its id, its name, or its raw file without folder and ending, and the run of
    one channel of a raw file by both. What a row leaves empty stays as it is.

    Raises
    ------
    InputError
        If no row names a run, a row could mean several, or rows contradict each other.
    """
    engine, owner = ctx.engine, ctx.owner
    with reading(engine) if dry_run else writing_for(engine, owner) as connection:
        runs = runs_where(connection, RUN.c.owner == owner)
        rows_of, lost = _matched(sheet, runs)
        matched = [run for run in runs if run.id in rows_of]
        fields_of, varying = _fields(sheet, runs, rows_of)
        found = [
            Annotated(
                run.id,
                run.name,
                tuple(row.line for row in rows_of[run.id]),
                _changes(run, fields_of[run.id]),
            )
            for run in matched
        ]
        if not dry_run:
            _write(connection, owner, fields_of)
    rest = tuple((run.id, run.name) for run in runs if run.id not in rows_of)
    return SheetResult(sheet.name, dry_run, tuple(found), lost, rest, sheet.unused, varying)


def _write(connection: Connection, owner: str, fields_of: dict[str, dict[str, object]]) -> None:
    for run_id, fields in fields_of.items():
        annotate_run(connection, owner, run_id, fields)


def _stem(name: str) -> str:
    """Return a raw file's name without folder and endings, in one case."""
    stem = PureWindowsPath(name.replace("file://", "")).name.casefold()
    while ending := next((each for each in _ENDINGS if stem.endswith(each)), ""):
        stem = stem.removesuffix(ending)
    return stem


def _matched(
    sheet: SampleSheet, runs: Sequence[Run]
) -> tuple[dict[str, list[SheetRow]], tuple[tuple[int, str], ...]]:
    """Return the rows of each run by its id, and the rows that name none."""
    ways: list[dict[str, list[Run]]] = [defaultdict(list) for _ in range(3)]
    for run in runs:
        ways[0][run.id].append(run)
        ways[1][run.name].append(run)
        for stem in {_stem(run.name), _stem(run.key)}:
            ways[2][stem].append(run)
    rows_of: dict[str, list[SheetRow]] = defaultdict(list)
    lost = []
    of_channel = _by_channel(sheet, runs)
    for row in sheet.rows:
        keys = zip(ways, (row.run, row.run, _stem(row.run)), strict=True)
        found = of_channel(row) or next((way[key] for way, key in keys if key in way), [])
        if len(found) > 1:
            ids = ", ".join(run.id for run in found)
            msg = f"'{sheet.name}', line {row.line}: '{row.run}' could be {len(found)} runs: {ids}."
            raise InputError(msg, "Write the id of the run instead, a line for each run.")
        if found:
            rows_of[found[0].id].append(row)
        else:
            lost.append((row.line, row.run))
    if not rows_of:
        known = ", ".join(run.name for run in runs[:3]) or "none yet"
        line, name = lost[0]
        msg = (
            f"No row of '{sheet.name}' names a run of yours: line {line} has '{name}'; "
            f"your runs are {known}."
        )
        raise InputError(msg, "'omicstoken runs list' shows them all.")
    return rows_of, tuple(lost)


def _by_channel(sheet: SampleSheet, runs: Sequence[Run]) -> Callable[[SheetRow], list[Run]]:
    """Return what finds the runs of a row's raw file and channel."""
    named: dict[tuple[str, str], dict[str, Run]] = defaultdict(dict)
    for run in runs:
        for name in (run.name, run.key):
            file, channel = parted(name)
            if channel:
                named[_stem(file), plain_channel(channel)][run.id] = run
    labels: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows:
        labels[_stem(row.run)] |= {row.channel} - {""}

    def found(row: SheetRow) -> list[Run]:
        if not row.channel:
            return []
        file = _stem(row.run)
        # MaxQuant and MSstats number the channels instead of naming them.
        names = (row.channel, place_of(row.channel, labels[file]))
        return next(([*named[file, name].values()] for name in names if (file, name) in named), [])

    return found


def _fields(
    sheet: SampleSheet, runs: Sequence[Run], rows_of: dict[str, list[SheetRow]]
) -> tuple[dict[str, dict[str, object]], tuple[str, ...]]:
    """Return what each run's rows say in all, and the free columns that differ in a sample."""
    matched = [run for run in runs if run.id in rows_of]
    fields_of: dict[str, dict[str, object]] = {}
    sample_of: dict[str, str] = {}
    of_sample: dict[str, list[SheetRow]] = defaultdict(list)
    known: dict[str, dict[str, object]] = defaultdict(dict)
    for run in matched:
        rows = rows_of[run.id]
        fields_of[run.id] = _agreed(sheet.name, rows, f"the run '{run.name}'")
        sample_of[run.id] = str(fields_of[run.id].get("sample", run.sample.name))
        of_sample[sample_of[run.id]] += rows
        known[sample_of[run.id]] |= run.sample.extra
    for run in runs:
        if run.sample.name in known:
            known[run.sample.name] |= run.sample.extra
    shared = {
        sample: _agreed(sheet.name, rows, f"the sample '{sample}'", only=SAMPLE_FIELDS)
        for sample, rows in of_sample.items()
    }
    varying = {column for rows in of_sample.values() for column in _differing(rows)}
    for run in matched:
        sample = sample_of[run.id]
        fields_of[run.id] |= shared[sample]
        kept = dict(known[sample])
        if any("hla" in row.fields for row in of_sample[sample]):
            # What was written of earlier types says nothing of these.
            kept.pop(WRITTEN, None)
        extra = kept | _extra(of_sample[sample], varying)
        if extra != known[sample]:
            fields_of[run.id]["extra"] = extra
    return fields_of, tuple(sorted(varying))


def _extra(rows: Iterable[SheetRow], varying: set[str]) -> dict[str, object]:
    """Return the free fields of a sample, and its HLA types if written otherwise."""
    extra: dict[str, object] = {}
    for row in rows:
        extra |= {key: value for key, value in row.free.items() if key not in varying}
        if row.hla_written and row.hla_written != row.fields["hla"]:
            extra[WRITTEN] = list(row.hla_written)
    return extra


def _agreed(
    sheet: str, rows: Iterable[SheetRow], what: str, *, only: tuple[str, ...] | None = None
) -> dict[str, object]:
    """Return what rows about one thing say together."""
    said: dict[str, tuple[int, object]] = {}
    for row in sorted(rows, key=lambda each: each.line):
        for key, value in row.fields.items():
            if only is not None and key not in only:
                continue
            line, before = said.setdefault(key, (row.line, value))
            same = set(before) == set(value) if key == "hla" else before == value  # type: ignore[call-overload]  # tuples
            if not same:
                field = key.replace("_", " ")
                msg = (
                    f"'{sheet}' contradicts itself about {what}: its {field} is "
                    f"{_shown(before)} in line {line} and {_shown(value)} in line {row.line}."
                )
                hint = "Correct one of the two lines, or name the samples apart."
                raise InputError(msg, hint)
    return {key: value for key, (_, value) in said.items()}


def _differing(rows: Sequence[SheetRow]) -> set[str]:
    values: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for key, value in row.free.items():
            values[key].add(value)
    return {key for key, found in values.items() if len(found) > 1}


def _changes(run: Run, fields: dict[str, object]) -> dict[str, tuple[object, object]]:
    """Return the fields whose value would be another, with the old and the new one."""
    sample = run.sample
    before: dict[str, object] = {
        "sample": sample.name,
        "hla": list(sample.hla),
        "technical_replicate": run.technical_replicate,
        "fraction": run.fraction,
    } | {key: getattr(sample, key) for key in SAMPLE_FIELDS if key != "hla"}
    after = {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items()}
    return {key: (before[key], new) for key, new in after.items() if before[key] != new}


def _shown(value: object) -> str:
    return f"'{'; '.join(value)}'" if isinstance(value, tuple) else f"'{value}'"
