"""Real files of search engines that report matches of spectra, read where they lie.

``rejected`` and ``peptides`` are spelled per file; where the peptides differ from the index's
count (taken without any filter), ``why`` says so.
"""

import os
from dataclasses import dataclass, field

import pytest

from omicstoken_kernel.ingest import ReadOptions, read

pytestmark = pytest.mark.real


@pytest.fixture
def folder(realdata):
    """The folder of real files; without it these tests have nothing to say, except in CI."""
    if not realdata.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"no real files at {realdata}")
    return realdata


@dataclass(frozen=True)
class Expected:
    """What reading one file gives; ``unfiltered_peptides`` without any q-value filter."""

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
    unfiltered_peptides: int | None = None
    index_peptides: int | None = None
    why: str = ""


FILES = {
    "sage_lfq/Proteobench__ProteoBench__sage_sample_input_lfq.tsv": Expected(
        "sage_lfq", 1556, 6, 9282, 1553, 1556, 9282, index_peptides=1553,
    ),
    "sage_results/wilhelm-lab__spectrum_io__sage_output.tsv": Expected(
        "sage_results", 17, 1, 0, 0, 0, 0,
        filtered={"decoy": 6, "q-value > 0.01 (spectrum_q)": 11},
        unfiltered_peptides=11, index_peptides=17, why="six are decoys, all q-values are 0.3",
    ),
    "mztab/HUPO-PSI__mzTab__OpenMS_PQ_example.mzTab": Expected(
        "mztab", 3221, 8, 18563, 3208, 3208, 18563, filtered={"decoy": 13},
        index_peptides=3221, why="13 are decoys",
    ),
    "mztab/HUPO-PSI__mzTab__SILAC_CQI.mzTab": Expected(
        "mztab", 30, 3, 26, 10, 13, 26, merged=4, index_peptides=10,
    ),
    "mztab/OpenMS__OpenMS__ProteomicsLFQ_1_out.mzTab": Expected(
        "mztab", 42, 3, 68, 29, 35, 68, index_peptides=42,
        why="the other 13 stand in the PSM section only, without a quantity",
    ),
    "mztab/bigbio__quantms.io__MSV000079033.mzTab": Expected(
        "mztab", 1491, 1, 1092, 711, 903, 1092, merged=399, index_peptides=711,
    ),
    "mztab/bigbio__quantms.io__PXD040438.mzTab": Expected(
        "mztab", 9911, 2, 6717, 3988, 4081, 6717, merged=3192, filtered={"decoy": 2},
        index_peptides=3990, why="two are decoys",
    ),
    "mztab/levitsky__pyteomics__test.mztab": Expected(
        "mztab", 1037, 25, 320, 292, 301, 320, merged=715, filtered={"decoy": 2},
        index_peptides=294, why="two are decoys",
    ),
    "mztab_denovo/Proteobench__ProteoBench__denovo_benchmark_test.casanovo.mztab": Expected(
        "mztab", 9000, 1, 7729, 7276, 7447, 7729, merged=1271, index_peptides=7276,
    ),
    "percolator/compomics__psm_utils__PXD001077-Velos005137_swissprot-pfuriosus-canonical-crap_xtandem-refinement-phospho-ms2rescore.pout.gz": Expected(  # noqa: E501 - the file's name
        "percolator", 13949, 1, 3600, 3471, 3600, 3600, merged=3120,
        filtered={"decoy": 2795, "q-value > 0.01 (q-value)": 4434},
        unfiltered_peptides=7000, index_peptides=9367, why="the index counts decoys, too",
    ),
    "percolator/kusterlab__picked_group_fdr__percolator_decoy.psms": Expected(
        "percolator", 31081, 9, 0, 0, 0, 0, filtered={"decoy": 31081},
        index_peptides=8811, why="a file of decoys",
    ),
    "percolator/kusterlab__picked_group_fdr__results.sage.ms2rescore.mokapot.decoy.psms.txt": Expected(  # noqa: E501 - the file's name
        "percolator", 9439, 9, 0, 0, 0, 0, filtered={"decoy": 9439},
        index_peptides=3367, why="a file of decoys",
    ),
    "percolator/thinkle12__pyproteininference__test_perc_data_target.tsv": Expected(
        "percolator", 25, 1, 23, 23, 23, 0, filtered={"q-value > 0.01 (q-value)": 1},
        rejected={"holds a sign that is no amino acid": 1},
        unfiltered_peptides=24, index_peptides=25, why="one holds a sign of its engine (Y#)",
    ),
    "percolator/wilhelm-lab__oktoberfest__rescore.percolator.decoy.psms.txt": Expected(
        "percolator", 14712, 1, 0, 0, 0, 0, filtered={"decoy": 14712},
        index_peptides=12889, why="a file of decoys, as its name says and nothing else",
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
    assert ledger.rejected == expected.rejected
    assert ledger.filtered == expected.filtered
    assert ledger.merged == expected.merged
    assert len(parsed.runs) == expected.runs
    assert features.num_rows == ledger.features == expected.features
    assert distinct(parsed) == expected.peptides
    assert distinct(parsed, "proforma") == expected.peptidoforms
    assert features.num_rows - features["quantity"].null_count == expected.quantified


@pytest.mark.parametrize("name", FILES)
def test_peptides_agree_with_the_index_or_the_difference_is_explained(folder, name):
    expected = FILES[name]
    found = distinct(read(folder / name, ReadOptions(unfiltered=True)))
    assert found == (
        expected.peptides if expected.unfiltered_peptides is None else expected.unfiltered_peptides
    )
    assert (found == expected.index_peptides) != bool(expected.why)


# One feature of a file, checked by hand against the line it comes from.
GOLDEN = [
    (
        "sage_lfq/Proteobench__ProteoBench__sage_sample_input_lfq.tsv",
        "STAISLYSEMSDEDVK",
        {"precursor_charge": 2, "quantity": 250744048.5494643, "q_value": 0.0035725886, "line": 3},
    ),
    (
        "mztab/OpenMS__OpenMS__ProteomicsLFQ_1_out.mzTab",
        "C[Carbamidomethyl]C[Carbamidomethyl]TESLVNR",
        {"precursor_charge": 2, "quantity": 20567820.0, "rt_s": 1725.3397457546837, "line": 114},
    ),
    (
        "mztab/levitsky__pyteomics__test.mztab",
        "ADTTLDESIY",
        {"score": 79.5969341742819, "rt_s": 99.4444961547852 * 60, "psm_count": 1, "line": 499},
    ),
    (
        "mztab_denovo/Proteobench__ProteoBench__denovo_benchmark_test.casanovo.mztab",
        "AEEHANR",
        {"precursor_charge": 2, "score": 0.9781099110841751, "line": 62},
    ),
    (
        "percolator/thinkle12__pyproteininference__test_perc_data_target.tsv",
        "CQTCGYKFHEHCSTK",
        {"score": 7.0, "q_value": 0.00032, "pep": 3.5e-06, "line": 2},
    ),
]


@pytest.mark.parametrize(("name", "proforma", "values"), GOLDEN)
def test_a_real_feature_is_what_its_line_says(folder, name, proforma, values):
    rows = [row for row in read(folder / name).features.to_pylist() if row["proforma"] == proforma]
    row = next(row for row in rows if row["line"] == values["line"])
    for key, value in values.items():
        assert row[key] == (pytest.approx(value) if isinstance(value, float) else value), key
