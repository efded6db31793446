"""Numbers beside their nouns, as a sentence has them."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, one: str, several: str) -> str:
    """Return a number with what agrees with it.

    Examples
    --------
    >>> counted(1, "row has", "rows have"), counted(2, "row has", "rows have")
    ('1 row has', '2 rows have')
    """
    return f"{number} {one if number == 1 else several}"
