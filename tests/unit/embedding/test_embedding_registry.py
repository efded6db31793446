"""Which models there are, which is chosen, and how a missing one is told."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from esm2_weights import write_weights

from omicstoken_kernel.embedding._registry import describe_models, load_model, model_names
from omicstoken_kernel.embedding.choice import choose_model, chosen_name
from omicstoken_kernel.embedding.intake import add_weights
from omicstoken_kernel.errors import InputError, ModelUnavailable
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


def test_auto_takes_esm2_where_its_weights_are(equipped):
    assert chosen_name(equipped) == "esm2"
    assert choose_model(equipped).name == "esm2"


def test_auto_takes_anchor_where_there_are_no_weights(bare):
    assert choose_model(bare).name == "anchor"


def test_auto_does_not_pass_over_damaged_weights(tmp_path, esm2_file):
    shutil.copy(esm2_file, tmp_path)
    (tmp_path / esm2_file.name).write_bytes(esm2_file.read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match="1000 bytes"):
        choose_model(load_settings(models=tmp_path))


def test_a_name_wins_over_the_setting(equipped):
    assert choose_model(equipped.override(embedder="esm2"), "anchor").name == "anchor"


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
        "import sys; from omicstoken_kernel.embedding.choice import choose_model;"
        "from omicstoken_kernel.settings import load_settings;"
        "choose_model(load_settings(), 'anchor').embed('SIINFEKL');"
        "sys.exit('torch' in sys.modules or 'esm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
