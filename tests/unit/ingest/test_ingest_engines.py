"""What versions of Comet, MetaMorpheus, PeptideShaker, IEDB and others differ in."""

import pytest
from ingest_files import MAKERS, features_of, write

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import ReadOptions, read
from omicstoken_kernel.ingest._alternatives import settle


def _rows(path, delimiter="\t"):
    return [line.split(delimiter) for line in path.read_text(encoding="utf-8").splitlines()]


def _without(rows, *headers):
    kept = [at for at, name in enumerate(rows[0]) if name not in headers]
    return [[row[at] for at in kept] for row in rows]


def test_comet_without_its_first_line_is_named_after_the_file(tmp_path):
    rows = _rows(MAKERS["comet"](tmp_path).path)
    parsed = read(write(tmp_path / "donor 7.txt", rows[1:]))
    assert (parsed.format, parsed.runs[0].name) == ("comet", "donor 7")


def test_comet_without_a_list_of_modifications_is_read_from_its_brackets(tmp_path):
    rows = _rows(MAKERS["comet"](tmp_path).path)[1:]
    rows = [rows[0], *(row for row in rows[1:] if row[11] == "AMCMK")]
    rows.append([*rows[1][:12], "K.AM[147]CMK.A", *rows[1][13:]])
    parsed = read(write(tmp_path / "old.txt", _without(rows, "modifications")))
    assert [feature[1] for feature in features_of(parsed)] == [
        "[+42.0106]-AM[+15.9949]CMK",
        "AM[+16]CMK",
    ]


def test_metamorpheus_peptides_of_several_files_are_one_run_with_the_files_own_counts(tmp_path):
    rows = _rows(MAKERS["metamorpheus"](tmp_path).path)
    head, first, _, second, third = rows[:5]
    second[7] = second[8] = "GGGYAAQR"
    parsed = read(write(tmp_path / "AllPeptides.psmtsv", [head, first, second, third]))
    assert [run.quantity_kind for run in parsed.runs] == ["spectral_count"]
    assert [feature[3] for feature in features_of(parsed)] == [3.0, 3.0, 3.0]
    assert any("2 raw files" in warning for warning in parsed.warnings)


def test_metamorpheus_names_of_newer_versions_are_known(tmp_path):
    made = MAKERS["metamorpheus"](tmp_path)
    text = made.path.read_text(encoding="utf-8").replace("Protein Accession", "Accession", 1)
    path = tmp_path / "new.psmtsv"
    path.write_text(text.replace("Decoy/Contaminant/Target\t", "x\t", 1), encoding="utf-8")
    parsed = read(path)
    assert parsed.format == "metamorpheus"
    assert parsed.ledger.filtered["decoy"] == 1
    assert parsed.features["proteins"].to_pylist()[2] == "P1;P2"


def test_a_table_of_cross_links_is_refused_by_name(tmp_path):
    rows = _rows(MAKERS["metamorpheus"](tmp_path).path)
    rows = [[*rows[0], "Cross Type"], *([*row, "Inter"] for row in rows[1:])]
    with pytest.raises(InputError, match="cross-linked peptides"):
        read(write(tmp_path / "XL_Interlinks.tsv", rows))


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ("", ""),
        ("PEPTIDE|PEPTIDE", "PEPTIDE"),
        ("D[Metal:Fe[III] on D]K", "D[Cation:Fe[III]]K"),
        ("AAK-[Less Common:Amidation on X]", "AAK-[Amidated]"),
        ("N[N-Glycosylation:H5N4 on Nxs]AT", "N[H5N4]AT"),
        ("LIAK|LLAK", None),
        ("M[Common Variable:Oxidation on M]K|M[Common Biological:Methylation on M]K", None),
        ("AM[Oxidation (M)]K", "AM[Oxidation]K"),
    ],
)
def test_alternatives_are_one_peptidoform_only_where_they_agree(written, settled):
    assert settle(written) == settled


def test_flashlfq_peaks_before_matches_had_q_values_are_unfiltered(tmp_path):
    rows = _rows(MAKERS["flashlfq_peaks"](tmp_path).path)
    parsed = read(write(tmp_path / "peaks.tsv", _without(rows, "PIP Q-Value", "PIP PEP")))
    assert parsed.runs[0].filter_note.startswith("unfiltered")
    assert not any("q-value" in reason for reason in parsed.ledger.filtered)
    matched = parsed.features.filter(parsed.features["matched"])
    assert set(matched["q_value"].to_pylist()) == {None}
    assert set(matched["psm_count"].to_pylist()) == {None}


def test_ionbots_missing_leucines_are_said(tmp_path):
    rows = _rows(MAKERS["ionbot"](tmp_path).path, ",")
    parsed = read(write(tmp_path / "x.csv", [rows[0], *[rows[1]] * 20], delimiter=","))
    assert any("leucine" in warning for warning in parsed.warnings)


def test_a_peptide_report_of_peptideshaker_is_one_run_with_its_counts(tmp_path):
    rows = _rows(MAKERS["peptideshaker"](tmp_path).path)
    rows = [[*rows[0], "#Validated PSMs", "#PSMs"], *([*row, 3, 5] for row in rows[1:])]
    gone = ("Spectrum File", "Identification Charge", "Measured Charge")
    parsed = read(write(tmp_path / "peptides.txt", _without(rows, *gone)))
    assert [run.quantity_kind for run in parsed.runs] == ["spectral_count"]
    assert features_of(parsed)[1][1:4] == (
        "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]M[Oxidation]K",
        None,
        3.0,
    )


def test_a_peptideshaker_report_without_lists_is_read_from_its_tags(tmp_path):
    rows = _rows(MAKERS["peptideshaker"](tmp_path).path)
    rows = [rows[0], *[list(rows[1]) for _ in range(3)]]
    for row, written in zip(rows[1:], ("ace-AAAYAAQR-COOH", "NH2-AM<ox>K-COOH", "NH2-AK<zz>-COOH"),
                            strict=True):  # fmt: skip
        row[6], row[2] = written, "".join(c for c in written[4:-5] if c.isupper())
    parsed = read(
        write(tmp_path / "x", _without(rows, "Variable Modifications", "Fixed Modifications"))
    )
    assert [feature[1] for feature in features_of(parsed)] == [
        "[Acetyl]-AAAYAAQR",
        "AM[Oxidation]K",
    ]
    assert parsed.ledger.rejected == {"modification not understood": 1}


def test_an_iedb_table_with_one_line_of_names_is_read_alike(tmp_path):
    made = MAKERS["iedb"](tmp_path)
    groups, fields, *rows = made.path.read_text(encoding="utf-8").splitlines()
    names = [f"{g} - {f}" for g, f in zip(groups.split(","), fields.split(","), strict=True)]
    path = tmp_path / "mhc_ligand_table_export.csv"
    path.write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
    parsed = read(path)
    assert (parsed.format, parsed.ledger.rows_in) == ("iedb", 12)
    assert [f[:4] for f in features_of(parsed)] == [f[:4] for f in made.features]


def test_an_iedb_table_of_too_many_alleles_is_one_run_unless_told_otherwise(tmp_path):
    names = ["Epitope - Name", "Epitope - Object Type", "MHC Restriction - Name"]
    rows = [names, *(["GILGFVFTL", "Linear peptide", f"HLA-A*{n:03}"] for n in range(101))]
    path = write(tmp_path / "x.csv", rows, delimiter=",")
    assert [run.name for run in read(path).runs] == ["x"]
    told = read(path, ReadOptions(columns={"run": "MHC Restriction - Name"}))
    assert len(told.runs) == 101


def test_iedb_epitopes_without_mhc_are_one_run(tmp_path):
    rows = [["Epitope - IEDB IRI", "Epitope - Name"], [1, "GILGFVFTL"], [2, '"D12, E14"']]
    parsed = read(write(tmp_path / "epitopes.csv", rows, delimiter=","))
    assert (parsed.format, [run.name for run in parsed.runs]) == ("iedb", ["epitopes"])
    assert list(parsed.ledger.rejected) == ["discontinuous epitope: its residues are no peptide"]


def test_a_table_of_the_comet_within_crux_is_one_of_crux(tmp_path):
    head = [
        "scan", "charge", "spectrum precursor m/z", "peptide mass", "xcorr score", "xcorr rank",
        "sequence", "modified sequence", "modifications", "protein id", "flanking aa", "e-value",
    ]  # fmt: skip
    rows = [
        head,
        [7, 2, 450.25, 898.48, 2.5, 1, "AMK", "K.AM[15.9949]K.A", "2_V_15.994900", "P1", "KA", 1],
        [8, 2, 450.25, 898.48, 2.5, 1, "AMK", "K.AMK.A", "-", "DECOY_P1", "KA", 1],
        [9, 2, 450.25, 898.48, 1.5, 2, "AGK", "K.AGK.A", "-", "P1", "KA", 1],
    ]
    parsed = read(write(tmp_path / "comet.target.txt", rows))
    assert parsed.format == "crux"
    assert [feature[1] for feature in features_of(parsed)] == ["AM[+15.994900]K"]
    assert set(parsed.ledger.filtered) == {"decoy", "not the best match of its spectrum"}


def test_a_pivot_report_of_peptides_has_no_charge_and_needs_no_numbered_columns(tmp_path):
    rows = [
        ["PG.ProteinGroups", "PEP.StrippedSequence", "EG.PrecursorId", "a.raw.PEP.Quantity",
         "a.raw.PG.Quantity"],
        ["P1", "AAAYAAQR", "_AAAYAAQR_.2", 100, 7],
        ["P1", "AAAYAAQR", "_AAAYAAQR_.3", 100, 7],  # the same peptide at another charge
    ]  # fmt: skip
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.format == "spectronaut_pivot"
    assert features_of(parsed) == [("a", "AAAYAAQR", None, 100.0, 2)]
    assert parsed.runs[0].quantity_kind == "peptide_intensity"
    assert parsed.runs[0].filter_note.startswith("unfiltered")


def test_a_pivot_report_mangled_by_r_is_read(tmp_path):
    rows = [
        ["PEP.StrippedSequence", "EG.PrecursorId", "X.1..a.raw.EG.TotalQuantity..Settings.",
         "X.1..a.raw.EG.Qvalue"],
        ["AAAYAAQR", "_AAAYAAQR_.2", 100, 0.001],
        ["LATEK", "_LATEK_.2", 100, 0.1],
    ]  # fmt: skip
    parsed = read(write(tmp_path / "x.csv", rows, delimiter=","))
    assert features_of(parsed) == [("a", "AAAYAAQR", 2, 100.0, 2)]
    unfiltered = read(tmp_path / "x.csv", ReadOptions(unfiltered=True))
    assert unfiltered.ledger.features == 2


def test_psms_of_the_msaid_platform_are_counted_and_its_numbers_are_no_accessions(tmp_path):
    rows = _rows(MAKERS["msaid"](tmp_path).path)
    gone = ("QUANTIFICATION", "COUNT_PSMS", "GLOBAL_Q_VALUE", "FASTA_HEADERS")
    parsed = read(write(tmp_path / "psms.tsv", _without(rows, *gone)))
    assert {run.quantity_kind for run in parsed.runs} == {"spectral_count"}
    assert features_of(parsed)[0] == ("a", "AAAYAAQR", 2, 2.0, 2)
    assert set(parsed.features["proteins"].to_pylist()) == {""}
    assert any("PROTEIN_IDS" in warning for warning in parsed.warnings)


def test_text_exports_of_openms_with_commas_and_ranks_from_one_are_read(tmp_path):
    rows = [
        ["#RUN", "RunID"],
        ["#PEPTIDE", "rt", "mz", "score", "rank", "sequence", "charge", "score_type", "accessions"],
        ["RUN", "1"],
        ["PEPTIDE", 600, 450, 0.3, 1, "AAAYAAQR", 2, "Posterior Error Probability", "P1"],
        ["PEPTIDE", 600, 450, 0.4, 2, "AAAYAAQK", 2, "Posterior Error Probability", "P1"],
    ]
    parsed = read(write(tmp_path / "x.csv", rows, delimiter=","))
    assert features_of(parsed) == [("x", "AAAYAAQR", 2, 1.0, 4)]
    assert parsed.features["pep"].to_pylist() == [0.3]


def test_flashlfqs_table_of_oligonucleotides_is_refused(tmp_path):
    rows = [["Sequence", "Base Sequence", "Protein Groups", "Intensity_a", "Detection Type_a"]]
    oligo = "AAAAAAAAACUCG"
    rows += [[f"{oligo}-[Digestion Termini:Cyclic Phosphate on X]", oligo, "FLuc", 1, "MSMS"]] * 4
    with pytest.raises(InputError, match="nucleotide sequences"):
        read(write(tmp_path / "AllQuantifiedOligos.tsv", rows))
