"""A person in a real JupyterLab: a file goes in, and a peptide's card and a comparison come out."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

from omicstoken_kernel.child import child_environment
from omicstoken_kernel.lab import place_notebooks

pytestmark = [pytest.mark.slow(seconds=60), pytest.mark.timeout(900)]

MOMENT_MS = 90_000
#: What a slow laptop does to a page: a script of a megabyte holds it up for three seconds.
SLOW = """
const address = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  const until = blob.size > 500000 ? performance.now() + 3000 : 0;
  while (performance.now() < until);
  return address(blob);
};
"""
#: JupyterLab asks once whether it may fetch news; nothing else may leave the machine.
QUIET = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTER_CONFIG_DIR": "config"}


@pytest.fixture
def lab(ctx, tmp_path):
    """The address of a JupyterLab on the notebooks of an empty workspace."""
    folder = place_notebooks(ctx)
    _write_dashboard(folder / "dashboard.ipynb")
    token, port = secrets.token_hex(8), _free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    environment = child_environment(ctx) | {k: str(tmp_path / v) for k, v in QUIET.items()}
    with (tmp_path / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield lambda notebook: f"{address}/doc/tree/{notebook}.ipynb?token={token}&reset"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _write_dashboard(path):
    """Write a notebook that shows the dashboard and nothing else."""
    lines = (
        "from omicstoken_kernel import Workbench",
        "from omicstoken_widgets import Dashboard",
        "Dashboard(Workbench())",
    )
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("\n".join(lines))])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address):
    for _ in range(240):
        try:
            with urlopen(f"{address}/api", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.25)
    pytest.fail("JupyterLab did not start within a minute.")


@contextmanager
def notebook(chromium, address, *, width=1500):
    """Open a notebook and run all its cells; no error may be said, nothing asked of the world."""
    context = chromium.new_context(viewport={"width": width, "height": 1300}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(MOMENT_MS)
    complaints, strangers = [], []
    page.add_init_script(SLOW)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    local = re.compile(r"^(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|^(data|blob|about):")
    page.on(
        "request",
        lambda asked: None if local.match(asked.url) else strangers.append(asked.url),
    )
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    yield page
    assert strangers == []
    assert complaints == []
    context.close()


def store(page, path):
    """Upload a file, look at its preview and store it; return the card of the file."""
    page.locator(".ot-drop input[type=file]").set_input_files(path)
    card = page.locator(".ot-card").filter(has_text=path.name)
    card.get_by_text("Nothing is stored yet").wait_for()
    assert card.get_by_text("rows in").first.is_visible()
    card.get_by_role("button", name="Store and embed").click()
    card.get_by_text(re.compile("Stored|Known already")).wait_for()
    return card


@pytest.mark.real
def test_a_person_walks_from_a_real_file_to_a_card_and_a_comparison(chromium, lab, real_file):
    first = real_file("ligand_list/CaronLab__MhcVizPipe__PBMC_1.tsv")
    second = real_file("ligand_list/CaronLab__MhcVizPipe__mouse_liver.txt")
    with notebook(chromium, lab("01_upload")) as page:
        card = store(page, first)
        assert card.get_by_text(re.compile("1.659")).first.is_visible()
        store(page, second)
        card.get_by_role("button", name="Quality").click()
        page.get_by_text("Is CaronLab__MhcVizPipe__PBMC_1 what it should be?").wait_for()
        page.locator(".ot-plot svg").first.wait_for()

    with notebook(chromium, lab("dashboard")) as page:
        runs = page.locator(".ot-table").first
        runs.get_by_role("checkbox").first.wait_for()
        # The quality of each run is filled in beside everything else.
        runs.get_by_role("button", name=re.compile("pass|warn|fail")).first.wait_for()
        runs.get_by_role("row", name=re.compile("PBMC_1")).get_by_role("checkbox").check()
        page.get_by_role("button", name="Fingerprint", exact=True).click()
        page.get_by_text(re.compile("What is CaronLab.*PBMC_1 made of")).wait_for()
        page.locator("canvas").first.wait_for()
        _drill_down(page)
        runs.get_by_role("row", name=re.compile("mouse_liver")).get_by_role("checkbox").check()
        page.get_by_role("button", name="Compare", exact=True).click()
        page.get_by_text("where do they differ?").wait_for()
        page.get_by_text("What they share").wait_for()
        page.get_by_label("Show peptides").select_option(_only_in(page, "PBMC_1"))
        page.get_by_text(re.compile("detected in no other")).wait_for()


def _only_in(page, name):
    """Return the choice that shows the peptides of one run alone; its spaces do not break."""
    choices = page.get_by_label("Show peptides").locator("option")
    matching = choices.filter(has_text=re.compile(rf"^only\sin\s.*{name}"))
    return matching.first.get_attribute("value")


def _drill_down(page):
    """From a motif to its peptides, and from one of them to its card."""
    page.get_by_role("button", name="Peptides", exact=True).first.click()
    page.get_by_text(re.compile("peptides of .*, cluster 1")).wait_for()
    peptides = page.locator(".ot-table").filter(has=page.get_by_text("Fit")).first
    sequence = peptides.locator("tbody .ot-pick").first
    said = sequence.inner_text()
    sequence.click()
    page.get_by_text(f"What is known about {said}").wait_for()
    page.get_by_text("Nearest peptides in your runs").wait_for()
    page.get_by_role("button", name="Search for more").click()
    page.get_by_text("Which peptides are like this one").wait_for()
    page.get_by_text("By likeness", exact=True).wait_for()


def test_a_file_of_sixty_megabytes_arrives_in_pieces(chromium, lab, make_sequences, tmp_path):
    path = tmp_path / "large.tsv"
    peptides = make_sequences(2_000)
    filler = "sp|P00000|LONG_HUMAN;" * 14
    with path.open("w", encoding="utf-8") as file:
        file.write("Peptide\tIntensity\tProteins\n")
        for place in range(200_000):
            file.write(f"{peptides[place % 2_000]}\t{place + 1}\t{filler}\n")
    assert path.stat().st_size > 60_000_000
    sent = []
    with notebook(chromium, lab("01_upload")) as page:
        page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))),
        )
        page.locator(".ot-drop input[type=file]").set_input_files(path)
        page.get_by_text(re.compile("MB received")).wait_for()
        page.locator(".ot-card").get_by_text("rows in").first.wait_for()
        assert page.get_by_text(re.compile("200.000")).first.is_visible()
    assert all(size < 8_000_000 for size in sent)
