"""One file on its way through a reader: its columns under canonical names, and its account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import Numbers, as_text, is_missing, numbers
from omicstoken_kernel.ingest._columns import Dialect, map_columns, require
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._outcomes import Outcomes, short
from omicstoken_kernel.ingest._source import Source, open_source
from omicstoken_kernel.ingest._table import Table, read_table
from omicstoken_kernel.ingest._words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest.features import ReadOptions

__all__ = ["BLANK_ROW", "Frame", "frame_of", "open_frame"]

_MAX_CHARGE = 100

BLANK_ROW = "blank row"

_OF_PEPTIDES = ("sequence", "modified")


@dataclass
class Frame:
    """A file's table with its columns mapped, and what became of its rows so far.

    Parameters
    ----------
    mapping
        Canonical name to header.
    warnings
        Sentences for the user, in the order they came up.
    """

    source: Source
    spellings: Dialect
    mapping: dict[str, str]
    options: ReadOptions
    table: Table
    outcomes: Outcomes
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, canonical: object) -> bool:
        return canonical in self.mapping

    def column(self, canonical: str) -> pa.Array:
        """Return a mapped column as the file holds it."""
        return self.table.columns[self.mapping[canonical]]

    def text(self, canonical: str) -> pa.Array:
        """Return a mapped column as stripped text; missing values are empty strings."""
        text = as_text(self.column(canonical))
        missing = is_missing(text, peptides=canonical in _OF_PEPTIDES)
        return pc.if_else(pa.array(missing), pa.scalar("", text.type), text)

    def numbers(self, canonical: str) -> Numbers:
        """Return a mapped column as numbers."""
        return numbers(self.column(canonical), delimiter=self.table.delimiter)

    def reject(
        self, mask: npt.NDArray[np.bool_], canonical: str, reason: str | Sequence[str]
    ) -> None:
        """Reject rows for a defect in one mapped column."""
        self.outcomes.reject(
            mask, column=self.mapping[canonical], values=self.column(canonical), reason=reason
        )

    def optional_number(
        self, canonical: str, *, low: float = -np.inf, high: float = np.inf, whole: bool = False
    ) -> npt.NDArray[np.float64] | None:
        """Return numbers no row depends on; what is none, or out of range, is left out and said."""
        if canonical not in self.mapping:
            return None
        found = self.numbers(canonical)
        with np.errstate(invalid="ignore"):
            odd = found.bad | (found.values < low) | (found.values > high)
            if whole:
                odd |= found.given & (found.values != np.round(found.values))
        odd &= self.outcomes.alive
        if odd.any():
            first = as_text(self.column(canonical).take(np.flatnonzero(odd)[:1]))[0].as_py()
            many = int(odd.sum()) > 1
            self.warnings.append(
                f"{counted(int(odd.sum()), 'value', 'values')} of '{self.mapping[canonical]}' "
                f"{'are no usable numbers and were' if many else 'is no usable number and was'} "
                f"left out, the first is '{short(first)}'."
            )
        return np.where(odd, np.nan, found.values)

    def retention_times_s(self) -> npt.NDArray[np.float64] | None:
        """Return retention times in seconds, whatever unit the user, format or header states."""
        named = {"min": 60.0, "s": 1.0}.get(self.options.rt_unit or "")
        for canonical, unit in (("rt_s", 1.0), ("rt_min", 60.0)):
            if canonical in self.mapping:
                values = self.optional_number(canonical)
                if self._is_duration(canonical):
                    return values
                return None if values is None else values * (named or unit)
        values = self.optional_number("rt")
        if values is None or self._is_duration("rt"):
            return values
        stated = named or self.spellings.rt_unit_s
        return values * (self._likely_rt_unit_s(values) if stated is None else stated)

    def _is_duration(self, canonical: str) -> bool:
        """Return whether a column's type states the unit, as durations of Parquet do."""
        return bool(pa.types.is_duration(self.column(canonical).type))

    def _likely_rt_unit_s(self, values: npt.NDArray[np.float64]) -> float:
        # No gradient takes 300 minutes, and few runs end within 300 seconds.
        longest = float(np.nanmax(values, initial=0.0))
        if longest == 0:
            return 1.0  # Nothing was given, and nothing is to be said of its unit.
        header = self.mapping["rt"]
        unit, name = (1.0, "seconds") if longest > 300 else (60.0, "minutes")
        self.warnings.append(
            f"The header '{header}' names no unit; its values up to {longest:g} were read as "
            f"{name}. Name the retention-time unit (min or s) to change that."
        )
        return unit

    def charges(self) -> npt.NDArray[np.int64]:
        """Return precursor charges, 0 where not given; rows with an impossible one are rejected."""
        if "charge" not in self.mapping:
            return self._charges_in_notation()
        column = self.column("charge")
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            column = pc.replace_substring_regex(as_text(column), r"^\+?(\d+)\+?$", r"\1")
        found = numbers(column, delimiter=self.table.delimiter)
        values = np.nan_to_num(found.values)
        odd = found.bad | (values < 0) | (values > _MAX_CHARGE)
        self.reject(odd, "charge", f"charge is no number up to {_MAX_CHARGE}")
        # Some tools give the average over several charge states: that is no charge of a feature.
        average = (values != np.round(values)) & self.outcomes.alive
        if average.any():
            self.warnings.append(
                f"{int(average.sum())} values of '{self.mapping['charge']}' are no whole numbers: "
                "those features were stored without a charge."
            )
        return np.where(odd | average, 0, values).astype(np.int64)

    def _charges_in_notation(self) -> npt.NDArray[np.int64]:
        """Return the charges that ProForma carries behind a slash (``PEPTIDE/2``), else 0."""
        written = next((name for name in ("modified", "sequence") if name in self.mapping), None)
        if written is None:
            return np.zeros(len(self), np.int64)
        found = pc.struct_field(pc.extract_regex(self.text(written), r"/(?P<z>[1-9]\d?)$"), "z")
        charges = pc.fill_null(pc.cast(found, pa.int64()), 0)
        return np.asarray(charges.to_numpy(zero_copy_only=False), np.int64)


def open_frame(
    path: Path,
    options: ReadOptions,
    spellings: Dialect,
    *,
    needed: Sequence[str],
    what: str,
    more: Callable[[tuple[str, ...]], Sequence[str]] = lambda _names: (),
) -> Frame:
    """Return a file's table with the columns a dialect knows; see :func:`frame_of`."""
    source = open_source(path, sheet=options.sheet)
    return frame_of(source, options, spellings, needed=needed, what=what, more=more)


def frame_of(
    source: Source,
    options: ReadOptions,
    spellings: Dialect,
    *,
    needed: Sequence[str],
    what: str,
    more: Callable[[tuple[str, ...]], Sequence[str]] = lambda _names: (),
) -> Frame:
    """Return an opened file's table with the columns a dialect knows.

    Parameters
    ----------
    needed
        Canonical names the reader cannot do without.
    what
        The format's title, for messages.
    more
        From all column names, the further ones to read (a matrix's quantity columns).

    Raises
    ------
    ParseError
        If a needed column is missing or the file cannot be read.
    InputError
        If an override of the user does not fit the file.
    """
    names = parse_head(source.head).names
    mapping = map_columns(names, spellings, options.columns)
    require(mapping, needed, spellings, what)
    table = read_table(source, [*mapping.values(), *more(names)])
    frame = Frame(source, spellings, mapping, options, table, Outcomes(table))
    frame.warnings.extend(source.sheet.warnings if source.sheet else ())
    frame.warnings.extend(table.warnings)
    _filter_blank(frame)
    return frame


def _filter_blank(frame: Frame) -> None:
    """Take out rows without any value, such as ``,,,`` at the end of a spreadsheet's export."""
    names = [frame.mapping[name] for name in _OF_PEPTIDES if name in frame.mapping]
    if frame.source.kind != "text" or not names:
        return
    columns = frame.table.columns
    blank = np.ones(len(frame), bool)
    # Those of peptides first: where none is blank, which is the rule, no other is looked at.
    for name in dict.fromkeys([*names, *columns]):
        empty = pc.equal(pc.utf8_trim_whitespace(columns[name]), "")
        blank &= np.asarray(empty.to_numpy(zero_copy_only=False), bool)
        if not blank.any():
            return
    frame.outcomes.filter(blank, BLANK_ROW)
