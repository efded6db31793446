"""What holds for every model of the registry."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest
from esm2_weights import write_weights

from omicstoken_kernel.embedding._registry import load_model, model_names
from omicstoken_kernel.embedding.base import EMBEDDABLE
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.settings import load_settings

LENGTHS = (1, 2, 3, 8, 9, 9, 11, 15, 30, 120)


def some_peptides(seed=0):
    draw = np.random.default_rng(seed)
    letters = sorted(EMBEDDABLE)
    return ["".join(draw.choice(letters, size=length)) for length in draw.permutation(LENGTHS)]


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("contract-models")).parent


# The larger sizes of ESM-2 are the same code with other numbers.
@pytest.fixture(params=[name for name in model_names() if not name.startswith("esm2-")])
def model(request, models_folder):
    return load_model(request.param, load_settings(models=models_folder))


def test_vectors_are_float32_of_320_numbers_and_say_something(model):
    vectors = model.embed_batch(some_peptides())
    assert vectors.shape == (len(LENGTHS), model.dim) == (len(LENGTHS), 320)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert vectors.any(axis=1).all()
    assert model.embed("SIINFEKL").shape == (320,)


def test_a_batch_agrees_with_its_sequences_alone_to_1e_5(model):
    peptides = some_peptides()
    alone = np.stack([model.embed(peptide) for peptide in peptides])
    np.testing.assert_allclose(model.embed_batch(peptides), alone, atol=1e-5)


def test_the_order_of_a_batch_is_the_order_of_its_vectors(model):
    peptides = some_peptides()
    np.testing.assert_allclose(
        model.embed_batch(peptides[::-1])[::-1], model.embed_batch(peptides), atol=1e-5
    )


def test_the_same_peptides_give_the_same_vectors_again(model):
    assert np.array_equal(model.embed_batch(some_peptides()), model.embed_batch(some_peptides()))


def test_different_peptides_have_different_vectors(model):
    first, second = model.embed_batch(["SIINFEKL", "SIINFEKV"])
    assert not np.allclose(first, second, atol=1e-4)


def test_no_sequences_give_no_vectors(model):
    assert model.embed_batch([]).shape == (0, model.dim)


def test_blanks_and_case_do_not_matter(model):
    assert np.array_equal(model.embed(" siin fekl\n"), model.embed("SIINFEKL"))


@pytest.mark.parametrize(
    ("sequence", "reason"),
    [
        ("", "empty"),
        ("SIIXFEKL", "residue X"),
        ("SII*FEKL", "not a residue"),
        ("PEPT[79.97]IDE", "not a residue"),
        ("SIINFEKĽ", "not a residue"),
        ("A" * 1023, "longer than 1022"),
    ],
)
def test_what_has_no_vector_is_refused_with_the_reason(model, sequence, reason):
    with pytest.raises(InputError, match=reason):
        model.embed(sequence)


def test_the_key_names_model_version_and_pooling(model):
    assert len(model.model_key.split(":")) == 3
    assert len(model.model_key) <= 255


def test_a_refusal_survives_the_way_between_processes(model):
    with pytest.raises(InputError) as caught:
        model.embed("X")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_threads_sharing_a_model_get_the_same_vectors(model):
    expected = model.embed_batch(some_peptides())
    found = [None] * 4

    def work(place):
        found[place] = model.embed_batch(some_peptides())

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for vectors in found:
        np.testing.assert_allclose(vectors, expected, atol=1e-5)
