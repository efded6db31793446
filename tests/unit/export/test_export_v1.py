"""OmicsToken v1: the fixed payload, exact and complete."""

import hashlib
import json

import numpy as np
import pytest

from omicstoken_kernel.errors import InputError, ModelUnavailable, NotFound
from omicstoken_kernel.export import omicstoken_v1, write_export
from omicstoken_kernel.export.v1_schema import check, schema
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

KEY = "anchor:1"


def store_run(ctx, make_parsed, sequences, *, name="run one"):
    digest = hashlib.sha256(name.encode()).hexdigest()
    upload = Uploads(ctx).add(name=f"{name}.tsv", sha256=digest, size_bytes=1, options={})
    return Features(ctx).replace(upload.id, make_parsed({name: sequences}), report={})[0]


def embed(ctx, run, *, but=(), dim=320, name="anchor", key=KEY, seed=0):
    """Give the run's peptides random vectors and return them by sequence."""
    table = Peptides(ctx).of_runs([run.id]).to_pylist()
    kept = [row for row in table if row["sequence"] not in but]
    matrix = np.random.default_rng(seed).normal(size=(len(kept), dim)).astype(np.float32)
    ids = [row["peptide_id"] for row in kept]
    Vectors(ctx).add(model_key=key, name=name, dim=dim, peptide_ids=ids, vectors=matrix)
    return {row["sequence"]: vector for row, vector in zip(kept, matrix, strict=True)}


def exported(ctx, run, path, **kwargs):
    result = write_export(ctx, run.id, path, **kwargs)
    return result, json.loads(path.read_bytes())


def test_every_feature_is_exported_with_its_exact_vector(
    ctx, tmp_path, make_parsed, make_sequences
):
    sequences = make_sequences(2500)
    run = store_run(ctx, make_parsed, sequences + sequences[:100])
    vectors = embed(ctx, run)
    result, document = exported(ctx, run, tmp_path / "run.json")
    check(document)
    assert result.records == document["total_embeddings"] == len(document["data"]) == 2600
    assert document["omitted"] == {"count": 0, "reasons": {}}
    assert [row["sequence"] for row in document["data"]] == sequences + sequences[:100]
    for record in document["data"]:
        assert np.array_equal(np.float32(record["embedding"]), vectors[record["sequence"]])


def test_a_record_carries_the_values_of_its_feature_and_peptide(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["SIINFEKL", "KRHDE"])
    embed(ctx, run)
    _, document = exported(ctx, run, tmp_path / "run.json")
    stored = Features(ctx).of_run(run.id).to_pylist()
    assert [record["feature_id"] for record in document["data"]] == [f"{run.id}.1", f"{run.id}.2"]
    for record, feature in zip(document["data"], stored, strict=True):
        assert record["intensity"] == feature["quantity"]
        assert record["properties"]["precursor_charge"] == feature["precursor_charge"]
        assert record["properties"]["proforma"] == feature["proforma"]
    ovalbumin, charged = (record["properties"] for record in document["data"])
    assert ovalbumin["length"] == 8
    assert ovalbumin["charge"] == 0  # one K, one E
    assert charged["charge"] == 1  # K, R, H less D, E
    # Residue averages (IUPAC) of S, 2 I, N, F, E, K, L and one water.
    assert ovalbumin["molecular_weight"] == pytest.approx(963.13, abs=0.02)
    # Kyte-Doolittle: S -0.8, I 4.5 twice, N -3.5, F 2.8, E -3.5, K -3.9, L 3.8, over 8.
    assert ovalbumin["hydrophobicity"] == pytest.approx(
        (-0.8 + 9 - 3.5 + 2.8 - 3.5 - 3.9 + 3.8) / 8
    )


def test_what_has_no_vector_is_counted_with_its_reason(ctx, tmp_path, make_parsed):
    sequences = ["SIINFEKL", "PEPTXDE", "PEPTXDE", "GILGFVFTL", "AABA"]
    run = store_run(ctx, make_parsed, sequences)
    embed(ctx, run, but={"PEPTXDE", "AABA", "GILGFVFTL"})
    result, document = exported(ctx, run, tmp_path / "run.json")
    check(document)
    assert result.records == 1
    assert document["omitted"] == {
        "count": 4,
        "reasons": {
            "not embedded yet": 1,
            "residue B has no defined side chain": 1,
            "residue X has no defined side chain": 2,
        },
    }


def test_undefined_properties_are_null(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["PEPTXDE"])
    embed(ctx, run)
    record = exported(ctx, run, tmp_path / "run.json")[1]["data"][0]
    assert record["properties"]["length"] == 7
    for name in ("charge", "hydrophobicity", "molecular_weight", "net_charge_ph7"):
        assert record["properties"][name] is None


def test_a_run_without_any_vector_is_a_valid_document_without_data(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    _, document = exported(ctx, run, tmp_path / "run.json", model="anchor")
    check(document)
    assert document["data"] == []
    assert document["omitted"] == {"count": 1, "reasons": {"not embedded yet": 1}}
    assert document["model_key"].startswith("anchor")


def test_an_empty_run_is_a_valid_document(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, [])
    result, document = exported(ctx, run, tmp_path / "run.json")
    check(document)
    assert result.records == 0


def test_auto_prefers_the_general_model_where_the_run_has_it(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    other = store_run(ctx, make_parsed, ["GILGFVFTL"], name="other")
    embed(ctx, run, name="anchor", key=KEY)
    embed(ctx, run, name="esm2", key="esm2:2")
    embed(ctx, other, name="anchor", key=KEY)
    assert exported(ctx, run, tmp_path / "a.json")[1]["model_key"] == "esm2:2"
    assert exported(ctx, other, tmp_path / "b.json")[1]["model_key"] == KEY
    assert exported(ctx, run, tmp_path / "c.json", model="anchor")[1]["model_key"] == KEY
    assert exported(ctx, run, tmp_path / "d.json", model=KEY)[1]["model_key"] == KEY


def test_stored_vectors_are_exported_without_their_model(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    with pytest.raises(ModelUnavailable):
        write_export(ctx, run.id, tmp_path / "run.json", model="esm2")
    embed(ctx, run, name="esm2", key="esm2:2")
    assert exported(ctx, run, tmp_path / "run.json", model="esm2")[0].records == 1


def test_an_unknown_model_is_refused_and_leaves_no_file(ctx, tmp_path, make_parsed):
    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    with pytest.raises(InputError, match="'anker'"):
        write_export(ctx, run.id, tmp_path / "out" / "run.json", model="anker")
    assert not (tmp_path / "out").exists()


def test_a_foreign_run_is_not_found(ctx, tmp_path, make_parsed):
    from dataclasses import replace

    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    for form in ("json", "csv", "parquet"):
        with pytest.raises(NotFound):
            write_export(replace(ctx, owner="someone else"), run.id, tmp_path / f"run.{form}")
    assert list(tmp_path.glob("run*")) == []


def test_the_result_names_the_file_by_its_checksum(ctx, tmp_path, make_parsed, make_sequences):
    run = store_run(ctx, make_parsed, make_sequences(30))
    embed(ctx, run)
    first, _ = exported(ctx, run, tmp_path / "one.json")
    second, _ = exported(ctx, run, tmp_path / "two.json")
    assert first.sha256 == hashlib.sha256(first.path.read_bytes()).hexdigest() == second.sha256
    assert first.as_json()["records"] == 30


def test_the_file_and_the_stream_are_the_same_bytes(ctx, tmp_path, make_parsed, make_sequences):
    run = store_run(ctx, make_parsed, make_sequences(1500))
    embed(ctx, run)
    result, _ = exported(ctx, run, tmp_path / "run.json")
    chunks = list(omicstoken_v1.open_payload(ctx, run.id).chunks())
    assert b"".join(chunks) == result.path.read_bytes()
    assert len(chunks) > 3  # written batch by batch, not as a whole


def test_a_name_with_quotes_and_markup_stays_one_json_string(ctx, tmp_path, make_parsed):
    name = 'a "run" </script> \\ é'
    run = store_run(ctx, make_parsed, ["SIINFEKL"], name=name)
    embed(ctx, run)
    assert exported(ctx, run, tmp_path / "run.json")[1]["run_name"] == name


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda d: d.pop("omitted"), "omitted"),
        (lambda d: d.update(export_version="v2"), "omics_export_v1"),
        (lambda d: d.update(total_embeddings=7), "7 embeddings"),
        (lambda d: d["data"][0]["embedding"].append(0.5), "dimensions"),
        (lambda d: d["data"][0]["properties"].update(charge=0.5), "charge"),
        (lambda d: d["data"][0].pop("intensity"), "intensity"),
        (lambda d: d["data"][1]["embedding"].insert(300, None), "data/1/embedding/300"),
        (lambda d: d["data"][1]["embedding"].insert(300, True), "data/1/embedding/300"),
        (lambda d: d["data"][1]["embedding"].clear(), "data/1/embedding"),
        (lambda d: d.update(data={}), "data"),
    ],
)
def test_the_check_refuses_what_is_not_v1(ctx, tmp_path, make_parsed, break_it, said):
    run = store_run(ctx, make_parsed, ["SIINFEKL", "GILGFVFTL"])
    embed(ctx, run)
    _, document = exported(ctx, run, tmp_path / "run.json")
    break_it(document)
    with pytest.raises(InputError, match=said):
        check(document)


def test_the_schema_is_a_valid_schema():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", ["run", "run.xlsx", "run.json.bak"])
def test_an_unknown_ending_lists_the_formats(ctx, tmp_path, make_parsed, name):
    run = store_run(ctx, make_parsed, ["SIINFEKL"])
    with pytest.raises(InputError, match="json, csv, parquet"):
        write_export(ctx, run.id, tmp_path / name)
