"""Tables nobody knows, and lists of peptides."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import features_of, make_generic

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read


def text_file(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_times_are_read_in_the_unit_of_the_header(tmp_path):
    parsed = read(make_generic(tmp_path).path)
    assert parsed.features["rt_s"].to_pylist() == [90.0, 135.0, None, None]
    assert any("'RT (min)' is no usable number" in warning for warning in parsed.warnings)


@pytest.mark.parametrize(
    ("header", "cell", "seconds", "assumed"),
    [
        ("RT [min]", "2", 120.0, None),
        ("rt_s", "2", 2.0, None),
        ("Retention time (sec)", "90.5", 90.5, None),
        ("RT", "2.5", 150.0, "minutes"),
        ("Retention time", "2702.5", 2702.5, "seconds"),
    ],
)
def test_a_time_without_a_unit_is_read_by_its_size_and_said(
    tmp_path, header, cell, seconds, assumed
):
    parsed = read(text_file(tmp_path, f"Peptide,{header}\nAAK,{cell}\n"))
    assert parsed.features["rt_s"].to_pylist() == [seconds]
    said = [warning for warning in parsed.warnings if "names no unit" in warning]
    assert bool(said) == (assumed is not None)
    if assumed:
        assert assumed in said[0]
        other = read(
            text_file(tmp_path, f"Peptide,{header}\nAAK,{cell}\n"),
            ReadOptions(columns={"rt_s": header}),
        )
        assert other.features["rt_s"].to_pylist() == [float(cell)]


def test_columns_after_one_pattern_are_runs_and_a_total_beside_them_is_not(tmp_path):
    text = "Peptide\tIntensity\tIntensity A\tIntensity B\nAAK\t30\t10\t20\nCCK\t7\t0\t7\n"
    parsed = read(text_file(tmp_path, text))
    assert features_of(parsed) == [
        ("A", "AAK", None, 10.0, 2),
        ("B", "AAK", None, 20.0, 2),
        ("B", "CCK", None, 7.0, 3),
    ]
    assert parsed.ledger.cells_empty == 1


def test_columns_called_after_raw_files_are_runs(tmp_path):
    text = "Peptide\tcharge\tD:\\x\\a.raw\tD:\\x\\b.raw\tNotes\nAAK\t2\t1\t\tok\n"
    parsed = read(text_file(tmp_path, text))
    assert [(run.key, run.name) for run in parsed.runs] == [
        ("D:\\x\\a.raw", "a"),
        ("D:\\x\\b.raw", "b"),
    ]
    assert features_of(parsed) == [("a", "AAK", 2, 1.0, 2)]


def test_one_of_several_quantity_columns_can_be_chosen(tmp_path):
    text = "Peptide,Intensity A,Intensity B\nAAK,10,20\n"
    parsed = read(
        text_file(tmp_path, text), ReadOptions(columns={"quantity": "Intensity B"}, run_name="B")
    )
    assert features_of(parsed) == [("B", "AAK", None, 20.0, 2)]


def test_columns_that_may_be_quantities_and_are_not_read_are_said(tmp_path):
    text = "Peptide,Signal,Noise,Length,Note\nAAK,10,20,3,x\n"
    parsed = read(text_file(tmp_path, text))
    assert any("'Signal', 'Noise' were not read" in warning for warning in parsed.warnings)
    assert not any("Length" in warning or "Note" in warning for warning in parsed.warnings)
    assert parsed.runs[0].quantity_kind == "none"


def test_spectral_counts_are_a_kind_of_their_own(tmp_path):
    parsed = read(text_file(tmp_path, "search_hit,spectral_counts,prob\nAAK,3,0.9\nCCK,0,0.8\n"))
    assert parsed.runs[0].quantity_kind == "spectral_count"
    assert parsed.features["quantity"].to_pylist() == [3.0, None]
    assert parsed.features["psm_count"].to_pylist() == [3, 0]


def test_logarithms_keep_their_sign_and_say_so(tmp_path):
    parsed = read(text_file(tmp_path, "Peptide,log2 Intensity\nAAK,-1.5\nCCK,0\nDDK,\n"))
    assert parsed.runs[0].quantity_scale == "log2"
    assert parsed.features["quantity"].to_pylist() == [-1.5, 0.0, None]


def test_a_column_called_peptide_that_holds_none_is_passed_over(tmp_path):
    text = "Peptide,Sequence\n1001,AAK\n1002,CCK\n"
    parsed = read(text_file(tmp_path, text))
    assert parsed.columns["sequence"] == "Sequence"


@pytest.mark.parametrize(
    ("text", "looks_like"),
    [
        ("Peptide\tscore\n_.781003._\t1\n_.781004._\t2\n", "does not hold peptides"),
        ("Peptide\tscore\nAAK_CCK\t1\nDDK_EEK\t2\n", "several peptides in one: cross-links"),
        ("gene,p\nTP53,0.1\nBRCA1,0.2\n", "no column of peptides among its 2 columns"),
        ("PeptideSequence\tProductMz\tLibraryIntensity\nAAK\t1\t2\n", "a spectral library"),
        ("StrippedPeptide,FragmentMz,RelativeIntensity\nAAK,1,2\n", "a spectral library"),
        ("Peptide,Precursor Mz,Product Mz,Fragment Ion\nAAK,1,2,y3\n", "a spectral library"),
        ("peptide,allele,affinity_prediction\nAAK,A,5\n", "binding predictions"),
        ("Protein IDs\tMajority protein IDs\tSequence\nP1\tP1\tAAK\n", "protein groups"),
        ("MTD\tmzTab-version\t1.0\nPSH\tsequence\n", "an mzTab file"),
        ('<?xml version="1.0"?>\n<mzML id="x">\n', "an mzML file"),
        ("<html><body>AAK</body></html>\n", "a web page"),
        (">sp|P1|X\nMKWVTFISLL\n>sp|P2|Y\nMKAAA\n", "a FASTA file"),
        ('{"peptides": ["AAK"]}\n', "a JSON document"),
        ("BEGIN IONS\nTITLE=x\n100 5\nEND IONS\n", "an MGF file"),
        ("TP53\nBRCA1\nEGFR\nKRAS\nCD274\n", "gene or protein names"),
        ("CAT\nGAPDH\nTTN\nMYH\nACE\nPTEN\n", "gene or protein names"),
        ("Dear all,\nplease find enclosed the results.\n", "Expected a table"),
        ("SIINFEKL\t0.01\nGILGFVFTL\t0.02\n", "no header line"),
    ],
)
def test_what_is_no_peptide_table_is_refused_as_what_it_looks_like(tmp_path, text, looks_like):
    with pytest.raises(ParseError, match=looks_like) as caught:
        read(text_file(tmp_path, text, "peptides.txt"))
    assert "Expected" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("header", ["Area", "r1 Area", "Total Area Fragment"])
def test_transitions_with_areas_are_a_result(tmp_path, header):
    text = f"Peptide,Precursor Mz,Product Mz,{header}\nAAK,1,2,7\n"
    assert read(text_file(tmp_path, text)).features["quantity"].to_pylist() == [7.0]


def test_modifications_in_a_column_of_their_own_are_not_taken_for_none(tmp_path):
    text = "Sequence,Modifications\nAAMK,2xOxidation [M3]\nCCK,\nDDK,Unmodified\n"
    parsed = read(text_file(tmp_path, text))
    assert parsed.features["sequence"].to_pylist() == ["CCK", "DDK"]
    assert [(one.column, one.value) for one in parsed.rejections] == [
        ("Modifications", "2xOxidation [M3]")
    ]


def test_a_plain_column_beside_another_makes_that_one_the_modified_sequence(tmp_path):
    text = "sequence_naked,sequence\nAMK,AoxMK\nCCK,CCK\n"
    parsed = read(text_file(tmp_path, text))
    assert parsed.columns == {"modified": "sequence", "sequence": "sequence_naked"}
    assert parsed.features["sequence"].to_pylist() == ["CCK"]


def test_a_charge_behind_a_slash_is_the_charge(tmp_path):
    parsed = read(text_file(tmp_path, "peptidoform\tscore\nAAK/2\t1\nAAK/3\t2\nCCK\t2\n"))
    assert parsed.features["precursor_charge"].to_pylist() == [2, 3, None]


@pytest.mark.parametrize(
    ("cell", "charge"), [("2", 2), ("3+", 3), ("+2", 2), ("2.0", 2), ("", None)]
)
def test_charges_are_read_as_tools_write_them(tmp_path, cell, charge):
    parsed = read(text_file(tmp_path, f"Peptide,Charge\nAAK,{cell}\n"))
    assert parsed.features["precursor_charge"].to_pylist() == [charge]


def test_an_average_charge_is_none_and_said(tmp_path):
    parsed = read(text_file(tmp_path, "Peptide,Charge\nAAK,2.4\nCCK,2\n"))
    assert parsed.features["precursor_charge"].to_pylist() == [None, 2]
    assert any("no whole numbers" in warning for warning in parsed.warnings)


def test_labels_tell_targets_from_decoys_and_both_is_a_target(tmp_path):
    text = "Peptide,Target/Decoy\nAAK,target\nCCK,decoy\nDDK,target+decoy\n"
    parsed = read(text_file(tmp_path, text))
    assert parsed.features["sequence"].to_pylist() == ["AAK", "DDK"]
    assert parsed.ledger.filtered == {"decoy": 1}


def test_a_label_of_another_kind_filters_nothing(tmp_path):
    parsed = read(text_file(tmp_path, "Peptide,Label\nAAK,light\nCCK,heavy\n"))
    assert parsed.ledger.filtered == {}


def test_a_label_of_zero_and_one_tells_decoys_only_beside_what_a_search_gives(tmp_path):
    kept = read(text_file(tmp_path, "Peptide,Label,Score\nAAK,1,2\nCCK,0,3\n"))
    assert kept.ledger.filtered == {}
    assert "target" not in kept.columns
    assert any('--column target="Label"' in said for said in kept.warnings)
    for text in (
        "Peptide,Label\nAAK,1\nCCK,-1\n",
        "Peptide,Label,q-value\nAAK,1,0.001\nCCK,0,0.002\n",
        "Peptide,Label,ScanNr\nAAK,1,7\nCCK,0,8\n",
    ):
        assert read(text_file(tmp_path, text)).ledger.filtered == {"decoy": 1}
    columns = {"target": "Label"}
    named = read(text_file(tmp_path, "Peptide,Label\nAAK,1\nCCK,0\n"), ReadOptions(columns=columns))
    assert named.ledger.filtered == {"decoy": 1}


def test_a_run_column_with_a_value_of_its_own_on_every_row_is_not_used(tmp_path):
    rows = "".join(f"AAK{'ACDEFGHIKL'[n % 10]}K,x{n}\n" for n in range(60))
    parsed = read(text_file(tmp_path, "Peptide,Reference\n" + rows))
    assert len(parsed.runs) == 1
    assert any("'Reference' has 60 values" in warning for warning in parsed.warnings)


def test_a_q_value_column_without_values_filters_nothing(tmp_path):
    parsed = read(text_file(tmp_path, "Peptide,q-value\nAAK,\nCCK,NA\n"))
    assert parsed.ledger.features == 2
    assert parsed.runs[0].filter_note == "unfiltered: the file carries no q-values"


def test_a_threshold_nobody_can_use_is_said(tmp_path):
    parsed = read(text_file(tmp_path, "Peptide,z\nAAK,2\n"), ReadOptions(q_value=0.05))
    assert "The file has no q-values: the threshold was not used." in parsed.warnings


def test_long_numbers_of_proteins_are_unharmed(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.table({"Peptide": ["AAK"], "Protein": pa.array([18446744073709551615], pa.uint64())}),
        path,
    )
    assert read(path).features["proteins"].to_pylist() == ["18446744073709551615"]


def test_names_with_markup_and_separators_are_data(tmp_path):
    text = 'Peptide,Protein,Run\nAAK,"<script>alert(1)</script>","../<b>x</b>\x07"\n'
    parsed = read(text_file(tmp_path, text))
    assert parsed.features["proteins"].to_pylist() == ["<script>alert(1)</script>"]
    assert "\x07" not in parsed.runs[0].name


def test_one_peptide_is_enough(tmp_path):
    assert read(text_file(tmp_path, "Peptide,z\nAAK,2\n")).ledger.features == 1


@pytest.mark.parametrize(
    "header", ["Peptide", "sequence", "PEPTIDE", "Ligands", "peptide sequence"]
)
def test_a_list_with_a_header_loses_neither_header_nor_peptide(tmp_path, header):
    parsed = read(text_file(tmp_path, f"{header}\nSIINFEKL\nGILGFVFTL\n"))
    assert parsed.format == "ligand_list"
    assert parsed.features["sequence"].to_pylist() == ["SIINFEKL", "GILGFVFTL"]
    assert parsed.features["line"].to_pylist() == [2, 3]
    assert parsed.columns == {"sequence": header}


def test_a_list_without_a_header_keeps_its_first_peptide(tmp_path):
    parsed = read(text_file(tmp_path, "SIINFEKL\nGILGFVFTL"))
    assert parsed.features["sequence"].to_pylist() == ["SIINFEKL", "GILGFVFTL"]
    assert parsed.features["line"].to_pylist() == [1, 2]


def test_short_peptides_are_taken_where_the_header_says_peptide(tmp_path):
    assert read(text_file(tmp_path, "Peptide\nVPP\nIPP\nLKP\n")).ledger.features == 3
    with pytest.raises(ParseError):
        read(text_file(tmp_path, "VPP\nIPP\nLKP\n"))
    forced = read(text_file(tmp_path, "VPP\nIPP\nLKP\n"), ReadOptions(format="ligand_list"))
    assert forced.ledger.features == 3


def test_a_list_of_one_peptide_is_a_list(tmp_path):
    assert read(text_file(tmp_path, "SIINFEKL\n")).features["sequence"].to_pylist() == ["SIINFEKL"]


def test_a_peptide_of_sixty_thousand_residues_is_rejected_and_shortened(tmp_path):
    text = "Peptide\nSIINFEKL\n" + "A" * 60_000 + "\n"
    parsed = read(text_file(tmp_path, text))
    assert parsed.ledger.rejected == {"longer than 1022 residues": 1}
    assert parsed.rejections[0].value.endswith("(60000 characters)")
    assert parsed.rejections[0].line == 3
