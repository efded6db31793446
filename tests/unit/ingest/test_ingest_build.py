"""Which cells are one feature, and how their values join."""

import numpy as np
import pyarrow as pa
import pytest

from omicstoken_kernel.ingest import FEATURES
from omicstoken_kernel.ingest._build import Cells, Rows, build_features

NAN = np.nan


def rows_of(identity, *, charge=None, proformas=("AAK", "CCK"), **numbers):
    n = len(identity)
    return Rows(
        identity=np.array(identity),
        sequences=pa.array(list(proformas)),
        proformas=pa.array(list(proformas)),
        charge=np.array(charge if charge is not None else [2] * n),
        lines=np.arange(2, n + 2),
        proteins=pa.array([f"P{place}" for place in range(n)]),
        contaminant=np.array(numbers.pop("contaminant", [False] * n)),
        numbers={name: np.array(values, float) for name, values in numbers.items()},
    )


def cells_of(quantity, *, run=None, row=None, matched=None):
    n = len(quantity)
    return Cells(
        row=np.array(row if row is not None else range(n)),
        run=np.array(run if run is not None else [0] * n),
        quantity=np.array(quantity, float),
        matched=np.array(matched if matched is not None else [False] * n, bool),
    )


def built(rows, cells, **rules):
    made = build_features(rows, cells, **rules)
    assert made.features.schema.equals(FEATURES)
    return made, made.features.to_pylist()


def test_rows_of_one_peptidoform_charge_and_run_are_one_feature():
    made, rows = built(
        rows_of([0, 0, 0, 1], charge=[2, 2, 3, 2], q_value=[0.003, 0.001, 0.002, 0.004]),
        cells_of([10, 5, 7, 1]),
    )
    assert [(r["proforma"], r["precursor_charge"], r["quantity"]) for r in rows] == [
        ("AAK", 2, 15.0),
        ("AAK", 3, 7.0),
        ("CCK", 2, 1.0),
    ]
    assert rows[0]["q_value"] == 0.001
    assert (made.cells_merged, made.rows_merged) == (1, 1)


def test_a_repeated_quantity_counts_once():
    _, rows = built(rows_of([0, 0, 0]), cells_of([10, 10, 4]))
    assert rows[0]["quantity"] == 14.0


def test_the_largest_quantity_is_kept_where_a_sum_would_count_one_peak_twice():
    _, rows = built(rows_of([0, 0, 0]), cells_of([10, 30, 4]), rule="max")
    assert rows[0]["quantity"] == 30.0


def test_logarithms_are_added_as_the_numbers_they_stand_for():
    _, rows = built(rows_of([0, 0]), cells_of([3, 4]), scale="log2")
    assert rows[0]["quantity"] == pytest.approx(np.log2(8 + 16))


def test_describing_values_come_from_the_row_with_the_largest_quantity():
    _, rows = built(
        rows_of([0, 0, 0], mz=[1, 2, 3], rt_s=[10, 20, 30], score=[7, NAN, 9]),
        cells_of([5, 50, NAN]),
    )
    assert (rows[0]["mz"], rows[0]["rt_s"], rows[0]["score"]) == (2.0, 20.0, None)
    assert (rows[0]["line"], rows[0]["proteins"]) == (2, "P0")


def test_without_any_quantity_the_first_row_describes():
    _, rows = built(rows_of([0, 0], rt_s=[10, 20]), cells_of([NAN, NAN]))
    assert rows[0]["rt_s"] == 10.0
    assert rows[0]["quantity"] is None


def test_matched_only_if_all_are_and_contaminant_if_any_is():
    _, rows = built(
        rows_of([0, 0, 1, 1], contaminant=[False, True, False, False]),
        cells_of([1, 2, 3, 4], matched=[True, False, True, True]),
    )
    assert [(r["matched"], r["contaminant"]) for r in rows] == [(False, True), (True, False)]


@pytest.mark.parametrize(("rule", "count"), [("sum", 5), ("max", 3)])
def test_spectra_are_added_or_not_as_the_format_says(rule, count):
    _, rows = built(rows_of([0, 0, 1], psm_count=[2, 3, NAN]), cells_of([1, 2, 3]), rule=rule)
    assert [r["psm_count"] for r in rows] == [count, None]


def test_features_are_grouped_by_run_and_ordered_by_line_within():
    _, rows = built(rows_of([1, 0, 1, 0]), cells_of([1, 2, 3, 4], run=[1, 1, 0, 0]))
    assert [(r["run"], r["line"]) for r in rows] == [(0, 4), (0, 5), (1, 2), (1, 3)]


def test_a_row_counts_as_merged_only_if_all_its_cells_were():
    made, _ = built(
        rows_of([0, 0], charge=[0, 0]), cells_of([1, 2, 3], run=[0, 0, 1], row=[0, 1, 1])
    )
    assert (made.cells_merged, made.rows_merged) == (1, 0)


def test_no_cells_give_an_empty_table_of_the_same_schema():
    made, rows = built(rows_of([0]), cells_of([], row=np.array([], int), run=np.array([], int)))
    assert rows == []
    assert made.rows_merged == 0


def test_no_charge_is_null_and_no_number_is_null():
    _, rows = built(rows_of([0], charge=[0], mz=[NAN]), cells_of([NAN]))
    assert rows[0]["precursor_charge"] is None
    assert rows[0]["mz"] is None
    assert rows[0]["pep"] is None


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_a_plain_loop(seed):
    draw = np.random.default_rng(seed)
    n = 300
    identity, charge = draw.integers(0, 5, n), draw.integers(0, 3, n)
    run, quantity = draw.integers(0, 4, n), draw.integers(1, 6, n).astype(float)
    quantity[draw.random(n) < 0.2] = NAN
    proformas = [f"{'ACDEF'[place]}K" for place in range(5)]
    _, rows = built(
        rows_of(identity, charge=charge, proformas=proformas), cells_of(quantity, run=run)
    )
    expected: dict = {}
    for place in range(n):
        key = (run[place], proformas[identity[place]], charge[place] or None)
        expected.setdefault(key, set()).add(quantity[place])
    got = {(r["run"], r["proforma"], r["precursor_charge"]): r["quantity"] for r in rows}
    assert set(got) == set(expected)
    for key, values in expected.items():
        given = {value for value in values if not np.isnan(value)}
        assert got[key] == (sum(given) if given else None)
