"""The files around the package agree with each other and with the package."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import omicstoken_kernel

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def pins() -> dict[str, Version]:
    """Return the pinned version of every package in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in found}


def requirements(*extras: str) -> list[Requirement]:
    groups = [PROJECT["dependencies"], *map(PROJECT["optional-dependencies"].get, extras)]
    return [Requirement(line) for group in groups for line in group]


def test_every_dependency_is_pinned_to_a_version_it_allows():
    pinned = pins()
    for requirement in requirements(*PROJECT["optional-dependencies"]):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in constraints.txt"
        assert requirement.specifier.contains(version), f"{requirement} against {version}"


def test_what_the_dependencies_need_is_pinned_too():
    """Followed through what `make test` installs, with the extras each asks for."""
    pinned, queue, seen = pins(), requirements("test"), set()
    while queue:
        requirement = queue.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        # What torch itself needs depends on the build: GPU builds pin theirs.
        if key in seen or key[0].startswith(("nvidia-", "triton", "cuda-")):
            continue
        seen.add(key)
        assert key[0] in pinned, f"{requirement} is not in constraints.txt"
        for line in importlib.metadata.requires(requirement.name) or []:
            inner = Requirement(line)
            extras = requirement.extras or {""}
            if inner.marker is None or any(inner.marker.evaluate({"extra": e}) for e in extras):
                queue.append(inner)


def test_constraints_install_anywhere():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert pins()["torch"] == Version("2.13.0")
    assert not re.search(r"\+\w+|@ |file:|-e |://", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    assert canonicalize_name(PROJECT["name"]) not in pins()


def test_conda_users_get_the_same_python_and_the_same_project():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [item for item in environment["dependencies"] if isinstance(item, str)]
    (pip,) = (item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    python = next(item.partition("=")[2] for item in plain if item.startswith("python="))
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(f"{python}.0")
    assert f"Programming Language :: Python :: {python}" in PROJECT["classifiers"]
    assert environment["name"] == PROJECT["name"]
    assert pip[0] == "--constraint constraints.txt"
    extras = re.fullmatch(r"--editable \.\[([\w,]+)\]", pip[1])
    assert extras
    assert set(extras[1].split(",")) <= set(PROJECT["optional-dependencies"])
    # Whatever conda itself installs, the project's own libraries come from one list.
    assert {item.partition("=")[0] for item in plain} == {"python", "make", "pip"}


def imported_distributions() -> dict[str, set[str]]:
    """Return what each library the package imports is distributed as, by import name."""
    homes = importlib.metadata.packages_distributions()
    found: dict[str, set[str]] = {}
    packages = (ROOT / "omicstoken_kernel", ROOT / "widgets" / "omicstoken_widgets")
    for path in (path for package in packages for path in package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                if top not in (*sys.stdlib_module_names, *(package.name for package in packages)):
                    found[top] = {canonicalize_name(home) for home in homes.get(top, [top])}
    return found


def test_every_library_that_is_imported_is_a_declared_dependency():
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    missing = {name for name, homes in imported_distributions().items() if not homes & declared}
    assert missing == set()


def test_every_declared_dependency_is_there_for_a_reason():
    """It is imported, started, or read: no one waits for what nobody uses."""
    started = {"jupyterlab", "ipykernel", "psycopg"}
    # UniMod lies in psims, and a fingerprint names the version of scipy.
    read = {"psims", "scipy"}
    used = set().union(*imported_distributions().values()) | started | read
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    assert declared - used == set()


def test_the_version_is_one():
    assert PROJECT["version"] == omicstoken_kernel.__version__


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"


def hooks() -> list[str]:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
    return [hook["entry"] for hook in repository["hooks"]]


def test_lint_runs_what_the_hooks_run():
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    for entry in hooks():
        assert entry in recipe


def test_lint_only_checks():
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    assert "ruff format --check" in recipe
    assert "nbstripout --verify" in recipe
    assert "--fix" not in recipe


@pytest.mark.parametrize(
    "target", ["demo", "lab", "test", "campaign", "bench", "lint", "clean", "help"]
)
def test_make_knows_its_targets(target):
    result = subprocess.run(
        ["make", "--dry-run", target, "VENV=.no-such-environment"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_make_without_a_target_says_what_there_is():
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make demo" in result.stdout


def test_ci_runs_lint_and_the_readmes_test_command():
    path = ROOT / ".ci" / "run"
    text = path.read_text(encoding="utf-8")
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in text
    assert "export CI=true" in text
    for command in ("make lint", "make test"):
        assert re.search(rf"^{command}\b", text, re.MULTILINE)
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize(
    "path", [".venv/x", "demo-out/x", "notebooks/.ipynb_checkpoints/x.ipynb", "dist/x.whl"]
)
def test_what_is_made_is_not_tracked(path):
    if not (ROOT / ".git").exists():
        assert (ROOT / ".gitignore").is_file()
        return
    result = subprocess.run(["git", "check-ignore", "--no-index", "-q", path], cwd=ROOT)
    assert result.returncode == 0
