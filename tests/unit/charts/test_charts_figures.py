"""Every chart: Vega-Lite takes it, its marks are the data, its title is the caller's."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert

from omicstoken_kernel import charts
from omicstoken_kernel.charts import theme
from omicstoken_kernel.charts.lengths import LONGEST_BIN

draw = np.random.default_rng(0)
LENGTHS = pd.DataFrame({"length": [8, 9, 10, 11, 40], "peptides": [5, 50, 20, 7, 3]})
POINTS = pd.DataFrame(
    {
        "sequence": [f"PEPTIDE{i}" for i in range(60)],
        "x": draw.normal(size=60),
        "y": draw.normal(size=60),
        "group": ["1"] * 30 + ["2"] * 20 + ["unassigned"] * 10,
    }
)
CLUSTERS = pd.DataFrame(
    {
        "group": ["1", "2", "unassigned"],
        "peptides": [30, 20, 10],
        "motif": ["xLxV", "xPxL", ""],
    }
)
SHARES = pd.concat(
    CLUSTERS.assign(run=run, share=[0.5, 0.3, 0.2]) for run in ("A", "B")
).reset_index(drop=True)
PAIRS = pd.DataFrame({"a": ["A", "B"], "b": ["B", "A"], "value": [0.25, 0.25]})
LEDGER = pd.DataFrame(
    {
        "account": ["rows"] * 3,
        "fate": ["used", "filtered", "rejected"],
        "count": [70, 25, 5],
        "what": ["became features", "decoys", "no sequence"],
    }
)
SHIFTS = pd.DataFrame(
    {
        "group": ["1", "2", "unassigned"],
        "label": ["1 xLxV", "2 xPxL", "unassigned"],
        "difference": [0.1, -0.05, None],
        "low": [0.05, -0.1, None],
        "high": [0.15, 0.01, None],
    }
)
QUANTITIES = pd.DataFrame(
    {
        "sequence": [f"PEPTIDE{i}" for i in range(20)],
        "x": draw.normal(20, 2, size=20),
        "y": draw.normal(20, 2, size=20),
        "ratio": draw.normal(size=20),
        "height": draw.exponential(size=20),
        "p": draw.random(20),
        "q": draw.random(20),
        "call": ["higher", "lower"] + ["not called"] * 18,
    }
)
LOADS = pd.DataFrame(
    {
        "name": ["A", "A", "B", "B"],
        "state": ["before", "after"] * 2,
        **{f"p{p}": [18 + p / 10] * 4 for p in (5, 25, 50, 75, 95)},
    }
)
SETS = pd.DataFrame({"runs": [("A",), ("B",), ("A", "B")], "peptides": [40, 30, 12]})
VALUES = pd.DataFrame({"value": [*draw.normal(size=80), None], "run": ["A"] * 40 + ["B"] * 41})


def described(values):
    return {"title": "The finding", "subtitle": "n = 3", **values}


EVERY = {
    "length_profile": lambda: charts.length_profile(LENGTHS, **described({})),
    "length_profile of runs": lambda: charts.length_profile(
        pd.concat([LENGTHS.assign(run="A"), LENGTHS.assign(run="B")]), **described({})
    ),
    "peptide_map": lambda: charts.peptide_map(POINTS, **described({})),
    "cluster_shifts": lambda: charts.cluster_shifts(SHIFTS, **described({})),
    "abundance_scatter": lambda: charts.abundance_scatter(
        QUANTITIES, names=("A", "B"), **described({})
    ),
    "volcano": lambda: charts.volcano(QUANTITIES, names=("B", "A"), **described({})),
    "normalisation": lambda: charts.normalisation(LOADS, **described({})),
    "cluster_sizes": lambda: charts.cluster_sizes(CLUSTERS, **described({})),
    "cluster_shares": lambda: charts.cluster_shares(SHARES, **described({})),
    "distance_heatmap": lambda: charts.distance_heatmap(PAIRS, measure="distance", **described({})),
    "distance_heatmap with a tree": lambda: charts.distance_heatmap(
        PAIRS,
        measure="distance",
        forks=pd.DataFrame(
            {"fork": 0, "corner": range(4), "x": [0, 0, 1, 1], "height": [0, 0.5, 0.5, 0]}
        ),
        **described({}),
    ),
    "waterfall": lambda: charts.waterfall(
        pd.DataFrame(
            {
                "source": ["TP53", "<b>"],
                "peptides": [3, 1],
                "elsewhere": [0, 2],
                "sequences": ["AAA CCC DDD", "EEE"],
            }
        ),
        **described({}),
    ),
    "descriptor_distribution": lambda: charts.descriptor_distribution(
        VALUES.drop(columns="run"), name="GRAVY", **described({})
    ),
    "descriptor_distribution of runs": lambda: charts.descriptor_distribution(
        VALUES, name="GRAVY", **described({})
    ),
    "descriptor_distribution of few": lambda: charts.descriptor_distribution(
        VALUES.head(20), name="GRAVY", **described({})
    ),
    "ledger_flow": lambda: charts.ledger_flow(LEDGER, **described({})),
    "overlap": lambda: charts.overlap(SETS, runs=["A", "B"], **described({})),
    "overlap of many": lambda: charts.overlap(SETS, runs=[*"ABCDEFGHIJ"], **described({})),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_is_drawn_with_the_callers_title(name):
    svg = vl_convert.vegalite_to_svg(EVERY[name]().to_json())
    assert "The finding" in svg
    assert "n = 3" in svg
    assert svg.count("<path") + svg.count("<rect") + svg.count("<line") > 3
    # A number that could not be computed would be drawn at NaN.
    assert "NaN" not in svg


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_carries_the_theme_and_no_other(name):
    assert EVERY[name]().to_dict()["config"]["font"] == theme.FONT


@pytest.mark.parametrize("ink", [theme.LIGHT, theme.DARK])
def test_text_can_be_read_on_its_ground(ink):
    assert contrast(ink.text, ink.surface) >= 7
    assert contrast(ink.muted, ink.surface) >= 4.5
    assert contrast(ink.muted, ink.band) >= 4.5


def contrast(one, other):
    """Contrast as WCAG 2 defines it."""
    from omicstoken_kernel.charts.palette import _linear

    high, low = sorted(
        (float(rgb @ np.array([0.2126, 0.7152, 0.0722])) for rgb in _linear([one, other])),
        reverse=True,
    )
    return (high + 0.05) / (low + 0.05)


def test_there_is_one_bar_for_each_length_and_the_longest_share_one():
    svg = vl_convert.vegalite_to_svg(EVERY["length_profile"]().to_json())
    told = re.findall(r'aria-label="Peptide length \(residues\): (\d+); Peptides: (\d+)', svg)
    assert [(int(a), int(b)) for a, b in told] == [
        (8, 5), (9, 50), (10, 20), (11, 7), (LONGEST_BIN, 3),
    ]  # fmt: skip
    assert f"≥ {LONGEST_BIN}" in svg


def test_the_map_has_a_point_for_each_peptide_and_no_axes():
    chart = EVERY["peptide_map"]().to_dict()
    encoding = chart["layer"][0]["encoding"]
    assert encoding["x"]["axis"] is None
    assert encoding["y"]["axis"] is None
    [rows] = chart["datasets"].values()
    assert len(rows) == len(POINTS)
    assert "Near means similar" in json.dumps(chart["title"])


def test_the_map_can_draw_from_a_table_of_the_page():
    chart = charts.peptide_map(POINTS, title="t", source="peptides").to_dict()
    assert chart["data"] == {"name": "peptides"}
    assert "datasets" not in chart


def test_a_shared_peptide_counts_in_every_pair_of_the_matrix():
    frame = pd.DataFrame({"runs": [("A", "B", "C"), ("A", "B")], "peptides": [5, 2]})
    chart = charts.overlap(frame, runs=[*"ABCDEFGHI"], title="t").to_dict()
    [rows] = chart["datasets"].values()
    found = {(row["a"], row["b"]): row["value"] for row in rows}
    assert found["A", "B"] == 7
    assert found["A", "C"] == 5
    assert found["D", "A"] == 0


def test_the_ledgers_parts_add_up_to_all_of_it():
    [rows] = EVERY["ledger_flow"]().to_dict()["datasets"].values()
    assert [(row["fate"], row["from"], row["to"]) for row in rows] == [
        ("used", 0.0, 0.7),
        ("filtered", 0.7, 0.95),
        ("rejected", 0.95, 1.0),
    ]
