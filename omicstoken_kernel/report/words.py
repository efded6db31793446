"""How a report writes dates, spans and sizes; numbers are written as analysis writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.wording import (
    MISSING,
    THIN,
    count,
    listing,
    p_value,
    plural,
    share,
    statistic,
)
from omicstoken_kernel.progress import duration

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "MISSING",
    "bytes_size",
    "count",
    "duration",
    "instant",
    "listing",
    "p_value",
    "plural",
    "share",
    "share_of",
    "short",
    "statistic",
]


def share_of(part: int, whole: int) -> str:
    """Return a part of a whole in percent; a dash where there is no whole.

    >>> share_of(1, 4).replace(THIN, " "), share_of(0, 0)
    ('25 %', '–')
    """
    return share(part / whole if whole else None)


def instant(moment: datetime | None, *, with_zone: bool = False) -> str:
    """Return a moment in the machine's own zone, to the minute; with the zone in provenance."""
    if moment is None:
        return MISSING
    local = moment.astimezone()
    return local.strftime("%Y-%m-%d %H:%M %Z" if with_zone else "%Y-%m-%d %H:%M").strip()


def short(name: str, most: int = 28) -> str:
    """Return a name that fits into a title, its middle left out beyond ``most`` characters.

    Runs of one experiment begin alike; what tells them apart stands at the end.

    >>> short("2289"), short("20240101_donor_01", 11)
    ('2289', '20240…or_01')
    """
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end]}…{name[len(name) - end :]}"


def bytes_size(size: int | None) -> str:
    """Return a file's size.

    >>> bytes_size(80672).replace(THIN, " "), bytes_size(512).replace(THIN, " ")
    ('80.7 kB', '512 B')
    """
    if size is None:
        return MISSING
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{size if unit == 'B' else statistic(value)}{THIN}{unit}"
