"""A table as compact JSON columns: what a page carries for its figures and its table.

Column by column instead of row by row, and text with few values as a list of levels with codes: a
hundred thousand peptides take a fifth of what a list of records would.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Column", "Columns", "encode"]


class Column(TypedDict, total=False):
    """One column: plain ``values``, or ``levels`` and ``codes`` (-1: missing), or ``lines``."""

    name: str
    values: list[Any]
    levels: list[Any]
    codes: list[int]
    lines: str


class Columns(TypedDict):
    """A table: the number of its rows and its columns."""

    rows: int
    columns: list[Column]


def encode(table: pa.Table | pd.DataFrame, *, digits: Mapping[str, int] | None = None) -> Columns:
    """Return a table as JSON columns; missing values are null.

    Parameters
    ----------
    table
        Columns of numbers, truth values and text.
    digits
        Decimal places kept of a column of floats; those not named keep six significant digits.

    Examples
    --------
    >>> encode(pa.table({"n": [1, None]}))
    {'rows': 2, 'columns': [{'name': 'n', 'values': [1, None]}]}
    """
    if not isinstance(table, pa.Table):
        table = pa.Table.from_pandas(table, preserve_index=False)
    digits = digits or {}
    return {
        "rows": table.num_rows,
        "columns": [
            _column(name, table.column(name).combine_chunks(), digits.get(name))
            for name in table.column_names
        ],
    }


def _column(name: str, array: pa.Array, places: int | None) -> Column:
    if pa.types.is_floating(array.type):
        return {"name": name, "values": [_rounded(v, places) for v in array.to_pylist()]}
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return _text(name, array)
    return {"name": name, "values": array.to_pylist()}


def _rounded(value: float | None, places: int | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    kept = float(f"{value:.6g}") if places is None else round(value, places)
    return int(kept) if kept.is_integer() else kept


def _text(name: str, array: pa.Array) -> Column:
    """Return text as levels and codes where that is shorter, else line by line where it can be."""
    levels = pc.unique(array.drop_null())
    if len(levels) * 2 <= len(array):
        codes = pc.fill_null(pc.index_in(array, value_set=levels), -1)
        return {"name": name, "levels": levels.to_pylist(), "codes": codes.to_pylist()}
    values = array.to_pylist()
    if array.null_count == 0 and not any("\n" in value for value in values):
        return {"name": name, "lines": "\n".join(values)}
    return {"name": name, "values": values}
