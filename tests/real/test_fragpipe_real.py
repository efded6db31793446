"""FragPipe's real tables, each with the figures counted from the file by other means."""

import pytest

from omicstoken_kernel.ingest import read

pytestmark = pytest.mark.real

PSM = "fragpipe_psm/NitheshPerumal__FPICS-Iodination-Quant__psm.tsv"
PSM_5 = "fragpipe_psm/compomics__psm_utils__fragpipe.psm.tsv"
PEPTIDE = "fragpipe_peptide/sabrinakhuntia99__decoding_enzymes__peptide.tsv"
# The index counts it among the combined tables; it is the peptide.tsv of one experiment.
PEPTIDE_50 = "fragpipe_combined_peptide/MannLabs__alphamap__test_fragpipe_input.tsv"
COMBINED = "fragpipe_combined_peptide/Biocomputing-Research-Group__SEMQuant__combined_peptide.tsv"
MODIFIED = (
    "fragpipe_combined_modified_peptide/"
    "Biocomputing-Research-Group__SEMQuant__combined_modified_peptide.tsv"
)
IONS_DDA = "fragpipe_combined_ion/Proteobench__ProteoBench__FragPipe_MSFragger_combined_ion.tsv"
IONS_DIA = "fragpipe_combined_ion/Proteobench__ProteoBench__Fragpipe_combined_ion.tsv"

# Format; rows in, merged, runs, features; of these quantified and matched; peptides, peptidoforms.
FIGURES = {
    PSM: ("fragpipe_psm", 4127, 3182, 1, 945, 930, 0, 663, 805),
    PSM_5: ("fragpipe_psm", 5, 0, 1, 5, 0, 0, 5, 5),
    PEPTIDE: ("fragpipe_peptide", 2883, 0, 1, 2883, 2620, 0, 2883, 2883),
    PEPTIDE_50: ("fragpipe_peptide", 50, 0, 1, 50, 48, 0, 50, 50),
    COMBINED: ("fragpipe_combined", 93, 0, 3, 93, 68, 0, 93, 93),
    MODIFIED: ("fragpipe_combined", 93, 0, 3, 93, 68, 0, 93, 93),
    IONS_DDA: ("fragpipe_combined", 500, 0, 6, 1962, 1607, 77, 402, 418),
    IONS_DIA: ("fragpipe_combined", 2727, 0, 6, 10574, 7757, 0, 2197, 2402),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_real_table_gives_what_was_counted_in_it(folder, name):
    parsed = read(folder / name)
    ledger, features = parsed.ledger, parsed.features
    assert ledger.rejected == {}
    assert ledger.filtered == {}
    assert (
        parsed.format,
        ledger.rows_in,
        ledger.merged,
        len(parsed.runs),
        features.num_rows,
        features.num_rows - features["quantity"].null_count,
        sum(features["matched"].to_pylist()),
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
    ) == FIGURES[name]


# Run, ProForma, charge and what its lines say.
GOLDEN = [
    # 16 spectra between lines 44 and 277, 6 of them with an intensity; line 266 has the largest.
    (PSM, "2024-02-25-KB-NoFAIMS-MV-004-A2", "HLKTEAEM[+15.9949]K", 2,
     {"quantity": 7521894400.0, "rt_s": 1204.2555, "psm_count": 16, "pep": 0.0, "line": 44}),
    (PSM_5, "LFQ_Orbitrap_AIF_Human_01", "LHISPSNM[+15.9949]TNQNTPEYMEK-[-0.9840]", 3,
     {"quantity": None, "psm_count": 1}),
    (PEPTIDE, "sabrinakhuntia99__decoding_enzymes__peptide", "AAAAELSLLEK", None,
     {"quantity": 2523180.25, "psm_count": 1, "pep": 0.0179, "line": 3}),
    (IONS_DDA, "LFQ_Orbitrap_DDA_Condition_A_Sample_Alpha_02", "AAAAADLANR", 2,
     {"quantity": 15067507.0, "rt_s": 2450.6711, "mz": 472.2514, "psm_count": 1, "line": 3}),
    (IONS_DIA, "LFQ_Orbitrap_AIF_Condition_A_Sample_Alpha_02", "AAAAAAALQAK", 1,
     {"quantity": None, "rt_s": None, "psm_count": 1, "line": 2}),
    (MODIFIED, "110714_yeast_ups1_2fmol_r1", "AADETAAAFYPSK", None,
     {"quantity": 3298586.5, "psm_count": 1, "proteins": "sp|P32263|P5CR_YEAST"}),
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


def test_contaminants_of_the_database_and_of_mapped_proteins_are_flagged(folder):
    flagged = sum(read(folder / PEPTIDE).features["contaminant"].to_pylist())
    text = (folder / PEPTIDE).read_text(encoding="utf-8").splitlines()
    assert flagged == sum("contam_" in line for line in text)
