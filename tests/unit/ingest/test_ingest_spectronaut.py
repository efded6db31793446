"""Spectronaut's long reports under other report schemes."""

from made_file import features_of, write

from omicstoken_kernel.ingest import ReadOptions, read


def test_the_precursor_id_stands_in_for_sequence_and_charge(tmp_path):
    head = ["R.FileName", "EG.PrecursorId", "EG.Qvalue", "EG.TotalQuantity (Settings)"]
    rows = [["r1.raw", "_AM[Oxidation (M)]K_.3", 0.001, 5.5], ["r1.raw", "_AAK_", 0.001, 5]]
    parsed = read(write(tmp_path / "x.csv", [head, *rows], delimiter=","))
    assert features_of(parsed) == [("r1", "AM[Oxidation]K", 3, 5.5, 2), ("r1", "AAK", None, 5.0, 3)]


def test_a_quantity_of_the_peptide_belongs_to_none_of_its_charges(tmp_path):
    head = ["R.FileName", "PEP.StrippedSequence", "FG.Charge", "EG.Qvalue", "PEP.Quantity"]
    rows = [["r1", "SIINFEKL", charge, 0.001, 70.5] for charge in (2, 3)]
    parsed = read(write(tmp_path / "x.tsv", [head, *rows]))
    assert features_of(parsed) == [("r1", "SIINFEKL", None, 70.5, 2)]
    assert parsed.runs[0].quantity_kind == "peptide_intensity"


def test_fragments_are_added_up_where_there_is_nothing_else_and_excluded_ones_are_not(tmp_path):
    head = [
        "R.FileName", "EG.ModifiedSequence", "FG.Charge", "EG.Qvalue", "F.FrgIon", "F.PeakArea",
        "F.ExcludedFromQuantification",
    ]  # fmt: skip
    areas = [(10.5, "FALSE"), (20, "FALSE"), (400, "TRUE")]
    rows = [["r1", "_SIINFEKL_", 2, 0.001, "y3", area, out] for area, out in areas]
    parsed = read(write(tmp_path / "x.tsv", [head, *rows]))
    assert features_of(parsed) == [("r1", "SIINFEKL", 2, 30.5, 2)]


def test_labels_keep_light_and_heavy_apart(tmp_path):
    head = [
        "R.FileName", "EG.ModifiedSequence", "FG.LabeledSequence", "PEP.StrippedSequence",
        "FG.Charge", "EG.Qvalue", "FG.Quantity",
    ]  # fmt: skip
    labels = ("", "[Label:13C(6)15N(2) (K)]")
    rows = [["r1", "_AAK_", f"_AAK{label}_", "AAK", 2, 0.001, 10] for label in labels]
    parsed = read(write(tmp_path / "x.tsv", [head, *rows]))
    assert [feature[1] for feature in features_of(parsed)] == ["AAK", "AAK[Label:13C(6)15N(2)]"]


def test_what_is_made_up_stays_out_of_an_unfiltered_reading_too(tmp_path):
    head = ["R.FileName", "EG.ModifiedSequence", "FG.Charge", "EG.Qvalue", "EG.IsImputed"]
    rows = [["r1", "_AAK_", 2, 0.5, "True"], ["r1", "_CCK_", 2, 0.5, "False"]]
    parsed = read(write(tmp_path / "x.tsv", [head, *rows]), ReadOptions(unfiltered=True))
    assert [feature[1] for feature in features_of(parsed)] == ["CCK"]
