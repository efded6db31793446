"""Tables of QPX and quantms.io in Parquet: their versions, labels and units."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import features_of

from omicstoken_kernel.ingest import ReadOptions, preview, read

RECORDS = pa.list_(pa.struct([("accession", pa.string()), ("start", pa.int32())]))
LABELS = pa.list_(pa.struct([("label", pa.string()), ("intensity", pa.float32())]))
CHANNELS = pa.list_(
    pa.struct(
        [("sample_accession", pa.string()), ("channel", pa.string()), ("intensity", pa.float32())]
    )
)
SCORES = pa.list_(
    pa.struct(
        [
            ("score_name", pa.string()),
            ("score_value", pa.float64()),
            ("higher_better", pa.bool_()),
        ]
    )
)


def table(path, peptides=("AAK", "CCK"), **columns):
    """Write a table of QPX 1.0; columns given replace or join its own."""
    n = len(peptides)
    own = {
        "sequence": list(peptides),
        "peptidoform": list(peptides),
        "charge": pa.array([2] * n, pa.int16()),
        "is_decoy": [False] * n,
        "calculated_mz": pa.array([450.25] * n, pa.float32()),
        "observed_mz": pa.array([450.26] * n, pa.float32()),
        "rt": pa.array([1200.0] * n, pa.float32()),
        "run_file_name": ["r1"] * n,
        "pg_accessions": pa.array([["P1", "P2"]] * n, pa.list_(pa.string())),
        "scan": pa.array([[7]] * n, pa.list_(pa.int32())),
    }
    pq.write_table(pa.table({**own, **columns}), path)
    return path


def test_every_label_of_a_row_is_a_run_and_an_empty_one_makes_no_feature(tmp_path):
    rows = [
        [{"label": "TMT126", "intensity": 5.0}, {"label": "TMT127N", "intensity": 0.0}],
        [{"label": "TMT127N", "intensity": 7.0}],
        None,
    ]
    path = table(tmp_path / "x", ("AAK", "CCK", "DDK"), intensities=pa.array(rows, LABELS))
    parsed = read(path)
    assert features_of(parsed) == [
        ("r1 channel TMT126", "AAK", 2, 5.0, 1),
        ("r1 channel TMT127N", "CCK", 2, 7.0, 2),
    ]
    assert {run.quantity_kind for run in parsed.runs} == {"reporter_intensity"}
    assert (parsed.ledger.used, parsed.ledger.cells_in, parsed.ledger.cells_empty) == (3, 6, 4)


def test_a_label_free_sample_is_its_raw_file_and_keeps_what_has_no_quantity(tmp_path):
    rows = [[{"sample_accession": "S1", "channel": "LFQ", "intensity": 5.0}], None]
    parsed = read(table(tmp_path / "x", intensities=pa.array(rows, CHANNELS)))
    assert features_of(parsed) == [("r1", "AAK", 2, 5.0, 1), ("r1", "CCK", 2, None, 2)]
    assert parsed.runs[0].quantity_kind == "precursor_intensity"


def test_labels_of_silac_are_precursors_and_not_reporters(tmp_path):
    rows = [
        [{"label": "SILAC light", "intensity": 5.0}, {"label": "SILAC heavy", "intensity": 6.0}]
    ] * 2
    parsed = read(table(tmp_path / "x", intensities=pa.array(rows, LABELS)))
    assert [run.name for run in parsed.runs] == [
        "r1 channel SILAC light", "r1 channel SILAC heavy",
    ]  # fmt: skip
    assert {run.quantity_kind for run in parsed.runs} == {"precursor_intensity"}


def test_a_channel_of_its_own_column_is_a_run(tmp_path):
    path = table(
        tmp_path / "x",
        intensity=pa.array([5.0, None], pa.float32()),
        channel=["TMT126", "TMT127"],
        run_file_name=["r1.mzML", "r1.mzML"],
    )
    parsed = read(path)
    assert features_of(parsed) == [("r1 channel TMT126", "AAK", 2, 5.0, 1)]
    assert [run.name for run in parsed.runs] == ["r1 channel TMT126", "r1 channel TMT127"]


def test_a_negative_intensity_in_a_list_is_rejected_alone(tmp_path):
    rows = [
        [{"label": "TMT126", "intensity": -5.0}, {"label": "TMT127N", "intensity": 2.0}],
        [{"label": "TMT126", "intensity": 3.0}],
    ]
    parsed = read(table(tmp_path / "x", intensities=pa.array(rows, LABELS)))
    assert parsed.ledger.cells_rejected == {"quantity is negative": 1}
    assert [feature[3] for feature in features_of(parsed)] == [3.0, 2.0]


def test_q_values_are_taken_from_the_list_of_scores_and_a_proteins_never(tmp_path):
    def scores(**named):
        return [{"score_name": k, "score_value": v, "higher_better": False} for k, v in
                named.items()]  # fmt: skip

    column = pa.array(
        [
            scores(precursor_qvalue=0.001, global_qvalue=0.002, pg_global_qvalue=0.9),
            scores(precursor_qvalue=0.001, global_qvalue=0.2, pg_global_qvalue=0.001),
            scores(precursor_qvalue=0.05, global_qvalue=0.001, rank=1.0),
            scores(precursor_qvalue=0.001, global_qvalue=0.001, rank=2.0),
        ],
        SCORES,
    )
    peptides = ("AAK", "CCK", "DDK", "EEK")
    parsed = read(table(tmp_path / "x", peptides, additional_scores=column))
    assert [feature[1] for feature in features_of(parsed)] == ["AAK"]
    assert sorted(parsed.ledger.filtered) == [
        "not the best match of its spectrum",
        "q-value > 0.01 (additional_scores: global_q_value)",
        "q-value > 0.01 (additional_scores: q_value)",
    ]


@pytest.mark.parametrize(
    "proteins",
    [
        pa.array([["P1", "P2"], None], pa.list_(pa.string())),
        pa.array([[{"accession": "P1"}, {"accession": "P2"}], []], RECORDS),
    ],
    ids=["texts", "records"],
)
def test_proteins_are_accessions_in_every_version(tmp_path, proteins):
    parsed = read(table(tmp_path / "x", pg_accessions=proteins))
    assert parsed.features["proteins"].to_pylist() == ["P1;P2", ""]


@pytest.mark.parametrize("flag", [[True, False], pa.array([1, 0], pa.int32()), ["1", "0"]])
def test_a_decoy_is_known_by_its_flag_of_any_type(tmp_path, flag):
    assert read(table(tmp_path / "x", is_decoy=flag)).ledger.filtered == {"decoy": 1}


def window(start, stop):
    return {
        "rt_start": pa.array(start, pa.float32()),
        "rt_stop": pa.array(stop, pa.float32()),
    }


def test_retention_times_are_seconds_unless_the_peaks_are_too_narrow(tmp_path):
    short = pa.array([60.0, 90.0], pa.float32())
    seconds = read(table(tmp_path / "a", rt=short, **window([55, 85], [65, 95])))
    assert seconds.features["rt_s"].to_pylist() == [60.0, 90.0]
    assert seconds.warnings == ()
    minutes = read(table(tmp_path / "b", rt=short, **window([59.9, 89.9], [60.1, 90.1])))
    assert minutes.features["rt_s"].to_pylist() == [3600.0, 5400.0]
    assert any("were read as minutes" in warning for warning in minutes.warnings)
    unknown = read(table(tmp_path / "c", rt=short))
    assert unknown.features["rt_s"].to_pylist() == [60.0, 90.0]
    assert any("If they are minutes say rt_min=rt" in warning for warning in unknown.warnings)
    said = read(tmp_path / "c", ReadOptions(columns={"rt_min": "rt"}))
    assert said.features["rt_s"].to_pylist() == [3600.0, 5400.0]


def test_the_middle_of_an_isolation_window_is_no_measured_mass(tmp_path):
    far = pa.array([455.0, 460.0], pa.float32())
    parsed = read(table(tmp_path / "x", observed_mz=far))
    assert parsed.features["mz"].to_pylist() == [450.25, 450.25]
    assert any("lie more than 2 Th off" in warning for warning in parsed.warnings)


def test_a_table_of_peptides_counts_no_matches(tmp_path):
    path = table(tmp_path / "x")
    whole = pq.read_table(path)
    pq.write_table(whole.drop_columns(["scan", "run_file_name"]), path)
    parsed = read(path, name="donor 1.peptide.parquet")
    assert parsed.runs[0].quantity_kind == "none"
    assert parsed.features["psm_count"].to_pylist() == [None, None]


def test_a_cross_link_is_rejected_and_a_dead_end_is_not(tmp_path):
    links = pa.list_(pa.struct([("xl_type", pa.string()), ("linker_mass", pa.float64())]))
    column = pa.array(
        [[{"xl_type": "inter", "linker_mass": 138.1}], [{"xl_type": "dead-end"}]], links
    )
    parsed = read(table(tmp_path / "x", cross_links=column))
    assert [feature[1] for feature in features_of(parsed)] == ["CCK"]
    assert "cross-links" in parsed.rejections[0].reason


def test_a_table_without_rows_left_has_empty_runs(tmp_path):
    parsed = read(table(tmp_path / "x", is_decoy=[True, True]))
    assert parsed.features.num_rows == 0
    assert preview(tmp_path / "x").format == "quantms_qpx"
