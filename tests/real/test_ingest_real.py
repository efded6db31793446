"""Real result files, read where they lie: what each must give, or why it gives something else.

``INDEX.md`` beside the files counts rows, and distinct peptides by an independent rough stripper.
"""

import re
from dataclasses import dataclass

import pytest

from omicstoken_kernel.errors import OmicsTokenError, ParseError
from omicstoken_kernel.ingest import FEATURES, ReadOptions, read

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Expected:
    """What reading one file gives.

    ``unfiltered_peptides`` are the distinct peptides without any q-value filter, ``why`` says why
    they differ from the index, if they do.
    """

    format: str
    rows_in: int
    runs: int
    features: int
    peptides: int
    peptidoforms: int
    quantified: int
    merged: int = 0
    matched: int = 0
    filtered: tuple[tuple[str, int], ...] = ()
    unfiltered_peptides: int | None = None
    why: str = ""


Q, LIB, GLOBAL = (
    "q-value > 0.01 (Q.Value)",
    "q-value > 0.01 (Lib.Q.Value)",
    "q-value > 0.01 (Global.Q.Value)",
)

FILES = {
    "maxquant_peptides/MannLabs__directlfq__mq_peptides.txt": Expected(
        "maxquant_peptides", 999, 12, 9413, 998, 998, 9247, matched=4561, filtered=(("decoy", 1),),
        why="one of the 999 is a decoy",
    ),
    "maxquant_peptides/gangabhavani129__dep__peptides.txt": Expected(
        "maxquant_peptides", 2340, 11, 9935, 2336, 2336, 9695, filtered=(("decoy", 4),),
        why="four of the 2340 are decoys",
    ),
    "maxquant_peptides/yuqing-oss__peptidomics-chapter2__peptides.txt": Expected(
        "maxquant_peptides", 753, 36, 17504, 637, 637, 17504,
        why="116 of the 753 are 0 in all 36 samples, and the columns that say where they were "
        "identified have been taken out",
    ),
    "maxquant_evidence/Proteobench__ProteoBench__MaxDIA_sample_test.txt": Expected(
        "maxquant_evidence", 2797, 6, 1280, 360, 360, 1280, merged=764,
        filtered=(("q-value > 0.01 (Q-value)", 753),),
    ),
    "maxquant_evidence/Proteobench__ProteoBench__MaxQuant_2_5_1_evidence_sample.txt": Expected(
        "maxquant_evidence", 918, 6, 887, 217, 226, 831, merged=31,
    ),
    "maxquant_evidence/Vitek-Lab__MSstatsConvert__mq_ev.csv": Expected(
        "maxquant_evidence", 1575, 15, 1431, 64, 76, 1417, merged=144, matched=433,
    ),
    "diann_report_tsv/MannLabs__alphabase__diann_1.8.1_report_head.tsv": Expected(
        "diann_report", 100, 6, 100, 17, 17, 100,
    ),
    "diann_report_tsv/MannLabs__alphabase__diann_1.9.0_report_head.tsv": Expected(
        "diann_report", 100, 6, 100, 19, 19, 100,
    ),
    "diann_report_tsv/Proteobench__ProteoBench__DIANN_1.9_beta_sample_report.tsv": Expected(
        "diann_report", 1168, 6, 1168, 225, 227, 1168,
    ),
    "diann_report_tsv/Roestlab__massdash__test_diann_report_combined.tsv": Expected(
        "diann_report", 16, 2, 16, 4, 4, 16,
    ),
    "diann_report_parquet/Proteobench__ProteoBench__entrapment_test_subset.parquet": Expected(
        "diann_report", 100, 3, 68, 68, 68, 68, filtered=((Q, 26), (LIB, 6)),
        unfiltered_peptides=100,
    ),
    "fragpipe_other/Proteobench__ProteoBench__MSFraggerDIA_sample_test.tsv": Expected(
        "diann_report", 497, 6, 496, 85, 86, 496, filtered=((GLOBAL, 1),), unfiltered_peptides=86,
    ),
    "ligand_list/CaronLab__MhcVizPipe__H2-Kb.tsv": Expected(
        "ligand_list", 3860, 1, 3859, 3859, 3859, 0, merged=1,
    ),
    "ligand_list/CaronLab__MhcVizPipe__JY.tsv": Expected(
        "ligand_list", 5464, 1, 5464, 5464, 5464, 0,
    ),
    "ligand_list/CaronLab__MhcVizPipe__Lymphoma.txt": Expected(
        "ligand_list", 2728, 1, 2728, 2728, 2728, 0,
    ),
    "ligand_list/CaronLab__MhcVizPipe__PBMC_1.tsv": Expected(
        "ligand_list", 1659, 1, 1659, 1659, 1659, 0,
    ),
    "ligand_list/CaronLab__MhcVizPipe__mouse_liver.txt": Expected(
        "ligand_list", 1000, 1, 983, 983, 983, 0, merged=17,
    ),
    "ligand_list/JamieHeather__xenoimmunopeptidomics__Ternette-SysMHC-peptide-public-Y-TernetteSysMHCC1866-.csv": Expected(  # noqa: E501 - the file's name
        "generic", 1845, 1, 1841, 1841, 1841, 1841, merged=4,
    ),
}  # fmt: skip


def distinct(parsed, column="sequence"):
    return len(set(parsed.features[column].to_pylist()))


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_it_must(folder, name):
    expected = FILES[name]
    parsed = read(folder / name)
    ledger, features = parsed.ledger, parsed.features
    assert parsed.format == expected.format
    assert ledger.rows_in == expected.rows_in
    assert ledger.rejected == {}
    assert tuple(ledger.filtered.items()) == expected.filtered
    assert ledger.merged == expected.merged
    assert len(parsed.runs) == expected.runs
    assert features.num_rows == ledger.features == expected.features
    assert distinct(parsed) == expected.peptides
    assert distinct(parsed, "proforma") == expected.peptidoforms
    assert features.num_rows - features["quantity"].null_count == expected.quantified
    assert sum(features["matched"].to_pylist()) == expected.matched


def index_of(folder):
    """Return file name to rows and peptides, as the index counts them."""
    rows = re.findall(
        r"^\| (\S+/[^|]+?) \|[^|]*\|[^|]*\|[^|]*\| (\d+) \| (\d+) \|",
        (folder / "INDEX.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {name: (int(count), int(peptides)) for name, count, peptides in rows}


@pytest.mark.parametrize("name", FILES)
def test_rows_and_peptides_agree_with_the_index_or_the_difference_is_explained(folder, name):
    expected = FILES[name]
    rows, peptides = index_of(folder)[name]
    assert expected.rows_in == rows
    found = distinct(read(folder / name, ReadOptions(unfiltered=True)))
    if expected.unfiltered_peptides is not None:
        assert found == expected.unfiltered_peptides
    assert (found == peptides) != bool(expected.why)


GOLDEN = [
    (
        "maxquant_evidence/Proteobench__ProteoBench__MaxQuant_2_5_1_evidence_sample.txt",
        "[Acetyl]-AAAAAAGAGPEM[Oxidation]VR",
        2,
        # lines 42 and 43 are peaks of their own, line 44 a spectrum without one
        {"quantity": 17494000.0 + 9956400.0, "psm_count": 4, "line": 42, "matched": False},
    ),
    (
        "diann_report_tsv/Proteobench__ProteoBench__DIANN_1.9_beta_sample_report.tsv",
        "[Acetyl]-AAAAAAAGAAGSAAPAAAAGAPGSGGAPSGSQGVLIGDR",
        4,
        {"quantity": 628861.0, "q_value": 0.00312619, "rt_s": 106.869 * 60, "line": 2},
    ),
    (
        "diann_report_parquet/Proteobench__ProteoBench__entrapment_test_subset.parquet",
        "GLQVGGC[Carbamidomethyl]EPEPQVC[Carbamidomethyl]",
        2,
        {"quantity": 1900183.375, "line": 3},
    ),
    (
        "maxquant_peptides/MannLabs__directlfq__mq_peptides.txt",
        "AAAAAAAAAVSR",
        None,
        {
            "quantity": None,
            "pep": 0.005839,
            "score": 76.228,
            "line": 3,
            "proteins": "Q96JP5;A0A0A6YYC7;Q96JP5-2",
        },
    ),
]


@pytest.mark.parametrize(("name", "proforma", "charge", "values"), GOLDEN)
def test_a_real_feature_is_what_its_line_says(folder, name, proforma, charge, values):
    rows = [
        row
        for row in read(folder / name).features.to_pylist()
        if row["proforma"] == proforma and row["precursor_charge"] == charge
    ]
    row = next(row for row in rows if row["line"] == values["line"])
    for key, value in values.items():
        assert row[key] == (pytest.approx(value) if isinstance(value, float) else value), key


def test_every_other_real_file_is_read_with_balanced_accounts_or_refused_in_words(folder):
    problems = []
    for path in sorted(folder.glob("*/*")):
        try:
            parsed = read(path)
            parsed.ledger.check()
            assert parsed.features.schema.equals(FEATURES)
            assert parsed.features.num_rows == parsed.ledger.features
        except OmicsTokenError as error:
            if not (error.message and error.hint):
                problems.append((path.name, "says nothing"))
        except Exception as error:  # noqa: BLE001 - the point of this test
            problems.append((path.name, repr(error)))
    assert problems == []


# A piece of the file's name, and of what it is refused as.
REFUSED = [
    ("sample_openswath.tsv", "spectral library"),
    ("10k_psms_test.pin", "input for Percolator"),
    ("confidence_results_test.tsv", "does not hold peptides"),
    ("highscore_rows.csv.gz", "predictions"),
    ("Y10_VS_Y1.results.tsv", "differential expression"),
    ("results.hdf", "HDF5"),
    ("perseuspy__matrix.txt", "Perseus"),
]


@pytest.mark.parametrize(("name", "what"), REFUSED)
def test_what_is_no_result_is_refused_as_what_it_is(folder, name, what):
    (path,) = folder.glob(f"*/*{name}")
    with pytest.raises(ParseError, match=what):
        read(path)
