"""Real tables of MSAID, i2MassChroQ, psm_utils, PLGS and AlphaPept, read where they lie."""

import csv
from collections import Counter

import pytest

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read

pytestmark = pytest.mark.real

MSAID = "other/Proteobench__ProteoBench__MSAID_sample.tsv"
I2MASSCHROQ = (
    "other/Proteobench__ProteoBench__i2MassChroQ_DDA_quant_ions_test_new_random_subset.tsv"
)
MS2RESCORE = "other/compomics__ms2rescore__msms-psms.tsv"
PLGS = "other/rusteomics__mzcore__plgs_v3.0_peptide.csv"
PSM_UTILS = "xtandem_xml/compomics__psm_utils__PXD001077-Velos005137_swissprot-pfuriosus-canonical-crap_xtandem-refinement-phospho.t.xml.tsv.gz"  # noqa: E501 - the file's name
ALPHAPEPT = "alphapept/MannLabs__alphapeptstats__results.hdf"

# Format, rows, runs, features, peptides, peptidoforms, quantified, merged, filtered. The index
# counts 9 and 9367 peptides in the tables of psm_utils, for it counts decoys.
FILES = {
    MSAID: ("msaid", 2024, 6, 1754, 322, 349, 1754, 0, {"q-value > 0.01 (Q_VALUE)": 270}),
    I2MASSCHROQ: ("generic", 4997, 6, 4994, 4615, 4633, 4994, 3, {}),
    MS2RESCORE: ("psm_utils", 9, 1, 4, 4, 4, 4, 0, {"decoy": 5}),
    PLGS: ("plgs", 100, 1, 100, 100, 100, 100, 0, {}),
    PSM_UTILS: ("psm_utils", 13949, 1, 8140, 6999, 7360, 8140, 3012, {"decoy": 2797}),
}


def _rows(path, delimiter="\t"):
    with path.open(encoding="latin-1", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_it_must(folder, name):
    parsed = read(folder / name)
    ledger, features = parsed.ledger, parsed.features
    assert (
        parsed.format,
        ledger.rows_in,
        len(parsed.runs),
        features.num_rows,
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
        features.num_rows - features["quantity"].null_count,
        ledger.merged,
        ledger.filtered,
    ) == FILES[name]
    assert ledger.rejected == {}
    ledger.check()


def test_msaids_accessions_come_from_fasta_headers_and_quantities_from_their_rows(folder):
    lines = _rows(folder / MSAID)
    for feature in read(folder / MSAID).features.to_pylist():
        row = lines[feature["line"] - 2]
        assert feature["quantity"] == float(row["QUANTIFICATION"])
        headers = [part.split()[0].lstrip(">") for part in row["FASTA_HEADERS"].split(";") if part]
        assert feature["proteins"] == ";".join(headers)
        assert feature["sequence"] == row["SEQUENCE"]


def test_terms_of_psi_mod_become_unimods_names(folder):
    tags = Counter(
        tag.split("]")[0]
        for proforma in read(folder / I2MASSCHROQ).features["proforma"].to_pylist()
        for tag in proforma.split("[")[1:]
    )
    # MOD:00397 982, MOD:00425 and MOD:00719 250, MOD:01160 135, MOD:00394 54, MOD:00704 33, in
    # 4997 rows of which 3 merge.
    assert set(tags) == {"Carbamidomethyl", "Oxidation", "Ammonia-loss", "Acetyl", "Dehydrated"}
    assert 980 <= tags["Carbamidomethyl"] <= 982


def test_charges_of_plgs_are_those_of_the_precursor_and_no_averages(folder):
    lines = _rows(folder / PLGS, ",")
    for feature in read(folder / PLGS).features.to_pylist():
        row = lines[feature["line"] - 2]
        assert feature["precursor_charge"] == int(row["precursor.z"])
        assert feature["quantity"] == float(row["precursor.inten"])


def test_spectra_of_psm_utils_are_counted(folder):
    features = read(folder / PSM_UTILS).features
    assert sum(features["psm_count"].to_pylist()) == 13949 - 2797
    assert not any(" " in proteins for proteins in features["proteins"].to_pylist())


def test_alphapepts_hdf_is_refused_with_the_file_to_take(folder):
    with pytest.raises(ParseError, match="AlphaPept") as caught:
        read(folder / ALPHAPEPT)
    assert "results_peptides.csv" in caught.value.hint
