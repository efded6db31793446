"""ESM-2 through our code, beside fair-esm's own; and every way its file can be wrong."""

from __future__ import annotations

import argparse
import os
import pickle

import numpy as np
import pytest
from esm2_weights import FILE_NAME, network_of, published_form, write_weights

from omicstoken_kernel.embedding.esm2 import load_esm2
from omicstoken_kernel.errors import ModelUnavailable

SEQUENCES = ["SIINFEKL", "GILGFVFTL", "A", "UOACDEFGHIKLMNPQRSTVWY", "NLVPMVATV", "MK" * 40]


@pytest.fixture(scope="module")
def esm2_file(tmp_path_factory):
    """A weights file as published, seed 0; read it, never write it."""
    return write_weights(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def model(esm2_file):
    return load_esm2(esm2_file.parent)


def reference(sequences):
    """Mean over residues as fair-esm's README computes it, with its own padded batches."""
    import torch

    network = network_of(seed=0)
    convert = network.alphabet.get_batch_converter()
    _, _, tokens = convert([("", sequence) for sequence in sequences])
    with torch.no_grad():
        states = network(tokens, repr_layers=[6])["representations"][6]
    return np.stack(
        [states[row, 1 : len(s) + 1].mean(0).numpy() for row, s in enumerate(sequences)]
    )


def test_vectors_are_those_of_fair_esm_itself(model):
    found = model.embed_batch(SEQUENCES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, reference(SEQUENCES), atol=1e-5)


def test_a_batch_gives_each_sequence_the_vector_it_has_alone(model):
    alone = np.stack([model.embed(sequence) for sequence in SEQUENCES])
    np.testing.assert_allclose(model.embed_batch(SEQUENCES), alone, atol=1e-5)


def test_the_longest_sequence_goes_through(model):
    assert np.isfinite(model.embed("M" * 1022)).all()


def test_the_key_names_architecture_exact_weights_and_pooling(model, esm2_file):
    import hashlib

    digest = hashlib.sha256(esm2_file.read_bytes()).hexdigest()
    assert model.model_key == f"esm2_t6_8M_UR50D:{digest[:12]}:mean"
    assert model.weights_sha256 == digest


def test_other_weights_are_another_model(model, tmp_path):
    write_weights(tmp_path, seed=1)
    assert load_esm2(tmp_path).model_key != model.model_key


def test_a_missing_file_is_named_with_the_folder_it_belongs_into(tmp_path):
    with pytest.raises(ModelUnavailable) as caught:
        load_esm2(tmp_path)
    assert FILE_NAME in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert FILE_NAME in caught.value.hint


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_truncated_file_is_refused(esm2_file, tmp_path, share):
    whole = esm2_file.read_bytes()
    (tmp_path / FILE_NAME).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelUnavailable, match="cannot be used as esm2_t6_8M_UR50D"):
        load_esm2(tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_bytes_that_are_no_weights_are_refused(tmp_path, seed):
    draw = np.random.default_rng(seed)
    # Half of them start like a pickle, so that the loader goes in before it finds out.
    head = pickle.dumps({"a": [1, 2, 3]})[: seed * 3] if seed % 2 else b""
    (tmp_path / FILE_NAME).write_bytes(head + draw.bytes(2000))
    with pytest.raises(ModelUnavailable, match="replace it"):
        load_esm2(tmp_path)


class _Harm:
    """What runs a command when it is unpickled without restrictions."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (os.mkdir, (self.target,))


def test_a_file_that_would_run_code_is_refused_and_runs_nothing(tmp_path):
    import torch

    target = tmp_path / "harm"
    torch.save({"cfg": _Harm(str(target)), "model": {}}, tmp_path / FILE_NAME)
    with pytest.raises(ModelUnavailable, match="more than numbers") as caught:
        load_esm2(tmp_path)
    assert not target.exists()
    assert "weights_only" not in str(caught.value)


def other_width(data):
    data["cfg"]["model"].encoder_embed_dim = 640


def without_a_layer(data):
    del data["model"]["encoder.sentence_encoder.layers.3.fc1.weight"]


def without_a_configuration(data):
    del data["cfg"]


def with_weights_of_another_shape(data):
    name = "encoder.sentence_encoder.layers.3.fc1.weight"
    data["model"][name] = data["model"][name][:10]


def with_weights_that_are_not_numbers(data):
    data["model"]["encoder.sentence_encoder.layers.0.fc1.weight"].fill_(float("nan"))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (other_width, "holds 6 layers of width 640, expected 6 of 320"),
        (without_a_layer, "Missing key|Error.s. in loading state_dict"),
        (without_a_configuration, "cfg"),
        (with_weights_of_another_shape, "Error.s. in loading state_dict"),
        (with_weights_that_are_not_numbers, "vectors that are not numbers"),
    ],
)
def test_a_foreign_file_is_refused_with_the_reason(tmp_path, damage, reason):
    import torch

    data = published_form(network_of(seed=0))
    damage(data)
    torch.save(data, tmp_path / FILE_NAME)
    with pytest.raises(ModelUnavailable, match=reason):
        load_esm2(tmp_path)


def test_reading_weights_leaves_the_loader_as_strict_as_before(esm2_file):
    import torch

    before = set(torch.serialization.get_safe_globals())
    load_esm2(esm2_file.parent)
    assert set(torch.serialization.get_safe_globals()) == before
    assert argparse.Namespace not in before
