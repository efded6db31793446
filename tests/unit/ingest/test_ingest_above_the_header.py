"""What stands above a header, or breaks it, and how Excel of other countries writes it."""

import pytest
from ingest_files import features_of
from made_workbooks import Sheet, write_workbook

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._head import parse_head

ROWS = "Peptide,Charge,Intensity\nSIINFEKL,2,5\nGILGFVFTL,2,6\nNLVPMVATV,2,7\nKLGGALQAK,2,8\n"


def text_file(tmp_path, text, name="x.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("titles", "line"),
    [
        ("Ligands of donor 1\n\n", 4),
        ("My experiment,,\n,,\n", 4),
        ("Report,Peptides\nDate,2024-01-01\nUser,me\n\n", 6),
        ("# by a tool\nLigands of donor 1,,\n", 4),
    ],
)
def test_titles_above_a_known_header_are_passed_over_and_lines_stay_true(tmp_path, titles, line):
    parsed = read(text_file(tmp_path, titles + ROWS))
    assert parsed.columns == {"sequence": "Peptide", "charge": "Charge", "quantity": "Intensity"}
    assert parsed.ledger.rows_in == 4
    assert features_of(parsed)[0][1:] == ("SIINFEKL", 2, 5.0, line)


@pytest.mark.parametrize("text", [ROWS, ROWS.replace("SIINFEKL,2", "Sequence,Peptide")])
def test_a_header_on_the_first_line_stays_there(text):
    assert parse_head(text.encode()).header_line == 1


def test_a_line_that_names_blocks_of_columns_is_no_title(tmp_path):
    text = "Peptide,,Donor 1,,Donor 2,\nSequence,z,Area,N,Area,N\nSIINFEKL,2,5,1,6,1\n"
    with pytest.raises(ParseError):
        read(text_file(tmp_path, text.replace("Peptide,", "Info,")))


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n", '"sep=;"\n'])
def test_excels_line_of_the_separator_is_heeded(tmp_path, first):
    parsed = read(text_file(tmp_path, first + "Peptide;Intensity\nSIINFEKL;1,5\nGILGFVFTL;2,5\n"))
    assert [feature[3:] for feature in features_of(parsed)] == [(1.5, 3), (2.5, 4)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_header_broken_within_quotes_is_one_header(tmp_path, delimiter):
    head = delimiter.join(['"Peptide\nsequence"', "Charge", '"Intensity\n\n(log2)"'])
    row = delimiter.join(["SIINFEKL", "2", "5"])
    parsed = read(text_file(tmp_path, f"{head}\n{row}\n"))
    assert parsed.columns["sequence"] == "Peptide sequence"
    assert features_of(parsed)[0][1:] == ("SIINFEKL", 2, 5.0, 5)


@pytest.mark.parametrize(
    "head", ["Peptid;Intensität", "Sequenz;Intensität", "Séquence;Intensité", "SEQUENZ;INTENSITÄT"]
)
def test_german_and_french_headers_are_known(tmp_path, head):
    parsed = read(text_file(tmp_path, f"{head}\nSIINFEKL;1.234,5\nGILGFVFTL;2,25\n"))
    assert [feature[3] for feature in features_of(parsed)] == [1234.5, 2.25]


def test_a_title_of_two_cells_above_three_columns_of_a_sheet_is_no_header(tmp_path):
    table = [["Done on", "2024-01-01", None], ["Peptide", "Charge", "Intensity"]]
    table += [["SIINFEKL", 2, 5], ["GILGFVFTL", 2, 6]]
    path = tmp_path / "x.xlsx"
    write_workbook(path, {"one": Sheet(table)})
    assert features_of(read(path))[0][1:] == ("SIINFEKL", 2, 5.0, 3)


def test_a_sheet_without_rows_is_passed_over_for_one_with_peptides(tmp_path):
    head = ["Peptide\n< ProteinMetrics Confidential >", "z", "Score"]
    spectra = Sheet([head, ["K.SIINFEKL.R", 2, 450]])
    path = tmp_path / "byonic.xlsx"
    write_workbook(path, {"Summary": Sheet([["Byonic"]]), "Spectra": spectra})
    parsed = read(path)
    assert features_of(parsed)[0][:3] == ("byonic", "SIINFEKL", 2)
