"""The command line's promises: exit codes, one JSON document, one error shape."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from omicstoken_kernel.cli import app
from omicstoken_kernel.embedding import model_cards

LIGANDS = ["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "GLCTLVAML", "KLVALGINAV", "AAGIGILTV"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMICSTOKEN_USER", "ana")
    monkeypatch.setenv("OMICSTOKEN_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("OMICSTOKEN_DATABASE_URL", raising=False)
    monkeypatch.delenv("OMICSTOKEN_EMBEDDER", raising=False)
    return tmp_path / "home"


@pytest.fixture
def ligands(tmp_path):
    path = tmp_path / "ligands.txt"
    path.write_text("\n".join(LIGANDS) + "\n", encoding="ascii")
    return path


def call(*arguments: object) -> tuple[int, object, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    document = json.loads(result.stdout) if "--json" in arguments and result.stdout else None
    return result.exit_code, document, result.stdout + result.stderr


def test_upload_reports_runs_and_a_balanced_ledger(home, ligands):
    code, document, _ = call("upload", ligands, "--json")
    assert code == 0
    (entry,) = document
    assert entry["status"] == "stored"
    assert entry["error"] is None
    assert entry["runs"][0]["peptides"] == len(LIGANDS)
    ledger = entry["ledger"]
    assert ledger["rows_in"] == len(LIGANDS) == ledger["used"]
    assert ledger["cells"]["features"] == len(LIGANDS)


def test_the_same_file_again_is_known(home, ligands):
    first = call("upload", ligands, "--json")[1]
    second = call("upload", ligands, "--json")[1]
    assert second[0]["status"] == "known"
    assert second[0]["runs"] == first[0]["runs"]


def test_one_bad_file_among_good_ones_is_refused_alone(home, ligands, tmp_path):
    bad = tmp_path / "empty.txt"
    bad.write_bytes(b"")
    code, document, _ = call("upload", ligands, bad, "--json")
    assert code == 2
    assert [entry["status"] for entry in document] == ["stored", "refused"]
    assert set(document[1]["error"]) == {"code", "message", "hint", "correlation_id"}
    assert "empty" in document[1]["error"]["message"]


def test_a_refused_file_leaves_nothing_behind(home, tmp_path):
    bad = tmp_path / "notes.txt"
    bad.write_text("dear diary,\ntoday was fine\n", encoding="utf-8")
    assert call("upload", bad, "--json")[0] == 2
    assert call("runs", "list", "--json")[1] == []
    checks = call("doctor", "--json")[1]
    assert not [
        check for check in checks if "not completely" in check["found"] and check["state"] != "ok"
    ]


def test_dry_run_stores_nothing_and_shows_the_reading(home, ligands):
    code, document, _ = call("upload", ligands, "--dry-run", "--json")
    assert code == 0
    assert document[0]["status"] == "readable"
    assert {"confidence", "columns", "preview", "format"} <= set(document[0])
    assert not home.exists()


def test_a_missing_file_exits_with_three(home, tmp_path):
    code, document, _ = call("upload", tmp_path / "nowhere.txt", "--json")
    assert code == 3
    assert document[0]["error"]["code"] == "not_found"


def test_the_walk_from_upload_to_bundle(home, ligands, tmp_path):
    run = call("upload", ligands, "--embed", "--json")[1][0]["runs"][0]
    listed = call("runs", "list", "--json")[1]
    assert listed[0]["run_id"] == run["run_id"]
    assert listed[0]["status"] == "embedded"
    assert list(listed[0]["embedded"].values()) == [len(LIGANDS)]

    found = call("search", "SIINFEKL", "-k", 3, "--json")[1]
    assert found["exact"][0]["sequence"] == "SIINFEKL"
    assert len(found["hits"]) == 3
    assert found["hits"][0]["runs"][0]["run_id"] == run["run_id"]

    table = tmp_path / "map.csv"
    picture = call("fingerprint", "ligands", "--table", table, "--json")[1]
    assert {"runs", "model_key", "method", "peptides", "unassigned", "quality", "clusters"} <= set(
        picture
    )
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["sequence", "x", "y", "cluster", "responsibility"]
    assert sorted(row["sequence"] for row in rows) == sorted(LIGANDS)

    assert call("summarize", "ligands", "--json")[1]["sentences"]
    assert call("explain", "ligands", "SIINFEKL", "--json")[1]["sentences"]

    exported = call("export", "ligands", "--to", tmp_path / "run.json", "--json")[1]
    payload = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert exported["records"] == payload["total_embeddings"] == len(payload["data"])
    assert payload["export_version"] == "omics_export_v1"

    bundle = tmp_path / "run.zip"
    assert call("bundle", "create", "ligands", "--to", bundle, "--json")[0] == 0
    assert call("bundle", "inspect", bundle, "--json")[0] == 0
    assert call("bundle", "import", bundle, "--home", tmp_path / "other", "--json")[0] == 0
    again = call("--home", tmp_path / "other", "runs", "list", "--json")[1]
    assert [row["name"] for row in again] == ["ligands"]
    assert again[0]["peptides"] == len(LIGANDS)


def test_an_unknown_run_exits_with_three_and_the_error_shape(home):
    code, document, _ = call("summarize", "nothing", "--json")
    assert code == 3
    assert document["error"]["code"] == "not_found"
    assert document["error"]["correlation_id"]


def test_an_unavailable_model_exits_with_four_and_names_the_way_out(home, ligands):
    call("upload", ligands)
    code, document, _ = call("embed", "ligands", "--model", "esm2", "--json")
    assert code == 4
    assert document["error"]["code"] == "model_unavailable"
    assert document["error"]["hint"]


def test_a_file_is_stored_whatever_becomes_of_its_vectors(home, ligands, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "esm2_t6_8M_UR50D.pt").write_bytes(b"damaged")
    code, document, _ = call("upload", ligands, "--embed", "--json")
    assert code == 4
    (entry,) = document
    assert (entry["status"], entry["error"]) == ("stored", None)
    assert entry["embed"]["error"]["code"] == "model_unavailable"
    assert "What could be made is stored" in entry["embed"]["error"]["hint"]
    (run,) = call("runs", "list", "--json")[1]
    assert list(run["embedded"].values()) == [len(LIGANDS)]
    code, _, text = call("upload", ligands, "--embed")
    assert code == 4
    assert "not embedded: The weights file" in text


def test_embed_says_what_was_done_and_what_could_not_be(home, tmp_path):
    path = tmp_path / "mixed.txt"
    path.write_text("SIINFEKL\n" + "".join(f"SIINFEKX{a}\n" for a in "ACD"), encoding="ascii")
    call("upload", path)
    body = call("embed", "mixed", "--json")[1]
    assert {"model_key", "embedded", "known", "failed", "seconds", "models"} <= set(body)
    assert (body["embedded"], body["failed_count"]) == (1, 3)
    assert body["failed"][0].keys() == {"sequence", "reason"}
    text = call("embed", "mixed")[2]
    assert f"{body['model_key']}: 0 peptides embedded, 1 was known" in text
    assert "not embedded: SIINFEKXA (residue X has no defined side chain)" in text


@pytest.mark.parametrize("command", ["embed", "search", "fingerprint", "compare", "export"])
def test_where_a_model_is_chosen_the_help_shows_what_each_is_for(home, command):
    code, _, text = call(command, "--help")
    assert code == 0
    words = " ".join(text.split())
    for card in model_cards().values():
        assert card.name in words
        assert f"For {card.used_for}. Not for {card.not_for}." in words


@pytest.mark.parametrize("length", ["9-", "nine", "-3", "8–11"])
def test_a_length_that_is_no_range_exits_with_two(home, length):
    assert call("search", "SIINFEKL", f"--length={length}", "--json")[0] == 2


def test_annotation_is_shown_where_runs_are_listed(home, ligands):
    call("upload", ligands)
    call(
        "runs",
        "annotate",
        "ligands",
        "--condition",
        "tumour",
        "--replicate",
        "1",
        "--hla",
        "HLA-A*02:01; HLA-B*07:02",
    )
    (row,) = call("runs", "list", "--json")[1]
    assert (row["condition"], row["replicate"]) == ("tumour", "1")
    assert row["hla"] == ["HLA-A*02:01", "HLA-B*07:02"]


def test_a_deleted_run_is_gone(home, ligands):
    call("upload", ligands)
    assert call("runs", "delete", "ligands", "--yes", "--json")[0] == 0
    assert call("runs", "list", "--json")[1] == []


def test_config_shows_value_source_and_meaning_of_every_setting(home):
    rows = {row["name"]: row for row in call("config", "--json")[1]}
    assert rows["OMICSTOKEN_HOME"]["source"] == "environment"
    assert rows["OMICSTOKEN_EMBEDDER"]["source"] == "default"
    assert all(row["meaning"] for row in rows.values())


def test_the_doctor_finds_a_healthy_workspace_healthy(home, ligands):
    call("upload", ligands, "--embed")
    code, checks, _ = call("doctor", "--json")
    assert code == 0
    assert {check["state"] for check in checks} <= {"ok", "warn"}
    assert any(check["name"].startswith("index") and check["state"] == "ok" for check in checks)


def test_quality_tells_every_check_with_its_threshold(home, ligands):
    call("upload", ligands, "--json")
    code, document, _ = call("quality", "ligands", "--json")
    assert code == 0
    assert set(document) == {"runs", "samples", "conditions"}
    (run,) = document["runs"]
    assert {"name", "grade", "value", "threshold", "reason"} <= set(run["checks"][0])
    code, _, text = call("quality", "ligands")
    assert code == 0
    assert "fail  peptides: 6 peptides: too few" in text
    assert call("quality", "nothing")[0] == 3


def test_a_cluster_without_a_fixed_residue_is_called_so(home, tmp_path):
    draw = np.random.default_rng(0)
    path = tmp_path / "long.txt"
    kinds = ["".join(draw.choice(list("ACDEFGHIKLMNPQRSTVWY"), 24)) for _ in range(80)]
    path.write_text("\n".join(kinds) + "\n", encoding="ascii")
    call("upload", path, "--embed", "--model", "ligand")
    code, _, text = call("fingerprint", "long")
    assert code == 0
    assert "no fixed residue" in text
    assert "xxxxxxxxx" not in text
    _, found, text = call("explain", "long", kinds[0], "--json")
    said = " ".join(sentence["text"] for sentence in found["sentences"])
    assert "(no fixed residue)" in said
