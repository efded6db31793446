"""Logarithms that no header calls so, known by their values."""

import numpy as np
import pytest
from ingest_files import write

from omicstoken_kernel.ingest import ReadOptions, read
from omicstoken_kernel.ingest._log_scale import likely_scale

LOG2 = np.random.default_rng(7).normal(22, 2.5, 200).round(5)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (LOG2, "log2"),
        (np.r_[LOG2, np.nan, 0.0], "log2"),
        (np.r_[LOG2, 46.5], None),  # one value that no logarithm has
        (2**LOG2, None),
        (LOG2.round(), None),  # counts
        (LOG2[:5], "unsure"),
        (LOG2 / 4, "unsure"),  # ratios, or logarithms to base 10
        (LOG2 - 22, "log2"),  # centred
        (np.array([-1.5, 2.1, 0.3, -0.2]), "log2"),
        (np.r_[-1.5, LOG2], None),  # one negative value is a defect
        (np.array([]), None),
        (np.full(30, np.nan), None),
        (np.full(30, 20.5), "log2"),
    ],
)
def test_values_tell_the_scale_or_leave_it_open(values, scale):
    assert likely_scale([values]) == scale
    assert likely_scale([values, np.array([])]) == scale


def table(tmp_path, headers, *columns):
    letters = "ACDEFGHIKL"
    peptides = [f"AA{letters[n // 10 % 10]}{letters[n % 10]}K" for n in range(len(columns[0]))]
    rows = [[peptide, *cells] for peptide, *cells in zip(peptides, *columns, strict=True)]
    return write(tmp_path / "x.tsv", [["Peptide", *headers], *rows])


def test_logarithms_under_a_plain_header_are_read_as_such_and_said(tmp_path):
    path = table(tmp_path, ["Intensity"], LOG2[:50])
    parsed = read(path)
    assert parsed.runs[0].quantity_scale == "log2"
    assert parsed.features["quantity"].to_pylist() == LOG2[:50].tolist()
    assert any("--quantity-scale linear" in said for said in parsed.warnings)
    linear = read(path, ReadOptions(quantity_scale="linear"))
    assert linear.runs[0].quantity_scale == "linear"
    assert not linear.warnings


def test_zeros_among_logarithms_are_missing_and_said(tmp_path):
    parsed = read(table(tmp_path, ["Intensity A", "Intensity B"], LOG2[:50], [0, *LOG2[51:100]]))
    assert {run.quantity_scale for run in parsed.runs} == {"log2"}
    assert parsed.ledger.cells_empty == 1
    assert "1 zeros among them were taken for missing." in parsed.warnings


def test_negative_numbers_of_centred_logarithms_are_kept(tmp_path):
    parsed = read(table(tmp_path, ["Intensity A", "Intensity B"], [-1.5, 0.3], [2.1, -0.2]))
    assert sorted(parsed.features["quantity"].to_pylist()) == [-1.5, -0.2, 0.3, 2.1]
    assert parsed.ledger.cells_rejected == {}


def test_small_numbers_are_linear_and_a_note_says_what_they_may_be(tmp_path):
    parsed = read(table(tmp_path, ["Intensity"], LOG2[:30] / 4))
    assert parsed.runs[0].quantity_scale == "linear"
    assert any("--quantity-scale log2" in said for said in parsed.warnings)
