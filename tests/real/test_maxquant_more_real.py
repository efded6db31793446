"""Real msms.txt, modificationSpecificPeptides.txt and DIA-NN matrix, checked by other means."""

import csv

import pytest

from omicstoken_kernel.ingest import read

pytestmark = pytest.mark.real

MSMS = "maxquant_msms/bigbio__quantms.io__msms.txt"
MSMS_9 = "maxquant_msms/wilhelm-lab__spectrum_io__msms.txt"
MODIFIED = (
    "maxquant_modificationSpecificPeptides/mtinti__zhe_20190507__modificationSpecificPeptides.txt"
)
MATRIX = "diann_pr_matrix/baynec2__mspms__diann_report.pr_matrix.tsv"

# Format; rows in, decoys, merged, runs, features; of these quantified; peptides, peptidoforms.
# The index counts 825, 9 and 4381 peptides with the decoys, which these figures are without.
FIGURES = {
    MSMS: ("maxquant_msms", 1000, 3, 68, 1, 929, 922, 822, 855),
    MSMS_9: ("maxquant_msms", 9, 3, 0, 3, 6, 6, 6, 6),
    MODIFIED: ("maxquant_modified", 4586, 9, 0, 2, 5434, 5131, 4372, 4577),
    MATRIX: ("diann_matrix", 3657, 0, 0, 16, 33386, 33386, 2682, 2834),
}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("name", FIGURES)
def test_a_real_table_gives_what_was_counted_in_it(folder, name):
    parsed = read(folder / name)
    ledger, features = parsed.ledger, parsed.features
    assert ledger.rejected == {}
    assert (
        parsed.format,
        ledger.rows_in,
        ledger.filtered.get("decoy", 0),
        ledger.merged,
        len(parsed.runs),
        features.num_rows,
        features.num_rows - features["quantity"].null_count,
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
    ) == FIGURES[name]


def test_every_filled_cell_of_the_matrix_is_a_feature(folder):
    rows = rows_of(folder / MATRIX)
    runs = [name for name in rows[0] if name.endswith(".raw")]
    filled = {
        (row["Precursor.Id"], run): float(row[run])
        for row in rows for run in runs if row[run] not in ("", "0")
    }  # fmt: skip
    parsed = read(folder / MATRIX)
    assert [run.key for run in parsed.runs] == runs
    assert parsed.ledger.features == len(filled)
    total = sum(parsed.features["quantity"].to_pylist())
    assert total == pytest.approx(sum(filled.values()))


def test_a_modified_peptide_whose_place_is_not_known_says_so(folder):
    rows = rows_of(folder / MODIFIED)
    unsure = [
        row for row in rows
        if row["Modifications"] == "Oxidation (M)" and row["Sequence"].count("M") > 1
        and row["Reverse"] != "+"
    ]  # fmt: skip
    forms = set(read(folder / MODIFIED).features["proforma"].to_pylist())
    assert unsure
    assert {f"[Oxidation]?{row['Sequence']}" for row in unsure} <= forms


# Run, ProForma, charge and what its lines say.
GOLDEN = [
    # lines 3 and 4: two spectra, the second of the larger precursor
    (MSMS, "20130403_QE6_LC5_SJ_QC_MNT_HeLa_01", "AAAAAAAAAPAAAATAPTTAATTAATAAQ", 3,
     {"quantity": 3538180.25, "psm_count": 2, "score": 40.682, "pep": 8.4489e-05, "line": 3}),
    (MSMS_9, "GN20170722_SK_HLA_G0103_R1_02", "AAAAAVAGVGRGG", 2,
     {"quantity": 1384891.5, "rt_s": 88.186 * 60, "mz": 514.2858, "line": 2,
      "proteins": "uc009yqv.3;uc001ogi.3;C11orf68_p.V135L_uc001ogi.2|C11orf68"}),
    (MODIFIED, "2", "AAAAEAAEAER", None, {"quantity": 611300.0, "score": 129.38, "line": 2}),
    (MATRIX, "CS_MSPMS_SpeB_T0_1", "[Acetyl]-AAPYHKLE", 2, {"quantity": 4248.29, "line": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "run", "proforma", "charge", "values"), GOLDEN)
def test_a_real_feature_is_what_its_lines_say(folder, name, run, proforma, charge, values):
    parsed = read(folder / name)
    (row,) = [
        row
        for row in parsed.features.to_pylist()
        if (parsed.runs[row["run"]].name, row["proforma"], row["precursor_charge"])
        == (run, proforma, charge)
    ]
    for key, value in values.items():
        assert row[key] == (pytest.approx(value) if isinstance(value, float) else value), key
