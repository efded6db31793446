"""How numbers, lists and names stand in a sentence: one way for all of analysis.

Thousands and units are set off by the narrow no-break space (U+202F), the thin space that does not
let a line break inside a number. What is missing is a dash, never 0, NaN or None.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "MISSING",
    "THIN",
    "all_of",
    "count",
    "decimals",
    "listing",
    "p_value",
    "plural",
    "share",
    "signed",
    "statistic",
]

MISSING = "–"
THIN = "\u202f"


def _is_missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def count(value: int | None) -> str:
    """Return an integer with thin spaces in thousands.

    >>> count(1223) == f"1{THIN}223", count(None)
    (True, '–')
    """
    return MISSING if value is None else _typeset(f"{value:,}")


def plural(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "motif"), plural(3, "motif"), plural(2, "class", "classes")
    ('1 motif', '3 motifs', '2 classes')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def all_of(number: int, many: str) -> str:
    """Return all of some things, as a person says it.

    >>> all_of(2, "runs"), all_of(3, "runs")
    ('both runs', 'all 3 runs')
    """
    return f"both {many}" if number == 2 else f"all {count(number)} {many}"


def share(value: float | None) -> str:
    """Return a share of 0..1 in percent with two significant digits, 0 and 100 only where exact.

    >>> [share(x).replace(THIN, " ") for x in (0.4137, 0.0912, 0.998, 1.0, 0.0, 0.00034, None)]
    ['41 %', '9.1 %', '> 99 %', '100 %', '0 %', '0.034 %', '–']
    """
    if value is None or _is_missing(value):
        return MISSING
    if 0.995 <= value < 1:
        return f">{THIN}99{THIN}%"
    return f"{_significant(value * 100, 2)}{THIN}%"


def statistic(value: float | None) -> str:
    """Return a number with three significant digits.

    >>> statistic(0.12345), statistic(-2.0), statistic(1234.6) == f"1{THIN}235", statistic(None)
    ('0.123', '−2.00', True, '–')
    """
    return MISSING if value is None or _is_missing(value) else _significant(value, 3)


def decimals(value: float | None, places: int) -> str:
    """Return a number with a fixed number of decimals, as masses are told.

    >>> decimals(986.576045, 3), decimals(None, 3)
    ('986.576', '–')
    """
    return MISSING if value is None or _is_missing(value) else _typeset(f"{value:,.{places}f}")


def signed(value: float, places: int = 0) -> str:
    """Return a number with its sign and a fixed number of decimals, as charges are told.

    >>> signed(2), signed(-1), signed(0), signed(1.0894, 2), signed(-0.001, 2)
    ('+2', '−1', '0', '+1.09', '0.00')
    """
    rounded = round(value, places)
    return _typeset(f"{rounded:+,.{places}f}") if rounded else f"{0:.{places}f}"


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    # Rounding first: 9.96 has its first digit at the tens once it is rounded to two digits.
    rounded = float(f"{value:.{digits - 1}e}")
    places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return _typeset(f"{value:,.{places}f}")


def _typeset(number: str) -> str:
    """Return a formatted number with thin spaces for commas and a minus sign for the hyphen."""
    return number.replace(",", THIN).replace("-", "−")


def p_value(value: float | None) -> str:
    """Return a p-value as a statement.

    >>> p_value(0.0034), p_value(1e-7), p_value(None)
    ('p = 0.0034', 'p < 0.001', '–')
    """
    if value is None or _is_missing(value):
        return MISSING
    return "p < 0.001" if value < 0.001 else f"p = {_significant(value, 2)}"


def listing(items: Sequence[str], *, most: int = 0, last: str = "and") -> str:
    """Return items as running text; beyond ``most`` (0: no limit) the rest is counted.

    >>> listing(["A", "B", "C"]), listing(["A", "B", "C", "D"], most=2)
    ('A, B and C', 'A, B and 2 more')
    """
    if most and len(items) > most:
        return f"{', '.join(items[:most])} and {count(len(items) - most)} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
