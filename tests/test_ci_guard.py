"""A skip is a failure in CI, and only there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "a mark": "import pytest\n@pytest.mark.skip(reason='no browser')\ndef test_it(): pass\n",
    "a call": "import pytest\ndef test_it(): pytest.skip('no browser')\n",
    "a fixture": (
        "import pytest\n@pytest.fixture\ndef browser(): pytest.skip('no browser')\n"
        "def test_it(browser): pass\n"
    ),
    "a module": "import pytest\npytest.skip('no browser', allow_module_level=True)\n",
    "an import": "import pytest\npytest.importorskip('no_browser_of_this_name')\n",
}


def run(folder, source, ci):
    (folder / "test_it.py").write_text(source)
    (folder / "conftest.py").write_text("from ci_guard import *\n")
    # No other plugin has a part in this, and importing them all takes longer than the run.
    environment = {
        **os.environ,
        "CI": ci,
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
    )


@pytest.mark.parametrize("kind", SKIPS)
def test_a_skip_fails_in_ci_and_says_why(tmp_path, kind):
    result = run(tmp_path, SKIPS[kind], "true")
    assert result.returncode in (1, 2), result.stdout
    assert "In CI nothing is skipped" in result.stdout
    assert "no browser" in result.stdout or "no_browser" in result.stdout


def test_a_skip_elsewhere_is_a_skip(tmp_path):
    result = run(tmp_path, SKIPS["a mark"], "")
    assert result.returncode == 0, result.stdout
    assert "1 skipped" in result.stdout


def test_an_expected_failure_is_no_skip(tmp_path):
    source = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"
    assert run(tmp_path, source, "true").returncode == 0
