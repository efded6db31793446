"""FragPipe's tables: what becomes a run, what merges, what is matched."""

import pytest
from ingest_files_fragpipe import (
    PSM_HEAD,
    make_fragpipe_combined,
    make_fragpipe_peptide,
    make_fragpipe_psm,
    psm,
)
from made_file import features_of, write

from omicstoken_kernel.ingest import ReadOptions, read


def combined(tmp_path, head, *rows):
    table = [["Peptide Sequence", "Protein", "Protein ID", *head]]
    table += [[sequence, "sp|P1|X", "P1", *cells] for sequence, *cells in rows]
    return read(write(tmp_path / "x.tsv", table))


def test_a_psm_feature_carries_what_its_spectra_say(tmp_path):
    first = read(make_fragpipe_psm(tmp_path).path).features.to_pylist()[0]
    assert first["quantity"] == 400.0  # of the stronger spectrum, not the sum
    assert first["psm_count"] == 2
    assert first["pep"] == pytest.approx(0.01)
    assert first["q_value"] == 0.001
    assert first["rt_s"] == 90.5
    assert first["mz"] == 401.2
    assert first["score"] == 20.5
    assert first["proteins"] == "sp|P1|X_HUMAN;sp|P2|Y_HUMAN;rev_sp|P3|Z_HUMAN"


def test_a_mass_an_open_search_found_is_said(tmp_path):
    warnings = read(make_fragpipe_psm(tmp_path).path).warnings
    assert any("1 spectra carry a mass that the search did not place" in one for one in warnings)


@pytest.mark.parametrize(
    ("listed", "proforma"),
    [
        ("3N(1216.4228)", "AAN[+1216.4228]GTK"),
        ("3N(1203.42), N-term(13.0)", "[+13.0]-AAN[+1203.42]GTK"),  # they are the shift together
        ("N-term(42.0106)", "[+1216.42]?[+42.0106]-AANGTK"),  # another modification
    ],
)
def test_the_mass_of_a_glycan_that_was_placed_is_counted_once(tmp_path, listed, proforma):
    row = [*psm("AANGTK", "", listed, delta=1216.4228), "HexNAc(2)Hex(5)"]
    path = write(tmp_path / "psm.tsv", [[*PSM_HEAD, "Total Glycan Composition"], row])
    assert read(path).features["proforma"].to_pylist() == [proforma]


def test_a_shift_like_a_listed_one_is_a_second_one_where_no_glycans_were_sought(tmp_path):
    rows = [PSM_HEAD, psm("AAMWK", "", "3M(15.9949)", delta=15.9949)]
    parsed = read(write(tmp_path / "psm.tsv", rows))
    assert parsed.features["proforma"].to_pylist() == ["[+15.99]?AAM[+15.9949]WK"]


def test_a_probability_gives_a_pep_without_the_dust_of_subtraction(tmp_path):
    path = write(tmp_path / "psm.tsv", [PSM_HEAD, psm("AANGTK", probability=0.99)])
    assert read(path).features["pep"].to_pylist() == [0.01]


def test_a_psm_table_without_q_values_says_that_it_was_filtered_elsewhere(tmp_path):
    without = PSM_HEAD.index("Qvalue")
    rows = [row[:without] + row[without + 1 :] for row in (PSM_HEAD, psm("AAAK", q=0.5))]
    parsed = read(write(tmp_path / "psm.tsv", rows))
    assert parsed.ledger.features == 1
    assert parsed.runs[0].filter_note.startswith("unfiltered")
    assert "FragPipe applied its own FDR" in parsed.runs[0].filter_note


@pytest.mark.parametrize(
    ("spectrum", "file", "run"),
    [
        ("a.b.00007.00007.2", "interact.pep.xml", "a.b"),
        ("a.7.7.2_1", "", "a"),
        ("scan 7", r"D:\x\interact-donor 1_rank1.pep.xml", "donor 1"),
        ("scan 7", "donor_2.pin", "donor_2"),
    ],
)
def test_a_spectrum_names_its_run_else_its_file_does(tmp_path, spectrum, file, run):
    rows = [PSM_HEAD, [spectrum, file, *psm("AAAK")[2:]]]
    assert [draft.name for draft in read(write(tmp_path / "psm.tsv", rows)).runs] == [run]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (["Quan Usage", "126 x", "127N y"], ["126 x", "127N y"]),
        (["Quan Usage", "Channel 126", "Channel 127N"], ["126", "127N"]),
        (["Quan.Usage", "Channel.126", "Channel.127N"], ["126", "127N"]),
        (["Quan Usage", "local site 1", "Score"], ["local site 1", "Score"]),
        (["Resolution donor A", "Intensity donor A", "Intensity B"], ["donor A", "B"]),
        (["Is Unique", "donor A", "donor B"], ["donor A", "donor B"]),
    ],
)
def test_reporter_ions_are_the_quantity_and_add_up_over_spectra(tmp_path, head, names):
    first = [5] if head[0].startswith(("Resolution", "Is")) else ["Used"]
    extra = [[*first, 5, 6], [*first, 7, 0]]
    label = "4K(229.1629)"
    rows = [psm("AAAK", "", label, scan=at) + more for at, more in zip((7, 8), extra, strict=True)]
    parsed = read(write(tmp_path / "psm.tsv", [[*PSM_HEAD, *head], *rows]))
    one, other = (f"a channel {name}" for name in names)
    written = "AAAK[+229.1629]"
    assert features_of(parsed) == [(one, written, 2, 12.0, 2), (other, written, 2, 6.0, 2)]
    assert {run.quantity_kind for run in parsed.runs} == {"reporter_intensity"}
    assert parsed.features["psm_count"].to_pylist() == [2, 1]


def test_without_a_filled_channel_or_if_the_user_says_so_the_precursor_counts(tmp_path):
    head = [*PSM_HEAD, "Quan Usage", "126", "127N"]
    blank = read(write(tmp_path / "a", [head, [*psm("AAAK"), "Used", 0, ""]]))
    assert features_of(blank) == [("a", "AAAK", 2, 150.0, 2)]
    path = write(tmp_path / "b", [head, [*psm("AAAK"), "Used", 5, 6]])
    said = read(path, ReadOptions(columns={"quantity": "Intensity"}))
    assert features_of(said) == [("a", "AAAK", 2, 150.0, 2)]


def test_one_column_of_another_kind_behind_the_proteins_is_no_channel(tmp_path):
    rows = [[*PSM_HEAD, "Group", "Comment"], [*psm("AAAK"), "x", "y"]]
    assert [run.name for run in read(write(tmp_path / "psm.tsv", rows)).runs] == ["a"]
    rows = [[*PSM_HEAD, "Number of Sites"], [*psm("AAAK"), 3]]
    assert [run.name for run in read(write(tmp_path / "psm.tsv", rows)).runs] == ["a"]
    rows = [[*PSM_HEAD, "My rank", "My score"], [*psm("AAAK"), 3, 0.5]]
    parsed = read(write(tmp_path / "psm.tsv", rows))
    assert [run.name for run in parsed.runs] == ["a"]
    assert any("2 columns behind the proteins were not read" in one for one in parsed.warnings)


def test_labels_in_a_list_are_modifications_and_no_residues(tmp_path):
    listed = "4K(229.1629), N-term(229.1629)"
    (row,) = read(
        write(tmp_path / "psm.tsv", [PSM_HEAD, psm("AAAK", "n[230]AAAK[357]", listed)])
    ).features.to_pylist()
    assert (row["sequence"], row["proforma"]) == ("AAAK", "[+229.1629]-AAAK[+229.1629]")


def test_channels_of_an_ion_table_are_runs_of_the_file(tmp_path):
    head = ["Peptide Sequence", "Modified Sequence", "M/Z", "Charge", "Probability",
            "Spectral Count", "Intensity", "Assigned Modifications", "Protein",
            "Mapped Proteins", "126", "127N"]  # fmt: skip
    row = ["AMK", "", 300.1, 2, 0.9, 3, "1E5", "3K(229.1629)", "sp|P1|X", "", 5, 6]
    parsed = read(write(tmp_path / "ion.tsv", [head, row]))
    assert features_of(parsed) == [
        ("ion channel 126", "AMK[+229.1629]", 2, 5.0, 2),
        ("ion channel 127N", "AMK[+229.1629]", 2, 6.0, 2),
    ]
    assert parsed.features["psm_count"].to_pylist() == [3, 3]


def test_old_and_r_mangled_headers_are_the_same_table(tmp_path):
    names = {"Probability": "PeptideProphet Probability", "Calibrated Observed M/Z": "Observed M/Z"}
    rows = [[names.get(name, name).replace(" ", ".").replace("/", ".") for name in PSM_HEAD]]
    parsed = read(write(tmp_path / "psm.csv", [*rows, psm("AAAK")], delimiter=","))
    assert parsed.format == "fragpipe_psm"
    assert parsed.features["pep"].to_pylist() == [pytest.approx(0.01)]


def test_peptides_of_several_forms_are_plain_and_that_is_said(tmp_path):
    parsed = read(make_fragpipe_peptide(tmp_path).path)
    assert any("1 peptides list modifications" in warning for warning in parsed.warnings)
    assert set(parsed.features["psm_count"].to_pylist()) == {2}


def test_an_ion_table_keeps_charge_and_modifications(tmp_path):
    head = ["Peptide Sequence", "Modified Sequence", "M/Z", "Charge", "Probability",
            "Spectral Count", "Intensity", "Assigned Modifications", "Protein",
            "Mapped Proteins"]  # fmt: skip
    row = ["AMK", "AM[15.9949]K", 300.1, 2, 0.9, 3, "1E5", "2M(15.9949)", "sp|P1|X", ""]
    parsed = read(write(tmp_path / "ion.tsv", [head, row]))
    assert parsed.format == "fragpipe_peptide"
    assert parsed.runs[0].quantity_kind == "precursor_intensity"
    assert features_of(parsed) == [("ion", "AM[+15.9949]K", 2, 1e5, 2)]


def test_each_sample_of_a_combined_table_has_its_own_counts_and_times(tmp_path):
    rows = read(make_fragpipe_combined(tmp_path).path).features.to_pylist()
    assert [row["psm_count"] for row in rows] == [4, 1, 1, 1, 1, 2, 0, 2]
    assert [row["rt_s"] for row in rows] == [60.5] * 5 + [None] * 3
    assert [row["matched"] for row in rows] == [False] * 6 + [True, False]
    assert {row["mz"] for row in rows} == {450.25}


def test_max_lfq_is_used_only_where_there_is_nothing_else(tmp_path):
    counts = ["a Spectral Count", "b Spectral Count"]
    lfq = ["a MaxLFQ Intensity", "b MaxLFQ Intensity"]
    plain = ["a Intensity", "b Intensity"]
    parsed = combined(tmp_path, [*counts, *plain, *lfq], ("AAAK", 1, 1, 10, 20, 1, 2))
    assert features_of(parsed) == [("a", "AAAK", None, 10.0, 2), ("b", "AAAK", None, 20.0, 2)]
    parsed = combined(tmp_path, [*counts, *lfq], ("AAAK", 1, 1, 1, 2))
    assert features_of(parsed) == [("a", "AAAK", None, 1.0, 2), ("b", "AAAK", None, 2.0, 2)]


def test_spectral_counts_are_the_quantity_where_there_is_no_intensity(tmp_path):
    head = ["a Spectral Count", "b Spectral Count", "Total Spectral Count"]
    parsed = combined(tmp_path, head, ("AAAK", 3, 0, 3))
    assert [run.quantity_kind for run in parsed.runs] == ["spectral_count", "spectral_count"]
    assert features_of(parsed) == [("a", "AAAK", None, 3.0, 2)]
