"""What became of every row: used, filtered or rejected, each counted once.

A row meets its filters and checks in the order the reader calls them, and the first that applies
settles it; that is how the ledger balances by construction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest.features import Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from omicstoken_kernel.ingest._table import Table

__all__ = ["Outcomes", "short"]

Mask = "npt.NDArray[np.bool_]"

_MAX_SHOWN = 200


class Outcomes:
    """The account of a table's rows while a reader works on it.

    Parameters
    ----------
    table
        The table; its defect records are rejected from the start.
    """

    def __init__(self, table: Table) -> None:
        self._lines = table.lines
        self.rows_in = table.rows_in
        self.alive = np.ones(len(table), bool)
        self.filtered: dict[str, int] = {}
        self.rejected: dict[str, int] = {}
        self.cells_rejected: dict[str, int] = {}
        self._rejections = list(table.defects)
        for defect in table.defects:
            self.rejected[defect.reason] = self.rejected.get(defect.reason, 0) + 1

    def filter(self, mask: npt.NDArray[np.bool_], reason: str) -> None:
        """Take rows out because of what they are; ``mask`` is (n_rows,) bool."""
        hit = self.alive & mask
        count = int(hit.sum())
        if count:
            self.filtered[reason] = self.filtered.get(reason, 0) + count
            self.alive &= ~hit

    def reject(
        self,
        mask: npt.NDArray[np.bool_],
        *,
        column: str,
        values: pa.Array,
        reason: str | Sequence[str],
    ) -> None:
        """Take rows out because of a defect, and keep line, value and reason of each.

        Parameters
        ----------
        mask
            (n_rows,) bool.
        column
            Header of the column that has the defect.
        values
            That column, to be quoted.
        reason
            One for all rows, or one per row of the table.
        """
        hit = np.flatnonzero(self.alive & mask)
        if not len(hit):
            return
        shown = as_text(values.take(hit)).to_pylist()
        for row, value in zip(hit.tolist(), shown, strict=True):
            why = reason if isinstance(reason, str) else reason[row]
            self.rejected[why] = self.rejected.get(why, 0) + 1
            self._rejections.append(Rejection(int(self._lines[row]), column, short(value), why))
        self.alive[hit] = False

    def reject_cells(
        self, mask: npt.NDArray[np.bool_], *, column: str, values: pa.Array, reason: str
    ) -> None:
        """Note defect quantity cells of a matrix; their rows stay."""
        hit = np.flatnonzero(self.alive & mask)
        shown = as_text(values.take(hit)).to_pylist()
        for row, value in zip(hit.tolist(), shown, strict=True):
            self._rejections.append(Rejection(int(self._lines[row]), column, short(value), reason))
        if len(hit):
            self.cells_rejected[reason] = self.cells_rejected.get(reason, 0) + len(hit)

    def rejections(self) -> tuple[Rejection, ...]:
        """Return every rejection in the order of the file."""
        return tuple(sorted(self._rejections, key=lambda one: one.line))


def short(value: str) -> str:
    """Return a value fit for a message: the first characters of a long one, and its length."""
    if len(value) <= _MAX_SHOWN:
        return value
    return f"{value[:_MAX_SHOWN]}... ({len(value)} characters)"
