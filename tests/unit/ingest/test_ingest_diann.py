"""DIA-NN's report: versions, filters, runs."""

import pyarrow as pa
import pytest
from ingest_files import features_of, make_diann_parquet, make_diann_report, write

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read

HEAD = [
    "Run", "Protein.Group", "Protein.Ids", "Modified.Sequence", "Stripped.Sequence", "Precursor.Id",
    "Precursor.Charge", "Q.Value", "Global.Q.Value", "Lib.Q.Value", "Precursor.Quantity", "RT",
]  # fmt: skip


def report(tmp_path, *rows, head=HEAD, **columns):
    """Write a report; each row gives its sequence and what differs from a good row."""
    good = {
        "Run": "r1", "Protein.Group": "P1", "Protein.Ids": "P1", "Precursor.Charge": 2,
        "Q.Value": 0.001, "Global.Q.Value": 0.001, "Lib.Q.Value": 0.001, "Precursor.Quantity": 10,
        "RT": 1.5, **columns,
    }  # fmt: skip
    lines = [list(head)]
    for sequence, differs in rows:
        row = {**good, "Modified.Sequence": sequence, "Stripped.Sequence": sequence, **differs}
        row["Precursor.Id"] = f"{sequence}{row['Precursor.Charge']}"
        lines.append([row[name] for name in head])
    return write(tmp_path / "report.tsv", lines)


def test_parquet_gives_the_same_features_as_text(tmp_path):
    text, parquet = make_diann_report(tmp_path), make_diann_parquet(tmp_path)
    one, other = read(text.path), read(parquet.path)
    assert features_of(other) == parquet.features
    assert other.ledger == one.ledger
    assert [run.name for run in other.runs] == [run.name for run in one.runs]


def test_the_key_of_a_run_is_its_whole_path_and_its_name_is_not(tmp_path):
    parsed = read(make_diann_report(tmp_path).path)
    assert parsed.runs[0].key == "D:\\data\\a 1.raw"
    assert [run.name for run in parsed.runs] == ["a 1", "b<2>"]


def test_retention_times_are_minutes_in_the_file_and_seconds_in_the_table(tmp_path):
    parsed = read(make_diann_report(tmp_path).path)
    assert set(parsed.features["rt_s"].to_pylist()) == {750.0}
    assert set(parsed.features["mz"].to_pylist()) == {450.25}


def test_the_quantity_is_as_measured_not_normalised(tmp_path):
    parsed = read(make_diann_report(tmp_path).path)
    assert {run.quantity_column for run in parsed.runs} == {"Precursor.Quantity"}
    assert {run.quantity_kind for run in parsed.runs} == {"precursor_intensity"}


def test_the_library_q_value_counts_where_it_is_used(tmp_path):
    path = report(tmp_path, ("AAK", {"Global.Q.Value": 0.5}), ("CCK", {"Lib.Q.Value": 0.5}))
    parsed = read(path)
    assert parsed.features["sequence"].to_pylist() == ["AAK"]
    assert parsed.runs[0].filter_note == "q-value <= 0.01 (Q.Value and Lib.Q.Value)"


def test_the_global_q_value_counts_where_the_library_has_none(tmp_path):
    path = report(tmp_path, ("AAK", {"Global.Q.Value": 0.5}), ("CCK", {}), **{"Lib.Q.Value": 0})
    parsed = read(path)
    assert parsed.features["sequence"].to_pylist() == ["CCK"]
    assert parsed.runs[0].filter_note == "q-value <= 0.01 (Q.Value and Global.Q.Value)"


def test_a_q_value_at_the_threshold_is_kept(tmp_path):
    parsed = read(report(tmp_path, ("AAK", {"Q.Value": 0.01}), ("CCK", {"Q.Value": 0.0100001})))
    assert parsed.features["sequence"].to_pylist() == ["AAK"]


def test_a_q_value_that_is_none_is_a_defect_of_its_row(tmp_path):
    path = report(tmp_path, ("AAK", {}), ("CCK", {"Q.Value": "x"}), ("DDK", {"Q.Value": 7}))
    parsed = read(path)
    assert parsed.ledger.rejected == {"q-value is no number from 0 to 1": 2}
    assert [(one.line, one.value) for one in parsed.rejections] == [(3, "x"), (4, "7")]


def test_everything_filtered_leaves_empty_runs_and_says_so(tmp_path):
    parsed = read(report(tmp_path, ("AAK", {"Q.Value": 0.5})))
    assert parsed.features.num_rows == 0
    assert [run.name for run in parsed.runs] == ["r1"]
    assert "No feature is left: the runs are empty." in parsed.warnings


def test_everything_rejected_is_an_error_that_shows_the_first(tmp_path):
    with pytest.raises(
        ParseError, match=r"None of the 2 rows .* line 2, column 'Precursor.Quantity'"
    ):
        read(report(tmp_path, ("AAK", {}), ("CCK", {}), **{"Precursor.Quantity": -1}))


def test_channels_are_runs_of_their_own(tmp_path):
    path = report(
        tmp_path,
        ("AAK", {"Channel": "L"}),
        ("AAK", {"Channel": "H"}),
        head=[*HEAD, "Channel"],
    )
    assert [run.name for run in read(path).runs] == ["r1 channel L", "r1 channel H"]


@pytest.mark.parametrize(("channel", "kept"), [("L", ["AAAK"]), ("", ["AAAK", "DDDK"])])
def test_a_precursor_must_be_in_its_channel_where_there_are_several(tmp_path, channel, kept):
    head = [*HEAD, "Channel", "Channel.Q.Value"]
    rows = [("AAAK", {"Channel.Q.Value": 0.001}), ("DDDK", {"Channel.Q.Value": 0.5})]
    parsed = read(report(tmp_path, *rows, head=head, Channel=channel))
    assert parsed.features["sequence"].to_pylist() == kept


def test_an_unnamed_index_column_changes_nothing(tmp_path):
    path = report(tmp_path, ("AAK", {"": 5}), head=["", *HEAD])
    assert read(path).features["sequence"].to_pylist() == ["AAK"]


def test_a_custom_modification_is_kept_by_name_and_said(tmp_path):
    path = report(tmp_path, ("AC(MyProbe)K", {"Stripped.Sequence": "ACK"}), ("AAK", {}))
    parsed = read(path)
    assert parsed.features["proforma"].to_pylist() == ["AC[MyProbe]K", "AAK"]
    assert any("not in UniMod" in w and "'MyProbe'" in w for w in parsed.warnings)


def test_protein_group_q_values_filter_nothing(tmp_path):
    path = report(tmp_path, ("AAK", {"PG.Q.Value": 1.0}), head=[*HEAD, "PG.Q.Value"])
    assert read(path).ledger.filtered == {}


def test_a_report_without_its_q_values_is_named_as_what_it_lacks(tmp_path):
    head = [name for name in HEAD if name != "Q.Value"]
    path = report(tmp_path, ("AAK", {}), head=head)
    with pytest.raises(ParseError, match=r"read as DIA-NN report and has no column 'Q\.Value'"):
        read(path, ReadOptions(format="diann_report"))


def test_dictionary_columns_of_parquet_are_read(tmp_path):
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "Run": pa.array(["r1", "r1"]).dictionary_encode(),
            "Precursor.Id": ["AAK2", "CCK2"],
            "Modified.Sequence": pa.array(["AAK", "CCK"], pa.large_string()),
            "Precursor.Charge": pa.array([2, 2], pa.int8()),
            "Q.Value": pa.array([0.001, 0.002], pa.float32()),
            "Precursor.Quantity": pa.array([1.5, None], pa.float32()),
            "Decoy": pa.array([False, False]),
        }
    )
    path = tmp_path / "x"
    pq.write_table(table, path)
    parsed = read(path)
    assert parsed.format == "diann_report"
    assert parsed.features["quantity"].to_pylist() == [1.5, None]
    assert parsed.features["line"].to_pylist() == [1, 2]
