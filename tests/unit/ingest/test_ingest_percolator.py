"""Percolator and mokapot: files of decoys, ids, proteins without end."""

import pytest
from ingest_files import MAKERS, features_of
from made_file import write

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read

HEAD = ["PSMId", "score", "q-value", "posterior_error_prob", "peptide", "proteinIds"]


def row(peptide, psm, *proteins):
    return [psm, 1.5, 0.001, 0.002, peptide, *proteins]


def test_all_proteins_of_a_row_are_kept(tmp_path):
    rows = [HEAD, row("K.AAAK.L", "1", "P1", "P2"), row("K.AACDK.L", "2", "P3", "", "")]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.features["proteins"].to_pylist() == ["P1;P2", "P3"]


def test_a_file_called_decoy_holds_decoys_and_says_so(tmp_path):
    path = write(tmp_path / "kept", [HEAD, row("K.AAAK.L", "1", "P1")])
    parsed = read(path, name="percolator.decoy.psms.txt")
    assert parsed.ledger.filtered == {"decoy": 1}
    assert any("taken for decoys" in warning for warning in parsed.warnings)
    assert read(path, name="percolator.target.psms.txt").ledger.features == 1


def test_labels_go_before_the_name(tmp_path):
    path = MAKERS["percolator"](tmp_path).path
    assert read(path, name="decoys.txt").features.equals(read(path).features)


@pytest.mark.parametrize(
    ("psm", "run", "charge"),
    [
        ("folder/a_b_1234_3_1", "folder/a_b", 3),
        ("target_0_10_2_1", "0", 2),
        ("run_SII_12_1_345_4_1", "run", 4),
        ("run-1-36790-PVVLDGEIAVK-2-9", "run-1", 2),
        ("controllerType=0 controllerNumber=1 scan=4022", "x", None),
        ("run_12_99_1", "x", None),
    ],
)
def test_run_and_charge_are_taken_from_ids_that_hold_them(tmp_path, psm, run, charge):
    rows = [HEAD, row("K.AAAK.L", psm, "P1"), row("K.AAAK.L", psm, "P1")]
    assert features_of(read(write(tmp_path / "x", rows))) == [(run, "AAAK", charge, 2.0, 2)]


def test_where_every_peptide_stands_once_nothing_is_counted(tmp_path):
    rows = [HEAD, row("K.AAAK.L", "1", "P1"), row("K.AACDK.L", "2", "P1")]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.runs[0].quantity_kind == "none"
    assert parsed.features["psm_count"].null_count == 2


def test_mokapot_names_its_runs_and_decoys(tmp_path):
    head = [
        "spectrum_id", "peptide", "is_target", "run", "retention_time", "charge",
        "mokapot score", "mokapot q-value", "mokapot PEP", "protein_list",
    ]  # fmt: skip
    rows = [
        head,
        ["scan=1", "AM[+15.9949]K", "True", "r1", 20.5, 2, 1.5, 0.001, 0.01, "['P1', 'P2']"],
        ["scan=2", "AM[+15.9949]K", "True", "r2", 20.5, 2, 1.5, 0.001, 0.01, "['P1']"],
        ["scan=3", "DECAYK", "False", "r1", 20.5, 2, 1.5, 0.001, 0.01, "['rev_P1']"],
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.ledger.filtered == {"decoy": 1}
    assert [name for name, *_ in features_of(parsed)] == ["r1", "r2"]
    assert parsed.features["proteins"].to_pylist() == ["P1;P2", "P1"]


def test_an_input_for_percolator_is_no_result(tmp_path):
    rows = [
        ["SpecId", "Label", "ScanNr", "ExpMass", "Peptide", "Proteins"],
        ["a_1_2_1", 1, 1, 900.5, "K.AAAK.L", "P1"],
    ]
    with pytest.raises(ParseError, match="input for Percolator"):
        read(write(tmp_path / "x.tsv", rows))


def test_a_file_saved_with_commas_is_read_too(tmp_path):
    rows = [HEAD, row("K.AAAK.L", "a_1_2_1", "P1"), row("K.AAAK.L", "a_2_2_1", "P1")]
    path = write(tmp_path / "x.csv", rows, delimiter=",")
    assert features_of(read(path)) == [("a", "AAAK", 2, 2.0, 2)]
