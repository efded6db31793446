"""The table keeps its rows in the kernel: what a view asks for, and what it is answered."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from omicstoken_kernel.errors import InputError
from omicstoken_widgets.table import Column, Table

COLUMNS = (
    Column("sequence", "Peptide", "sequence", link=True),
    Column("length", "Length", "count"),
    Column("quantity", "Quantity", "quantity"),
    Column("proteins", "Proteins"),
)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "sequence": ["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "ELAGIGILTV"],
            "length": [8, 9, 9, 10],
            "quantity": [5.0, np.nan, 1.0, 3.0],
            "proteins": ["P1", "P2", "=cmd()", None],
        }
    )


@pytest.fixture
def table(frame):
    made = Table(COLUMNS, caption="Peptides")
    made.show(frame)
    return made


@pytest.fixture
def ask(table, monkeypatch):
    """Send a message as a view does, and return the answer and its buffers."""
    sent = []
    monkeypatch.setattr(
        type(table), "send", lambda _self, content, parts=None: sent.append((content, parts))
    )

    def send(**content):
        table._answer(table, {"id": "1", **content}, [])
        return sent.pop()

    return send


def sequences(table, **how):
    return table.frame["sequence"].iloc[table.matching(**how)].tolist()


def test_words_of_a_filter_must_all_be_found_in_any_case(table):
    assert sequences(table, filter="gil") == ["GILGFVFTL", "ELAGIGILTV"]
    assert sequences(table, filter="gil ela") == ["ELAGIGILTV"]


@pytest.mark.parametrize(
    ("condition", "lengths"),
    [
        ("length>=9", [9, 9, 10]),
        ("length>9", [10]),
        ("length<9", [8]),
        ("length<=9", [8, 9, 9]),
        ("length=8-9", [8, 9, 9]),
        ("Length=10", [10]),
    ],
)
def test_conditions_compare_numbers(table, condition, lengths):
    assert table.frame["length"].iloc[table.matching(condition)].tolist() == lengths


@pytest.mark.parametrize("wrong", ["lengte>9", "length>nine", "proteins>1"])
def test_a_condition_that_cannot_be_met_says_so(table, wrong):
    with pytest.raises(InputError):
        table.matching(wrong)


@pytest.mark.parametrize("ascending", [True, False])
def test_missing_values_come_last_whatever_the_order(table, ascending):
    shown = sequences(table, sort="quantity", ascending=ascending)
    assert shown[-1] == "GILGFVFTL"
    assert shown[0] == ("NLVPMVATV" if ascending else "SIINFEKL")


def test_a_page_has_the_rows_asked_for_and_nulls_for_what_is_missing(ask):
    answer, _ = ask(type="page", offset=1, limit=2, sort=None, ascending=True, filter="")
    assert answer["id"] == "1"
    assert answer["matching"] == 4
    assert [row["values"] for row in answer["rows"]] == [
        ["GILGFVFTL", 9, None, "P2"],
        ["NLVPMVATV", 9, 1.0, "=cmd()"],
    ]


def test_every_page_together_is_every_row_once(table, ask):
    rows = [
        row["key"]
        for offset in range(0, 4, 3)
        for row in ask(type="page", offset=offset, limit=3, sort="length")[0]["rows"]
    ]
    assert sorted(rows) == [0, 1, 2, 3]


def test_a_download_is_all_matching_rows_and_no_formula(ask):
    answer, parts = ask(type="csv", begin=0, filter="length=9", sort=None)
    assert answer["next"] is None
    found = pd.read_csv(io.BytesIO(b"".join(parts)))
    assert found["sequence"].tolist() == ["GILGFVFTL", "NLVPMVATV"]
    assert found["proteins"].tolist() == ["P2", "'=cmd()"]


def test_a_long_download_comes_in_pieces_without_loss(table, ask):
    n = 4_500
    table.show(
        pd.DataFrame(
            {"sequence": ["A" * 9] * n, "length": range(n), "quantity": 1.0, "proteins": "P"}
        )
    )
    parts, begin = [], 0
    while begin is not None:
        answer, pieces = ask(type="csv", begin=begin, filter="", sort=None)
        parts += pieces
        begin = answer["next"]
    assert pd.read_csv(io.BytesIO(b"".join(parts)))["length"].tolist() == list(range(n))


def test_a_click_tells_the_row(frame):
    picked = []
    table = Table(
        COLUMNS,
        caption="Peptides",
        on_pick=lambda name, row: picked.append((name, row["sequence"])),
    )
    table.show(frame)
    table._answer(table, {"id": "1", "type": "pick", "key": 2, "column": "sequence"}, [])
    assert picked == [("sequence", "NLVPMVATV")]


@pytest.mark.parametrize(
    "content",
    [
        {"type": "page", "offset": 0, "limit": 5, "filter": "lengte>2"},
        {"type": "pick", "key": 99, "column": "sequence"},
        {"type": "no such request"},
        {"type": "page"},
    ],
)
def test_every_request_is_answered_also_one_that_fails(ask, content):
    answer, _ = ask(**content)
    assert answer["id"] == "1"
    assert answer["error"]["message"]


def test_ticked_rows_are_the_ones_returned(table):
    table.selected = [3, 0]
    assert table.chosen()["sequence"].tolist() == ["ELAGIGILTV", "SIINFEKL"]


def test_another_frame_takes_the_ticks_away(table, frame):
    table.selected = [3]
    table.show(frame.head(1))
    assert table.selected == []
    assert table.total == 1


def test_a_table_without_rows_has_no_rows_and_no_fault(ask, table, frame):
    table.show(frame.head(0))
    answer, _ = ask(type="page", offset=0, limit=10, filter="x length>3", sort="length")
    assert (answer["rows"], answer["matching"]) == ([], 0)


def test_a_frame_without_a_column_is_refused(table, frame):
    with pytest.raises(KeyError, match="quantity"):
        table.show(frame.drop(columns="quantity"))


def test_values_that_change_in_their_place_keep_sorting_and_ticks():
    table = Table([Column("name", "Run"), Column("state", "State")], selectable=True)
    table.show(pd.DataFrame({"name": ["a", "b"], "state": ["b", "a"]}))
    table.selected = [1]
    assert table.matching(sort="state").tolist() == [1, 0]
    version, revision = table.version, table.revision
    table.renew(state=["a", "b"])
    assert (table.version, table.revision) == (version, revision + 1)
    assert table.selected == [1]
    assert table.matching(sort="state").tolist() == [0, 1]


def test_a_filter_is_kept_only_where_it_was_understood():
    table = Table([Column("name", "Run"), Column("length", "Length", "count")])
    table.show(pd.DataFrame({"name": ["a", "b"], "length": [8, 9]}))
    assert table._asked({"filter": "length=9"}).tolist() == [1]
    with pytest.raises(InputError):
        table._asked({"filter": "length=x"})
    assert table.filter == "length=9"
