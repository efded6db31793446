"""MaxQuant's msms.txt and modificationSpecificPeptides.txt, and DIA-NN's precursor matrix."""

from ingest_files_maxquant import make_diann_matrix, make_maxquant_modified, make_maxquant_msms
from made_file import features_of, write

from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest.maxquant_msms import sniff

MATRIX = ["Protein.Ids", "Modified.Sequence", "Precursor.Charge", "Precursor.Id"]


def matrix(tmp_path, head, *rows):
    table = [[*MATRIX, *head]]
    table += [["P1", sequence, 2, f"{sequence}2", *cells] for sequence, *cells in rows]
    return read(write(tmp_path / "x.tsv", table))


def test_spectra_of_one_peptidoform_are_counted_and_their_largest_precursor_kept(tmp_path):
    first = read(make_maxquant_msms(tmp_path).path).features.to_pylist()[0]
    assert first["quantity"] == 100.0
    assert first["psm_count"] == 2
    assert first["score"] == 80.0  # of the spectrum with the larger precursor
    assert first["rt_s"] == 600.0
    assert first["mz"] == 450.25


def test_the_table_of_all_scans_is_not_that_of_identified_ones():
    head = b"Raw file\tScan number\tModified sequence\tCharge\tIdentified\tDelta score\tPEP\n"
    assert sniff(head, "msms.txt") == 0


def test_scans_and_peaks_without_a_peptide_are_not_identified_and_no_defects(tmp_path):
    shared = ["Raw file", "Charge", "m/z", "Retention time", "Sequence", "Modified sequence", "PEP"]
    cells = [["r1", 2, 500.1, 20.5, " ", " ", "NaN"], ["r1", 2, 500, 9, "AMK", "_AM(ox)K_", 0.01]]
    scans = [[*shared, "Scan number", "Total ion current", "Identified"]]
    scans += [[*row, 5, 1e6, sign] for row, sign in zip(cells, "-+", strict=True)]
    peaks = [[*shared, "Type", "Intensity", "MSMS Scan Numbers"]]
    peaks += [[*row, "MULTI", 7, 5] for row in cells]
    read_as = {"maxquant_msms": scans, "maxquant_evidence": peaks}
    for name, table in read_as.items():
        parsed = read(write(tmp_path / "x.txt", table))
        assert parsed.format == name
        assert [feature[1] for feature in features_of(parsed)] == ["AM[Oxidation]K"]
        assert parsed.ledger.rejected == {}
        ((reason, count),) = parsed.ledger.filtered.items()
        assert (reason.endswith("without a peptide: not identified"), count) == (True, 1)


def test_a_time_over_all_experiments_is_none_of_theirs(tmp_path):
    parsed = read(make_maxquant_modified(tmp_path).path)
    assert set(parsed.features["rt_s"].to_pylist()) == {None}
    assert set(parsed.features["psm_count"].to_pylist()) == {None}


def test_of_one_experiment_time_and_count_are_its_own(tmp_path):
    head = ["Sequence", "Modifications", "Mass", "Proteins", "Unique (Groups)", "Charges", "PEP",
            "Retention time", "Intensity", "MS/MS Count"]  # fmt: skip
    row = ["AMK", "Oxidation (M)", 500.1, "P1", "yes", 2, 0.001, 20.5, 700, 3]
    parsed = read(write(tmp_path / "donor.txt", [head, row]))
    assert features_of(parsed) == [("donor", "AM[Oxidation]K", None, 700.0, 2)]
    assert parsed.features["rt_s"].to_pylist() == [1230.0]
    assert parsed.features["psm_count"].to_pylist() == [3]


def test_a_modified_peptide_is_matched_as_its_table_says(tmp_path):
    rows = read(make_maxquant_modified(tmp_path).path).features.to_pylist()
    assert [row["line"] for row in rows if row["matched"]] == [3]


def test_a_matrix_says_who_filtered_it(tmp_path):
    runs = read(make_diann_matrix(tmp_path).path).runs
    assert all(run.filter_note.startswith("unfiltered") for run in runs)
    assert all("DIA-NN applied its own FDR" in run.filter_note for run in runs)


def test_runs_that_were_renamed_are_the_columns_of_numbers(tmp_path):
    head = ["first", "Comment", "second", "All Mapped Genes"]
    parsed = matrix(tmp_path, head, ("AAAK", 1, "good", 2.5, "5"), ("CCCK", "", "7 of 9", 3, "6"))
    assert [run.name for run in parsed.runs] == ["first", "second"]
    assert parsed.ledger.rejected == {}
    assert parsed.ledger.features == 3


def test_two_runs_of_one_name_keep_their_folders(tmp_path):
    parsed = matrix(tmp_path, ["/x/a.d", "/y/a.d"], ("AAAK", 1, 2))
    assert [run.name for run in parsed.runs] == ["/x/a.d", "/y/a.d"]
