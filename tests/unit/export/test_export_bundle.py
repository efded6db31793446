"""Bundles: what goes in comes out, in any workspace, any number of times."""

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from export_store import add_report, add_upload, add_vectors

from omicstoken_kernel.errors import ExportError, InputError, NotFound
from omicstoken_kernel.export.bundle import create, import_, inspect
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import path_of
from omicstoken_kernel.store.fingerprints import Fingerprints
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.reports import Reports
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


def test_the_round_trip_gives_the_same_store(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty")
    result = import_(other, bundle_path)
    assert logical_dump(other) == logical_dump(full_ctx)
    assert [run.status for run in result.runs] == ["added"] * 3
    assert result.vectors == {"toy:1": 120, "other:1": 30}
    assert (result.fingerprints, result.reports, result.samples) == (2, 1, {})
    assert all(old == new for old, new in result.run_ids.items())


def test_the_round_trip_works_on_postgres(full_ctx, postgres_url, tmp_path, bundle_path):
    from omicstoken_kernel.context import open_context
    from omicstoken_kernel.settings import load_settings

    settings = load_settings(home=tmp_path / "pg", user="tester", database_url=postgres_url)
    other = open_context(settings)
    import_(other, bundle_path)
    assert logical_dump(other) == logical_dump(full_ctx)
    repacked = create(other, [run.id for run in Runs(other).list()], tmp_path / "again.zip")
    assert len(inspect(repacked.path).runs) == 3
    other.engine.dispose()


def test_importing_twice_changes_nothing(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty")
    import_(other, bundle_path)
    before, reports = logical_dump(other), Reports(other).list()
    generation = Vectors(other).model("toy:1").generation
    result = import_(other, bundle_path)
    assert logical_dump(other) == before
    assert Reports(other).list() == reports
    assert Vectors(other).model("toy:1").generation == generation
    assert {run.status for run in result.runs} == {"known"}
    assert (set(result.vectors.values()), result.fingerprints, result.reports) == ({0}, 0, 0)


def test_importing_into_the_workspace_it_came_from_changes_nothing(full_ctx, bundle_path):
    before = logical_dump(full_ctx)
    result = import_(full_ctx, bundle_path)
    assert logical_dump(full_ctx) == before
    assert {run.status for run in result.runs} == {"known"}


def test_what_was_changed_after_an_import_is_not_changed_back(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty")
    run_id = next(iter(import_(other, bundle_path).run_ids.values()))
    Runs(other).annotate(run_id, sample="mine", condition="mine")
    Runs(other).rename(run_id, "mine")
    before = logical_dump(other)
    import_(other, bundle_path)
    assert logical_dump(other) == before


def test_another_owner_gets_ids_of_their_own_and_a_map_to_them(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty", owner="someone else")
    result = import_(other, bundle_path)
    for old, new in result.run_ids.items():
        assert old != new
        mine, theirs = Runs(full_ctx).get(old), Runs(other).get(new)
        assert (mine.name, mine.peptides_digest) == (theirs.name, theirs.peptides_digest)
        assert mine.sample.name == theirs.sample.name
        left, right = Features(full_ctx).of_run(old), Features(other).of_run(new)
        assert left["quantity"].equals(right["quantity"])
    found = Fingerprints(other).list()
    assert len(found) == 2
    for fingerprint in found:
        assert set(fingerprint.run_ids) <= set(result.run_ids.values())
        assert set(fingerprint.settings["runs"]) == set(fingerprint.run_ids)
        assert set(fingerprint.quality["share"]) <= set(fingerprint.run_ids)
    report = Reports(other).list()[0]
    assert report.parameters == {"run": report.run_ids[0]} or report.parameters["run"] in (
        report.run_ids
    )
    assert Path(report.html_path).read_text() == "<p>a report</p>"


def test_two_owners_of_one_database_import_side_by_side(full_ctx, bundle_path):
    from dataclasses import replace

    before = logical_dump(full_ctx)
    import_(replace(full_ctx, owner="someone else"), bundle_path)
    after = logical_dump(full_ctx)
    assert len(after["runs"]) == 6
    assert {key: after["runs"][key] for key in before["runs"]} == before["runs"]
    assert after["vectors"] == before["vectors"]


def test_the_files_come_along_and_reading_them_again_is_known(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty")
    import_(other, bundle_path)
    for upload in Uploads(other).list():
        content = path_of(other, upload.sha256).read_bytes()
        assert content.decode() == f"the bytes of {upload.name}"
        assert upload.stored_at is not None


def test_a_run_brings_the_others_of_its_file(full_ctx, tmp_path):
    runs = Runs(full_ctx).list()
    result = create(full_ctx, [runs[0].id], tmp_path / "one.zip")
    assert set(result.run_ids) == {runs[0].id, runs[1].id}
    assert result.records == 2
    manifest = inspect(result.path)
    assert [run.id for run in manifest.runs] == list(result.run_ids)
    # The joint fingerprint with the other file's run stays behind.
    assert manifest.fingerprints == 1


def test_the_same_store_and_moment_give_the_same_bytes(full_ctx, run_ids, tmp_path):
    one = create(full_ctx, run_ids, tmp_path / "one.zip", created_at=MOMENT)
    two = create(full_ctx, list(reversed(run_ids)), tmp_path / "two.zip", created_at=MOMENT)
    assert one.sha256 == two.sha256 == hashlib.sha256(one.path.read_bytes()).hexdigest()


def test_the_manifest_tells_what_is_in_the_bundle(full_ctx, bundle_path):
    manifest = inspect(bundle_path)
    found = manifest.as_json()
    assert found["version"] == 1
    assert {run["name"] for run in found["runs"]} == {"A", "renamed"}
    assert {(m["model_key"], m["dim"], m["vectors"]) for m in found["models"]} == {
        ("toy:1", 8, 120),
        ("other:1", 3, 30),
    }
    assert (found["fingerprints"], found["reports"], found["notes"]) == (2, 1, [])
    with zipfile.ZipFile(bundle_path) as archive:
        for member in found["members"]:
            content = archive.read(member["name"])
            assert len(content) == member["size"]
            assert hashlib.sha256(content).hexdigest() == member["sha256"]


def test_no_member_names_the_owner(full_ctx, bundle_path):
    with zipfile.ZipFile(bundle_path) as archive:
        for name in archive.namelist():
            assert b"tester" not in archive.read(name)


def test_the_tables_are_plain_parquet_that_others_can_read(full_ctx, bundle_path, tmp_path):
    with zipfile.ZipFile(bundle_path) as archive:
        archive.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked"
    peptides = pq.read_table(folder / "peptides.parquet")
    assert peptides.num_rows == 120
    assert peptides["mass_average_da"].null_count == 0
    vectors = pq.read_table(folder / "vectors" / "2.parquet")
    ids, matrix = Vectors(full_ctx).of_peptides("toy:1", range(1, 500))
    assert sorted(map(tuple, vectors["vector"].to_pylist())) == sorted(map(tuple, matrix.tolist()))
    assert len(ids) == 120
    assert "omicstoken bundle import" in (folder / "README.txt").read_text()


def test_vectors_that_are_here_stay_and_missing_ones_are_added(full_ctx, new_ctx, bundle_path):
    other = new_ctx("empty")
    import_(other, bundle_path)
    run_ids = [run.id for run in Runs(other).list()]
    before = logical_dump(other)["vectors"]
    add_vectors(full_ctx, run_ids, name="third", key="third:1", dim=4)
    again = create(full_ctx, run_ids, bundle_path.with_name("more.zip"))
    assert import_(other, again.path).vectors == {"other:1": 0, "third:1": 120, "toy:1": 0}
    after = logical_dump(other)["vectors"]
    assert {key: after[key] for key in before} == before


def test_a_file_read_in_another_way_here_stays_as_it_is(
    full_ctx, new_ctx, bundle_path, tmp_path, make_parsed, make_sequences
):
    other = new_ctx("other")
    add_upload(other, tmp_path, "two.tsv", make_parsed({"A": make_sequences(9, seed=5)}))
    before = logical_dump(other)
    result = import_(other, bundle_path)
    assert [run.status for run in result.runs] == ["differs", "differs", "added"]
    after = logical_dump(other)
    for run_id, features in before["features"].items():
        assert after["features"][run_id] == features
    assert result.fingerprints == 0
    assert result.reports == 0


def test_a_sample_name_that_is_taken_here_gets_a_number(
    full_ctx, new_ctx, bundle_path, tmp_path, make_parsed, make_sequences
):
    other = new_ctx("other")
    mine = add_upload(other, tmp_path, "mine.tsv", make_parsed({"tumour": make_sequences(9, 5)}))[0]
    Runs(other).annotate(mine.id, donor="my donor")
    result = import_(other, bundle_path)
    assert result.samples == {"tumour": "tumour (2)"}
    assert Runs(other).get(mine.id).sample.donor == "my donor"
    samples = {run.name: run.sample for run in Runs(other).list() if run.id != mine.id}
    assert samples["renamed"].name == "tumour (2)"
    assert samples["renamed"].donor == "d1"
    before = logical_dump(other)
    import_(other, bundle_path)
    assert logical_dump(other) == before


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_an_import_that_was_cut_off_is_finished_by_the_next(
    full_ctx, new_ctx, bundle_path, monkeypatch, steps
):
    """The process dies before one of its writes: the first upload's, the second's, the vectors'."""
    other, done = new_ctx("empty"), []
    cls, name = (Features, "replace") if steps < 3 else (Vectors, "add")
    original = getattr(cls, name)

    def die(*args, **kwargs):
        done.append(1)
        if len(done) == (steps if steps < 3 else 1):
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    monkeypatch.setattr(cls, name, die)
    with pytest.raises(KeyboardInterrupt):
        import_(other, bundle_path)
    monkeypatch.undo()
    import_(other, bundle_path)
    assert logical_dump(other) == logical_dump(full_ctx)
    assert list(other.folder("tmp").iterdir()) == []


def test_a_file_that_is_gone_is_noted_and_the_rest_comes_along(
    full_ctx, new_ctx, run_ids, tmp_path
):
    upload = Uploads(full_ctx).list()[0]
    path_of(full_ctx, upload.sha256).unlink()
    result = create(full_ctx, run_ids, tmp_path / "some.zip")
    assert result.notes == (f"The file '{upload.name}' is not in the workspace any more.",)
    other = new_ctx("empty")
    import_(other, result.path)
    assert logical_dump(other) == logical_dump(full_ctx)


def test_a_report_that_was_changed_is_noted_and_left_out(full_ctx, run_ids, tmp_path):
    Path(Reports(full_ctx).list()[0].html_path).write_text("changed")
    result = create(full_ctx, run_ids, tmp_path / "some.zip")
    assert "report.html" in result.notes[0]
    assert inspect(result.path).reports == 0


def test_a_report_on_runs_outside_stays_outside(full_ctx, tmp_path):
    runs = Runs(full_ctx).list()
    add_report(full_ctx, runs, tmp_path / "joint", "<p>joint</p>")
    result = create(full_ctx, [runs[0].id], tmp_path / "one.zip")
    assert inspect(result.path).reports == 1


def test_an_empty_run_comes_along(ctx, new_ctx, tmp_path, make_parsed):
    add_upload(ctx, tmp_path, "empty.tsv", make_parsed({"none": []}))
    result = create(ctx, [Runs(ctx).list()[0].id], tmp_path / "empty.zip")
    other = new_ctx("other")
    import_(other, result.path)
    assert logical_dump(other) == logical_dump(ctx)


def test_vectors_are_compared_with_their_model_where_it_is_at_hand(full_ctx, new_ctx, run_ids):
    from omicstoken_kernel.embedding import load_model
    from omicstoken_kernel.errors import BundleError

    key = load_model("anchor", full_ctx.settings).model_key
    add_vectors(full_ctx, run_ids, name="anchor", key=key, dim=320)  # random ones
    path = create(full_ctx, run_ids, full_ctx.folder("out") / "wrong.zip").path
    other = new_ctx("empty")
    with pytest.raises(BundleError, match="anchor"):
        import_(other, path)
    assert logical_dump(other)["runs"] == {}


def test_true_vectors_of_a_model_at_hand_are_taken(ctx, new_ctx, tmp_path, make_parsed):
    from omicstoken_kernel.embedding import load_model
    from omicstoken_kernel.embedding.encode import encode_runs

    run = add_upload(ctx, tmp_path, "a.tsv", make_parsed({"A": ["SIINFEKL", "GILGFVFTL"]}))[0]
    encode_runs(ctx, [run.id], model=load_model("anchor", ctx.settings))
    path = create(ctx, [run.id], tmp_path / "a.zip").path
    other = new_ctx("empty")
    assert sum(import_(other, path).vectors.values()) == 2
    assert logical_dump(other) == logical_dump(ctx)


def test_a_bundle_of_nothing_is_refused(full_ctx, tmp_path):
    with pytest.raises(InputError, match="at least one run"):
        create(full_ctx, [], tmp_path / "none.zip")


def test_foreign_runs_cannot_be_packed(full_ctx, run_ids, tmp_path):
    from dataclasses import replace

    with pytest.raises(NotFound):
        create(replace(full_ctx, owner="someone else"), run_ids, tmp_path / "stolen.zip")
    assert not (tmp_path / "stolen.zip").exists()


def test_a_run_that_changes_while_it_is_packed_is_noticed(full_ctx, run_ids, tmp_path, monkeypatch):
    monkeypatch.setattr(Features, "batches", lambda *_: iter(()))
    with pytest.raises(ExportError, match="changed while"):
        create(full_ctx, run_ids, tmp_path / "some.zip")
    assert not (tmp_path / "some.zip").exists()


def test_ids_in_another_workspace_are_those_the_owner_would_get_by_uploading(
    full_ctx, new_ctx, bundle_path
):
    other = new_ctx("empty", owner="someone else")
    import_(other, bundle_path)
    for upload in Uploads(other).list():
        assert upload.id == make_id("up", "someone else", upload.sha256)
