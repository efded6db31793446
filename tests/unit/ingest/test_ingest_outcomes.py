"""Every row is counted once, as the first thing that applies to it."""

import numpy as np
import pyarrow as pa

from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._table import Table
from omicstoken_kernel.ingest.features import Rejection

COLUMN = pa.array(["a", "b", "c", "d" * 500])


def table():
    defects = (Rejection(9, "", "x", "too many fields"),)
    return Table(("s",), {"s": COLUMN}, np.array([2, 3, 5, 6]), defects)


def mask(*rows):
    found = np.zeros(4, bool)
    found[list(rows)] = True
    return found


def test_the_first_verdict_stands():
    outcomes = Outcomes(table())
    outcomes.filter(mask(0), "decoy")
    outcomes.reject(mask(0, 1), column="s", values=COLUMN, reason="odd")
    outcomes.filter(mask(1, 2), "q-value")
    assert outcomes.filtered == {"decoy": 1, "q-value": 1}
    assert outcomes.rejected == {"too many fields": 1, "odd": 1}
    assert outcomes.alive.tolist() == [False, False, False, True]
    assert outcomes.rows_in == 5


def test_a_filter_that_hits_nothing_is_not_listed():
    outcomes = Outcomes(table())
    outcomes.filter(mask(), "decoy")
    assert outcomes.filtered == {}


def test_rejections_come_by_line_and_long_values_are_shortened():
    outcomes = Outcomes(table())
    outcomes.reject(mask(3), column="s", values=COLUMN, reason="late")
    outcomes.reject(mask(0), column="s", values=COLUMN, reason=["first", "", "", ""])
    found = outcomes.rejections()
    assert [(one.line, one.reason) for one in found] == [
        (2, "first"),
        (6, "late"),
        (9, "too many fields"),
    ]
    assert found[1].value.endswith("... (500 characters)")
    assert len(found[1].value) < 250


def test_a_rejected_cell_leaves_its_row_alone():
    outcomes = Outcomes(table())
    outcomes.reject_cells(mask(1), column="A", values=COLUMN, reason="quantity is negative")
    assert outcomes.alive.all()
    assert outcomes.cells_rejected == {"quantity is negative": 1}
    assert outcomes.rejections()[0] == Rejection(3, "A", "b", "quantity is negative")
