"""Real tables of PEAKS, Spectronaut and Proteome Discoverer, read where they lie."""

import pytest

from omicstoken_kernel.ingest import read

pytestmark = pytest.mark.real

PSM = "peaks/Fredan97__porcine-peptidomics-data__DB_search_psm.csv"
PEPTIDES = "peaks/Fredan97__porcine-peptidomics-data__peptide.csv"
WORKBOOK = "peaks/ErikHartman__2020-peptidomics__peptide_sample_34.xlsx"
LFQ = "peaks/Proteobench__ProteoBench__PEAKS.lfq.dia.features.sample5000.csv"
DIA = "peaks/Proteobench__ProteoBench__peaks_dia_db_precursor_subset.csv"
LIGANDS = "peaks/QuantSysBio__inSPIRE__peaks_search.csv"
DE_NOVO = "peaks/rusteomics__mzcore__200305_HER_test_04_DENOVO_excerpt.csv"
DE_NOVO_11 = "peaks/rusteomics__mzcore__11.csv"
FRAGMENTS = "spectronaut/MannLabs__alphapeptstats__results_non_european_comma.tsv"
SWATH = "spectronaut/Vitek-Lab__MSstatsConvert__spectronaut_input.csv"
GROUPS = (
    "proteome_discoverer/Proteobench__ProteoBench__ProteomeDIscoverer_PeptideGroups_trimmed.txt"
)
PSMS_14 = "proteome_discoverer/Vitek-Lab__MSstatsConvert__pd_input.csv"


# format, rows, runs, features, peptides (as INDEX.md counts them), peptidoforms, quantified, merged
FILES = {
    PSM: ("peaks_psm", 2682, 1, 750, 655, 679, 559, 1932),
    PEPTIDES: ("peaks_peptides", 679, 1, 679, 655, 679, 516, 0),
    WORKBOOK: ("peaks_peptides", 1412, 1, 1412, 1329, 1412, 1238, 0),
    LFQ: ("peaks_peptides", 2000, 6, 10207, 1987, 1994, 10207, 0),
    DIA: ("peaks_psm", 120, 3, 120, 54, 54, 98, 0),
    LIGANDS: ("peaks_psm", 434, 4, 356, 104, 104, 345, 78),
    DE_NOVO: ("peaks_denovo", 1437, 10, 1330, 1265, 1296, 1096, 107),
    DE_NOVO_11: ("peaks_denovo", 19, 1, 19, 18, 19, 18, 0),
    FRAGMENTS: ("spectronaut_report", 500, 1, 84, 80, 84, 84, 416),
    SWATH: ("spectronaut_report", 648, 6, 108, 17, 17, 108, 540),
    GROUPS: ("discoverer_peptides", 742, 6, 4369, 731, 742, 4243, 0),
    PSMS_14: ("discoverer_psms", 247, 15, 229, 25, 25, 225, 18),
}


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_it_must(folder, name):
    parsed = read(folder / name)
    ledger, features = parsed.ledger, parsed.features
    found = (
        parsed.format,
        ledger.rows_in,
        len(parsed.runs),
        features.num_rows,
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
        features.num_rows - features["quantity"].null_count,
        ledger.merged,
    )
    assert found == FILES[name]
    assert ledger.rejected == {}
    assert ledger.filtered == {}
    note = "q-value <= 0.01 (EG.Qvalue)" if name in (FRAGMENTS, SWATH) else "unfiltered"
    assert all(run.filter_note.startswith(note) for run in parsed.runs)


def test_peaks_own_peptide_table_is_the_roll_up_of_its_matches(folder):
    of_matches: dict[str, float] = {}
    for row in read(folder / PSM).features.to_pylist():
        quantity = row["quantity"] or 0.0
        of_matches[row["proforma"]] = of_matches.get(row["proforma"], 0.0) + quantity
    of_table = {
        row["proforma"]: row["quantity"] or 0.0
        for row in read(folder / PEPTIDES).features.to_pylist()
    }
    # The table is rounded to five digits.
    assert of_matches == pytest.approx(of_table, rel=1e-4)


GOLDEN = [
    (PSM, 0, "TAQDALTSVKESEVAQQA", 3, {
        "quantity": 4402.9 + 2453.2, "psm_count": 3, "rt_s": 15.86 * 60, "mz": 625.9812,
        "proteins": "P27917|APOC3_PIG", "score": 45.48,
    }),
    (PEPTIDES, 0, "EVQDKGEFLAEGGGV", None, {
        "quantity": 3.2993e6, "rt_s": 17.74 * 60, "score": 91.54, "line": 3, "psm_count": None,
    }),
    (WORKBOOK, 0, "HASLDKFLASVSTVLTSKYR", None, {
        "quantity": 12700000.0, "rt_s": 113.49 * 60, "mz": 556.5612, "line": 3,
    }),
    (LFQ, 3, "MEEFKDQLPADEC[+57.02]NK", 3, {
        "quantity": 1333597.875, "rt_s": 61.88 * 60, "line": 3,
    }),
    (LFQ, 0, "[+42.01]-MEGPLSVFGDR", 2, {"contaminant": False}),
    (DIA, 1, "AAAAAAALQAK", 2, {"quantity": 137993.0, "rt_s": 10.6852 * 60, "line": 3}),
    (LIGANDS, 0, "GPASQQLSGGYGGGYGGQSSM[+15.99]", 2, {
        "quantity": 1639600.0, "psm_count": 1, "line": 3,
        "proteins": "ENSP00000349168.5;ENSP00000377082.4;ENSP00000397797.2;ENSP00000361927.2;"
        "ENSP00000327539.6",
    }),
    (DE_NOVO, 0, "DYEKHKVYAC[+58.01]", 3, {"quantity": 2317600.0, "score": 99.0, "proteins": ""}),
    (FRAGMENTS, 0, "PIGLC[Carbamidomethyl]C[Carbamidomethyl]IAPVLAAK", 2, {
        "quantity": 792.3909301757812, "rt_s": 26.657615661621094 * 60, "line": 8,
        "q_value": 2.6117925907457633e-14, "proteins": "A0A0B4J2D5;P0DPI2",
    }),
    (SWATH, 0, "AVDITTPK", 2, {"quantity": 1697.6502756552, "rt_s": None, "line": 2}),
    (GROUPS, 3, "HSLSTLGSANC[Carbamidomethyl]FLDSLYEGQDFDC[Carbamidomethyl]NVSR", None, {
        "quantity": 1439705.5, "matched": False, "line": 47,
    }),
    (GROUPS, 3, "[Acetyl]-TSIGTGYDLSNSVFSPDGR", None, {"quantity": None, "line": 62}),
    (GROUPS, 1, "QAEMEGAVQSIQGELSK", None, {
        "quantity": 1281257.25, "matched": True, "line": 101,
    }),
    # Two spectra of one peak repeat its area.
    (PSMS_14, 1, "ANSHAPEAVVEGASR", 2, {"quantity": 17500000.0, "psm_count": 2, "line": 20}),
    (PSMS_14, 0, "EVC[Carbamidomethyl]HVPLIASGGAGTMEHFLEAFR", 3, {
        "quantity": 2.52e8, "proteins": "P60664", "line": 13,
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "run", "proforma", "charge", "values"), GOLDEN)
def test_a_real_feature_is_what_its_lines_say(folder, name, run, proforma, charge, values):
    key = (run, proforma, charge)
    rows = read(folder / name).features.to_pylist()
    (row,) = (r for r in rows if (r["run"], r["proforma"], r["precursor_charge"]) == key)
    for column, value in values.items():
        expected = pytest.approx(value) if isinstance(value, float) else value
        assert row[column] == expected, column


def test_sequences_that_do_not_tell_leucine_from_isoleucine_are_said_to(folder):
    for name, said in ((DIA, True), (DE_NOVO, True), (LIGANDS, False), (LFQ, False)):
        warnings = read(folder / name).warnings
        assert any("isoleucine" in warning for warning in warnings) == said


def test_de_novo_peptides_are_not_called_filtered(folder):
    (run,) = read(folder / DE_NOVO_11).runs
    assert "no q-values" in run.filter_note
    assert "local confidence" in run.filter_note
