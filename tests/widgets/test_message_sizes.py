"""No message to the browser is larger than what servers let through, whatever is shown."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from comm import base_comm

from omicstoken_widgets.map import MOST_POINTS, PeptideMap
from omicstoken_widgets.table import Column, Table

#: Jupyter's server cuts websockets at ten million bytes.
MOST = 8_000_000
MILLION = 1_000_000


@pytest.fixture
def sizes(monkeypatch):
    """The bytes of each message that widgets send, by when it is sent."""
    sent = []

    def publish(_self, _kind, data=None, metadata=None, buffers=None, **more):
        text = json.dumps([data, metadata, more], default=str)
        sent.append(len(text) + sum(memoryview(part).nbytes for part in buffers or ()))

    # Before the kernel is there, this is what takes widgets' messages.
    monkeypatch.setattr(base_comm.BaseComm, "publish_msg", publish)
    monkeypatch.setattr("comm.DummyComm.publish_msg", publish)
    return sent


@pytest.fixture(scope="module")
def million():
    """A million peptides with places, clusters and numbers."""
    draw = np.random.default_rng(0)
    groups = np.array([*map(str, range(1, 31)), "unassigned"], dtype=object)
    return pd.DataFrame(
        {
            "sequence": "SIINFEKL",
            "x": draw.normal(size=MILLION),
            "y": draw.normal(size=MILLION),
            "group": groups[draw.integers(0, len(groups), MILLION)],
            "length": draw.integers(8, 12, MILLION),
        }
    )


def test_a_map_of_a_million_points_fits_whatever_is_done_with_it(million, sizes):
    drawn = PeptideMap(million, lambda _places: None)
    assert len(drawn.places) == MOST_POINTS
    assert drawn.widget is not None
    drawn.colour_by("length")
    drawn.emphasise(drawn.places)
    # The places, their colours and the selection did go through here.
    assert max(sizes) > 4 * 2 * MOST_POINTS
    assert max(sizes) < MOST


@pytest.fixture
def wide():
    """A table of two hundred rows whose texts are as long as those of a protein group can be."""
    names = [f"text {n}" for n in range(8)]
    table = Table([Column(name, name) for name in names])
    table.show(pd.DataFrame(dict.fromkeys(names, ["P12345;" * 1_000] * 200)))
    return table


def test_a_page_of_long_texts_is_cut_for_the_eye(wide, sizes):
    wide._answer(wide, {"id": "1", "type": "page", "offset": 0, "limit": 200, "filter": ""}, [])
    assert 100_000 < sizes[-1] < MOST
    (row,) = wide._page({"offset": 0, "limit": 1}, [])[0]["rows"]
    assert row["values"][0].endswith("…")


def test_a_download_of_long_texts_is_whole_and_comes_in_small_messages(wide, sizes):
    begin, parts, messages = 0, [], 0
    while begin is not None:
        answer, pieces = wide._csv({"begin": begin}, [])
        assert sum(map(len, pieces)) < MOST
        parts += pieces
        messages += 1
        begin = answer["next"]
    assert messages > 1
    text = b"".join(parts).decode()
    assert text.count("\n") == 201
    assert text.count("P12345;") == 200 * 8 * 1_000
