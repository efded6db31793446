"""A table whose rows stay in the kernel: sorting, filter, paging and download over all of them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import traitlets

from omicstoken_kernel.errors import InputError
from omicstoken_widgets._cells import bounds, plain, short, without_formulas
from omicstoken_widgets._wire import MOST_BYTES, Wired, script, style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Column", "Kind", "Table"]

Kind = Literal[
    "text", "words", "sequence", "aligned", "flag",
    "count", "share", "quantity", "number", "percentile",
]  # fmt: skip

_NUMERIC = ("count", "share", "quantity", "number", "percentile")
# ``length>=9``, ``length=8-11``, ``similarity<0.9``
_CONDITION = re.compile(r"^(?P<name>[^<>=]+?)(?P<sign><=|>=|=|<|>)(?P<value>.+)$")
# Rows of a download at a time; fewer where they are so long that a message would be too large.
_CSV_ROWS = 2_000
_MOST_PIECES = 4


@dataclass(frozen=True)
class Column:
    """How one column of the frame is shown.

    Parameters
    ----------
    name
        Of the frame's column.
    title
        Above the column.
    kind
        What its values are: it decides how they are written. ``aligned`` is a sequence and
        another under it, whose lower-case letters are shown upper-case and underlined; ``words``
        may take several lines.
    unit
        Beside the title.
    digits
        Decimal places of a ``number``.
    link
        Whether a click on the value is told to ``on_pick``.
    help
        Shown on hover over the title.
    """

    name: str
    title: str
    kind: Kind = "text"
    unit: str = ""
    digits: int = 2
    link: bool = False
    help: str = ""


class Table(Wired):
    """A frame, page by page.

    Parameters
    ----------
    columns
        What is shown, in order.
    caption
        What the rows are, for those who cannot see them.
    empty
        Said where there are no rows: what would be here, and how to get it.
    file_name
        Of the download, without ending.
    selectable
        Whether rows can be ticked; ``selected`` then holds their places in the frame.
    on_pick
        Called with the column's name and the row (a Series) when a linked value is clicked.
    """

    _esm = script("table.js")
    _css = style("table.css")
    _requests: ClassVar[dict[str, str]] = {"page": "_page", "csv": "_csv", "pick": "_pick"}

    columns: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    empty = traitlets.Unicode("There is nothing here.").tag(sync=True)
    filter_hint = traitlets.Unicode().tag(sync=True)
    file_name = traitlets.Unicode("table").tag(sync=True)
    page_size = traitlets.Int(10).tag(sync=True)
    selectable = traitlets.Bool(default_value=False).tag(sync=True)
    #: Places of the ticked rows in the frame.
    selected = traitlets.List(traitlets.Int()).tag(sync=True)
    #: Column name to value to colour: a swatch before the value.
    colours = traitlets.Dict().tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    version = traitlets.Int(0).tag(sync=True)
    #: Counts up when values change in their place: the view stays where it is.
    revision = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        on_pick: Callable[[str, pd.Series[Any]], None] | None = None,
        **traits: Any,  # noqa: ANN401 - the traits above
    ) -> None:
        self._shown = tuple(columns)
        self._on_pick = on_pick
        self._frame = pd.DataFrame({column.name: [] for column in columns})
        self._last: tuple[object, NDArray[np.intp]] | None = None
        #: What the view filters by, as far as it could be understood.
        self.filter = ""
        numeric = next((column.name for column in columns if column.kind in _NUMERIC), None)
        hint = f"Filter: text, or {numeric}>=1" if numeric else "Filter by text"
        super().__init__(
            columns=[asdict(column) for column in columns],
            **{"filter_hint": hint, **traits},
        )

    @property
    def frame(self) -> pd.DataFrame:
        """All rows, as they were handed in."""
        return self._frame

    def show(self, frame: pd.DataFrame) -> None:
        """Show another frame; it must have the table's columns."""
        missing = [column.name for column in self._shown if column.name not in frame]
        if missing:
            msg = f"The table '{self.caption}' needs the columns {', '.join(missing)}."
            raise KeyError(msg)
        self._frame = frame.reset_index(drop=True)
        self._last = None
        with self.hold_sync():
            self.selected = []
            self.total = len(frame)
            self.version += 1

    def renew(self, **columns: Sequence[str]) -> None:
        """Put other values into columns; page, sorting and ticks stay as they are."""
        self._frame = self._frame.assign(**columns)
        self._last = None
        self.revision += 1

    def chosen(self) -> pd.DataFrame:
        """Return the ticked rows."""
        return self._frame.iloc[[place for place in self.selected if place < len(self._frame)]]

    def matching(
        self, filter: str = "", *, sort: str | None = None, ascending: bool = True
    ) -> NDArray[np.intp]:
        """Return the places of the rows that fit a filter, in order.

        Parameters
        ----------
        filter
            Words that must all be found, in any of the text columns and in any case, or conditions
            such as ``length>=9`` and ``length=8-11``.
        sort
            Column to sort by; None keeps the frame's order. Missing values come last either way.

        Raises
        ------
        InputError
            If a condition names no column of numbers, or no number.
        """
        key = (self.version, filter, sort, ascending)
        if self._last is not None and self._last[0] == key:
            return self._last[1]
        keep = np.ones(len(self._frame), dtype=bool)
        for word in filter.split():
            keep &= self._fits(word)
        places = np.flatnonzero(keep)
        if sort is not None:
            column = self._named(sort)
            ordered = self._frame[column.name].iloc[places]
            # The values' own places break ties, so that a page is the same each time.
            by = ordered.reset_index(drop=True).sort_values(
                ascending=ascending, kind="stable", na_position="last"
            )
            places = places[by.index.to_numpy()]
        self._last = (key, places)
        return places

    def _named(self, name: str) -> Column:
        for column in self._shown:
            if name.lower() in (column.name.lower(), column.title.lower()):
                return column
        names = ", ".join(column.name for column in self._shown)
        msg = f"There is no column '{name}' here."
        raise InputError(msg, f"Columns are: {names}.")

    def _fits(self, word: str) -> NDArray[np.bool_]:
        condition = _CONDITION.match(word)
        if condition:
            return self._meets(**condition.groupdict())
        found = np.zeros(len(self._frame), dtype=bool)
        for column in self._shown:
            if column.kind in ("text", "sequence", "aligned", "words"):
                texts = self._frame[column.name].astype("string")
                hit = texts.str.contains(word, case=False, regex=False)
                found |= hit.fillna(value=False).to_numpy(dtype=bool)
        return found

    def _meets(self, name: str, sign: str, value: str) -> NDArray[np.bool_]:
        column = self._named(name.strip())
        values = self._frame[column.name]
        if column.kind not in _NUMERIC:
            if sign != "=":
                msg = f"'{name}' is text; '{sign}' compares numbers."
                raise InputError(msg, f"Write {name}=text.")
            texts = values.astype("string").str.lower()
            equal: NDArray[np.bool_] = (texts == value.lower()).fillna(value=False).to_numpy(bool)
            return equal
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)
        low, high = bounds(name, sign, value)
        with np.errstate(invalid="ignore"):
            if sign in ("<", ">"):
                return numbers < high if sign == "<" else numbers > low
            return (numbers >= low) & (numbers <= high)

    def _page(
        self, content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        places = self._asked(content)
        offset, limit = int(content["offset"]), min(int(content["limit"]), 200)
        page = places[offset : offset + limit]
        return {"rows": self._rows(page), "matching": len(places)}, []

    def _rows(self, places: NDArray[np.intp]) -> list[dict[str, Any]]:
        shown = self._frame.iloc[places]
        columns = [shown[column.name].tolist() for column in self._shown]
        return [
            {"key": int(place), "values": [short(plain(values[row])) for values in columns]}
            for row, place in enumerate(places)
        ]

    def _csv(
        self, content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        places = self._asked(content)
        begin = int(content["begin"])
        count = _CSV_ROWS
        encoded = self._encoded(places, begin, count)
        while len(encoded) > _MOST_PIECES * MOST_BYTES and count > 1:
            count = max(1, count // 4)
            encoded = self._encoded(places, begin, count)
        pieces = [encoded[i : i + MOST_BYTES] for i in range(0, len(encoded), MOST_BYTES)]
        end = begin + count
        return {"next": end if end < len(places) else None}, pieces

    def _encoded(self, places: NDArray[np.intp], begin: int, count: int) -> bytes:
        """Return some rows as the lines of a download, the first of them with their titles."""
        names = [column.name for column in self._shown]
        rows = self._frame.iloc[places[begin : begin + count]][names]
        text = StringIO()
        rows.apply(without_formulas).to_csv(text, index=False, header=begin == 0)
        return text.getvalue().encode()

    def _asked(self, content: dict[str, Any]) -> NDArray[np.intp]:
        sort, wanted = content.get("sort"), str(content.get("filter", ""))
        ascending = bool(content.get("ascending", True))
        places = self.matching(wanted, sort=sort and str(sort), ascending=ascending)
        self.filter = wanted
        return places

    def _pick(
        self, content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        place = int(content["key"])
        if not 0 <= place < len(self._frame):
            msg = "This row is no longer there."
            raise InputError(msg, "The table has changed; look for the row again.")
        if self._on_pick is not None:
            self._on_pick(str(content["column"]), self._frame.iloc[place])
        return {}, []
