"""Seeded ESM-2 weights, written once."""

from __future__ import annotations

import pytest
from esm2_weights import write_weights


@pytest.fixture(scope="session")
def esm2_file(tmp_path_factory):
    """A weights file as published, seed 0; read it, never write it."""
    return write_weights(tmp_path_factory.mktemp("models"))
