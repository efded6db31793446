"""Runs as flat tables."""

import hashlib
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from omicstoken_kernel.chemistry.descriptors import DESCRIPTORS
from omicstoken_kernel.errors import ExportError, InputError
from omicstoken_kernel.export import write_export
from omicstoken_kernel.export.tables import COLUMNS, write_rows
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.fingerprints import POINTS, Cluster, Fingerprint, Fingerprints
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.uploads import Uploads


@pytest.fixture
def store(ctx, make_parsed):
    """The function that stores a run of some sequences and returns it."""

    def add(sequences, name="run one", change=lambda parsed: parsed):
        digest = hashlib.sha256(name.encode()).hexdigest()
        upload = Uploads(ctx).add(name="a.tsv", sha256=digest, size_bytes=1, options={})
        return Features(ctx).replace(upload.id, change(make_parsed({name: sequences})), {})[0]

    return add


def test_parquet_holds_every_feature_with_its_descriptors(ctx, store, tmp_path, make_sequences):
    sequences = make_sequences(200)
    run = store(sequences + sequences[:20])
    result = write_export(ctx, run.id, tmp_path / "run.parquet")
    table = pq.read_table(result.path)
    assert table.schema.equals(COLUMNS)
    assert result.records == table.num_rows == 220
    stored = Features(ctx).of_run(run.id)
    assert table["sequence"].to_pylist() == stored["sequence"].to_pylist()
    assert table["intensity"].to_pylist() == stored["quantity"].to_pylist()
    described = Peptides(ctx).descriptors(stored["peptide_id"].to_numpy()).to_pylist()
    expected = {row["sequence"]: row for row in described}
    for row in table.to_pylist():
        for name in ("length", *DESCRIPTORS):
            assert row[name] == expected[row["sequence"]][name]


def test_csv_and_parquet_say_the_same(ctx, store, tmp_path, make_sequences):
    run = store(make_sequences(50))
    write_export(ctx, run.id, tmp_path / "run.parquet")
    write_export(ctx, run.id, tmp_path / "run.csv")
    typed = pyarrow.csv.ConvertOptions(column_types=COLUMNS)
    found = pyarrow.csv.read_csv(tmp_path / "run.csv", convert_options=typed)
    assert found.to_pylist() == pq.read_table(tmp_path / "run.parquet").to_pylist()


def test_the_cluster_is_the_newest_fingerprints_of_the_same_peptides(ctx, store, tmp_path):
    run = store(["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "SIINFEKL"])
    points = pa.table(
        {
            "sequence": ["NLVPMVATV", "GILGFVFTL", "SIINFEKL"],
            "x": [0.0, 1.0, 2.0],
            "y": [0.0, 1.0, 2.0],
            "cluster": pa.array([1, None, 2], pa.int32()),
            "responsibility": [1.0, None, 0.8],
        },
        schema=POINTS,
    )
    fingerprint = Fingerprint(
        id="", run_ids=(run.id,), peptides_digest=run.peptides_digest, model_key="anchor:1",
        method="test", settings={}, versions={}, quality={},
        clusters=(Cluster(1, 1, 0.5, "xx", {9: 1}),), points=points,
    )  # fmt: skip
    path = tmp_path / "run.parquet"
    Fingerprints(ctx).save(replace(fingerprint, peptides_digest="of other peptides"))
    write_export(ctx, run.id, path)
    assert pq.read_table(path)["cluster"].to_pylist() == [None] * 4
    Fingerprints(ctx).save(fingerprint)
    write_export(ctx, run.id, path)
    assert pq.read_table(path)["cluster"].to_pylist() == [2, None, 1, 2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed_in_csv_only(ctx, store, tmp_path, start):
    name = f"{start}cmd|' /C calc'!A0"

    def rename(parsed):
        return replace(parsed, runs=(RunDraft(key="k", name=name),))

    run = store(["SIINFEKL"], change=rename)
    write_export(ctx, run.id, tmp_path / "run.csv")
    write_export(ctx, run.id, tmp_path / "run.parquet")
    assert pd.read_csv(tmp_path / "run.csv")["run_name"][0] == "'" + name
    assert pq.read_table(tmp_path / "run.parquet")["run_name"][0].as_py() == name


def test_the_points_of_a_fingerprint_are_a_table_with_nothing_where_unassigned(tmp_path):
    points = pa.table(
        {
            "sequence": ["SIINFEKL", "GILGFVFTL"],
            "x": [0.5, 1.0],
            "y": [0.0, -1.0],
            "cluster": pa.array([1, None], pa.int32()),
            "responsibility": [0.75, None],
        },
        schema=POINTS,
    )
    assert write_rows(points, tmp_path / "map.csv").records == 2
    write_rows(points, tmp_path / "map.parquet")
    assert pq.read_table(tmp_path / "map.parquet").equals(points)
    lines = (tmp_path / "map.csv").read_text().splitlines()
    assert lines[1:] == ['"SIINFEKL",0.5,0,1,0.75', '"GILGFVFTL",1,-1,,']
    with pytest.raises(InputError, match="xlsx"):
        write_rows(points, tmp_path / "map.xlsx")


def test_negative_numbers_stay_numbers_in_csv(ctx, store, tmp_path):
    run = store(["EEEE"])
    write_export(ctx, run.id, tmp_path / "run.csv")
    assert pd.read_csv(tmp_path / "run.csv")["net_charge"][0] == -4


def test_an_empty_run_is_a_table_with_columns_and_no_rows(ctx, store, tmp_path):
    run = store([])
    for name in ("run.csv", "run.parquet"):
        assert write_export(ctx, run.id, tmp_path / name).records == 0
    assert list(pd.read_csv(tmp_path / "run.csv").columns) == COLUMNS.names


def test_folders_on_the_way_are_made_and_a_folder_is_no_file(ctx, store, tmp_path):
    run = store(["SIINFEKL"])
    write_export(ctx, run.id, tmp_path / "a" / "b" / "run.csv")
    with pytest.raises(InputError, match="is a folder"):
        write_export(ctx, run.id, tmp_path / "a", format="csv")


def test_what_stood_there_before_survives_a_failed_export(ctx, store, tmp_path, monkeypatch):
    run = store(["SIINFEKL"])
    path = tmp_path / "run.csv"
    path.write_text("the old one")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("omicstoken_kernel.export.tables._without_formulas", full_disk)
    with pytest.raises(ExportError, match="No space left on device"):
        write_export(ctx, run.id, path)
    assert path.read_text() == "the old one"
    assert [found.name for found in tmp_path.glob("*run*")] == ["run.csv"]


def test_a_path_below_a_file_cannot_be_written(ctx, store, tmp_path):
    run = store(["SIINFEKL"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        write_export(ctx, run.id, tmp_path / "file" / "run.json", format="csv")
