"""Cells of text turned into numbers and flags, whole columns at a time.

A cell is one of three things: missing (blank, ``NaN``, ``NA``, ``#N/A``, ``-`` ...), a number, or a
defect. Decimal commas and thousands signs are recognised per column, because one value alone
(``1,234``) cannot tell: a comma is a decimal sign as soon as one value of the column needs it to
be, or, if no value tells, when the file's delimiter is a semicolon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["MISSING", "Numbers", "as_text", "flags", "is_missing", "numbers"]

#: What tools write where they have no value; compared without case.
MISSING = (
    "", "na", "n/a", "#n/a", "nan", "-nan", "1.#qnan", "null", "none", "nil", "-", "--", "n.a.",
    "n.d.", "#num!", "#value!", "#div/0!", "<na>", "filtered", "missing",
    # Excel's errors in English, German and French.
    "#ref!", "#name?", "#null!", "#wert!", "#nv", "#zahl!", "#bezug!", "#name", "#nom?", "#valeur!",
    "#n/d", "#nombre!", "#nul!",
)  # fmt: skip

# Of these in capitals, those that are spelled in three or more of the twenty residues. NULL and
# NONE are not: databases write them so, and no peptide holds their U and O.
_SPELL_PEPTIDES = ("NAN", "NIL", "FILTERED", "MISSING")

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_COMMA_DECIMAL = r"^[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+)([eE][+-]?\d+)?$"
_COMMA_GROUPS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?([eE][+-]?\d+)?$"
_POINT_GROUPS = r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"
_INFINITE = r"^[+-]?inf(inity)?$"

_TRUE = ("+", "1", "1.0", "true", "t", "yes", "y", "decoy", "contaminant")


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Parameters
    ----------
    values
        (n,) float64; NaN where missing or bad. Never infinite.
    bad
        (n,) bool: the cell holds something that is no finite number.
    """

    values: npt.NDArray[np.float64]
    bad: npt.NDArray[np.bool_]

    @property
    def given(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: the cell holds a number."""
        return ~np.isnan(self.values)


def as_text(column: pa.Array) -> pa.Array:
    """Return a column as stripped text; null becomes an empty string."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        column = _printable(column)
    return pc.utf8_trim_whitespace(pc.fill_null(column, ""))


def _printable(column: pa.Array) -> pa.Array:
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([_shown(value) for value in column.to_pylist()], pa.string())


def _shown(value: object) -> str | None:
    """Return a nested value of a Parquet file as text: lists joined, records by accession."""
    if isinstance(value, list):
        return ";".join(_shown(item) or "" for item in value)
    if isinstance(value, dict) and isinstance(value.get("accession"), str):
        return str(value["accession"])
    return None if value is None else str(value)


def is_missing(text: pa.Array, *, peptides: bool = False) -> npt.NDArray[np.bool_]:
    """Return where stripped text stands for "no value".

    Parameters
    ----------
    peptides
        True where the text is sequences, of which a word in capitals may be one (``NAN``).
    """
    short = pc.less_equal(pc.binary_length(text), 8)
    mask = _numpy(short)
    if mask.any():
        candidates = pc.utf8_lower(pc.if_else(short, text, "x"))
        mask &= _numpy(pc.is_in(candidates, value_set=pa.array(MISSING, candidates.type)))
    if peptides and mask.any():
        mask &= ~_numpy(pc.is_in(text, value_set=pa.array(_SPELL_PEPTIDES, text.type)))
    return mask


def numbers(column: pa.Array, *, delimiter: str = "\t") -> Numbers:
    """Return a column's numbers, whatever its type and decimal sign.

    Parameters
    ----------
    column
        Text, or numbers of any type; a duration is its seconds.
    delimiter
        The file's delimiter: decides what an ambiguous comma means.
    """
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        values = _floats(column)
        bad = np.isinf(values)
        return Numbers(np.where(bad, np.nan, values), bad)
    if pa.types.is_duration(column.type):
        ticks = pc.cast(pc.cast(column, pa.duration("ns"), safe=False), pa.int64())
        values = _floats(ticks) / 1e9
        return Numbers(values, np.zeros(len(values), bool))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        plain = _plain(column)
        if plain is not None:
            return plain
    text = as_text(column)
    missing = is_missing(text)
    filled = pc.if_else(pa.array(missing), pa.scalar(None, text.type), text)
    try:
        values, bad = _floats(pc.cast(filled, pa.float64())), np.zeros(len(text), bool)
    except pa.ArrowInvalid:
        values, bad = _spelled(filled, delimiter)
    infinite = np.isinf(values)
    bad = (bad & ~missing) | infinite | (np.isnan(values) & ~missing)
    return Numbers(np.where(infinite, np.nan, values), bad)


def _plain(column: pa.Array) -> Numbers | None:
    """Return the numbers of text that holds nothing but finite ones, which most columns do."""
    try:
        values = _floats(pc.cast(column, pa.float64()))
    except pa.ArrowInvalid:
        return None
    return Numbers(values, np.zeros(len(values), bool)) if np.isfinite(values).all() else None


def _spelled(
    text: pa.Array, delimiter: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return the values of text that Arrow cannot cast as it stands, and what is no number."""
    text = pc.replace_substring_regex(text, r"[\s\x{00A0}\x{202F}'’]", "")
    grouped = pc.match_substring_regex(text, _COMMA_GROUPS)
    decimal = pc.match_substring_regex(text, _COMMA_DECIMAL)
    points = pc.match_substring_regex(text, _POINT_GROUPS)
    commas_are_decimal = (
        _any(decimal) or _any(points) or (delimiter == ";" and not _any_point(text))
    )
    if commas_are_decimal:
        text = pc.if_else(points, pc.replace_substring(text, ".", ""), text)
        several = pc.greater(pc.count_substring(text, ","), 1)
        text = pc.if_else(several, text, pc.replace_substring(text, ",", "."))
    else:
        text = pc.if_else(grouped, pc.replace_substring(text, ",", ""), text)
    valid = _numpy(pc.match_substring_regex(text, _NUMBER))
    infinite = _numpy(pc.match_substring_regex(pc.utf8_lower(text), _INFINITE))
    known = valid | infinite
    values = _floats(
        pc.cast(pc.if_else(pa.array(known), text, pa.scalar(None, text.type)), pa.float64())
    )
    return values, ~known


def _any_point(text: pa.Array) -> bool:
    return _any(pc.and_(pc.match_substring(text, "."), pc.match_substring(text, ",")))


def _any(mask: pa.Array) -> bool:
    return bool(pc.any(mask).as_py())


def _floats(column: pa.Array) -> npt.NDArray[np.float64]:
    column = pc.cast(column, pa.float64(), safe=False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _numpy(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.array(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False), dtype=bool)


def flags(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Return where a flag column says yes: ``+``, ``1``, ``true``, ``yes``, ``decoy``."""
    if pa.types.is_boolean(column.type):
        return _numpy(column)
    text = pc.utf8_lower(as_text(column))
    return _numpy(pc.is_in(text, value_set=pa.array(_TRUE, text.type)))
