"""A real Chromium without network, and reports made by the real notebooks for it to open."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from laboratory import lab  # noqa: F401

from omicstoken_kernel import Workbench

CHROMIUM = Path(os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]

#: A name as hostile as a file can give.
NASTY = "</script><b>bold</b><img src=x onerror=\"document.title='ran'\">"


@pytest.fixture(scope="session")
def nasty():
    """The hostile name."""
    return NASTY


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The browser; where it is missing the tests are skipped, except in CI, where they fail."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"There is no Chromium at {CHROMIUM}.")
        pytest.skip(f"There is no Chromium at {CHROMIUM}.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium):
    """A context manager that opens a file offline and insists on silence: no error, no request."""

    @contextmanager
    def open_file(path, *, width=1440, scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            accept_downloads=True,
            **options,
        )
        context.set_offline(True)
        page = context.new_page()
        complaints, requests = [], []
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(Path(path).as_uri())
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        yield page
        context.close()
        assert complaints == []
        fetched = [url for url in requests if not url.startswith(("blob:", "data:"))]
        assert fetched == [Path(path).as_uri()]

    return open_file


def ligands(count, seed, anchors):
    """Return distinct made-up ligands, most of nine residues, with ``(second, last)`` residues."""
    draw = np.random.default_rng(seed)
    letters = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    found = {}
    while len(found) < count:
        second, last = anchors[len(found) % len(anchors)]
        length = int(draw.choice([8, 9, 9, 9, 10]))
        middle = "".join(draw.choice(letters, size=length - 3))
        found[f"{draw.choice(letters)}{second}{middle}{last}"] = None
    return list(found)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """A workspace with two runs: one with quantities and hostile names, one of sequences alone."""
    home = tmp_path_factory.mktemp("browser")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("OMICSTOKEN_")]:
            patch.delenv(name)
        workbench = Workbench(home / "home", user="tester")
        first = ligands(240, 1, [("L", "V"), ("Y", "F"), ("P", "K")])
        second = [*first[:60], *ligands(160, 2, [("L", "V"), ("E", "W")])]
        rich = home / "rich.tsv"
        lines = ["sequence\tintensity\tcharge\tproteins"]
        lines += [f"{s}\t{1000 + 7 * i}\t2\t{NASTY}" for i, s in enumerate(first)]
        rich.write_text("\n".join(lines) + "\n", encoding="utf-8")
        plain = home / "plain.txt"
        plain.write_text("\n".join(second) + "\n", encoding="utf-8")
        one = workbench.upload(rich, embed=True, run_name=NASTY).runs[0]
        two = workbench.upload(plain, embed=True).runs[0]
        workbench.annotate(one.id, sample=NASTY, donor=NASTY, hla=("HLA-A*02:01",))
    return workbench, one, two, home


@pytest.fixture(scope="session")
def insight(workspace):
    """An insight report about the run with hostile names."""
    workbench, one, _, home = workspace
    return workbench.report("insight_report", [one.id], home / "out").html


@pytest.fixture(scope="session")
def comparison(workspace):
    """A comparison report about both runs."""
    workbench, one, two, home = workspace
    return workbench.report("comparison_report", [one.id, two.id], home / "out").html
