"""Values on their way into a statement and out of it: long lists, text, times, JSON, nulls."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from sqlalchemy import Connection, TableValuedAlias

if TYPE_CHECKING:
    #: A row of whatever columns.
    AnyRow = sa.Row[*tuple[Any, ...]]

__all__ = [
    "as_utc",
    "dumps",
    "integers",
    "now",
    "pairs",
    "python_values",
    "shown",
    "storable",
    "strings",
]


def strings(connection: Connection, values: Iterable[str]) -> TableValuedAlias:
    """Return a one-column table of strings to join with, ``.c.value``, of any length.

    One bound parameter carries the whole list, so no limit on the number of parameters applies.
    """
    return _listed(connection, list(values), sa.Text())


def integers(connection: Connection, values: Iterable[int] | NDArray[np.int64]) -> TableValuedAlias:
    """Return a one-column table of integers to join with, ``.c.value``, of any length."""
    found = values if isinstance(values, np.ndarray) else np.fromiter(values, dtype=np.int64)
    return _listed(connection, found.tolist(), sa.BigInteger())


def _listed(
    connection: Connection, values: Sequence[object], kind: sa.types.TypeEngine[Any]
) -> TableValuedAlias:
    column = sa.column("value", kind)
    if connection.dialect.name == "sqlite":
        return sa.func.json_each(json.dumps(values)).table_valued(column, name="listed")
    unnested = sa.func.unnest(_array(values, kind))
    return unnested.table_valued(column, name="listed").render_derived()


def _array(values: Sequence[object], kind: sa.types.TypeEngine[Any]) -> sa.Cast[Sequence[object]]:
    array = postgresql.ARRAY(kind)
    return sa.cast(sa.literal(values, array), array)


def pairs(connection: Connection, texts: list[str], numbers: list[int]) -> sa.Subquery:
    """Return a table of pairs to join with, ``.c.text`` and ``.c.number``, of any length."""
    if connection.dialect.name == "sqlite":
        both = json.dumps(list(zip(texts, numbers, strict=True)))
        each = sa.func.json_each(both).table_valued("value", name="listed")
        return sa.select(
            sa.func.json_extract(each.c.value, "$[0]", type_=sa.Text()).label("text"),
            sa.func.json_extract(each.c.value, "$[1]", type_=sa.BigInteger()).label("number"),
        ).subquery()
    columns = (sa.column("text", sa.Text()), sa.column("number", sa.BigInteger()))
    unnested = sa.func.unnest(_array(texts, sa.Text()), _array(numbers, sa.BigInteger()))
    return sa.select(unnested.table_valued(*columns, name="listed").render_derived()).subquery()


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """Return a stored moment with its zone, which SQLite does not keep."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def dumps(value: object) -> str:
    """Return a value as JSON with sorted keys, so that equal values give equal text.

    Numbers of numpy count as numbers; NaN and infinity, which JSON does not know, become null.
    """
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False, default=_plain_number)
    except ValueError:
        return json.dumps(_finite(value), sort_keys=True, allow_nan=False, default=_plain_number)


def _plain_number(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    msg = f"{type(value).__name__} is not a JSON value"
    raise TypeError(msg)


def _finite(value: object) -> object:
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


def storable(text: str, what: str) -> str:
    """Return a text as every database can hold it; undecodable bytes of a file name become '?'.

    Raises
    ------
    InputError
        If it holds a NUL, which PostgreSQL cannot store.
    """
    if "\0" in text:
        msg = f"The {what} {text!r} holds a NUL character."
        raise InputError(msg, "Remove it; it is often the sign of a file in another encoding.")
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(text: str) -> str:
    """Return a message as every database can hold it; what cannot be stored becomes '?'."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


def python_values(column: pa.ChunkedArray | pa.Array) -> list[Any]:
    """Return an Arrow column as a list for a database driver: null, NaN and infinity as None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
    values: list[Any] = column.to_pylist()
    return values
