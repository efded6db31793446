"""Channels of labelled experiments in the tables of each engine: one run per file and channel."""

from ingest_files import features_of
from made_file import write

from omicstoken_kernel.ingest import read

MSSTATS_TMT = [
    "ProteinName", "PeptideSequence", "Charge", "PSM", "Mixture", "TechRepMixture", "Run",
    "Channel", "Condition", "BioReplicate", "Intensity",
]  # fmt: skip


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
