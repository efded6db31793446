"""Samples: made with their first run, annotated through their runs, gone with their last.

A run is its own sample, named as the run, until someone says otherwise. Two runs of the same name
in different files are not known to be one sample, so the second one's is named ``name (2)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store._bulk import insert_new
from omicstoken_kernel.store._remove import remove_orphan_samples
from omicstoken_kernel.store._values import dumps, storable
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.tables import RUN, SAMPLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["RUN_FIELDS", "SAMPLE_FIELDS", "annotate_run", "make_sample"]

#: What can be said about a run, and about the sample it belongs to.
RUN_FIELDS = ("technical_replicate", "fraction")
SAMPLE_FIELDS = ("donor", "condition", "biological_replicate", "hla", "extra")


def make_sample(connection: Connection, owner: str, name: str) -> str:
    """Make a sample named ``name``, or ``name (2)`` and so on if that is taken; return its id."""
    columns = ("id", "owner", "name", "hla", "extra")
    for number in count(1):
        free = name if number == 1 else f"{name} ({number})"
        identifier = make_id("sample", owner, free)
        # Trying to insert is the only look that another writer cannot overtake.
        row = (identifier, owner, free, "[]", "{}")
        if insert_new(connection, SAMPLE, columns, [row], order="id"):
            return identifier
    raise AssertionError


def annotate_run(
    connection: Connection, owner: str, run_id: str, fields: Mapping[str, object]
) -> None:
    """Write annotations of a run of the owner and of its sample.

    Raises
    ------
    InputError
        If a field is unknown or has a value it cannot have; nothing is written then.
    """
    known = ("sample", *SAMPLE_FIELDS, *RUN_FIELDS)
    unknown = sorted(set(fields) - set(known))
    if unknown:
        msg = f"A run has no field '{unknown[0]}'."
        raise InputError(msg, f"Fields are: {', '.join(known)}.")
    values = {name: _checked(name, value) for name, value in fields.items()}
    of_run = {name: values[name] for name in RUN_FIELDS if name in values}
    of_sample = {name: values[name] for name in SAMPLE_FIELDS if name in values}
    if of_run:
        connection.execute(sa.update(RUN).where(RUN.c.id == run_id).values(of_run))
    if values.get("sample") is not None:
        _move(connection, owner, run_id, str(values["sample"]))
    if of_sample:
        sample_id = sa.select(RUN.c.sample_id).where(RUN.c.id == run_id).scalar_subquery()
        connection.execute(sa.update(SAMPLE).where(SAMPLE.c.id == sample_id).values(of_sample))


def _move(connection: Connection, owner: str, run_id: str, name: str) -> None:
    """Put a run into the sample of this name, which may have to be made."""
    current = connection.execute(
        sa.select(SAMPLE).join(RUN, RUN.c.sample_id == SAMPLE.c.id).where(RUN.c.id == run_id)
    ).one()
    if current.name == name:
        return
    named = sa.select(SAMPLE.c.id).where(SAMPLE.c.owner == owner, SAMPLE.c.name == name)
    target = connection.scalar(named)
    if target is None:
        # What is known about the material goes with the run: it is the same material, better named.
        target = make_sample(connection, owner, name)
        known = {field: getattr(current, field) for field in SAMPLE_FIELDS}
        connection.execute(sa.update(SAMPLE).where(SAMPLE.c.id == target).values(known))
    connection.execute(sa.update(RUN).where(RUN.c.id == run_id).values(sample_id=target))
    remove_orphan_samples(connection, owner)


def _checked(name: str, value: object) -> str | None:
    """Return an annotation as its column holds it; an empty text is no annotation."""
    if name == "hla":
        return dumps(_names(value))
    if name == "extra":
        if value is not None and not isinstance(value, Mapping):
            msg = f"The field 'extra' takes a mapping, found {value!r}."
            raise InputError(msg, "Give names with their values, or None.")
        return dumps(dict(value or {}))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        msg = f"The field '{name}' takes a text, found {value!r}."
        raise InputError(msg, "Give a text, or None to clear it.")
    return storable(str(value), name).strip() or None


def _names(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, Iterable):
        msg = f"The field 'hla' takes a list of names, found {value!r}."
        raise InputError(msg, "Give a list such as ['HLA-A*02:01', 'HLA-B*07:02'].")
    names: list[Any] = list(value)
    for name in names:
        if not isinstance(name, str):
            msg = f"An HLA type is a text, found {name!r}."
            raise InputError(msg, "Give a list such as ['HLA-A*02:01', 'HLA-B*07:02'].")
    return [storable(name, "HLA type").strip() for name in names]
