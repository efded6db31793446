"""The Workbench: names or ids of runs, frames for notebooks, status that is never stale."""

from __future__ import annotations

import pytest

from omicstoken_kernel import Workbench
from omicstoken_kernel.embedding import model_names
from omicstoken_kernel.errors import InputError, NotFound


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_MODELS", str(tmp_path / "models"))
    return Workbench(home=tmp_path / "home", user="ana")


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "Sequence,Charge,Intensity\nSIINFEKL,2,1000\nGILGFVFTL,2,2000\nNLVPMVATV,3,\n",
        encoding="ascii",
    )
    return path


def test_an_empty_workspace_has_an_empty_frame_of_runs(bench):
    assert bench.runs().empty


def test_status_follows_what_is_stored(bench, table):
    run = bench.upload(table).runs[0]
    assert bench.runs_json()[0]["status"] == "stored"
    bench.embed(run.name, model="anchor")
    assert bench.runs_json()[0]["status"] == "embedded"


def test_a_failed_embedding_is_seen_in_the_status_with_its_reason(bench, table):
    run = bench.upload(table).runs[0]
    with pytest.raises(Exception, match="esm2"):
        bench.embed(run.id, model="esm2")
    status = bench.runs_json()[0]["status"]
    assert status.startswith("stored (embed failed: ")


def test_jobs_are_a_frame_with_their_progress_in_words(bench, table):
    assert list(bench.jobs().columns[:3]) == ["job_id", "kind", "run"]
    run = bench.upload(table).runs[0]
    bench.embed(run.id, model="anchor")
    (row,) = bench.jobs().to_dict("records")
    assert (row["kind"], row["run"], row["state"], row["progress"]) == ("embed", run.id, "done", 1)
    assert row["message"].startswith("3 of 3 peptides")


def test_models_are_a_frame_with_what_each_is_for_and_not_for(bench):
    frame = bench.models().set_index("name")
    assert {"esm2", "anchor"} <= set(frame.index) <= set(model_names())
    assert frame.loc["anchor", "available"]
    assert not frame.loc["esm2", "available"]
    assert frame["used_for"].all()
    assert frame["not_for"].all()


def test_features_are_a_frame_of_what_was_in_the_file(bench, table):
    bench.upload(table)
    frame = bench.features("table").set_index("sequence")
    assert frame.loc["SIINFEKL", "quantity"] == 1000
    assert "peptide_id" not in frame.columns


def test_two_runs_of_one_name_must_be_told_apart_by_id(bench, table, tmp_path):
    first = bench.upload(table).runs[0]
    other = tmp_path / "other" / "table.csv"
    other.parent.mkdir()
    other.write_text("Sequence\nKLVALGINAV\n", encoding="ascii")
    second = bench.upload(other).runs[0]
    with pytest.raises(InputError) as caught:
        bench.run("table")
    assert first.id in str(caught.value)
    assert second.id in str(caught.value)
    assert bench.run(second.id).peptides == 1


def test_another_user_sees_nothing(bench, table, tmp_path):
    run = bench.upload(table).runs[0]
    stranger = Workbench(home=tmp_path / "home", user="bob")
    assert stranger.runs().empty
    with pytest.raises(NotFound):
        stranger.features(run.id)


def test_provenance_names_file_checksum_and_ledger(bench, table):
    bench.upload(table)
    provenance = bench.provenance("table")
    assert provenance["file"] == "table.csv"
    assert len(provenance["sha256"]) == 64
    assert provenance["ledger"]["rows_in"] == 3


def test_other_options_read_the_same_file_anew_into_the_same_runs(bench, tmp_path):
    path = tmp_path / "scored.csv"
    path.write_text(
        "Sequence,q-value\nSIINFEKL,0.001\nGILGFVFTL,0.03\nNLVPMVATV,0.2\n", encoding="ascii"
    )
    strict = bench.upload(path)
    loose = bench.upload(path, q_value=0.05)
    assert loose.status == "stored"
    assert [run.id for run in loose.runs] == [run.id for run in strict.runs]
    assert (strict.runs[0].features, loose.runs[0].features) == (1, 2)
    assert bench.upload(path, q_value=0.05).status == "known"


def test_selections_are_saved_listed_loaded_renamed_and_deleted(bench, table):
    run = bench.upload(table).runs[0]
    bench.selection_save("mine", ["SIINFEKL", "GILGFVFTL"], runs=[run.name])
    bench.selection_rename("mine", "two")
    (row,) = bench.selections().to_dict("records")
    assert (row["name"], row["peptides"], row["runs"], row["rule"]) == (
        "two", 2, run.name, "a list",
    )  # fmt: skip
    assert bench.selection("two") == ("GILGFVFTL", "SIINFEKL")
    bench.selection_delete("two")
    assert bench.selections().empty
