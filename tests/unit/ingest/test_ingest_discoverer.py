"""Proteome Discoverer's tables in the shapes of its versions."""

import pytest
from made_file import features_of, write

from omicstoken_kernel.ingest import read

PEPTIDES = ["Annotated Sequence", "Modifications", "# PSMs", "Master Protein Accessions"]


def quantities(parsed):
    return [(run, proforma, quantity) for run, proforma, _, quantity, _ in features_of(parsed)]


def test_channels_of_a_labelled_experiment_are_runs_of_their_own_kind(tmp_path):
    head = [*PEPTIDES, "Abundance: F1: 126, Control", "Abundance: F1: 127N, Sample"]
    row = ["[K].aAMk.[R]", "1xTMT6plex [N-Term]; 1xTMT6plex [K4]", 3, "P1", 10, 20]
    parsed = read(write(tmp_path / "x", [head, row]))
    form = "[TMT6plex]-AAMK[TMT6plex]"
    assert quantities(parsed) == [
        ("F1: 126, Control", form, 10.0),
        ("F1: 127N, Sample", form, 20.0),
    ]
    assert {run.quantity_kind for run in parsed.runs} == {"reporter_intensity"}


def test_r_friendly_headers_are_known(tmp_path):
    head = ["Annotated Sequence", "Modifications", "Number of PSMs", "Master Protein Accessions"]
    head += ["Abundance F1 Sample A", "Abundance F2 Sample B", "Found in Sample F2 Sample B"]
    row = ["[K].AAMK.[R]", "", 3, "P1", 10, 20, "Peak Found"]
    parsed = read(write(tmp_path / "x", [head, row]))
    assert quantities(parsed) == [("F1 Sample A", "AAMK", 10.0), ("F2 Sample B", "AAMK", 20.0)]
    assert parsed.features["matched"].to_pylist() == [False, True]


def test_normalised_abundances_are_read_where_there_are_no_others(tmp_path):
    head = [*PEPTIDES, "Abundances (Normalized): F1: Sample", "Abundances (Scaled): F1: Sample"]
    parsed = read(write(tmp_path / "x", [head, ["[K].AAMK.[R]", "", 3, "P1", 10, 99]]))
    assert quantities(parsed) == [("F1: Sample", "AAMK", 10.0)]
    assert parsed.runs[0].quantity_column == "Abundances (Normalized): F1: Sample"


def test_of_several_searches_the_smallest_q_value_counts(tmp_path):
    engines = ("Sequest HT", "Mascot")
    head = [*PEPTIDES, *(f"Percolator q-Value (by Search Engine): {name}" for name in engines)]
    rows = [["[K].AAMK.[R]", "", 1, "P1", 0.5, 0.001], ["[K].CCMK.[R]", "", 1, "P1", "", 0.5]]
    parsed = read(write(tmp_path / "x", [head, *rows]))
    assert [row[1] for row in features_of(parsed)] == ["AAMK"]
    assert parsed.features["q_value"].to_pylist() == [0.001]
    assert sum(parsed.ledger.filtered.values()) == 1


PSMS = [
    "Confidence", "Annotated Sequence", "Modifications", "Charge", "Rank", "First Scan",
    "Spectrum File", "Intensity",
]  # fmt: skip


def test_without_q_values_second_choices_go_and_low_confidence_is_said(tmp_path):
    rows = [
        ["High", "AAMK", "", 2, 1, 7, "a.raw", 10],
        ["Low", "AAMK", "", 2, 1, 8, "a.raw", 30],
        ["High", "CCMK", "", 2, 2, 7, "a.raw", 10],
    ]
    parsed = read(write(tmp_path / "x", [PSMS, *rows]))
    # Intensities of single scans: the largest; spectra are counted.
    assert features_of(parsed) == [("a", "AAMK", 2, 30.0, 2)]
    assert parsed.features["psm_count"].to_pylist() == [2]
    assert parsed.ledger.filtered == {"not the best match of its spectrum": 1}
    assert any("confidence below High" in warning for warning in parsed.warnings)
    assert parsed.runs[0].filter_note.startswith("unfiltered")


def test_with_q_values_the_second_peptide_of_a_spectrum_stands_on_its_own(tmp_path):
    rows = [["High", "CCMK", "", 2, 2, 7, "a.raw", 10, 0.001]]
    parsed = read(write(tmp_path / "x", [[*PSMS, "Percolator q-Value"], *rows]))
    assert features_of(parsed) == [("a", "CCMK", 2, 10.0, 2)]


@pytest.mark.parametrize(
    ("sequence", "listed", "proforma"),
    [
        ("[K].VVcK.[R]", "C3(Carbamidomethyl)", "VVC[Carbamidomethyl]K"),
        ("[K; R].AAmK.[-]", "M3(Oxidation)", "AAM[Oxidation]K"),
        ("-.aAMK.R", "N-Term(Acetyl)", "[Acetyl]-AAMK"),
        ("AAmk", "M3(Oxidation); K4(GG)", "AAM[Oxidation]K[GG]"),
    ],
)
def test_lower_case_residues_are_modified_ones(tmp_path, sequence, listed, proforma):
    row = ["High", sequence, listed, 2, 1, 7, "a.raw", 10]
    assert features_of(read(write(tmp_path / "x", [PSMS, row])))[0][1] == proforma


@pytest.mark.parametrize(
    "names",
    [
        ["Abundance: 126", "Abundance: 127N"],
        ["Abundance..126", "Abundance..127N"],
        ["X126", "X127_N"],
        ["126", "127_N"],
    ],
)
def test_reporters_of_psms_are_the_quantity_and_add_up(tmp_path, names):
    head = [*PSMS, *names, "127_N/126"]
    rows = [["High", "aAMk", "N-Term(TMT6plex); K4(TMT6plex)", 2, 1, 7, "a.raw", 10, *more]
            for more in ((1, 2, 2), (5, 0, 0))]  # fmt: skip
    parsed = read(write(tmp_path / "x", [head, *rows]))
    form = "[TMT6plex]-AAMK[TMT6plex]"
    assert quantities(parsed) == [("a channel 126", form, 6.0), ("a channel 127N", form, 2.0)]
    assert {run.quantity_kind for run in parsed.runs} == {"reporter_intensity"}
    assert parsed.features["psm_count"].to_pylist() == [2, 1]


def test_psms_without_a_filled_channel_keep_their_precursors(tmp_path):
    head = [*PSMS, "Abundance: 126", "Abundance: 127N"]
    parsed = read(write(tmp_path / "x", [head, ["High", "AAMK", "", 2, 1, 7, "a.raw", 10, "", 0]]))
    assert quantities(parsed) == [("a", "AAMK", 10.0)]


def test_an_empty_channel_makes_no_feature_though_its_file_found_the_peptide(tmp_path):
    head = [*PEPTIDES, "Abundance: F1: 126, A", "Abundance: F1: 127N, B", "Found in File: F1"]
    row = ["[K].AAMK.[R]", "", 3, "P1", 10, "", "High"]
    parsed = read(write(tmp_path / "x", [head, row]))
    assert quantities(parsed) == [("F1: 126, A", "AAMK", 10.0)]
