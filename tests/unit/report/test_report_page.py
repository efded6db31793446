import base64
import hashlib
import json
import re

import altair as alt
import nbformat
import pandas as pd
import pytest
from markupsafe import Markup, escape

from omicstoken_kernel.errors import ReportError
from omicstoken_kernel.report import page
from omicstoken_kernel.report.columns import encode
from omicstoken_kernel.report.page import page_of, script_json
from omicstoken_kernel.report.sections import Figure, Section

NASTY = "</script><script>alert(1)</script><!-- & \u2028 '\"<img src=x onerror=alert(2)>"


def executed(*sections, heading="## What it is made of\n\nSaid below."):
    """A notebook with one heading and these outputs."""
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [
        nbformat.v4.new_output(
            "display_data",
            section if isinstance(section, dict) else section._repr_mimebundle_(),
        )
        for section in sections
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(heading), cell])
    return nbformat.reads(nbformat.writes(made), as_version=4)


def data_of(html):
    """The JSON that the page's script reads."""
    return json.loads(re.search(r'id="omicstoken-data">(.*?)</script>', html, re.DOTALL).group(1))


def made(*sections, **kwargs):
    return page_of(executed(*sections, **kwargs), title="Report", parameters={"run": "1382"})


def test_a_page_holds_headings_what_is_said_and_what_was_displayed():
    html = made(Section("part", Markup("<p>displayed</p>")))
    assert re.search(r'<h2 id="part-heading">What it is made of</h2>', html)
    assert "<p>Said below.</p>" in html
    assert "<p>displayed</p>" in html
    assert '<a href="#part">What it is made of</a>' in html


def test_hidden_cells_and_streams_are_left_out():
    notebook = executed(Section("part", Markup("x")), heading="# Secret purpose")
    notebook.cells[0].metadata["tags"] = ["hide"]
    notebook.cells[1].outputs.append(nbformat.v4.new_output("stream", text="noise on stderr"))
    html = page_of(notebook, title="Report", parameters={})
    assert "Secret purpose" not in html
    assert "noise" not in html


def test_a_notebook_without_sections_is_refused():
    with pytest.raises(ReportError, match="displayed no section"):
        made({"text/plain": "1"})


def test_nothing_in_the_page_points_at_the_network():
    html = made(Section("part", Markup("x")))
    # Vega's own text names its schema, name spaces and one issue; none is fetched.
    names = set(re.findall(r"https?://([^/\"'\s)`]+)", html))
    assert names <= {"www.w3.org", "vega.github.io", "github.com"}
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?http""", html)


def test_the_policy_allows_exactly_the_pages_own_scripts():
    html = made(Section("part", Markup("x")))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert policy.startswith("default-src &#39;none&#39;;")
    assert "unsafe-eval" not in policy
    digests = re.findall(r"sha256-([^&]+)&#39;", policy)
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    ] == digests
    assert len(scripts) == 2


def test_markup_in_data_cannot_leave_its_script_element():
    table = encode(pd.DataFrame({"proteins": [NASTY, NASTY, "P1", "P1"]}))
    html = made(Section("part", escape(NASTY), tables={"t": table}, extra={"title": NASTY}))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("</script>") == 3
    assert data_of(html)["tables"]["t"]["columns"][0]["levels"][0] == NASTY


def test_markup_in_a_heading_stays_text():
    html = made(Section("part", Markup("x")), heading=f"## {NASTY}\n\n{NASTY}")
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_json_for_a_script_element_is_the_same_value():
    assert json.loads(script_json({"a": NASTY})) == {"a": NASTY}
    assert "<" not in script_json(NASTY)


def test_large_data_are_packed_and_the_same():
    table = encode(pd.DataFrame({"n": range(120_000)}))
    html = made(Section("part", Markup("x"), tables={"t": table}))
    packed = re.search(r'data-packed="gzip">(.*?)</script>', html, re.DOTALL).group(1)
    data = json.loads(page.gzip.decompress(base64.b64decode(packed)))
    assert data["tables"]["t"] == table
    assert len(packed) < 350_000


def test_a_chart_is_carried_once_without_its_data_or_its_theme():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", NASTY]})
    chart = alt.Chart(frame).mark_bar().encode(x="a:Q", y="b:N")
    html = made(Section("part", Markup("x"), figures=(Figure("bars", chart, "bars"),)))
    data = data_of(html)
    assert set(data["figures"]["bars"]["spec"]) <= {"data", "mark", "encoding"}
    [name] = [n for n in data["tables"] if n.startswith("data-")]
    assert data["figures"]["bars"]["spec"]["data"] == {"name": name}
    assert data["tables"][name]["rows"] == 2
    assert data["theme"]["dark"]["title"]["color"] != data["theme"]["light"]["title"]["color"]


def test_other_outputs_of_a_users_own_notebook_are_shown():
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    vega = {"application/vnd.vegalite.v6+json": chart.to_dict(), "text/plain": "chart"}
    html = made(
        vega, {"text/html": "<table></table>"}, {"text/plain": "<b>"}, {"image/png": "AAAA\n"}
    )
    assert 'data-figure="chart-1"' in html
    assert "<table></table>" in html
    assert "<pre>&lt;b&gt;</pre>" in html
    assert 'src="data:image/png;base64,AAAA"' in html


def test_the_same_notebook_gives_the_same_page():
    section = Section("part", Markup("x"), tables={"t": encode(pd.DataFrame({"n": range(9)}))})
    first, second = (re.sub(r"Made [\d: -]+", "", made(section)) for _ in range(2))
    assert first == second
