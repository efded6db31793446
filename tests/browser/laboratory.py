"""A JupyterLab on the notebooks of an empty workspace, and a person's first steps in it."""

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

MOMENT_MS = 90_000
#: What a slow laptop does to a page: the first scripts of widgets, and those of a megabyte, hold it
#: up for three seconds.
SLOW = """
const address = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  const first = window.impatient && !AbortSignal.timeout.patient;
  const until = first || blob.size > 500000 ? performance.now() + 3000 : 0;
  while (performance.now() < until);
  return address(blob);
};
"""
#: When a widget was last given two seconds for its script; ours are given a minute, but the first.
WATCH = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => {
  if (ms === 2000) window.impatient = performance.now();
  return timeout(ms);
};
"""
LATE = "[anywidget] Failed to initialize model."
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
def notebook(chromium, address, *, width=1500, slow=True):
    """Open a notebook and run all its cells; no error may be said, nothing asked of the world."""
    context = chromium.new_context(viewport={"width": width, "height": 1300}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(MOMENT_MS)
    complaints, strangers = [], []
    page.add_init_script(WATCH)
    if slow:
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
    run_all(page)
    yield page
    assert strangers == []
    # A widget whose script came late is revived; only the first may be late.
    assert [said for said in complaints if said != LATE] == []
    assert not page.evaluate("window.impatient > (AbortSignal.timeout.patient ?? Infinity)")
    context.close()


def run_all(page):
    """Run all cells of the notebook that is open."""
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()


def store(page, path):
    """Upload a file, look at its preview and store it; return the card of the file."""
    page.locator(".ot-drop input[type=file]").set_input_files(path)
    card = page.locator(".ot-card").filter(has_text=path.name)
    card.get_by_text("Nothing is stored yet").wait_for()
    assert card.get_by_text("rows in").first.is_visible()
    card.get_by_role("button", name="Store and embed").click()
    card.get_by_text(re.compile("Stored|Known already")).wait_for()
    return card
