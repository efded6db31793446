"""PEAKS' tables in the shapes that its versions and their re-saves come in."""

import pytest
from made_file import features_of, write

from omicstoken_kernel.ingest import read


def quantities(parsed):
    return [(run, proforma, quantity) for run, proforma, _, quantity, _ in features_of(parsed)]


def test_a_table_saved_by_r_with_decimal_commas_is_known(tmp_path):
    head = ["Peptide", "X.10lgP", "Mass", "m.z", "Z", "RT", "Area", "Source.File", "Accession"]
    row = ["SIINFEKL", "55,5", "962,5", "482,3", 2, "10,5", "1,5E3", "d 1.raw", "P1:P2"]
    parsed = read(write(tmp_path / "x", [head, row], delimiter=";"))
    assert parsed.format == "peaks_psm"
    assert features_of(parsed) == [("d 1", "SIINFEKL", 2, 1500.0, 2)]
    assert parsed.features["proteins"].to_pylist() == ["P1;P2"]
    assert parsed.features["rt_s"].to_pylist() == [630.0]


def test_matches_without_source_file_or_area_are_one_run_without_quantities(tmp_path):
    head = ["Peptide", "-10lgP", "Mass", "ppm", "m/z", "z", "RT", "Scan", "Accession"]
    rows = [["SIINFEKL", 50, 962.5, 0.1, 482.3, 2, 10.5, scan, "P1"] for scan in (7, 8)]
    parsed = read(write(tmp_path / "mine.csv", [head, *rows], delimiter=","))
    assert features_of(parsed) == [("mine", "SIINFEKL", 2, None, 2)]
    assert parsed.runs[0].quantity_kind == "none"
    assert parsed.features["psm_count"].to_pylist() == [2]


LFQ = [
    "Peptide", "Used", "Quality", "Significance", "Avg. ppm", "Avg. Area", "NPC_1", "NPC_2",
    "Sample Profile (Ratio)", "0h", "3days", "Group Profile (Ratio)", "#Vector", "Accession", "PTM",
]  # fmt: skip


def test_label_free_samples_stand_between_average_and_profile_and_groups_are_none(tmp_path):
    row = ["SIINFEKL", "Y", 2.2, 20, 0.1, 300, 100, 500, "1:5", 100, 500, "1:5", 2, "P1", ""]
    parsed = read(write(tmp_path / "x.csv", [LFQ, row], delimiter=","))
    assert parsed.format == "peaks_peptides"
    assert quantities(parsed) == [("NPC_1", "SIINFEKL", 100.0), ("NPC_2", "SIINFEKL", 500.0)]


@pytest.mark.parametrize("moved", [False, True])
def test_groups_of_the_feature_table_are_no_runs_wherever_they_stand(tmp_path, moved):
    samples = {"m/z": 482.3, "RT mean": 1.5, "Normalized Area": 10}
    cells = {
        **{"Peptide": "SIINFEKL", "Quality": 2, "Significance": 20, "m/z": 482.3},
        **{"RT range": "1 - 2", "z": 2, "Avg. Area": 15},
        **{f"{run} {what}": value for run in "AB" for what, value in samples.items()},
        **{"Sample Profile (Ratio)": "1:1", "G Normalized Area": 10},
        **{"Group Profile (Ratio)": 1, "RT mean": 1.5},
    }
    if moved:
        # A spreadsheet, sorted by header.
        cells = dict(sorted(cells.items()))
    parsed = read(write(tmp_path / "x.csv", [list(cells), list(cells.values())], delimiter=","))
    assert features_of(parsed) == [("A", "SIINFEKL", 2, 10.0, 2), ("B", "SIINFEKL", 2, 10.0, 2)]


def test_without_areas_the_spectra_of_each_sample_are_the_quantity(tmp_path):
    head = ["Peptide", "-10lgP", "Mass", "RT", "#Spec", "#Spec S1", "#Spec S2", "Accession"]
    rows = [["SIINFEKL", 50, 962.5, 10.5, 5, 3, 2, "P1"], ["LLLK", 50, 487.4, 10.5, 4, 4, 0, "P1"]]
    parsed = read(write(tmp_path / "x.csv", [head, *rows], delimiter=","))
    assert quantities(parsed) == [
        ("S1", "SIINFEKL", 3.0),
        ("S1", "LLLK", 4.0),
        ("S2", "SIINFEKL", 2.0),
    ]
    assert {run.quantity_kind for run in parsed.runs} == {"spectral_count"}


def test_a_peptide_listed_under_several_proteins_names_them_all(tmp_path):
    head = ["Protein Accession", "Peptide", "-10lgP", "Area S1", "#Spec", "#Spec S1"]
    rows = [["P1", "K.SIINFEKL.R", 50, 10, 1, 1], ["P2", "R.SIINFEKL.-", 50, 10, 1, 1]]
    parsed = read(write(tmp_path / "x.csv", [head, *rows], delimiter=","))
    assert quantities(parsed) == [("S1", "SIINFEKL", 10.0)]
    assert parsed.features["proteins"].to_pylist() == ["P1;P2"]


def test_a_peak_without_a_spectrum_of_its_own_is_matched(tmp_path):
    head = ["Peptide", "-10lgP", "Area S1", "Area S2", "#Spec", "#Spec S1", "#Spec S2"]
    parsed = read(
        write(tmp_path / "x.csv", [head, ["SIINFEKL", 50, 10, 20, 1, 1, 0]], delimiter=",")
    )
    assert parsed.features["matched"].to_pylist() == [False, True]
