"""Which column of a file is which: vendors' spellings on one side, canonical names on the other."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest._head import spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Dialect", "Refusal", "dialect", "map_columns", "refusals", "require"]


# What every table may have, whether or not the engine writes it: people add columns.
_EVERYWHERE = (
    "charge", "contaminant", "decoy", "mz", "pep", "proteins", "psm_count", "q_value", "quantity",
    "rt_min", "rt_s", "run", "score", "target",
)  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """One format's spellings.

    Parameters
    ----------
    columns
        Canonical name to the headers it goes by, the preferred one first.
    rt_unit_s
        Seconds per unit of the column ``rt``; None where the format does not say.
    """

    columns: Mapping[str, tuple[str, ...]]
    rt_unit_s: float | None


@cache
def _aliases() -> dict[str, Any]:
    text = (files("omicstoken_kernel.ingest") / "aliases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def dialect(name: str) -> Dialect:
    """Return the spellings of a format in ``aliases.toml``."""
    section = _aliases()[name]
    unit = section.get("rt_unit")
    return Dialect(
        {canonical: tuple(headers) for canonical, headers in section["columns"].items()},
        {"min": 60.0, "s": 1.0}[unit] if unit else None,
    )


@dataclass(frozen=True)
class Refusal:
    """What is no result: what it looks like, and the columns that give it away.

    Parameters
    ----------
    columns
        All of them are there,
    any_of
        and one of these, if there are any,
    unmeasured
        and, where True, none that holds quantities.
    """

    looks_like: str
    columns: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    unmeasured: bool = False


@cache
def refusals() -> tuple[Refusal, ...]:
    """Return what is no result, by its columns."""
    return tuple(
        Refusal(
            entry["looks_like"],
            tuple(entry["columns"]),
            tuple(entry.get("any", ())),
            bool(entry.get("unmeasured")),
        )
        for entry in _aliases()["refused"]
    )


def map_columns(
    names: Sequence[str], spellings: Dialect, overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return canonical name to the file's column, for every canonical name that is found.

    Parameters
    ----------
    names
        The file's column names.
    spellings
        The format's dialect.
    overrides
        What the user says: canonical name to column; goes before every spelling.

    Raises
    ------
    InputError
        If an override names an unknown canonical name or a column the file does not have.
    """
    by_spelling: dict[str, str] = {}
    for name in names:
        by_spelling.setdefault(spelling(name), name)
    mapping: dict[str, str] = {}
    for canonical, headers in spellings.columns.items():
        for header in headers:
            found = header if header in names else by_spelling.get(spelling(header))
            if found is not None:
                mapping[canonical] = found
                break
    for canonical, header in (overrides or {}).items():
        mapping[canonical] = _overridden(canonical, header, names, spellings)
    return mapping


def _overridden(canonical: str, header: str, names: Sequence[str], spellings: Dialect) -> str:
    if canonical not in spellings.columns and canonical not in _EVERYWHERE:
        known = sorted({*spellings.columns, *_EVERYWHERE})
        close = difflib.get_close_matches(canonical, known, n=1)
        hint = f"Did you mean '{close[0]}'? " if close else ""
        msg = f"This format has no column called '{canonical}' to be set."
        raise InputError(msg, f"{hint}It has: {', '.join(known)}.")
    for name in names:
        if header in (name, name.strip()):
            return name
    for name in names:
        if spelling(name) == spelling(header):
            return name
    close = difflib.get_close_matches(header, names, n=3, cutoff=0.5)
    msg = f"The file has no column '{header}', named for '{canonical}'."
    shown = close or list(names)[:20]
    raise InputError(msg, f"{'Did you mean' if close else 'It has'}: {', '.join(shown)}.")


def require(
    mapping: Mapping[str, str], needed: Sequence[str], spellings: Dialect, what: str
) -> None:
    """Raise ParseError naming the first needed column that was not found."""
    for canonical in needed:
        if canonical not in mapping:
            expected = " or ".join(f"'{header}'" for header in spellings.columns[canonical][:4])
            msg = f"The file was read as {what} and has no column {expected}."
            raise ParseError(
                msg,
                f"Name the column (--column {canonical}=<its header>), or let the format be "
                "recognised.",
            )
