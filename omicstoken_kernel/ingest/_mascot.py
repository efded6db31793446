"""Mascot's CSV export taken apart: titled sections of different width, one of them the peptides.

A variable modification is a digit or letter at its residue (``0.00100.0``) that a section above
explains; a fixed one is only named at the top and sits on every residue it is meant for.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._placed import ANYWHERE, Site, Unplaced
from omicstoken_kernel.ingest._sites import NOT_FITTING
from omicstoken_kernel.ingest._source import UNPACKING_ERRORS
from omicstoken_kernel.ingest._tags import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from omicstoken_kernel.ingest._source import Source

__all__ = ["Export", "Line", "find_sites", "is_header", "read_export"]

ERROR_TOLERANT = "modification of an error-tolerant search: what it is, is not certain"

_PLACES = re.compile(r"([0-9A-X])\.([0-9A-X]+)\.([0-9A-X])")
_COUNTED = re.compile(r"(?:(\d+) )?(\S.*)")
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Line:
    """One line of a table of peptides; ``cut`` where the file ends inside it."""

    number: int
    cells: Mapping[str, str]
    decoy: bool
    cut: bool


@dataclass
class Export:
    """What an export says.

    Parameters
    ----------
    settings
        Lower-case name to value of the sections above the table.
    variable
        Digit or letter to the variable modification it stands for.
    fixed
        Fixed modifications by name; None where the file does not say.
    queries
        Query number to what the section of queries says of it.
    """

    settings: dict[str, str] = field(default_factory=dict)
    variable: dict[str, str] = field(default_factory=dict)
    fixed: list[str] | None = None
    queries: dict[str, Mapping[str, str]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def is_header(fields: Sequence[str]) -> bool:
    """Return whether these are the column names of a table of peptides."""
    return "pep_seq" in fields and bool({"pep_query", "prot_hit_num", "prot_acc"} & set(fields))


def read_export(source: Source) -> Export:
    """Return what a file says, section by section.

    Raises
    ------
    ParseError
        If it is damaged.
    """
    export = Export()
    section, names = "", None  # type: tuple[str, list[str] | None]
    try:
        for number, fields, cut in _records(source):
            if len(fields) > 1 and fields[1].startswith("-----"):
                section, names = fields[0].lower(), None
            elif is_header(fields) or fields[0] in ("query_number", "Identifier"):
                names = fields
            elif names is None:
                export.settings.setdefault(fields[0].lower(), fields[1] if fields[1:] else "")
            else:
                cells = dict(zip(names, fields, strict=False))
                if is_header(names):
                    cut = cut and len(fields) < len(names)
                    export.lines.append(Line(number, cells, "decoy" in section, cut))
                else:
                    _take(export, section, cells)
    except (*UNPACKING_ERRORS, csv.Error) as error:
        msg = f"'{source.name}' cannot be read to its end: {error}."
        raise ParseError(
            msg, "The file is damaged or was cut short; copy it again from its origin."
        ) from error
    if export.fixed is None and "fixed modifications" in export.settings:
        named = export.settings["fixed modifications"].split(",")
        export.fixed = [name.strip() for name in named if name.strip()]
    return export


def _take(export: Export, section: str, cells: Mapping[str, str]) -> None:
    if "query_number" in cells:
        export.queries[cells["query_number"]] = cells
    elif section.startswith("fixed"):
        export.fixed = [*(export.fixed or ()), cells.get("Name", "")]
    elif section.startswith("variable") and cells["Identifier"].isdigit():
        number = int(cells["Identifier"])
        sign = str(number) if number < 10 else chr(ord("A") + number - 10)
        export.variable[sign] = cells.get("Name", "")


def _records(source: Source) -> Iterator[tuple[int, list[str], bool]]:
    """Yield each record that is not blank: its line, its fields, whether the file ends in it."""
    delimiter = _delimiter(source.head)
    with source.open() as raw:
        text = io.TextIOWrapper(raw, encoding=source.encoding, errors="replace", newline="")
        last = ""

        def lines() -> Iterator[str]:
            nonlocal last
            for last in text:
                yield last.replace("\x00", "")

        reader = csv.reader(lines(), delimiter=delimiter)
        begins = 1
        for fields in reader:
            if any(fields):
                values = [value.strip() for value in fields]
                yield begins, values, not last.endswith(("\n", "\r"))
            begins = reader.line_num + 1


def _delimiter(head: bytes) -> str:
    for line in head.decode("utf-8", errors="replace").splitlines():
        if "pep_seq" in line:
            return max(_DELIMITERS, key=line.count)
    return ","


def find_sites(export: Export, cells: Mapping[str, str]) -> list[Site]:
    """Return where a peptide's modifications sit, the fixed ones that the file names among them.

    Raises
    ------
    Unplaced
        With the reason, where places and names do not tell.
    """
    sequence = cells.get("pep_seq", "")
    variable = _variable(export, sequence, cells)
    taken, fixed = {place for place, _ in variable}, dict[int, str]()
    for name in export.fixed or ():
        for place in _places_of(name, sequence, cells):
            # A variable modification goes before the fixed one of its residue.
            if place not in taken:
                fixed.setdefault(place, name)
    return sorted([*variable, *fixed.items()])


def _variable(export: Export, sequence: str, cells: Mapping[str, str]) -> list[Site]:
    written = cells.get("pep_var_mod_pos", "")
    signs = "".join(found.groups()) if (found := _PLACES.fullmatch(written)) else written
    at = {place: sign for place, sign in enumerate(signs) if sign != "0"}
    listed = [text.strip() for text in cells.get("pep_var_mod", "").split(";") if text.strip()]
    if not written:
        return [site for text in listed for site in _unplaced(text, sequence)]
    if not at and not listed:
        return []
    if "X" in at.values():
        raise Unplaced(ERROR_TOLERANT)
    if not at or len(signs) != len(sequence) + 2:
        raise Unplaced(NOT_FITTING)
    names = {
        sign: export.variable.get(sign) or _name_of(sign, at, sequence, listed)
        for sign in set(at.values())
    }
    return [(place, names[sign]) for place, sign in at.items()]


def _unplaced(text: str, sequence: str) -> list[Site]:
    """Return a modification without given places: in place where no other place is left."""
    count, name = _counted(text)
    places = [place for place in range(len(sequence) + 2) if _fits(name, place, sequence)]
    if SITE.search(name) is None or count > len(places):
        raise Unplaced(NOT_FITTING)
    if count == len(places):
        return [(place, name) for place in places]
    return [(ANYWHERE, name)] * count


def _name_of(sign: str, at: Mapping[int, str], sequence: str, listed: Sequence[str]) -> str:
    """Return the one listed modification that can be meant, by its number and its site."""
    places = [place for place, one in at.items() if one == sign]
    candidates = []
    for text in listed:
        count, name = _counted(text)
        if count == len(places) and all(_fits(name, place, sequence) for place in places):
            candidates.append(name)
    if len(candidates) != 1:
        raise Unplaced(NOT_FITTING)
    return candidates[0]


def _counted(text: str) -> tuple[int, str]:
    found = _COUNTED.fullmatch(text)
    return (int(found[1] or 1), found[2]) if found else (1, text)


def _fits(name: str, place: int, sequence: str) -> bool:
    site = SITE.search(name)
    if site is None:
        return True
    if "term" in site[1].lower():
        return place == (0 if "N-" in site[1] else len(sequence) + 1)
    return 1 <= place <= len(sequence) and sequence[place - 1] in site[1]


def _places_of(name: str, sequence: str, cells: Mapping[str, str]) -> list[int]:
    """Return the places of a fixed modification."""
    site = SITE.search(name)
    if site is None:
        msg = f"fixed modification '{name}' names no residue"
        raise Unplaced(msg)
    if "term" not in site[1].lower():
        return [place for place, residue in enumerate(sequence, 1) if residue in site[1]]
    first = "N-" in site[1]
    neighbour = cells.get("pep_res_before" if first else "pep_res_after", "")
    if site[1].startswith("Protein") and neighbour != "-":
        return []
    residues = site[1].split("term")[1].strip()
    if residues and sequence[: 1 if first else None][-1:] not in residues:
        return []
    return [0 if first else len(sequence) + 1]
