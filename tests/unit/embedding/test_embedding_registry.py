"""Which models there are, which is chosen, and how a missing one is told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from esm2_weights import write_weights

from omicstoken_kernel.embedding._registry import describe_models, load_model, model_names
from omicstoken_kernel.embedding.cards import model_cards
from omicstoken_kernel.embedding.choice import BUILT_IN, names_to_embed
from omicstoken_kernel.embedding.intake import add_weights
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.settings import load_settings


@pytest.fixture(scope="module")
def esm2_file(tmp_path_factory):
    """A weights file as published, seed 0; read it, never write it."""
    return write_weights(tmp_path_factory.mktemp("models"))


@pytest.fixture
def bare(tmp_path):
    """Settings of a machine without weights."""
    return load_settings(models=tmp_path / "models")


@pytest.fixture
def equipped(esm2_file):
    """Settings of a machine with weights."""
    return load_settings(models=esm2_file.parent)


def test_a_model_is_loaded_once_per_process(equipped):
    assert load_model("esm2", equipped) is load_model("esm2", equipped)
    assert load_model("anchor", equipped) is load_model("anchor", equipped)


def test_replaced_weights_are_loaded_anew(tmp_path, esm2_file):
    settings = load_settings(models=tmp_path / "here")
    add_weights(settings.models, esm2_file)
    before = load_model("esm2", settings)
    add_weights(settings.models, write_weights(tmp_path / "other", seed=1))
    assert load_model("esm2", settings).model_key != before.model_key


def test_an_unknown_model_is_answered_with_the_closest_name(bare):
    with pytest.raises(InputError, match="Did you mean 'esm2'"):
        load_model("esm-2", bare)


def test_a_run_gets_the_built_in_model_and_esm2_where_its_weights_are(bare, equipped):
    assert names_to_embed(bare) == (BUILT_IN,)
    assert names_to_embed(equipped) == (BUILT_IN, "esm2")
    assert names_to_embed(equipped, "auto") == (BUILT_IN, "esm2")


def test_a_run_gets_the_model_of_the_setting_too(bare, equipped):
    assert set(names_to_embed(equipped.override(embedder="anchor"))) == {BUILT_IN, "anchor", "esm2"}
    # Also where it cannot be had: then the user is told.
    assert names_to_embed(bare.override(embedder="esm2")) == (BUILT_IN, "esm2")


def test_a_named_model_is_the_only_one(equipped):
    assert names_to_embed(equipped.override(embedder="esm2"), "anchor") == ("anchor",)
    with pytest.raises(InputError, match="Did you mean 'esm2'"):
        names_to_embed(equipped, "esm-2")


def test_every_model_has_a_card_that_is_known_without_loading_it(equipped):
    cards = model_cards()
    assert tuple(cards) == model_names()
    for info in describe_models(equipped):
        assert (cards[info.name].used_for, cards[info.name].not_for) == (
            info.used_for,
            info.not_for,
        )


def test_every_model_is_described_with_what_it_is_for_and_not_for(equipped, esm2_file):
    described = {info.name: info for info in describe_models(equipped)}
    assert tuple(described) == tuple(n for n in model_names() if not n.startswith("esm2-"))
    assert described["esm2"].available
    assert described["esm2"].path == esm2_file
    assert described["esm2"].size_bytes == esm2_file.stat().st_size
    assert described["anchor"].sha256 is None
    assert all(info.used_for and info.not_for and info.dim == 320 for info in described.values())


def test_a_model_without_weights_is_described_as_unavailable_with_the_reason(bare):
    esm2, anchor = (info for info in describe_models(bare) if info.name in ("esm2", "anchor"))
    assert not esm2.available
    assert esm2.model_key is None
    assert "esm2_t6_8M_UR50D.pt" in esm2.reason
    assert anchor.available
    assert anchor.reason is None


def test_asking_which_models_there_are_loads_no_torch():
    code = (
        "import sys; from omicstoken_kernel.embedding import load_model, model_cards;"
        "from omicstoken_kernel.settings import load_settings;"
        "model_cards(); load_model('anchor', load_settings()).embed('SIINFEKL');"
        "sys.exit('torch' in sys.modules or 'esm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
