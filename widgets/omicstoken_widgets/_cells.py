"""Cells of a table: as a page shows them, as a download has them, as a filter compares them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from omicstoken_kernel.errors import InputError

__all__ = ["bounds", "plain", "short", "without_formulas"]

# Letters of a cell on a page; a download has all of them.
_MOST_LETTERS = 2_000


def bounds(name: str, sign: str, value: str) -> tuple[float, float]:
    """Return the least and the greatest number that a condition allows."""
    try:
        if sign == "=" and (span := re.fullmatch(r"([\d.]+)-([\d.]+)", value)):
            return float(span[1]), float(span[2])
        number = float(value)
    except ValueError:
        msg = f"'{value}' is no number."
        raise InputError(msg, f"Write for example {name}>=9 or {name}=8-11.") from None
    low = number if sign in ("=", ">=", ">") else -np.inf
    return low, number if sign in ("=", "<=", "<") else np.inf


def plain(value: object) -> object:
    """Return a cell as JSON has it; what is missing is null."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if value is pd.NA else value


def short(value: object) -> object:
    """Return a cell that nobody has to wait for."""
    if isinstance(value, str) and len(value) > _MOST_LETTERS:
        return value[:_MOST_LETTERS] + "\N{HORIZONTAL ELLIPSIS}"
    return value


def without_formulas(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return text no spreadsheet takes for a formula, as OWASP advises; numbers as they are."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values
    texts = values.map(plain).astype("string")
    risky = texts.str.match(r"^[=+\-@\t\r]").fillna(value=False)
    return texts.where(~risky, "'" + texts)
