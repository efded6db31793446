"""Which columns of a table of unknown origin were not read although they could matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._head import is_repeated, spelling
from omicstoken_kernel.ingest._quantity_headers import parse_quantity_header
from omicstoken_kernel.ingest._quantity_plan import holds_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._head import Head

__all__ = ["warn_of_unread"]

_SHOWN = 8

# Numbers that describe a peptide or a spectrum, and are never a quantity.
_DESCRIBES = re.compile(
    r"(?i)mass|m/?z|ppm|charge|length|(?<![a-z])(?:start|end|ids?)(?![a-z])|position|score|prob"
    r"|[pqe][-_. ]?val|_q\b|error|delta|diff|time$|rt\b|index|number|num|#|scan|rank|missed|cleav"
    r"|term|mobility|voltage|line|percent|%|hydro|isoelectric|\bpi\b|gravy|fdr|pep\b|conf|hla"
    r"|affinity|unique|year|age\b|label|replicate|batch|fraction|experiment|group|cluster"
    r"|(?<=.)count|unnamed|expect|purity|proteotypic|combinatorics|resolution"
)


def warn_of_unread(frame: Frame, table: Head, read: Iterable[str]) -> None:
    """Name the columns of numbers that were not read, and repeated ones, with the way to read them.

    Parameters
    ----------
    read
        Columns that were read and are not mapped.
    """
    taken = {*frame.mapping.values(), *read}
    unread = [name for name in table.names if name not in taken]
    of_numbers = [name for name in unread if _may_be_quantity(table, name)]
    if of_numbers:
        frame.warnings.append(_said_of_numbers(of_numbers))
    # A second 'Peptide' may hold as many peptides as the first.
    spelled = {spelling(name): name for name in taken}
    for name in unread:
        first = _first_of(name, spelled)
        if first is not None and name not in of_numbers and _differs(table, name, first):
            frame.warnings.append(
                f"'{name}' is another column under the header of '{first}' and was not read; to "
                f'read it instead say --column {_role(frame, first)}="{name}".'
            )


def _may_be_quantity(table: Head, name: str) -> bool:
    told = parse_quantity_header(name)
    if told is None and _DESCRIBES.search(name):
        return False
    return any(cell.strip() for cell in table.column(name)) and holds_numbers(table, name)


def _said_of_numbers(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    # Nobody is told to take a p-value for a quantity.
    likely = [
        name for name in names if (told := parse_quantity_header(name)) is None or told.usable
    ]
    one = f'--column quantity="{likely[0] if likely else "<header>"}"'
    if len(names) == 1:
        said = f"The numbers in {shown} were not read; if they are quantities, say {one}."
    else:
        said = f"The numbers in {shown}{more} were not read; to read one as the quantity say {one}."
    if len(likely) > 1:
        said = said[:-1] + f', several as a run each --column quantity="{likely[0]};{likely[1]}".'
    read = (parse_quantity_header(name) for name in likely)
    if any(told is not None and told.scale is None for told in read):
        said += " Logarithms are read to base 2 (then add --quantity-scale log2), others are not."
    return said


def _first_of(name: str, spelled: dict[str, str]) -> str | None:
    """Return the column that was read under the same header, in whatever case."""
    if spelling(name) in spelled:
        return spelled[spelling(name)]
    base = name.rpartition(" (")[0]
    return base if is_repeated(name, spelled.values()) else None


def _differs(table: Head, name: str, first: str) -> bool:
    if first not in table.names:
        return False
    return any(
        cell.strip() and cell.strip() != other.strip()
        for cell, other in zip(table.column(name), table.column(first), strict=True)
    )


def _role(frame: Frame, header: str) -> str:
    return next((role for role, name in frame.mapping.items() if name == header), "sequence")
