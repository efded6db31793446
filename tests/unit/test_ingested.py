"""What an upload leaves behind when it goes well, again, or wrong."""

import pytest

from omicstoken_kernel import pipeline
from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads

TWO_RUNS = "Sequence\tIntensity A\tIntensity B\n" + "".join(
    f"{peptide}\t{number}000\t{number}00\n"
    for number, peptide in enumerate(["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "GLCTLVAML"], 1)
)


@pytest.fixture
def two_runs(tmp_path):
    path = tmp_path / "peptides.txt"
    path.write_text(TWO_RUNS.replace("Sequence\t", "Sequence\tPEP\t").replace("L\t", "L\t0.001\t"))
    path.write_text(path.read_text().replace("V\t", "V\t0.001\t"))
    return path


def test_an_entry_has_the_keys_scripts_rely_on(ctx, two_runs):
    entry = pipeline.ingest(ctx, two_runs).as_json()
    assert entry["status"] == "stored"
    assert {"file", "upload_id", "format", "status", "error", "runs", "ledger"} <= set(entry)
    assert [run["name"] for run in entry["runs"]] == ["A", "B"]
    assert set(entry["runs"][0]) == {"run_id", "name", "features", "peptides"}
    assert pipeline.ingest(ctx, two_runs).as_json() == {**entry, "status": "known"}


def test_a_refused_file_leaves_no_upload(ctx, two_runs):
    with pytest.raises(ParseError):
        pipeline.ingest(ctx, two_runs, ReadOptions(format="diann_report"))
    assert Uploads(ctx).list() == ()


def test_a_refused_second_reading_leaves_the_first(ctx, two_runs):
    before = pipeline.ingest(ctx, two_runs).runs
    with pytest.raises(ParseError):
        pipeline.ingest(ctx, two_runs, ReadOptions(format="diann_report"))
    assert Runs(ctx).list() == before


def test_a_refused_reading_after_one_run_was_deleted_leaves_the_others(ctx, two_runs):
    first, second = pipeline.ingest(ctx, two_runs).runs
    Runs(ctx).delete(first.id)
    with pytest.raises(ParseError):
        pipeline.ingest(ctx, two_runs, ReadOptions(format="diann_report"))
    assert [run.id for run in Runs(ctx).list()] == [second.id]


def test_uploading_again_brings_a_deleted_run_back(ctx, two_runs):
    first, second = pipeline.ingest(ctx, two_runs).runs
    Runs(ctx).delete(first.id)
    again = pipeline.ingest(ctx, two_runs)
    assert again.status == "stored"
    assert [run.id for run in again.runs] == [first.id, second.id]
