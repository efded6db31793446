"""``omicstoken models``: weights added, listed, verified, fetched and removed from a shell."""

from __future__ import annotations

import http.server
import json
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from esm2_weights import FILE_NAME, write_hugging_face, write_weights
from typer.testing import CliRunner

from omicstoken_kernel.cli import app
from omicstoken_kernel.embedding.esm2 import load_esm2


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("published"))


def call(*arguments: object) -> tuple[int, object, str]:
    result = CliRunner().invoke(app, ["models", *(str(argument) for argument in arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    document = json.loads(result.stdout) if "--json" in arguments and result.stdout else None
    return result.exit_code, document, result.stdout + result.stderr


def entry(name="esm2"):
    return next(model for model in call("list", "--json")[1] if model["name"] == name)


def test_without_weights_the_list_says_what_to_do(models):
    found = entry()
    assert (found["available"], found["model_key"], found["size_bytes"]) == (False, None, None)
    assert "omicstoken models fetch" in found["reason"]
    assert "omicstoken models add" in call("list")[2]


def test_files_of_both_libraries_give_one_key_and_the_same_vectors(models, published, tmp_path):
    found = []
    forms = ("pytorch_model.bin", "model.safetensors")
    for path in (published, *(write_hugging_face(tmp_path / form, form) for form in forms)):
        code, added, _ = call("add", path, "--json")
        assert code == 0
        assert (added["name"], added["dim"]) == ("esm2", 320)
        assert added["source_name"] == path.name
        assert entry()["model_key"] == added["model_key"]
        found.append((added["model_key"], load_esm2(models).embed_batch(["SIINFEKL", "MK" * 20])))
    assert len({key for key, _ in found}) == 1
    assert all(np.array_equal(vectors, found[0][1]) for _, vectors in found)


def test_the_list_shows_key_dimension_path_size_and_use(models, published):
    added = call("add", published, "--json")[1]
    found = entry()
    assert found["available"]
    assert found["path"] == added["path"]
    assert found["sha256"] == added["sha256"]
    assert found["size_bytes"] == added["size_bytes"]
    assert found["used_for"]
    assert found["not_for"]
    assert added["path"] in call("list")[2]


def test_adding_tells_a_person_what_was_taken_and_what_was_not(models, published):
    code, _, text = call("add", published)
    assert code == 0
    assert "esm2_t6_8M_UR50D:" in text
    assert "fair-esm" in text
    assert "another task: lm_head" in text


def test_a_bad_file_is_refused_with_two_and_a_missing_one_with_three(models, tmp_path):
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"no weights")
    code, document, text = call("add", bad, "--json")
    assert code == 2
    assert document["error"]["code"] == "bad_input"
    assert "bad.pt" in text
    assert not models.exists()
    assert call("add", tmp_path / "nowhere.pt")[0] == 3


def test_verify_finds_what_changed(models, published):
    added = call("add", published, "--json")[1]
    code, document, _ = call("verify", "--json")
    assert code == 0
    assert {"esm2", "anchor"} <= {model["name"] for model in document if model["available"]}
    assert call("verify", "esm2")[0] == 0
    with Path(added["path"]).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    code, document, _ = call("verify", "--json")
    assert code == 4
    (broken,) = [model for model in document if not model["available"]]
    assert "has changed since it was added" in broken["reason"]
    assert "has changed since it was added" in call("verify", "esm2")[2]


def test_verify_of_a_model_without_weights_exits_with_four(models):
    code, _, text = call("verify", "esm2")
    assert code == 4
    assert "has no weights here" in text
    assert call("verify")[0] == 0


def test_remove_deletes_the_weights_and_says_so(models, published):
    path = call("add", published, "--json")[1]["path"]
    code, document, _ = call("remove", "esm2", "--json")
    assert code == 0
    assert document["removed"] == [str(models / "esm2_t6_8M_UR50D")]
    assert path.startswith(document["removed"][0])
    assert not entry()["available"]
    assert call("remove", "esm2")[0] == 3


@pytest.mark.parametrize("command", ["fetch", "remove"])
def test_a_model_that_comes_with_the_package_has_nothing_to_manage(models, command):
    code, _, text = call(command, "anchor")
    assert code == 2
    assert "comes with the package" in text
    assert "Did you mean" in call(command, "esm2-8m")[2]


def test_fetch_takes_the_published_file_from_the_address_of_the_setting(
    models, published, monkeypatch
):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args):
            pass

    handler = partial(Quiet, directory=str(published.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("OMICSTOKEN_MODELS_URL", f"http://127.0.0.1:{server.server_port}")
        code, added, _ = call("fetch", "--json")
        missing, document, _ = call("fetch", "esm2-650m", "--json")
        server.shutdown()
        thread.join()
    assert code == 0
    assert added["source_name"] == FILE_NAME
    assert entry()["model_key"] == added["model_key"]
    assert missing == 4
    assert "answers 404" in document["error"]["message"]
    assert "models add" in document["error"]["hint"]
