import json

import numpy as np
import pandas as pd
import pyarrow as pa

from omicstoken_kernel.report.columns import encode


def decoded(raw):
    """Read columns as the page's script does."""
    found = {}
    for column in raw["columns"]:
        if "levels" in column:
            levels = column["levels"]
            found[column["name"]] = [None if c < 0 else levels[c] for c in column["codes"]]
        elif "lines" in column:
            found[column["name"]] = column["lines"].split("\n")
        else:
            found[column["name"]] = column["values"]
    return found


def test_a_table_comes_back_as_it_went_in():
    table = {
        "sequence": ["AAA", "CCC", "DDD", "EEE"],
        "cluster": ["1", None, "1", "1"],
        "proteins": ["P1\nP2", "", "P3", "P4"],
        "length": [3, None, 3, 3],
        "flag": [True, False, None, True],
    }
    assert decoded(encode(pa.table(table))) == table


def test_missing_and_infinite_numbers_are_null():
    frame = pd.DataFrame({"x": [1.0, np.nan, np.inf]})
    assert encode(frame)["columns"] == [{"name": "x", "values": [1, None, None]}]


def test_numbers_keep_the_places_asked_for_and_else_six_digits():
    frame = pd.DataFrame({"a": [1.23456789], "b": [123456.789]})
    assert decoded(encode(frame, digits={"a": 2})) == {"a": [1.23], "b": [123457]}


def test_an_empty_table_keeps_its_columns():
    raw = encode(pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.float64())}))
    assert raw["rows"] == 0
    assert [column["name"] for column in raw["columns"]] == ["a", "b"]


def test_repeated_text_takes_a_code_and_not_the_text():
    raw = encode(pa.table({"cluster": ["unassigned"] * 10_000}))
    assert len(json.dumps(raw)) < 35_000
