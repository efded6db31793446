"""Which columns of an unknown table are quantities: each a run, one for all, or none."""

import pytest
from ingest_files import write

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import ReadOptions, read
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._quantity_headers import names_sample, parse_quantity_header
from omicstoken_kernel.ingest._quantity_plan import named_several


def table(tmp_path, headers, *rows):
    rows = rows or (("AAAK", *range(2, len(headers) + 2)), ("CCCK", *range(12, len(headers) + 12)))
    return write(tmp_path / "x.tsv", [["Peptide", *headers], *map(list, rows)])


def runs_of(parsed):
    return [(run.name, run.quantity_column) for run in parsed.runs]


@pytest.mark.parametrize(
    ("header", "sample"),
    [
        ("Intensity A", "A"),
        ("Intensity_A_1", "A_1"),
        ("LFQ intensity WT 1", "WT 1"),
        ("Log2Intensity A", "A"),
        ("Intensity A (log2)", "A"),
        ("Intensity wild type 1", "wild type 1"),
        ("Intensity N", "N"),
        ("Intensität Probe 1", "Probe 1"),
        ("donor1_Intensity", "donor1"),
        ("Donor 1 (intensity)", "Donor 1"),
        ("r1 Total Area", "r1"),
        ("Spectral count A", "A"),
        ("A # PSMs", "A"),
        ("A.raw Normalized Area", "A.raw"),
        ("mono_ms1_intensity", ""),
        ("Normalized Area", ""),
        ("areanorm", ""),
        ("Total Area MS1", ""),
    ],
)
def test_a_header_names_its_sample_before_or_behind_the_quantity(header, sample):
    told = parse_quantity_header(header)
    assert told.usable
    assert told.sample == sample


@pytest.mark.parametrize(
    "header",
    [
        "Intensity mean", "Mean Intensity", "Intensity SD", "Area [%]", "Intensity p-value",
        "Intensity fold change", "Abundance Sum", "Abundance log2FC KO/WT", "Abundance adj.P.Val",
        "Intensity n", "Intensity CV", "Intensity coverage", "Base peak intensity",
        "Median WT Area", "Fragment intensity", "Relative abundance", "Surface area",
        "Protein Quantity", "Retention time at max intensity", "Spectral count total",
    ],
)  # fmt: skip
def test_statistics_and_other_things_are_no_runs(header):
    assert not parse_quantity_header(header).usable


def test_what_speaks_of_no_quantity_is_none():
    assert parse_quantity_header("Peptide") is None
    assert parse_quantity_header("Charge A") is None
    assert not names_sample("")


def test_statistics_beside_runs_are_not_read_and_named(tmp_path):
    headers = ["Intensity A", "Intensity B", "Intensity mean", "Intensity p-value", "Intensity"]
    parsed = read(table(tmp_path, headers))
    assert runs_of(parsed) == [("A", "Intensity A"), ("B", "Intensity B")]
    (said,) = parsed.warnings
    for header in headers[2:]:
        assert f"'{header}'" in said
    assert '--column quantity="Intensity"' in said  # no statistic is recommended


@pytest.mark.parametrize("header", ["{}_Intensity", "{} (Area)", "Log2Intensity {}", "{}.raw"])
def test_columns_of_one_form_are_a_run_each(tmp_path, header):
    headers = [header.format("donor1"), header.format("donor2")]
    parsed = read(table(tmp_path, headers))
    assert runs_of(parsed) == list(zip(["donor1", "donor2"], headers, strict=True))
    assert not parsed.warnings


@pytest.mark.parametrize(
    "header",
    ["Intensity donor1", "donor1_Intensity", "donor1.raw", "Normalized Area", "Intensität",
     "areanorm", "donor1 (Area)"],
)  # fmt: skip
def test_the_quantities_of_a_single_run_are_read(tmp_path, header):
    parsed = read(table(tmp_path, [header]))
    assert [run.quantity_column for run in parsed.runs] == [header]
    assert parsed.features["quantity"].to_pylist() == [2.0, 12.0]


def test_counts_of_several_runs_are_their_quantities(tmp_path):
    parsed = read(table(tmp_path, ["Spectral count A", "Spectral count B"], ("AAAK", 3, 0)))
    assert [run.quantity_kind for run in parsed.runs] == ["spectral_count", "spectral_count"]
    assert parsed.features["quantity"].to_pylist() == [3.0]


def test_intensities_go_before_counts_and_the_plain_before_the_normalised(tmp_path):
    headers = [
        f"{name} {sample}"
        for name in ("Spectral count", "Normalized Area", "Area")
        for sample in "AB"
    ]
    parsed = read(table(tmp_path, headers))
    assert runs_of(parsed) == [("A", "Area A"), ("B", "Area B")]
    assert "'Normalized Area A'" in " ".join(parsed.warnings)


def test_columns_called_after_samples_are_read_and_said(tmp_path):
    parsed = read(table(tmp_path, ["Sample_1", "Sample_2", "Sample age"], ("AAAK", 1000, "", 50)))
    assert runs_of(parsed) == [("Sample_1", "Sample_1"), ("Sample_2", "Sample_2")]
    assert any("called after samples" in said for said in parsed.warnings)


@pytest.mark.parametrize(("yes", "no"), [(1, 0), ("x", ""), ("TRUE", "FALSE"), ("yes", "no")])
def test_marks_of_where_a_peptide_was_found_are_no_quantities(tmp_path, yes, no):
    parsed = read(table(tmp_path, ["Donor 1", "Donor 2"], ("AAAK", yes, no), ("CCCK", yes, yes)))
    assert [run.quantity_kind for run in parsed.runs] == ["none", "none"]
    assert [(row["run"], row["sequence"]) for row in parsed.features.to_pylist()] == [
        (0, "AAAK"), (0, "CCCK"), (1, "CCCK"),
    ]  # fmt: skip
    assert parsed.features["quantity"].null_count == 3


def test_columns_whose_first_cells_alone_are_marks_are_quantities(tmp_path):
    rows = [(f"AA{a}{b}K", 1, 0) for a in "ACDEFGHIKLMNPQRSTVWY" for b in "ACDEFGHIKLMNPQRSTVWY"]
    parsed = read(table(tmp_path, ["Donor 1", "Donor 2"], *rows, ("CCCCCK", 1, 12000)))
    assert parsed.features["quantity"].to_pylist()[-1] == 12000.0


def test_samples_of_tmt_integrator_stand_behind_the_reference(tmp_path):
    headers = ["MaxPepProb", "ReferenceIntensity", "liver", "lung"]
    parsed = read(table(tmp_path, headers, ("AAAK", 1, 21.5, 20.5, 22.5)))
    assert runs_of(parsed) == [("liver", "liver"), ("lung", "lung")]
    assert any("stand behind the reference" in said for said in parsed.warnings)


def test_rows_of_several_runs_are_no_matrix(tmp_path):
    rows = [("AAAK", "r1", 1, 2), ("AAAK", "r2", 3, 4)]
    parsed = read(table(tmp_path, ["Raw file", "Intensity L", "Intensity H"], *rows))
    assert [run.name for run in parsed.runs] == ["r1", "r2"]
    # A column of another kind under the name of one of runs does not spoil a matrix.
    rows = [("AAAK", "Smith", 1, 2), ("CCCK", "Miller", 3, 4)]
    parsed = read(table(tmp_path, ["Reference", "Intensity L", "Intensity H"], *rows))
    assert [run.name for run in parsed.runs] == ["L", "H"]


@pytest.mark.parametrize("wanted", ["KO;WT", "KO; WT", "[KW]*", "ko;wt"])
def test_several_columns_are_named_as_a_run_each(tmp_path, wanted):
    path = table(tmp_path, ["KO", "WT", "Other"])
    parsed = read(path, ReadOptions(columns={"quantity": wanted}))
    assert runs_of(parsed) == [("KO", "KO"), ("WT", "WT")]
    assert parsed.columns["quantity"] == "KO; WT"
    assert not any("which is not used" in said for said in parsed.warnings)


def test_named_columns_keep_the_runs_that_they_are_by_themselves(tmp_path):
    path = table(tmp_path, ["donor1_Intensity", "donor2_Intensity", "donor3_Intensity"])
    of_itself = read(path)
    named = read(path, ReadOptions(columns={"quantity": "donor1_Intensity;donor3_Intensity"}))
    assert [run.key for run in of_itself.runs] == ["donor1", "donor2", "donor3"]
    assert [run.key for run in named.runs] == ["donor1", "donor3"]


def test_a_name_among_several_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="no column 'KO;XX'"):
        read(table(tmp_path, ["KO", "WT"]), ReadOptions(columns={"quantity": "KO;XX"}))
    assert named_several(("a;b", "a"), "a;b") == []


def test_columns_under_one_header_are_a_run_each_and_said(tmp_path):
    parsed = read(table(tmp_path, ["Intensity"] * 3))
    assert [run.name for run in parsed.runs] == ["Intensity", "Intensity (2)", "Intensity (3)"]
    assert any("stands over 3 columns" in said for said in parsed.warnings)
    copies = read(table(tmp_path, ["Intensity"] * 2, ("AAAK", 5, 5)))
    assert len(copies.runs) == 1


def test_a_second_column_of_peptides_is_named(tmp_path):
    parsed = read(table(tmp_path, ["Peptide", "Intensity"], ("AAAK", "CCCK", 1)))
    assert any('--column sequence="Peptide (2)"' in said for said in parsed.warnings)
    named = read(
        table(tmp_path, ["Peptide", "Intensity"], ("AAAK", "CCCK", 1)),
        ReadOptions(columns={"sequence": "Peptide (2)"}),
    )
    assert named.features["sequence"].to_pylist() == ["CCCK"]


@pytest.mark.parametrize(
    ("header", "named"),
    [("Value", True), ("Count", True), ("Signal", True), ("Timepoint 1", True), ("Trend", True),
     ("p-value", False), ("A Count", False), ("Length", False),
     ("Retention time", False), ("start", False)],
)  # fmt: skip
def test_numbers_that_may_be_quantities_are_named_and_others_are_not(tmp_path, header, named):
    said = read(table(tmp_path, [header])).warnings
    assert any(f"numbers in '{header}'" in one for one in said) == named


def test_logarithms_to_another_base_are_left_and_said(tmp_path):
    parsed = read(table(tmp_path, ["log10 Intensity"]))
    assert parsed.runs[0].quantity_kind == "none"
    assert any("others are not" in said for said in parsed.warnings)


def test_repeated_names_are_known_in_a_head():
    assert parse_head(b"Area,Area\n1,2\n").names == ("Area", "Area (2)")
