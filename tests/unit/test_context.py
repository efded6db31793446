"""The Context is made once, and its folders are there when asked for."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from omicstoken_kernel.context import open_context
from omicstoken_kernel.errors import ServiceUnavailable
from omicstoken_kernel.settings import load_settings


def test_a_context_without_settings_is_that_of_the_environment(tmp_path):
    ctx = open_context()
    assert ctx.settings.home == tmp_path / "home"
    assert ctx.owner == "tester"
    assert (tmp_path / "home" / "omicstoken.sqlite").is_file()


def test_a_folder_is_made_when_it_is_asked_for(ctx):
    assert ctx.folder("reports") == ctx.settings.home / "reports"
    assert ctx.folder("reports").is_dir()


def test_a_folder_that_cannot_be_made_is_a_service_that_is_missing(ctx, tmp_path):
    (ctx.settings.home / "index").write_text("in the way", encoding="ascii")
    with pytest.raises(ServiceUnavailable, match=r"index' cannot be made"):
        ctx.folder("index")


def test_a_home_that_is_a_file_is_said_to_be_so(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    with pytest.raises(ServiceUnavailable, match="cannot be made"):
        open_context(load_settings(home=tmp_path / "file"))


def test_nobody_changes_a_context(ctx):
    with pytest.raises(FrozenInstanceError):
        ctx.owner = "somebody else"
