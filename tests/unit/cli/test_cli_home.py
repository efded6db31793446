"""The workspace may be given before or after the command's name."""

import json

import pytest
from typer.testing import CliRunner

from omicstoken_kernel.cli import app


@pytest.mark.parametrize("command", [["config"], ["runs", "list"], ["models", "list"]])
@pytest.mark.parametrize("before", [True, False])
def test_home_is_taken_before_and_after_the_command(tmp_path, monkeypatch, command, before):
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "of the environment"))
    home = ["--home", str(tmp_path / "given")]
    words = [*home, *command, "--json"] if before else [*command, "--json", *home]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.stderr
    assert not (tmp_path / "of the environment").exists()
    if command == ["config"]:
        found = {row["name"]: row["value"] for row in json.loads(result.stdout)}
        assert found["OMICSTOKEN_HOME"] == str(tmp_path / "given")


def test_home_of_one_call_is_forgotten_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "usual"))
    CliRunner().invoke(app, ["--home", str(tmp_path / "given"), "config", "--json"])
    result = CliRunner().invoke(app, ["config", "--json"])
    found = {row["name"]: row["value"] for row in json.loads(result.stdout)}
    assert found["OMICSTOKEN_HOME"] == str(tmp_path / "usual")
