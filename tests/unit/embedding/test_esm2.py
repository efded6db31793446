"""ESM-2 through our code, beside fair-esm's own; and every way its file can be wrong."""

from __future__ import annotations

import argparse
import os
import pickle
import re
import shutil
import threading
import time

import numpy as np
import pytest
from esm2_weights import (
    FILE_NAME,
    hugging_face_of,
    network_of,
    published_form,
    write_weights,
)

from omicstoken_kernel.embedding._device import in_parallel
from omicstoken_kernel.embedding._esm2_shape import size_of
from omicstoken_kernel.embedding.esm2 import Esm2Embedder, load_esm2
from omicstoken_kernel.embedding.weights import load_weights
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

    parts = model.model_key.split(":")
    assert parts[::2] == ["esm2_t6_8M_UR50D", "mean"]
    assert re.fullmatch("[0-9a-f]{12}", parts[1])
    assert model.weights_sha256 == hashlib.sha256(esm2_file.read_bytes()).hexdigest()


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
    with pytest.raises(ModelUnavailable, match="Replace it"):
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


def without_a_layer(data):
    del data["model"]["encoder.sentence_encoder.layers.3.fc1.weight"]


def without_its_last_layer(data):
    for name in [name for name in data["model"] if ".layers.5." in name]:
        del data["model"][name]


def without_tensors(data):
    data["model"] = {}


def with_weights_of_another_shape(data):
    name = "encoder.sentence_encoder.layers.3.fc1.weight"
    data["model"][name] = data["model"][name][:10]


def with_weights_that_are_not_numbers(data):
    data["model"]["encoder.sentence_encoder.layers.0.fc1.weight"][7, 7] = float("nan")


def with_weights_that_overflow(data):
    data["model"]["encoder.sentence_encoder.layers.0.fc1.weight"].fill_(3e38)


def with_whole_numbers(data):
    name = "encoder.sentence_encoder.layers.3.fc1.weight"
    data["model"][name] = data["model"][name].int()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (without_a_layer, "'layers.3.fc1.weight' is missing"),
        (without_its_last_layer, "5 layers of width 320; ESM-2 comes with 6 of 320"),
        (without_tensors, "does not hold tensors"),
        (with_weights_of_another_shape, r"\(10, 320\) float32, expected \(1280, 320\)"),
        (with_whole_numbers, "int32, expected"),
        (with_weights_that_are_not_numbers, "'layers.0.fc1.weight' holds values that are not num"),
        (with_weights_that_overflow, "vectors that are not numbers"),
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


def test_vectors_are_those_of_transformers(model):
    import torch

    network = network_of(seed=0)
    convert, theirs = network.alphabet.get_batch_converter(), hugging_face_of(network).esm
    for sequence in SEQUENCES:
        _, _, tokens = convert([("", sequence)])
        with torch.no_grad():
            states = theirs(tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
        expected = states[0, 1:-1].mean(0).numpy()
        np.testing.assert_allclose(model.embed(sequence), expected, atol=1e-4)


def test_a_larger_esm2_works_by_its_own_dimension(tmp_path):
    import torch

    network = network_of(seed=3, layers=12, dim=480)
    size = size_of("esm2-35m")
    torch.save(published_form(network), tmp_path / size.file_name)
    model = load_esm2(tmp_path, size)
    assert (model.name, model.dim) == ("esm2-35m", 480)
    assert model.model_key.startswith("esm2_t12_35M_UR50D:")
    convert = network.alphabet.get_batch_converter()
    for sequence in ("SIINFEKL", "MK" * 40):
        _, _, tokens = convert([("", sequence)])
        with torch.no_grad():
            states = network(tokens, repr_layers=[12])["representations"][12]
        np.testing.assert_allclose(model.embed(sequence), states[0, 1:-1].mean(0), atol=1e-5)


def test_one_size_is_not_taken_for_another(tmp_path, esm2_file):
    shutil.copy(esm2_file, tmp_path / "esm2_t12_35M_UR50D.pt")
    with pytest.raises(ModelUnavailable, match="it is esm2_t6_8M_UR50D"):
        load_esm2(tmp_path, size_of("esm2-35m"))


@pytest.fixture
def three_threads():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_vectors_are_the_same_with_several_threads_and_torch_keeps_their_number(
    model, three_threads
):
    import torch

    many = SEQUENCES * 40
    found = model.embed_batch(many)
    np.testing.assert_allclose(found, np.tile(model.embed_batch(SEQUENCES), (40, 1)), atol=1e-5)
    assert torch.get_num_threads() == 3
    seen = []
    thread = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert seen == [3]


def test_an_error_in_one_thread_is_raised_and_the_rest_is_not_waited_for(three_threads):
    import torch

    done = []

    def work(task):
        if task == 0:
            msg = "no"
            raise ValueError(msg)
        time.sleep(0.01)
        done.append(task)

    with pytest.raises(ValueError, match="no"):
        list(in_parallel(work, range(500), device=torch.device("cpu")))
    assert len(done) < 250
    assert torch.get_num_threads() == 3


class _Narrow:
    """The network on a machine with memory for so many tokens; raises what torch raises."""

    def __init__(self, network, tokens, error):
        self.network, self.tokens, self.error = network, tokens, error
        self.tried = []

    def means(self, pack):
        self.tried.append(len(pack.tokens()))
        if self.tried[-1] > self.tokens:
            raise self.error
        return self.network.means(pack)


def out_of_memory():
    import torch

    return [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"),
        MemoryError(),
    ]


@pytest.mark.parametrize("kind", range(4))
def test_a_batch_too_large_for_memory_is_halved_until_it_fits(esm2_file, kind):
    model = load_esm2(esm2_file.parent)
    peptides = [f"SIINFEK{letter}" for letter in "ACDEFGHIKLMNPQRSTVWY"] * 2
    expected = model.embed_batch(peptides)
    model._network = narrow = _Narrow(model._network, 25, out_of_memory()[kind])
    np.testing.assert_allclose(model.embed_batch(peptides), expected, atol=1e-5)
    # 400 tokens, in equal shares for the threads that this machine has.
    first = len(narrow.tried)
    assert narrow.tried[0] > 25 >= min(narrow.tried)
    model.embed_batch(peptides)
    # What did not fit is not tried again at full size.
    assert max(narrow.tried[first:]) < narrow.tried[0]


def test_one_sequence_too_large_for_memory_is_an_error_that_says_what_to_do(esm2_file):
    model = load_esm2(esm2_file.parent)
    model._network = _Narrow(model._network, 50, out_of_memory()[1])
    with pytest.raises(ModelUnavailable, match="one sequence of 60 residues") as caught:
        model.embed_batch(["SIINFEKL", "M" * 60])
    assert "OMICSTOKEN_DEVICE" in caught.value.hint
    assert np.isfinite(model.embed("SIINFEKL")).all()


def test_an_error_that_is_not_about_memory_is_not_hidden(esm2_file):
    model = load_esm2(esm2_file.parent)
    model._network = _Narrow(model._network, 0, RuntimeError("shapes do not fit"))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        model.embed_batch(["SIINFEKL"] * 8)


def test_a_device_that_is_not_here_is_refused_with_the_setting(esm2_file):
    import torch

    missing = "cuda" if not torch.cuda.is_available() else "mps"
    with pytest.raises(ModelUnavailable, match=f"'{missing}'") as caught:
        load_esm2(esm2_file.parent, device=missing)
    assert "OMICSTOKEN_DEVICE" in caught.value.hint


def test_the_processor_computes_in_single_precision(esm2_file):
    assert load_esm2(esm2_file.parent, device="cpu").device == "cpu float32"


@pytest.mark.parametrize(("error", "kept"), [(0.0, "fast"), (0.01, "exact"), (np.nan, "exact")])
def test_short_numbers_are_used_only_where_they_agree(esm2_file, monkeypatch, error, kept):
    """Played on the processor: the 'short' network is the exact one, off by a known error."""
    import torch

    from omicstoken_kernel.embedding import _device, _esm2_network

    checkpoint = load_weights(esm2_file.parent, size_of("esm2")).checkpoint

    class Off(_esm2_network.Esm2Network):
        def means(self, pack):
            return super().means(pack) + (error if self.wanted is not torch.float32 else 0.0)

        def __init__(self, *args, dtype=torch.float32, **kwargs):
            self.wanted = dtype
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(_esm2_network, "Esm2Network", Off)
    monkeypatch.setattr(_device, "half_precision", lambda _device: torch.float16)
    model = Esm2Embedder(checkpoint, device="cpu")
    assert model._network.wanted is (torch.float16 if kept == "fast" else torch.float32)


def test_a_network_in_short_numbers_gives_nearly_the_same_vectors(esm2_file):
    """bfloat16 runs on any processor, slowly: here it stands for what a GPU computes in."""
    import torch

    from omicstoken_kernel.embedding._esm2_network import Esm2Network
    from omicstoken_kernel.embedding._esm2_packs import make_packs

    checkpoint = load_weights(esm2_file.parent, size_of("esm2")).checkpoint
    (pack,) = make_packs(["SIINFEKL", "GILGFVFTLK"], tokens_per_pack=100)
    exact, short = (
        Esm2Network(checkpoint.tensors, checkpoint.size, device=torch.device("cpu"), dtype=dtype)
        for dtype in (torch.float32, torch.bfloat16)
    )
    assert short.means(pack).dtype == torch.float32
    np.testing.assert_allclose(short.means(pack), exact.means(pack), atol=0.1)
