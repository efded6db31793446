"""Weights taken in, recorded, compared with their record, and every way a file can be wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from esm2_weights import FILE_NAME, network_of, published_form, write_hugging_face, write_weights

from omicstoken_kernel.embedding import is_at_hand, load_model
from omicstoken_kernel.embedding._esm2_shape import SIZES, TOKENS, size_of
from omicstoken_kernel.embedding._esm2_tensors import read_checkpoint
from omicstoken_kernel.embedding.esm2 import load_esm2
from omicstoken_kernel.embedding.intake import add_weights, remove_weights
from omicstoken_kernel.embedding.weights import load_weights, read_record
from omicstoken_kernel.errors import InputError, ModelUnavailable, NotFound, ServiceUnavailable
from omicstoken_kernel.settings import load_settings

ESM2 = size_of("esm2")
SEQUENCES = ["SIINFEKL", "GILGFVFTL", "UOACDEFGHIKLMNPQRSTVWY"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The same weights in every form, and others; read them, never write them."""
    folder = tmp_path_factory.mktemp("sources")
    return {
        "fair-esm": write_weights(folder / "fair"),
        "bin": write_hugging_face(folder / "bin", "pytorch_model.bin"),
        "safetensors": write_hugging_face(folder / "safe", "model.safetensors"),
        "other": write_weights(folder / "other", seed=1),
    }


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_vocabulary_is_fair_esms():
    from esm.data import Alphabet

    assert tuple(Alphabet.from_architecture("ESM-1b").all_toks) == TOKENS


def test_every_size_has_the_shapes_of_fair_esms_network():
    for size in SIZES[:2]:
        state = network_of(0, size.layers, size.dim, size.heads).state_dict()
        assert {name: tuple(state[name].shape) for name in size.shapes()} == size.shapes()
        left = {name.partition(".")[0] for name in state if name not in size.shapes()}
        assert left <= {"layers", "contact_head", "lm_head"}
        assert all("inv_freq" in n for n in state if n not in size.shapes() and "layers" in n)


def test_the_same_weights_have_one_key_and_one_vector_in_every_form(sources, models):
    found = []
    for form in ("fair-esm", "bin", "safetensors"):
        added = add_weights(models, sources[form])
        model = load_model("esm2", load_settings(models=models))
        assert model.model_key == added.model_key
        found.append((added.model_key, model.embed_batch(SEQUENCES)))
    assert len({key for key, _ in found}) == 1
    assert all(np.array_equal(vectors, found[0][1]) for _, vectors in found)
    in_place = load_esm2(sources["fair-esm"].parent)
    assert in_place.model_key == found[0][0]
    assert np.array_equal(in_place.embed_batch(SEQUENCES), found[0][1])


def test_a_record_says_what_the_weights_are_and_where_they_came_from(sources, models):
    import hashlib

    added = add_weights(models, sources["bin"])
    record = read_record(models, ESM2)
    assert record == added.record
    assert record.source_name == "pytorch_model.bin"
    assert record.source_sha256 == hashlib.sha256(sources["bin"].read_bytes()).hexdigest()
    assert record.sha256 == hashlib.sha256(added.path.read_bytes()).hexdigest()
    assert record.size_bytes == added.path.stat().st_size
    assert record.format == "Hugging Face"
    assert record.ignored == ("contact_head", "lm_head")
    assert added.model_key.split(":")[1] == record.digest[:12]
    assert added.path.parent == models / "esm2_t6_8M_UR50D"


def test_the_file_added_last_is_the_one_used_and_the_only_one_kept(sources, models):
    first = add_weights(models, sources["fair-esm"])
    second = add_weights(models, sources["other"])
    assert first.model_key != second.model_key
    assert load_esm2(models).model_key == second.model_key
    assert listing(models) == [
        "esm2_t6_8M_UR50D",
        f"esm2_t6_8M_UR50D/{second.path.name}",
        "esm2_t6_8M_UR50D/record.json",
    ]
    assert add_weights(models, sources["fair-esm"]).model_key == first.model_key
    assert load_esm2(models).model_key == first.model_key


def test_added_weights_win_over_a_published_file_lying_there(sources, models):
    models.mkdir()
    shutil.copy(sources["fair-esm"], models)
    load_esm2(models)
    added = add_weights(models, sources["other"])
    assert load_esm2(models).model_key == added.model_key


def test_a_published_file_put_there_by_hand_is_recorded_and_from_then_on_held_to_it(
    sources, models
):
    models.mkdir()
    path = Path(shutil.copy(sources["fair-esm"], models))
    key = load_esm2(models).model_key
    record = read_record(models, ESM2)
    assert (record.file, record.source_name, record.format) == (FILE_NAME, FILE_NAME, "fair-esm")
    assert load_esm2(models).model_key == key
    shutil.copy(sources["other"], path)
    with pytest.raises(ModelUnavailable, match="has changed since it was added") as caught:
        load_esm2(models)
    assert "models add" in caught.value.hint
    assert add_weights(models, path).model_key == load_esm2(models).model_key != key


def test_a_published_file_in_a_folder_that_cannot_be_written_is_used(sources, models):
    models.mkdir()
    shutil.copy(sources["fair-esm"], models)
    # A file where the record's folder would be stands for a folder that cannot be written.
    (models / "esm2_t6_8M_UR50D").write_text("")
    assert load_esm2(models).model_key


def test_a_stored_file_that_changed_is_refused_and_auto_does_not_pass_it_over(sources, models):
    added = add_weights(models, sources["fair-esm"])
    content = bytearray(added.path.read_bytes())
    content[-5] ^= 1
    added.path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="has changed since it was added"):
        load_esm2(models)
    assert is_at_hand("esm2", load_settings(models=models))


def test_a_stored_file_that_was_deleted_is_told_and_auto_does_not_pass_it_over(sources, models):
    add_weights(models, sources["fair-esm"]).path.unlink()
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        load_esm2(models)
    assert is_at_hand("esm2", load_settings(models=models))


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: "{",
        lambda record: "[]",
        lambda record: json.dumps({"file": "x"}),
        lambda record: json.dumps(record | {"file": "../../elsewhere"}),
        lambda record: json.dumps(record | {"version": 2}),
        lambda record: json.dumps(record | {"architecture": "esm2_t12_35M_UR50D"}),
    ],
)
def test_a_damaged_record_is_refused_and_adding_again_mends_it(sources, models, damage):
    add_weights(models, sources["fair-esm"])
    path = models / "esm2_t6_8M_UR50D" / "record.json"
    path.write_text(damage(json.loads(path.read_text())))
    with pytest.raises(ModelUnavailable, match=r"record\.json") as caught:
        load_esm2(models)
    assert "models add" in caught.value.hint
    assert is_at_hand("esm2", load_settings(models=models))
    add_weights(models, sources["fair-esm"])
    assert load_esm2(models)


def test_a_folder_with_the_weights_in_it_is_enough(sources, models, tmp_path):
    assert add_weights(models, sources["safetensors"].parent).name == "esm2"
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no weights file"):
        add_weights(models, tmp_path / "empty")


def test_weights_in_several_parts_are_refused_with_the_reason(sources, models, tmp_path):
    for part in (1, 2):
        shutil.copy(sources["bin"], tmp_path / f"pytorch_model-0000{part}-of-00002.bin")
    with pytest.raises(InputError, match="several weights files") as caught:
        add_weights(models, tmp_path)
    assert "shards" in caught.value.hint


def test_a_missing_path_is_not_found(models, tmp_path):
    with pytest.raises(NotFound, match="There is no file"):
        add_weights(models, tmp_path / "nowhere.pt")


def test_half_precision_files_are_read_as_single_precision(models, tmp_path):
    import torch

    data = published_form(network_of(0))
    data["model"] = {name: value.half() for name, value in data["model"].items()}
    torch.save(data, tmp_path / "half.pt")
    add_weights(models, tmp_path / "half.pt")
    tensors = load_weights(models, ESM2).checkpoint.tensors
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float32}


def test_a_head_for_another_task_is_named_and_ignored(sources, models, tmp_path):
    import torch

    plain = add_weights(models, sources["bin"])
    state = torch.load(sources["bin"], weights_only=True)
    state = {name: value for name, value in state.items() if not name.startswith("lm_head")}
    state |= {
        "classifier.dense.weight": torch.ones(3, 3),
        "classifier.out_proj.weight": torch.ones(3, 3),
        "esm.pooler.dense.weight": torch.ones(320, 320),
    }
    torch.save(state, tmp_path / "pytorch_model.bin")
    added = add_weights(models, tmp_path)
    assert added.record.ignored == ("classifier", "contact_head", "pooler")
    assert added.model_key == plain.model_key


def test_a_bare_model_without_a_prefix_is_read(sources, models, tmp_path):
    import torch

    plain = add_weights(models, sources["bin"])
    state = torch.load(sources["bin"], weights_only=True)
    bare = {n.removeprefix("esm."): v for n, v in state.items() if n.startswith("esm.")}
    torch.save(bare, tmp_path / "pytorch_model.bin")
    assert add_weights(models, tmp_path).model_key == plain.model_key


def esm1b(torch):
    state = {f"encoder.{name}": value for name, value in network_of(0).state_dict().items()}
    state["encoder.sentence_encoder.embed_positions.weight"] = torch.zeros(1026, 320)
    return {"args": None, "model": state}


def esm1v_of_hugging_face(torch, source):
    state = torch.load(source, weights_only=True)
    state = {name: value for name, value in state.items() if "rotary" not in name}
    return state | {"esm.embeddings.position_embeddings.weight": torch.zeros(1026, 320)}


def esm1b_of_hugging_face(torch, source):
    norm = {"esm.embeddings.layer_norm.weight": torch.ones(320)}
    return torch.load(source, weights_only=True) | norm


def esmc(torch):
    name = "transformer.blocks.0.attn.layernorm_qkv.1.weight"
    return {"embed.weight": torch.zeros(64, 960), name: torch.zeros(2880, 960)}


def bert(torch):
    return {
        "embeddings.word_embeddings.weight": torch.zeros(30522, 768),
        "embeddings.token_type_embeddings.weight": torch.zeros(2, 768),
        "encoder.layer.0.attention.self.query.weight": torch.zeros(768, 768),
    }


def with_an_adapter(torch, source):
    extra = {"esm.encoder.layer.0.attention.self.query.lora_A.weight": torch.zeros(8, 320)}
    return torch.load(source, weights_only=True) | extra


STRANGERS = [
    (lambda torch, _: esm1b(torch), "ESM-1b"),
    (esm1v_of_hugging_face, "positions are learned"),
    (esm1b_of_hugging_face, "norm before the first layer"),
    (lambda torch, _: esmc(torch), "ESM C"),
    (lambda torch, _: bert(torch), "BERT"),
    (with_an_adapter, "lora_A.weight', which ESM-2 does not have"),
    (lambda torch, _: {"a": torch.zeros(3)}, "none of its tensors"),
    (lambda torch, _: [torch.zeros(3)], "does not hold tensors by name"),
    (lambda torch, _: {"a": 3}, "more than tensors"),
    (lambda torch, _: {}, "does not hold tensors by name"),
]


@pytest.mark.parametrize(("make", "reason"), STRANGERS, ids=[reason for _, reason in STRANGERS])
def test_weights_of_another_model_are_refused_and_leave_nothing(
    sources, models, tmp_path, make, reason
):
    import torch

    used = add_weights(models, sources["fair-esm"])
    before = listing(models)
    torch.save(make(torch, sources["bin"]), tmp_path / "strange.pt")
    with pytest.raises(InputError, match=reason) as caught:
        add_weights(models, tmp_path / "strange.pt")
    assert "strange.pt" in caught.value.message
    assert listing(models) == before
    assert load_esm2(models).model_key == used.model_key


@pytest.mark.parametrize("form", ["fair-esm", "bin", "safetensors"])
@pytest.mark.parametrize("share", [0, 1e-6, 0.5, 0.9999])
def test_a_file_cut_short_is_refused_and_leaves_nothing(sources, models, tmp_path, form, share):
    whole = sources[form].read_bytes()
    cut = tmp_path / sources[form].name
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cannot be used as weights of ESM-2"):
        add_weights(models, cut)
    assert not models.exists()


@pytest.mark.parametrize("name", ["record.json", "x.safetensors"])
def test_a_full_disk_is_told_and_what_was_used_before_still_is(sources, models, monkeypatch, name):
    """The disk of the test machine cannot be filled, so the write itself says that it is."""
    from omicstoken_kernel.embedding import intake

    used = add_weights(models, sources["fair-esm"])
    before = listing(models)
    write = {"record.json": "write_record", "x.safetensors": "write_whole"}[name]

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, write, full)
    with pytest.raises(ServiceUnavailable, match="No space left on device") as caught:
        add_weights(models, sources["other"])
    assert "OMICSTOKEN_MODELS" in caught.value.hint
    assert listing(models) == before
    assert load_esm2(models).model_key == used.model_key


def test_a_folder_that_is_a_file_is_told(sources, tmp_path):
    (tmp_path / "models").write_text("")
    with pytest.raises(ServiceUnavailable, match="cannot be written"):
        add_weights(tmp_path / "models", sources["fair-esm"])


def test_removed_weights_are_gone_however_they_came(sources, models):
    add_weights(models, sources["fair-esm"])
    shutil.copy(sources["other"], models)
    removed = remove_weights(models, ESM2)
    assert [path.name for path in removed] == ["esm2_t6_8M_UR50D", FILE_NAME]
    assert listing(models) == []
    assert not is_at_hand("esm2", load_settings(models=models))
    with pytest.raises(NotFound, match="has no weights"):
        remove_weights(models, ESM2)


def test_the_digest_depends_on_every_number_and_on_nothing_else(sources):
    import torch

    first = read_checkpoint(sources["fair-esm"].read_bytes())
    data = torch.load(sources["bin"], weights_only=True)
    shuffled = dict(sorted(data.items(), reverse=True))
    again = read_checkpoint(_saved(torch, shuffled))
    assert again.digest == first.digest
    data["esm.encoder.layer.5.output.dense.bias"][319] += 1e-6
    assert read_checkpoint(_saved(torch, data)).digest != first.digest


def _saved(torch, data):
    import io

    file = io.BytesIO()
    torch.save(data, file)
    return file.getvalue()
