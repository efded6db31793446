"""Tests that share something dear stay in one process, whoever asks for them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sharing import _TOGETHER, pytest_xdist_make_scheduler

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("path", _TOGETHER)
def test_modules_that_stay_together_exist(path):
    assert (ROOT / path).is_file()


def test_tests_of_such_a_module_are_one_piece_of_work_and_others_are_one_each():
    config = SimpleNamespace(
        getvalue={"dist": "loadgroup", "tx": ["2*popen"]}.__getitem__,
        option=SimpleNamespace(loadscopereorder=False, maxschedchunk=None),
    )
    scheduler = pytest_xdist_make_scheduler(config, None)
    scope = scheduler._split_scope
    pages = [path for path, (name, _) in _TOGETHER.items() if name == "pages"]
    assert {scope(f"{path}::test_it[a::b]") for path in pages} == {"pages"}
    assert scope("tests/test_docs.py::test_it[@x]") == "tests/test_docs.py::test_it[@x]"
