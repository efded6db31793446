"""Sage's matches and quantities, as text and as Parquet."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import MAKERS, features_of
from made_file import write

from omicstoken_kernel.ingest import ReadOptions, read


def parquet(path, columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_a_pep_is_read_from_its_logarithm_and_left_out_where_sage_wrote_none(tmp_path):
    rows = read(MAKERS["sage_results"](tmp_path).path).features.to_pylist()
    peps = {row["proforma"]: row["pep"] for row in rows}
    assert peps["AAAYAAQR"] == pytest.approx(0.001)
    assert peps["CNTK"] is None


def test_matches_of_one_precursor_are_counted_and_the_best_one_describes_them(tmp_path):
    row = read(MAKERS["sage_results"](tmp_path).path).features.to_pylist()[0]
    assert (row["psm_count"], row["quantity"], row["score"]) == (2, 250.0, 2.5)
    assert row["rt_s"] == 12.5 * 60


def test_without_precursor_intensities_the_number_of_matches_is_the_quantity(tmp_path):
    path = MAKERS["sage_results"](tmp_path).path
    path.write_text(path.read_text().replace("ms1_intensity", "ms2_intensity"))
    parsed = read(path)
    assert {run.quantity_kind for run in parsed.runs} == {"spectral_count"}
    assert features_of(parsed)[0] == ("a", "AAAYAAQR", 2, 2.0, 2)


def test_one_blank_label_does_not_let_the_decoys_in(tmp_path):
    path = MAKERS["sage_results"](tmp_path).path
    lines = path.read_text().splitlines()
    cells = lines[1].split("\t")
    cells[7] = ""
    decoy = lines[5].replace("rev_sp", "sp")
    path.write_text("\n".join([lines[0], "\t".join(cells), decoy]) + "\n")
    assert read(path).ledger.filtered == {"decoy": 1}


def test_results_as_parquet_carry_decoys_as_a_flag(tmp_path):
    path = parquet(
        tmp_path / "x",
        {
            "psm_id": pa.array([1, 2], pa.int64()),
            "filename": ["a.mzML", "a.mzML"],
            "scannr": ["scan=1", "scan=2"],
            "peptide": ["AM[+15.9949]K", "AAAK"],
            "stripped_peptide": ["AMK", "AAAK"],
            "proteins": ["P1", "P2"],
            "rank": pa.array([1, 1], pa.int32()),
            "is_decoy": [False, True],
            "charge": pa.array([2, 2], pa.int32()),
            "rt": pa.array([2.0, 3.0], pa.float32()),
            "sage_discriminant_score": pa.array([1.0, 1.0], pa.float32()),
            "spectrum_q": pa.array([0.001, 0.001], pa.float32()),
            "peptide_q": pa.array([0.001, 0.001], pa.float32()),
            "reporter_ion_intensity": pa.array([None, [1.0, 2.0]], pa.list_(pa.float32())),
        },
    )
    parsed = read(path)
    assert parsed.format == "sage_results"
    assert parsed.ledger.filtered == {"decoy": 1}
    assert features_of(parsed) == [("a", "AM[+15.9949]K", 2, 1.0, 1)]


def test_quantities_as_parquet_have_a_row_for_each_raw_file(tmp_path):
    path = parquet(
        tmp_path / "x",
        {
            "peptide": ["AAAK", "AAAK", "AM[+15.9949]K"],
            "stripped_peptide": ["AAAK", "AAAK", "AMK"],
            "charge": pa.array([None, None, None], pa.int32()),
            "proteins": ["P1", "P1", "rev_P2"],
            "is_decoy": [False, False, True],
            "q_value": pa.array([0.001, 0.001, 0.001], pa.float32()),
            "filename": ["a.mzML", "b.mzML", "a.mzML"],
            "intensity": pa.array([5.0, 0.0, 3.0], pa.float32()),
        },
    )
    parsed = read(path)
    assert parsed.format == "sage_lfq"
    assert features_of(parsed) == [("a", "AAAK", None, 5.0, 1)]
    assert parsed.ledger.cells_empty == 1
    assert [run.quantity_kind for run in parsed.runs] == ["peptide_intensity"] * 2


def test_combined_charge_states_are_no_charge(tmp_path):
    head = ["peptide", "charge", "proteins", "q_value", "score", "spectral_angle", "a.raw"]
    rows = [head, ["AAAK", -1, "P1", 0.001, 1, 1, 5.0], ["AACDK", -1, "P1", 0.001, 1, 1, 6.0]]
    parsed = read(write(tmp_path / "x", rows))
    assert features_of(parsed) == [("a", "AAAK", None, 5.0, 2), ("a", "AACDK", None, 6.0, 3)]
    assert parsed.runs[0].quantity_kind == "peptide_intensity"


def test_an_older_table_without_scores_is_known_by_its_raw_files(tmp_path):
    rows = [["proteins", "peptide", "q_value", "a.mzML"], ["P1", "AAAK", 0.001, 5.0]]
    assert read(write(tmp_path / "x", rows)).format == "sage_lfq"
    assert read(tmp_path / "x", ReadOptions(q_value=0.0001)).ledger.features == 0
