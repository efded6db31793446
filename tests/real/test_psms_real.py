"""Real files of search engines that report matches of spectra, read where they lie.

``rejected`` and ``peptides`` are spelled per file; where the peptides differ from the index's
count (taken without any filter), ``why`` says so.
"""

from dataclasses import dataclass, field

import pytest
from pyteomics import mzid, pepxml

from omicstoken_kernel.ingest import ReadOptions, read

pytestmark = pytest.mark.real


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


RANK = "not the best match of its spectrum"

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
    "mzidentml/HUPO-PSI__mzIdentML__55merge_tandem.mzid": Expected(
        "mzidentml", 170, 1, 45, 45, 45, 45, merged=1, filtered={"decoy": 124},
        index_peptides=153, why="the others are decoys",
    ),
    "mzidentml/HUPO-PSI__mzIdentML__Mascot_MSMS_example.mzid": Expected(
        "mzidentml", 40, 1, 4, 4, 4, 4, filtered={RANK: 35},
        rejected={"a substituted residue: the sequence is not certain": 1},
        index_peptides=33, why="ten ranks for each of four spectra",
    ),
    "mzidentml/HUPO-PSI__mzIdentML__mzidLib_Rosetta2a_Ecoli_spectra_msgfplus_fdr_threshold_groups.mzid.gz": Expected(  # noqa: E501 - the file's name
        "mzidentml", 1203, 1, 1125, 1001, 1096, 1125, merged=36,
        filtered={RANK: 31, "decoy": 11},
        index_peptides=1018, why="17 are decoys or second ranks",
    ),
    "mzidentml/PNNL-Comp-Mass-Spec__MSnID__phospho.mzid.gz": Expected(
        "mzidentml", 98, 1, 14, 9, 12, 14, filtered={"decoy": 44, "q-value > 0.01 (q-value)": 40},
        unfiltered_peptides=46, index_peptides=90, why="the others are decoys",
    ),
    "mzidentml/levitsky__pyteomics__test.mzid": Expected(
        "mzidentml", 22, 1, 12, 12, 12, 12, merged=2, filtered={RANK: 3, "decoy": 5},
        index_peptides=19, why="seven are decoys or further ranks",
    ),
    "pepxml/OpenMS__OpenMS__IDFileConverter_10_input.pepXML": Expected(
        "pepxml", 4, 2, 4, 4, 4, 4, index_peptides=4,
    ),
    "pepxml/compomics__psm_utils__PXD035029-34339_x00530_AH_AH006c_DDA_1_head.pepXML.gz": Expected(
        "pepxml", 182, 1, 176, 140, 151, 176, merged=6, index_peptides=140,
    ),
    "pepxml/compomics__psm_utils__PXD053286-G1_PTMiprophet.slice.pep.xml": Expected(
        "pepxml", 1, 1, 1, 1, 1, 1, index_peptides=1,
    ),
    "pepxml/crux-toolkit__crux-toolkit__sample.target.pep.xml": Expected(
        "pepxml", 275, 1, 14, 11, 11, 14, merged=44,
        filtered={RANK: 164, "q-value > 0.01 (q-value)": 53},
        unfiltered_peptides=54, index_peptides=132, why="three ranks for each spectrum",
    ),
    "pepxml/levitsky__pyteomics__test.pep.xml": Expected(
        "pepxml", 6, 1, 5, 5, 5, 5, filtered={RANK: 1},
        index_peptides=6, why="one is a second rank",
    ),
    "pepxml/wilhelm-lab__spectrum_io__psm_tmt.pepXML": Expected(
        "pepxml", 3, 1, 1, 1, 1, 1, filtered={"decoy": 2}, index_peptides=3, why="two are decoys",
    ),
    "idxml/OpenMS__OpenMS__BSA1_F1_msgf_idx_fdr_idpep_switched_filter.idXML": Expected(
        "idxml", 64, 1, 20, 17, 17, 20, merged=25,
        filtered={"decoy": 5, "q-value > 0.01 (q-value)": 14},
        unfiltered_peptides=25, index_peptides=30, why="five are decoys",
    ),
    "idxml/OpenMS__OpenMS__CometAdapter_4_out.idXML": Expected(
        "idxml", 713, 1, 174, 167, 167, 174, merged=25, filtered={RANK: 340, "decoy": 174},
        index_peptides=546, why="four hits for each spectrum, and decoys",
    ),
    "idxml/OpenMS__OpenMS__PercolatorAdapter_1_out.idXML": Expected(
        "idxml", 40, 1, 0, 0, 0, 0, filtered={"decoy": 22, "q-value > 0.01 (q-value)": 18},
        unfiltered_peptides=18, index_peptides=40, why="22 are decoys",
    ),
    "idxml/compomics__psm_utils__test_in.idXML": Expected(
        "idxml", 2, 1, 1, 1, 1, 1, filtered={"decoy": 1}, index_peptides=2, why="one is a decoy",
    ),
    "alphadia/MannLabs__alphabase__alphadia_1.8.1_report_head.tsv": Expected(
        "alphadia", 100, 1, 100, 100, 100, 100, index_peptides=100,
    ),
    "alphadia/compomics__psm_utils__alphadia.precursors.tsv": Expected(
        "alphadia", 3, 1, 3, 3, 3, 3, index_peptides=3,
    ),
    "alphapept/Proteobench__ProteoBench__AlphaPept_subset.csv": Expected(
        "alphapept", 9814, 6, 9751, 5056, 5154, 9751, merged=19, filtered={"decoy": 44},
        index_peptides=5092, why="36 are found as decoys only",
    ),
    "openswath/Vitek-Lab__MSstatsConvert__openswath_input.csv": Expected(
        "openswath", 26, 6, 13, 3, 3, 13,
        filtered={"not the best peak group of its precursor": 2, "decoy": 11},
        index_peptides=7, why="four are decoys",
    ),
    "msstats/Biocomputing-Research-Group__SEMQuant__MSstats.csv": Expected(
        "msstats", 204, 3, 68, 68, 68, 68, index_peptides=68,
    ),
    "msstats/Proteobench__ProteoBench__sample_dda_quantms.sdrf_openms_design_msstats_in.csv": Expected(  # noqa: E501 - the file's name
        "msstats", 100, 6, 100, 100, 100, 100, index_peptides=100,
    ),
    "msstats/Vitek-Lab__MSstatsConvert__openms_input.csv": Expected(
        "msstats", 343, 12, 343, 32, 32, 343, index_peptides=32,
    ),
    "msstats/bigbio__quantms.io__PXD040438_msstats_in.csv": Expected(
        "msstats", 5006, 2, 5006, 2685, 2729, 5006, index_peptides=2685,
    ),
    "crux_tide_txt/crux-toolkit__crux-toolkit__assign-default-tide-search.target.txt": Expected(
        "crux", 690, 1, 95, 88, 88, 95, merged=71, filtered={RANK: 524},
        index_peptides=285, why="five matches for each spectrum",
    ),
    "xtandem_xml/levitsky__pyteomics__test.t.xml": Expected(
        "xtandem", 1, 1, 1, 1, 1, 1, index_peptides=1,
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


def peptides_by_pyteomics(path):
    """Return the peptides of first rank that are no decoys, as pyteomics reads them."""
    if "mzid" in path.name:
        with mzid.read(str(path), retrieve_refs=True) as results:
            return {
                item["PeptideSequence"]
                for result in results
                for item in result["SpectrumIdentificationItem"]
                if item["rank"] == 1
                and not all(one.get("isDecoy") for one in item["PeptideEvidenceRef"])
            }
    with pepxml.read(str(path), use_index=False) as queries:
        return {
            hit["peptide"]
            for query in queries
            for hit in query["search_hit"]
            if hit["hit_rank"] == 1
            and not all(one["protein"].startswith("rev_") for one in hit["proteins"])
        }


# pyteomics opens a vocabulary beside the file and leaves it open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "name",
    [
        "mzidentml/HUPO-PSI__mzIdentML__55merge_tandem.mzid",
        "mzidentml/levitsky__pyteomics__test.mzid",
        "pepxml/crux-toolkit__crux-toolkit__sample.target.pep.xml",
        "pepxml/levitsky__pyteomics__test.pep.xml",
        "pepxml/wilhelm-lab__spectrum_io__psm_tmt.pepXML",
    ],
)
def test_pyteomics_finds_the_same_peptides(folder, name):
    ours = read(folder / name, ReadOptions(unfiltered=True)).features["sequence"].to_pylist()
    assert set(ours) == peptides_by_pyteomics(folder / name)


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
    (
        "mzidentml/HUPO-PSI__mzIdentML__55merge_tandem.mzid",
        "LC[Carbamidomethyl]YIALDFDEEM[Oxidation]KAAEDSSDIEK",
        {"precursor_charge": 3, "mz": 903.720851, "proteins": "psu|NC_LIV_020800", "line": 1358},
    ),
    (
        "pepxml/wilhelm-lab__spectrum_io__psm_tmt.pepXML",
        "[+304.20715]-TEVPM[+15.9949]GLSLRTTSAR",
        {"precursor_charge": 5, "score": 7.083, "rt_s": 1111.622314453125, "line": 129},
    ),
    (
        "idxml/OpenMS__OpenMS__BSA1_F1_msgf_idx_fdr_idpep_switched_filter.idXML",
        "YIC[Carbamidomethyl]DNQDTISSK",
        {"precursor_charge": 2, "q_value": 0.0, "psm_count": 4, "line": 114},
    ),
    (
        "alphadia/MannLabs__alphabase__alphadia_1.8.1_report_head.tsv",
        "[Dimethyl]-VTIAQGGVLPNIQAVLLPK[Dimethyl]",
        {"precursor_charge": 3, "quantity": 73868520.394796, "rt_s": 1575.394043, "line": 2},
    ),
    (
        "msstats/bigbio__quantms.io__PXD040438_msstats_in.csv",
        "AAC[Carbamidomethyl]LLPK",
        {"precursor_charge": 2, "quantity": 28798640000.0, "contaminant": True, "line": 2},
    ),
    (
        "xtandem_xml/levitsky__pyteomics__test.t.xml",
        "YLYVDK",
        {"precursor_charge": 2, "score": 16.4, "rt_s": 42.0, "line": 10},
    ),
]


@pytest.mark.parametrize(("name", "proforma", "values"), GOLDEN)
def test_a_real_feature_is_what_its_line_says(folder, name, proforma, values):
    rows = [row for row in read(folder / name).features.to_pylist() if row["proforma"] == proforma]
    row = next(row for row in rows if row["line"] == values["line"])
    for key, value in values.items():
        assert row[key] == (pytest.approx(value) if isinstance(value, float) else value), key
