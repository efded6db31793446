"""mzTab: its PEP section, de novo sequences, and what spreadsheets do to it."""

import pytest
from ingest_files import MAKERS, features_of
from made_file import write

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest.mztab import _sites

METADATA = [
    ["MTD", "mzTab-version", "1.0.0"],
    ["MTD", "peptide_search_engine_score[1]", "[MS, MS:1003114, OpenMS:Best PSM Score, ]"],
    ["MTD", "psm_search_engine_score[1]", "[MS, MS:1003115, OpenMS:Target-decoy PSM q-value, ]"],
    ["MTD", "ms_run[1]-location", "file:///d/one.mzML"],
    ["MTD", "ms_run[2]-location", "file:///d/two.mzML"],
    ["MTD", "assay[1]-ms_run_ref", "ms_run[1]"],
    ["MTD", "assay[2]-ms_run_ref", "ms_run[2]"],
    ["MTD", "study_variable[1]-assay_refs", "assay[1]"],
    ["MTD", "study_variable[2]-assay_refs", "assay[2]"],
    ["MTD", "study_variable[2]-description", "treated"],
]  # fmt: skip
PEH = [
    "PEH", "sequence", "accession", "best_search_engine_score[1]",
    "search_engine_score[1]_ms_run[1]", "search_engine_score[1]_ms_run[2]", "modifications",
    "retention_time", "charge", "mass_to_charge", "peptide_abundance_study_variable[1]",
    "peptide_abundance_stdev_study_variable[1]", "peptide_abundance_study_variable[2]",
]  # fmt: skip


def pep(sequence, scores, quantities, q=0.001):
    first, second = quantities
    return ["PEP", sequence, "P1", q, *scores, "null", "60|61", 2, 450.5, first, 9, second]


def test_quantities_come_from_the_peptide_section_with_what_was_matched(tmp_path):
    rows = [
        *METADATA,
        PEH,
        pep("AAAK", (0.001, "null"), (10.0, 20.0)),  # matched in the second run
        pep("AACDK", ("null", 0.001), ("null", "null")),  # identified, not quantified
        pep("AADK", (0.001, 0.001), (5.0, 6.0), q=0.5),
        ["PSH", "sequence", "PSM_ID"],
        ["PSM", "AAAK", 1],
        ["PSM", "AAEK", 2],
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert features_of(parsed) == [
        ("one", "AAAK", 2, 10.0, 12),
        ("treated", "AAAK", 2, 20.0, 12),
        ("treated", "AACDK", 2, None, 13),
    ]
    assert parsed.features["matched"].to_pylist() == [False, True, False]
    assert parsed.features["rt_s"].to_pylist() == [60.0, 60.0, 60.0]
    assert parsed.ledger.filtered == {"q-value > 0.01 (best_search_engine_score[1])": 1}
    assert any("1 peptides stand only there" in warning for warning in parsed.warnings)


def test_a_peptide_section_without_quantities_leaves_it_to_the_matches(tmp_path):
    rows = [
        *METADATA,
        PEH,
        pep("AAAK", (0.001, "null"), ("null", "null")),
        ["PSH", "sequence", "PSM_ID", "spectra_ref"],
        ["PSM", "AAEK", 2, "ms_run[2]:scan=1"],
    ]
    assert features_of(read(write(tmp_path / "x", rows))) == [("two", "AAEK", None, 1.0, 14)]


def test_de_novo_sequences_are_said_to_be_so_and_keep_their_negative_scores(tmp_path):
    rows = [
        ["MTD", "mzTab-version", "1.0.0"],
        ["MTD", "software[1]", "[MS, MS:1003281, Casanovo, 4.2.0]"],
        ["MTD", "ms_run[1]-location", "file:///d/one.mgf"],
        ["PSH", "sequence", "PSM_ID", "search_engine_score[1]", "charge", "spectra_ref"],
        ["PSM", "AAM+15.995K", 1, 0.9, "2.0", "ms_run[1]:index=0"],
        ["PSM", "+42.011AAK", 2, -0.4, "2.0", "ms_run[1]:index=1"],
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.features["proforma"].to_pylist() == ["AAM[+15.995]K", "[+42.011]-AAK"]
    assert parsed.features["score"].to_pylist() == [0.9, -0.4]
    assert any("de novo" in warning and "1 of 2" in warning for warning in parsed.warnings)
    assert parsed.runs[0].filter_note.startswith("unfiltered")


def test_a_file_saved_again_by_a_spreadsheet_gives_the_same(tmp_path):
    path = MAKERS["mztab"](tmp_path).path
    before = read(path)
    lines = [
        "\t".join(f'"{cell}"' if "," in cell else cell for cell in line.split("\t")) + "\t" * 7
        for line in path.read_text().splitlines()
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    after = read(path)
    assert after.features.equals(before.features)
    assert after.ledger.filtered == before.ledger.filtered


def test_times_of_maxquant_are_minutes(tmp_path):
    rows = [
        ["MTD", "mzTab-version", "1.0.0"],
        ["MTD", "software[1]", "[MS, MS:1001583, MaxQuant,1.6.3.4]"],
        ["PSH", "sequence", "PSM_ID", "retention_time"],
        ["PSM", "AAAK", 1, 99.5],
    ]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.features["rt_s"].to_pylist() == [99.5 * 60]
    assert any("minutes" in warning for warning in parsed.warnings)


def test_a_file_of_proteins_alone_is_refused(tmp_path):
    rows = [["MTD", "mzTab-version", "1.0.0"], ["PRH", "accession"], ["PRT", "P1"]]
    with pytest.raises(ParseError, match="no rows of peptides"):
        read(write(tmp_path / "x", rows))


@pytest.mark.parametrize(
    ("listed", "sites"),
    [
        ("3[MS,MS:1001876,modification probability,0.8]-UNIMOD:21", [(3, "UNIMOD:21")]),
        ("1-CHEMMOD:-18.01,2-CHEMMOD:15.99", [(1, "-18.01"), (2, "+15.99")]),
        ("0-MOD:00394, 4-[MS, MS:1001524, fragment neutral loss, 63.99]", [(0, "MOD:00394")]),
        ("0", []),
    ],
)
def test_modifications_are_read_with_their_places(listed, sites):
    assert _sites(listed, "AAAA") == sites


@pytest.mark.parametrize(
    ("listed", "stored"),
    [
        ("3-CHEMMOD:+HPO3", "AAS[Formula:HPO3]K"),
        ("3-CHEMMOD:HPO3", "AAS[Formula:HPO3]K"),
        ("3-CHEMMOD:-H2O", "AAS[Formula:H-2O-1]K"),
        ("3-CHEMMOD:79.966", "AAS[+79.966]K"),
        ("3-CHEMMOD:-0.98", "AAS[-0.98]K"),
    ],
)
def test_a_chemical_modification_is_written_as_proforma_has_it(tmp_path, listed, stored):
    peh = ["PSH", "sequence", "PSM_ID", "modifications", "charge"]
    path = write(tmp_path / "x", [METADATA[0], peh, ["PSM", "AASK", 1, listed, 2]])
    assert features_of(read(path))[0][1] == stored
