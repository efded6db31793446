"""Channels of labelled experiments in the tables of each engine: one run per file and channel."""

import pytest
from ingest_files import features_of
from made_file import write

from omicstoken_kernel.ingest import ReadOptions, read

MSSTATS_TMT = [
    "ProteinName", "PeptideSequence", "Charge", "PSM", "Mixture", "TechRepMixture", "Run",
    "Channel", "Condition", "BioReplicate", "Intensity",
]  # fmt: skip
MAXQUANT = ["Sequence", "Modified sequence", "Raw file", "Charge", "PEP", "Type", "Intensity"]


def kinds(parsed):
    return {run.quantity_kind for run in parsed.runs}


def tmt(channel, quantity, *, psm="a_2", run="m1.raw"):
    return ["P1", "[TMT6plex]-AAK", 2, psm, "M1", 1, run, channel, "Norm", "N1", quantity]


def test_each_channel_of_msstats_tmt_is_a_run_and_spectra_add_up(tmp_path):
    rows = [tmt("126", 10), tmt("127N", 5), tmt("126", 7, psm="b_2"), tmt("127N", "NA", psm="b_2")]
    parsed = read(write(tmp_path / "x", [MSSTATS_TMT, *rows], delimiter=","))
    assert parsed.format == "msstats"
    assert features_of(parsed) == [
        ("m1 channel 126", "[TMT6plex]-AAK", 2, 17.0, 2),
        ("m1 channel 127N", "[TMT6plex]-AAK", 2, 5.0, 3),
    ]
    assert kinds(parsed) == {"reporter_intensity"}
    assert parsed.ledger.cells_empty == 1


def test_openms_names_the_spectrum_behind_the_raw_file(tmp_path):
    rows = [
        [*tmt(channel, 10), f"D:/x/m1.mzML_controllerType=0 controllerNumber=1 scan={scan}"]
        for channel, scan in (("1", 5), ("1", 6), ("2", 5))
    ]
    parsed = read(write(tmp_path / "x", [[*MSSTATS_TMT, "Reference"], *rows], delimiter=","))
    assert [run.name for run in parsed.runs] == ["m1 channel 1", "m1 channel 2"]


def test_a_row_of_no_channel_names_no_run(tmp_path):
    parsed = read(write(tmp_path / "x", [MSSTATS_TMT, tmt("", 10), tmt("126", 1)], delimiter=","))
    assert parsed.ledger.rejected == {"names no run": 1}


def evidence(folder, head, *rows):
    start = ["AAK", "_AAK_", "r1", 2, 0.001]
    return write(folder / "x", [[*MAXQUANT, *head], *([*start, *row] for row in rows)])


def test_the_channels_of_maxquants_evidence_add_up_over_rows(tmp_path):
    head = ["Reporter intensity corrected 1", "Reporter intensity corrected 2",
            "Reporter intensity 1", "Reporter intensity 2",
            "Reporter intensity count 1"]  # fmt: skip
    rows = [["MULTI-MSMS", 900, 5, 6, 50, 60, 1], ["MSMS", "", 7, 0, 70, 0, 1]]
    parsed = read(evidence(tmp_path, head, *rows, ["MULTI-MATCH", 900, "", "", "", "", 0]))
    assert features_of(parsed) == [
        ("r1 channel 1", "AAK", 2, 12.0, 2),
        ("r1 channel 2", "AAK", 2, 6.0, 2),
    ]
    assert kinds(parsed) == {"reporter_intensity"}
    assert (parsed.ledger.cells_in, parsed.ledger.cells_empty) == (6, 3)


def test_before_1_6_the_corrected_channels_had_no_word_for_it_and_began_at_0(tmp_path):
    head = ["Reporter intensity 0", "Reporter intensity not corrected 0"]
    parsed = read(evidence(tmp_path, head, ["MSMS", 1, 5, 50]))
    assert features_of(parsed) == [("r1 channel 0", "AAK", 2, 5.0, 2)]


def test_the_labels_of_silac_are_runs_of_precursors_and_their_sum_is_none(tmp_path):
    head = ["Intensity L", "Intensity H", "Ratio H/L", "Labeling State"]
    rows = [
        ["MULTI-MSMS", 30, 10, 20, 2.0, 0],
        ["MSMS", "", "", "", "", 1],  # identified as heavy, not quantified: joins the feature
    ]
    parsed = read(evidence(tmp_path, head, *rows))
    assert features_of(parsed) == [
        ("r1 channel L", "AAK", 2, 10.0, 2),
        ("r1 channel H", "AAK", 2, 20.0, 2),
    ]
    assert kinds(parsed) == {"precursor_intensity"}
    path = evidence(tmp_path, head, *rows)
    text = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*text[:2], text[2].replace("AAK", "CCK")]), encoding="utf-8")
    assert features_of(read(path))[-1] == ("r1 channel H", "CCK", 2, None, 3)


def test_a_matched_label_without_a_quantity_found_nothing(tmp_path):
    head = ["Intensity L", "Intensity H", "Labeling State"]
    rows = [["MULTI-MATCH", 5, 5, 0, 0], ["MULTI-MATCH", "", "", "", 1]]
    parsed = read(evidence(tmp_path, head, *rows))
    assert [(f[0], f[3]) for f in features_of(parsed)] == [("r1 channel L", 5.0)]
    assert parsed.features["matched"].to_pylist() == [True]


def test_an_unlabelled_evidence_with_empty_channels_is_read_as_before(tmp_path):
    parsed = read(evidence(tmp_path, ["Reporter intensity corrected 1"], ["MSMS", 9, 0]))
    assert features_of(parsed) == [("r1", "AAK", 2, 9.0, 2)]


def test_the_user_may_name_another_quantity_than_the_channels(tmp_path):
    path = evidence(tmp_path, ["Reporter intensity corrected 1"], ["MSMS", 9, 5])
    parsed = read(path, ReadOptions(columns={"quantity": "Intensity"}))
    assert features_of(parsed) == [("r1", "AAK", 2, 9.0, 2)]


def test_spectra_of_msms_txt_add_up_in_every_channel(tmp_path):
    head = ["Raw file", "Scan number", "Sequence", "Modified sequence", "Charge", "PEP", "Masses",
            "Precursor Intensity", "Reporter intensity corrected 1"]  # fmt: skip
    rows = [["r1", scan, "AAK", "_AAK_", 2, 0.01, "1;2", 900, 5 + scan] for scan in (1, 2)]
    parsed = read(write(tmp_path / "x", [head, *rows]))
    assert features_of(parsed) == [("r1 channel 1", "AAK", 2, 13.0, 2)]
    assert parsed.features["psm_count"].to_pylist() == [2]


@pytest.mark.parametrize("mangled", [False, True])
def test_the_channels_of_peptides_txt_are_those_of_each_experiment(tmp_path, mangled):
    head = ["Sequence", "Amino acid before", "Leading razor protein", "PEP", "Intensity",
            "Intensity A", "Reporter intensity corrected 1", "Reporter intensity corrected 2",
            "Reporter intensity corrected 1 A", "Reporter intensity corrected 2 A",
            "Reporter intensity corrected 1 B", "Reporter intensity corrected 2 B"]  # fmt: skip
    head = [name.replace(" ", ".") for name in head] if mangled else head
    parsed = read(write(tmp_path / "x", [head, ["AAK", "K", "P1", 0.01, 9, 9, 8, 6, 5, 6, 3, 0]]))
    assert features_of(parsed) == [
        ("A channel 1", "AAK", None, 5.0, 2),
        ("A channel 2", "AAK", None, 6.0, 2),
        ("B channel 1", "AAK", None, 3.0, 2),
    ]
    assert kinds(parsed) == {"reporter_intensity"}
    assert parsed.ledger.cells_empty == 1


def test_channels_over_all_experiments_are_runs_of_the_file(tmp_path):
    head = ["Sequence", "Amino acid before", "Leading razor protein", "PEP", "Intensity",
            "Reporter intensity corrected 1"]  # fmt: skip
    path = write(tmp_path / "x", [head, ["AAK", "K", "P1", 0.01, 9, 5]])
    assert features_of(read(path, name="pep.txt")) == [("pep channel 1", "AAK", None, 5.0, 2)]


def test_reporters_of_peaks_matches_are_the_quantity_and_add_up(tmp_path):
    head = ["Peptide", "-10lgP", "Mass", "ppm", "m/z", "z", "RT", "Area", "Scan", "Source File",
            "Accession", "Intensity TMT10-126", "Intensity TMT10-127N",
            "Ratio TMT10-127N"]  # fmt: skip
    rows = [["A(+229.16)AK(+229.16)", 40, 700, 1, 350.1, 2, 10, 9e5, scan, "r1.raw", "P1",
             *more] for scan, more in ((7, (5, 6, 1)), (8, (7, 0, 1)))]  # fmt: skip
    parsed = read(write(tmp_path / "x", [head, *rows], delimiter=","))
    assert parsed.format == "peaks_psm"
    assert [(f[0], f[3]) for f in features_of(parsed)] == [
        ("r1 channel TMT10-126", 12.0),
        ("r1 channel TMT10-127N", 6.0),
    ]
    assert set(parsed.features["sequence"].to_pylist()) == {"AAK"}
    assert kinds(parsed) == {"reporter_intensity"}


def test_reporters_of_peaks_peptides_are_runs_of_the_file(tmp_path):
    head = ["Peptide", "-10lgP", "Mass", "Length", "ppm", "m/z", "z", "RT", "Area Sample 1",
            "#Spec", "Accession", "TMT10-126", "TMT10-127N"]  # fmt: skip
    row = ["AAK", 40, 700, 3, 1, 350.1, 2, 10, 9e5, 3, "P1", 5, ""]
    parsed = read(write(tmp_path / "x", [head, row], delimiter=","), name="pep.csv")
    assert parsed.format == "peaks_peptides"
    assert [(f[0], f[3]) for f in features_of(parsed)] == [("pep channel TMT10-126", 5.0)]
    assert [run.name for run in parsed.runs] == ["pep channel TMT10-126", "pep channel TMT10-127N"]


def test_a_sample_that_is_called_like_a_label_keeps_its_area(tmp_path):
    head = ["Peptide", "-10lgP", "Mass", "Length", "ppm", "m/z", "z", "RT", "Area TMT mix",
            "#Spec", "Accession"]  # fmt: skip
    row = ["AAK", 40, 700, 3, 1, 350.1, 2, 10, 9e5, 3, "P1"]
    parsed = read(write(tmp_path / "x", [head, row], delimiter=","))
    assert [(f[0], f[3]) for f in features_of(parsed)] == [("TMT mix", 9e5)]
    assert kinds(parsed) == {"peptide_intensity"}
