"""From cells to the feature table: which of them are one feature, and how their values join.

A feature is one peptidoform at one precursor charge in one run. Several cells for one feature are
merged, by the same rule in every format:

- ``quantity``: where the rows are known to be peaks of their own the sum, a value that is repeated
  counting once; in tables of unknown origin the largest, for a sum might count one peak several
  times (a precursor's quantity on each of its fragment or protein rows, one peak on each of its
  spectra);
- ``q_value`` and ``pep``: the smallest;
- ``psm_count``: likewise the sum or the largest;
- ``matched``: only if every cell is; ``contaminant``: if any is;
- ``mz``, ``rt_s``, ``score``: those of the cell with the largest quantity, the first one if none
  has any;
- ``line`` and ``proteins``: those of the first row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from omicstoken_kernel.ingest.features import FEATURES

if TYPE_CHECKING:
    import numpy.typing as npt

#: How merged cells join: quantities and PSM counts both add up, or of both the largest is kept, or
#: (rows are matches of spectra) the largest quantity is kept and counts add up.
Rule = Literal["sum", "max", "psms"]

_OF_RULE: dict[Rule, tuple[Literal["sum", "max"], Literal["sum", "max"]]] = {
    "sum": ("sum", "sum"),
    "max": ("max", "max"),
    "psms": ("max", "sum"),
}

__all__ = ["Built", "Cells", "Rows", "Rule", "build_features"]


@dataclass(frozen=True)
class Rows:
    """What the rows of a table say, apart from run and quantity; numbers are NaN where not given.

    Parameters
    ----------
    identity
        (n,) int64 position in ``proformas``; only rows with cells are looked at.
    sequences, proformas
        Distinct peptidoforms and their sequences, of equal length.
    charge
        (n,) int64, 0 where not given.
    lines
        (n,) int64.
    proteins
        (n,) strings.
    numbers
        ``mz``, ``rt_s``, ``score``, ``pep``, ``q_value``, ``psm_count``: (n,) float64 each; one
        that is missing is given nowhere.
    contaminant
        (n,) bool.
    """

    identity: npt.NDArray[np.int64]
    sequences: pa.Array
    proformas: pa.Array
    charge: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    proteins: pa.Array
    contaminant: npt.NDArray[np.bool_]
    numbers: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """Cells that make or join a feature, (m,) each; quantity NaN where identified without.

    ``numbers`` are those of :class:`Rows` that each cell has of its own, (m,) float64: they go
    before the row's.
    """

    row: npt.NDArray[np.int64]
    run: npt.NDArray[np.int64]
    quantity: npt.NDArray[np.float64]
    matched: npt.NDArray[np.bool_]
    numbers: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """The feature table, and what merging did: cells merged, and rows all of whose cells were."""

    features: pa.Table
    cells_merged: int
    rows_merged: int


def build_features(
    rows: Rows,
    cells: Cells,
    *,
    rule: Rule = "sum",
    scale: Literal["linear", "log2"] = "linear",
) -> Built:
    """Return the features that cells make, grouped by run, in the order of the file within each.

    Parameters
    ----------
    rows, cells
        See there.
    rule
        How quantities and PSM counts of merged cells join.
    scale
        The scale of the quantities: logarithms are summed as the numbers they stand for.
    """
    quantities, counts = _OF_RULE[rule]
    group, leaders = _groups(rows, cells)
    join = _Join(group, leaders, cells)
    if scale == "log2" and len(leaders) < len(cells.row):
        quantity = np.log2(join.total(np.exp2(cells.quantity), quantities))
    else:
        quantity = join.total(cells.quantity, quantities)
    leader_rows, best = cells.row[leaders], join.best()
    identity = pa.array(rows.identity[leader_rows])

    def number(name: str) -> npt.NDArray[np.float64] | None:
        of_rows = rows.numbers.get(name)
        return cells.numbers.get(name, None if of_rows is None else of_rows[cells.row])

    columns = {
        "run": pa.array(cells.run[leaders].astype(np.int32)),
        "sequence": rows.sequences.take(identity),
        "proforma": rows.proformas.take(identity),
        "precursor_charge": _nullable(
            rows.charge[leader_rows].astype(float), pa.int16(), zero=True
        ),
        "mz": _taken(number("mz"), best),
        "rt_s": _taken(number("rt_s"), best),
        "quantity": _nullable(quantity, pa.float64()),
        "score": _taken(number("score"), best),
        "pep": _nullable(join.smallest(number("pep")), pa.float64()),
        "q_value": _nullable(join.smallest(number("q_value")), pa.float64()),
        "psm_count": _nullable(join.counts(number("psm_count"), counts), pa.int32()),
        "matched": pa.array(join.all_of(cells.matched)),
        "contaminant": pa.array(~join.all_of(~rows.contaminant[cells.row])),
        "proteins": rows.proteins.take(pa.array(leader_rows)),
        "line": pa.array(rows.lines[leader_rows]),
    }
    arrays = [columns[name].cast(FEATURES.field(name).type) for name in FEATURES.names]
    return Built(
        pa.Table.from_arrays(arrays, schema=FEATURES),
        cells_merged=len(cells.row) - len(leaders),
        rows_merged=_without_leader(cells.row, leader_rows, len(rows.lines)),
    )


def _without_leader(
    rows: npt.NDArray[np.int64], leader_rows: npt.NDArray[np.int64], count: int
) -> int:
    """Return how many of these rows lead no group."""
    merged = np.zeros(count, bool)
    merged[rows] = True
    merged[leader_rows] = False
    return int(merged.sum())


def _groups(rows: Rows, cells: Cells) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each cell's group, and each group's first cell; groups go by run, then by line."""
    charges = int(rows.charge.max(initial=0)) + 1
    key = cells.run * len(rows.proformas) + rows.identity[cells.row]
    key = key * charges + rows.charge[cells.row]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    # Cells come in the order of the file within each run, so a group's first cell is its first row.
    order = np.lexsort((rows.lines[cells.row[first]], cells.run[first]))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


class _Join:
    """Joins the values of cells, group by group."""

    def __init__(
        self, group: npt.NDArray[np.int64], leaders: npt.NDArray[np.int64], cells: Cells
    ) -> None:
        self._group, self._leaders, self._cells = group, leaders, cells
        self._groups = len(leaders)
        # In most tables few cells merge, and sorting is what costs: only those are sorted.
        several = np.bincount(group, minlength=self._groups) > 1
        self._merging = np.flatnonzero(several[group])
        self._several = len(self._merging) > 0

    def best(self) -> npt.NDArray[np.int64]:
        """Return each group's cell with the largest quantity; the first where none has any."""
        best = self._leaders.copy()
        if self._several:
            group = self._group[self._merging]
            quantity = np.nan_to_num(self._cells.quantity[self._merging], nan=-np.inf)
            order = np.lexsort((self._merging, -quantity, group))
            first = order[np.r_[True, group[order][1:] != group[order][:-1]]]
            best[group[first]] = self._merging[first]
        return best

    def total(
        self, quantity: npt.NDArray[np.float64], rule: Literal["sum", "max"]
    ) -> npt.NDArray[np.float64]:
        """Return each group's quantity; NaN where no cell has one."""
        total = quantity[self._leaders]
        if not self._several:
            return total
        value, group = quantity[self._merging], self._group[self._merging]
        order = np.lexsort((value, group))
        value, group = value[order], group[order]
        given = ~np.isnan(value)
        if rule == "sum":
            repeated = np.r_[False, (value[1:] == value[:-1]) & (group[1:] == group[:-1])]
            given &= ~repeated
        total[group] = np.nan
        total[group[given]] = 0.0
        (np.add if rule == "sum" else np.maximum).at(total, group[given], value[given])
        return total

    def smallest(self, values: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
        """Return each group's smallest value of its cells; NaN where none has one."""
        if values is None:
            return np.full(self._groups, np.nan)
        if not self._several:
            return values[self._leaders]
        result = np.full(self._groups, np.inf)
        np.fmin.at(result, self._group, values)
        return np.where(np.isinf(result), np.nan, result)

    def counts(
        self, values: npt.NDArray[np.float64] | None, rule: Literal["sum", "max"]
    ) -> npt.NDArray[np.float64]:
        """Return each group's number of PSMs; NaN where no cell says."""
        if values is None:
            return np.full(self._groups, np.nan)
        if not self._several:
            return values[self._leaders]
        if rule == "max":
            return -self.smallest(-values)
        given = ~np.isnan(values)
        total = np.bincount(self._group[given], values[given], self._groups).astype(float)
        total[np.bincount(self._group[given], minlength=self._groups) == 0] = np.nan
        return total

    def all_of(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return where every cell of a group says yes."""
        no = np.bincount(self._group[~mask], minlength=self._groups)
        return np.asarray(no == 0)


def _taken(values: npt.NDArray[np.float64] | None, cells: npt.NDArray[np.int64]) -> pa.Array:
    if values is None:
        return pa.nulls(len(cells), pa.float64())
    return _nullable(values[cells], pa.float64())


def _nullable(
    values: npt.NDArray[np.float64], kind: pa.DataType, *, zero: bool = False
) -> pa.Array:
    """Return numbers with null for NaN, and for 0 where ``zero`` says that 0 means "not given"."""
    missing = np.isnan(values) | ((values == 0) if zero else False)
    return pa.array(np.where(missing, 0, values), mask=missing).cast(kind)
