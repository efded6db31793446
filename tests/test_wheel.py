"""What is built is what users get: the wheel of the sdist runs by itself, in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the sdist, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    # The build tools are those of this environment: a test needs no network.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def program(wheel, tmp_path_factory):
    """``omicstoken`` as the wheel installs it, in an environment without the checkout.

    The other libraries are those installed here: copying them would take minutes.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A line of a .pth file puts a folder on the path without reading that folder's own .pth files,
    # so the editable installation of this checkout stays out.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "omicstoken"


@pytest.fixture
def run(program, tmp_path):
    """The function that runs the program in an empty folder and returns its JSON."""
    home = tmp_path / "user"
    home.mkdir()
    work = tmp_path / "work"
    work.mkdir()

    def call(*arguments):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OMICSTOKEN_", "PYTHON", "XDG_", "JUPYTER"))
        }
        result = subprocess.run(
            [str(program), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=work,
            env={**environment, "HOME": str(home), "OMICSTOKEN_USER": "ana"},
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return call


def test_the_screens_bring_their_scripts_and_styles(names):
    static = {name.rpartition("/")[2] for name in names if "omicstoken_widgets/static/" in name}
    there = {path.name for path in (ROOT / "widgets/omicstoken_widgets/static").iterdir()}
    assert static == there


def test_the_wheel_has_all_that_the_package_needs(names):
    tracked = subprocess.run(
        ["git", "ls-files", "omicstoken_kernel", "widgets", "notebooks"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    moved = [
        path.removeprefix("widgets/").replace("notebooks/", "omicstoken_kernel/_notebooks/", 1)
        if path.startswith(("widgets/", "notebooks/"))
        else path
        for path in tracked
        if (ROOT / path).exists()
    ]
    assert moved
    assert sorted(set(moved) - set(names)) == []


@pytest.mark.parametrize(
    "name",
    [
        "omicstoken_kernel/_notebooks/reports/insight_report.ipynb",
        "omicstoken_kernel/_notebooks/reports/comparison_report.ipynb",
        "omicstoken_kernel/demo/data/2289.txt",
        "omicstoken_kernel/demo/data/LICENSE-immunotype",
        "omicstoken_kernel/export/omics_export_v1.schema.json",
        "omicstoken_kernel/ingest/aliases.toml",
        "omicstoken_kernel/store/migrations/env.py",
        "omicstoken_kernel/py.typed",
        "omicstoken_widgets/__init__.py",
    ],
)
def test_the_wheel_has_what_is_easily_forgotten(names, name):
    assert name in names


def test_the_wheel_has_nothing_else(names):
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "omicstoken_kernel",
        "omicstoken_widgets",
    }
    strange = (".ipynb_checkpoints", "__pycache__", "_cache", "/tests/", ".sqlite", "node_modules")
    assert [name for name in names if any(word in name for word in strange)] == []


def test_the_wheel_carries_the_licence(names):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_stays_small(wheel):
    assert wheel.stat().st_size < 10_000_000


def test_the_sdist_can_be_tested_and_built_again(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", "constraints.txt"} <= names
    assert {"tests/test_wheel.py", "notebooks/00_start_here.ipynb"} <= names
    assert not [name for name in names if ".venv/" in name or name.startswith("demo-out")]


def test_the_program_is_the_wheels_own(run, program, tmp_path):
    settings = {row["name"]: row["value"] for row in run("config", "--json")}
    assert settings["OMICSTOKEN_USER"] == "ana"
    code = "import omicstoken_kernel, omicstoken_widgets; print(omicstoken_kernel.__file__)"
    python = program.with_name("python")
    found = subprocess.run(
        [str(python), "-I", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert str(program.parents[1]) in found.stdout


@pytest.mark.slow(seconds=120)
def test_the_demo_and_a_report_run_in_an_empty_folder(run, tmp_path):
    tour = run("demo", "--out", tmp_path / "demo", "--json")
    assert len(tour["reports"]) == 5
    for path in (*tour["reports"], *tour["files"]):
        assert Path(path).stat().st_size > 10_000
    report = run(
        "--home", tour["home"], "report", "insight_report", "--run", "2289",
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    page = Path(report["html"]).read_text(encoding="utf-8")
    assert "2289" in page
    assert not (tmp_path / "work" / "omicstoken").exists()
    assert list((tmp_path / "work").iterdir()) == []
    # The user's own workspace was left alone.
    assert not list((tmp_path / "user").rglob("*.sqlite"))
