"""MaxQuant's tables: what becomes a run, what merges, what is matched."""

import pytest
from ingest_files import features_of, make_maxquant_evidence, make_maxquant_peptides, write

from omicstoken_kernel.ingest import ReadOptions, read

EVIDENCE = ["Sequence", "Modified sequence", "Raw file", "Charge", "Intensity", "PEP", "Type"]
PEPTIDES = ["Sequence", "Leading razor protein", "Length"]


def evidence(tmp_path, *rows, head=EVIDENCE):
    return write(tmp_path / "x.txt", [list(head), *rows])


def peptides(tmp_path, head, *rows):
    table = [[*PEPTIDES, *head]]
    table += [[sequence, "P1", len(sequence), *cells] for sequence, *cells in rows]
    return write(tmp_path / "x.txt", table)


def test_an_evidence_feature_carries_what_its_rows_say(tmp_path):
    parsed = read(make_maxquant_evidence(tmp_path).path)
    merged = parsed.features.to_pylist()[1]
    assert merged["quantity"] == 140.0
    assert merged["psm_count"] == 2
    assert merged["score"] == 80.0  # of the row with the larger intensity
    assert merged["pep"] == 0.002
    assert merged["q_value"] is None
    assert merged["rt_s"] == 600.0
    assert merged["mz"] == 450.25


def test_matched_rows_are_marked_and_contaminants_flagged(tmp_path):
    parsed = read(make_maxquant_evidence(tmp_path).path)
    rows = parsed.features.to_pylist()
    assert [row["sequence"] for row in rows if row["matched"]] == ["AAMK"]
    assert [row["sequence"] for row in rows if row["contaminant"]] == ["CNTK"]


def test_a_pep_is_not_a_q_value(tmp_path):
    path = evidence(tmp_path, ["AAK", "_AAK_", "r", 2, 5, 0.9, "MULTI-MSMS"])
    parsed = read(path)
    assert parsed.features["pep"].to_pylist() == [0.9]
    assert parsed.runs[0].filter_note.startswith("unfiltered")


def test_maxdia_is_filtered_by_its_q_value(tmp_path):
    path = evidence(
        tmp_path,
        ["AAK", "_AAK_", "r", 2, 5, 0.9, "LIB-DIA-MS2", 0.001],
        ["CCK", "_CCK_", "r", 2, 5, 0.9, "LIB-DIA-MS2", 0.02],
        head=[*EVIDENCE, "Q-value"],
    )
    parsed = read(path)
    assert parsed.ledger.filtered == {"q-value > 0.01 (Q-value)": 1}
    assert parsed.features["q_value"].to_pylist() == [0.001]


def test_a_match_q_value_is_no_q_value(tmp_path):
    path = evidence(
        tmp_path,
        ["AAK", "_AAK_", "r", 2, 5, 0.9, "MULTI-MATCH", 0.5],
        head=[*EVIDENCE, "Match q-value"],
    )
    assert read(path).ledger.features == 1


def test_modifications_listed_but_not_written_in_the_sequence_are_a_defect(tmp_path):
    path = evidence(
        tmp_path,
        ["AAK", "_AAK_", "r", 2, 5, 0.1, "MSMS", "Oxidation (M)"],
        ["CCK", "_CCK_", "r", 2, 5, 0.1, "MSMS", "Unmodified"],
        head=[*EVIDENCE, "Modifications"],
    )
    assert list(read(path).ledger.rejected.values()) == [1]


def test_the_experiment_is_in_the_name_only_where_it_adds_something(tmp_path):
    path = evidence(
        tmp_path,
        ["AAK", "_AAK_", "2026_donor1", 2, 5, 0.1, "MSMS", "donor1"],
        ["AAK", "_AAK_", "2026_x", 2, 5, 0.1, "MSMS", "donor2"],
        ["AAK", "_AAK_", "2026_y", 2, 5, 0.1, "MSMS", ""],
        head=[*EVIDENCE, "Experiment"],
    )
    names = [run.name for run in read(path).runs]
    assert names == ["2026_donor1", "2026_x (donor2)", "2026_y"]


def test_the_total_is_no_run_beside_the_experiments(tmp_path):
    path = peptides(
        tmp_path,
        ["Intensity", "Intensity A", "Intensity B", "LFQ intensity A", "LFQ intensity B"],
        ["AAAK", 30, 10, 20, 11, 19],
    )
    parsed = read(path)
    assert [(run.name, run.quantity_column) for run in parsed.runs] == [
        ("A", "Intensity A"),
        ("B", "Intensity B"),
    ]
    assert parsed.features["quantity"].to_pylist() == [10.0, 20.0]


def test_the_total_is_the_one_run_of_a_single_experiment(tmp_path):
    path = peptides(tmp_path, ["Intensity", "MS/MS Count"], ["AAAK", 30, 4], ["CCCK", 0, 1])
    parsed = read(path, name="run 5.txt")
    assert [run.name for run in parsed.runs] == ["run 5"]
    # What the table of one run lists was identified in it.
    assert parsed.features["quantity"].to_pylist() == [30.0, None]
    assert parsed.features["psm_count"].to_pylist() == [4, 1]


def test_normalised_intensities_serve_only_where_there_are_no_others(tmp_path):
    path = peptides(tmp_path, ["LFQ intensity A", "LFQ intensity B"], ["AAAK", 10, 20])
    assert [run.quantity_column for run in read(path).runs] == [
        "LFQ intensity A",
        "LFQ intensity B",
    ]


def test_the_labels_of_silac_are_runs_and_their_sum_is_none(tmp_path):
    head = [
        "Ratio H/L", "Intensity", "Intensity L", "Intensity H", "Experiment A",
        "Intensity A", "Intensity L A", "Intensity H A",
    ]  # fmt: skip
    parsed = read(peptides(tmp_path, head, ["AAAK", 0.5, 30, 20, 10, 1, 30, 20, 10]))
    assert [(run.name, run.quantity_column) for run in parsed.runs] == [
        ("L A", "Intensity L A"),
        ("H A", "Intensity H A"),
    ]


def test_identification_types_and_counts_say_who_was_there(tmp_path):
    made = make_maxquant_peptides(tmp_path)
    parsed = read(made.path)
    matched = [
        (row["run"], row["sequence"]) for row in parsed.features.to_pylist() if row["matched"]
    ]
    assert matched == [(1, "CCCK")]
    head = ["Experiment A", "Experiment B", "Intensity A", "Intensity B"]
    counted = read(peptides(tmp_path, head, ["AAAK", 1, "", 0, 0], ["CCCK", "", 2, 0, 7]))
    assert features_of(counted) == [
        ("A", "AAAK", None, None, 2),
        ("B", "CCCK", None, 7.0, 3),
    ]


def test_a_peptide_that_is_nowhere_is_counted_and_said(tmp_path):
    path = peptides(tmp_path, ["Intensity A", "Intensity B"], ["AAAK", 0, 0], ["CCCK", 1, 2])
    parsed = read(path)
    assert parsed.ledger.used == 2
    assert parsed.ledger.cells_empty == 2
    assert any(
        warning.startswith("1 row has no quantity in any run") for warning in parsed.warnings
    )


def test_names_mangled_by_r_and_decimal_commas_are_read(tmp_path):
    head = "Sequence;Leading.razor.protein;Amino.acid.before;Intensity.A;Intensity.B"
    path = tmp_path / "x.csv"
    path.write_text(f"{head}\nAAAK;P1;K;1,5;2,5\n")
    parsed = read(path)
    assert parsed.format == "maxquant_peptides"
    assert parsed.features["quantity"].to_pylist() == [1.5, 2.5]


def test_the_bovine_sample_keeps_its_contaminants(tmp_path):
    path = peptides(
        tmp_path,
        ["Intensity A", "Intensity B", "Proteins", "Potential contaminant"],
        ["AAAK", 1, 2, "Q2UVX4;CON__Q2UVX4", "+"],
        ["CCCK", 1, 2, "CON__P1", "+"],
        *(["D" * n + "K", 1, 2, "P3", ""] for n in range(1, 9)),
        *(["E" * n + "K", 1, 2, "CON__P1", "+"] for n in range(1, 11)),
    )
    kept = read(path)
    assert kept.ledger.used == 20
    assert any("may be the sample itself" in warning for warning in kept.warnings)
    dropped = read(path, ReadOptions(drop_contaminants=True))
    assert dropped.ledger.filtered == {"contaminant": 11}
    assert "AAAK" in dropped.features["sequence"].to_pylist()


@pytest.mark.parametrize("column", ["Scan number", "Masses"])
def test_msms_is_not_taken_for_evidence(tmp_path, column):
    path = evidence(
        tmp_path,
        ["AAK", "_AAK_", "r", 2, 5, 0.1, "MSMS", 7],
        ["CCK", "_CCK_", "r", 2, 5, 0.1, "MSMS", 8],
        head=[*EVIDENCE, column],
    )
    assert read(path).format == "generic"
