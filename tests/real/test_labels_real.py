"""Real tables of quantms and others with labels, read where they lie."""

from dataclasses import dataclass, field

import pandas as pd
import pyarrow.parquet as pq
import pytest

from omicstoken_kernel.ingest import ReadOptions, read

pytestmark = pytest.mark.real

PSMS = "quantms_qpx/bigbio__quantms-rescoring__psms.parquet"
FEATURES = "quantms_qpx/bigbio__quantms.io__feature.parquet"

SPECTROMINE = "spectromine/Vitek-Lab__MSstatsConvert__spectromine_input.csv"

PROGENESIS = "progenesis/Vitek-Lab__MSstatsConvert__progenesis_input.csv"


@dataclass(frozen=True)
class Expected:
    """What reading one file gives; where peptides differ from the index's count, ``why`` says."""

    format: str
    rows_in: int
    runs: int
    features: int
    peptides: int
    peptidoforms: int
    quantified: int
    merged: int = 0
    filtered: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    index_peptides: int | None = None
    why: str = ""


FILES = {
    PSMS: Expected(
        "quantms_qpx", 5586, 1, 3974, 3455, 3524, 3974, merged=286, filtered={"decoy": 1326},
        index_peptides=4646, why="1191 are only found as decoys",
    ),
    FEATURES: Expected(
        "quantms_qpx", 1000, 1, 947, 836, 847, 947,
        filtered={"q-value > 0.01 (global_qvalue)": 53},
        index_peptides=873, why="37 are above the q-value",
    ),
    SPECTROMINE: Expected(
        "spectromine", 177, 72, 640, 50, 55, 640, merged=69, index_peptides=50,
    ),
    PROGENESIS: Expected(
        "progenesis", 51, 12, 592, 43, 43, 592, merged=1, index_peptides=43,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_it_must(folder, name):
    parsed, expected = read(folder / name), FILES[name]
    ledger, features = parsed.ledger, parsed.features
    found = Expected(
        parsed.format,
        ledger.rows_in,
        len(parsed.runs),
        features.num_rows,
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
        features.num_rows - features["quantity"].null_count,
        ledger.merged,
        ledger.filtered,
        ledger.rejected,
        expected.index_peptides,
        expected.why,
    )
    assert found == expected
    ledger.check()
    assert (found.peptides == expected.index_peptides) is (not expected.why)


def test_decoys_of_quantms_go_by_their_flag_and_targets_found_among_them_stay(folder):
    flags = pq.read_table(folder / PSMS, columns=["is_decoy"])["is_decoy"].to_pylist()
    parsed = read(folder / PSMS)
    assert parsed.ledger.filtered == {"decoy": sum(flags)}
    proteins = parsed.features["proteins"].to_pylist()
    mixed = [one for one in proteins if ";rev" in f";{one}"]
    assert mixed
    assert all(any(not p.startswith("rev") for p in one.split(";")) for one in mixed)


def test_labels_of_quantms_are_modifications_and_no_residues(folder):
    features = read(folder / PSMS).features
    assert {"[TMT6plex]-SMVYRILR", "[TMT6plex]-QGSVTEFLK[TMT6plex]"} <= set(
        features["proforma"].to_pylist()
    )


def test_minutes_in_a_column_of_seconds_are_told_by_the_peaks(folder):
    parsed = read(folder / FEATURES, ReadOptions(unfiltered=True))
    given = pq.read_table(folder / FEATURES, columns=["rt"])["rt"].to_pylist()
    assert parsed.features["rt_s"].to_pylist() == pytest.approx([rt * 60 for rt in given])
    assert sum("read as minutes" in warning for warning in parsed.warnings) == 1


def test_reporters_of_spectromine_add_up_to_what_the_file_holds(folder):
    given = pd.read_csv(folder / SPECTROMINE)
    channels = [name for name in given.columns if name.startswith("PSM.TMT6_")]
    parsed = read(folder / SPECTROMINE)
    total = given[channels].sum().sum()
    assert sum(parsed.features["quantity"].to_pylist()) == pytest.approx(total)
    assert parsed.ledger.cells_empty == given[channels].isna().sum().sum() == 9
    assert {run.name.split(" channel ")[1] for run in parsed.runs} == {
        f"TMT6_{mass}" for mass in range(126, 132)
    }


def test_raw_abundances_of_progenesis_are_read_and_normalised_ones_are_not(folder):
    given = pd.read_csv(folder / PROGENESIS, header=2)
    raw = given[[name for name in given.columns if name.endswith(".1")]]
    parsed = read(folder / PROGENESIS)
    total = sum(parsed.features["quantity"].to_pylist())
    assert total == pytest.approx(raw.sum().sum())
    assert parsed.runs[3].quantity_column == "Raw abundance: JD_06232014_sample4-A"


def test_peaks_of_progenesis_without_a_spectrum_in_the_sample_are_matched(folder):
    given = pd.read_csv(folder / PROGENESIS, header=2)
    spectra = given[[name for name in given.columns if name.endswith(".2")]]
    parsed = read(folder / PROGENESIS)
    matched = sum(parsed.features["matched"].to_pylist())
    # Of 612 cells; 8 are empty, and of two rows that are one peptide the second has no spectrum.
    assert 0 < matched <= int((spectra == 0).sum().sum())
    assert parsed.features.num_rows - matched <= int((spectra > 0).sum().sum())
