"""Excel workbooks: a sheet is read as the text it stands for, and what Excel did to it is said."""

import random
import zipfile

import pytest
from ingest_files import MAKERS
from made_file import features_of
from made_workbooks import Date, Formula, Sheet, write_workbook

from omicstoken_kernel.errors import InputError, OmicsTokenError, ParseError
from omicstoken_kernel.ingest import ReadOptions, read
from omicstoken_kernel.ingest._source import open_source

HEAD = ["Peptide", "Charge", "Intensity", "Sample"]


def book(tmp_path, rows, **more):
    return write_workbook(tmp_path / "book.csv", {"Peptides": Sheet(rows, **more)})


# These have sections of different columns, or lines above their header that a sheet's title rows
# are taken for: no engine writes them as a sheet. The last one has cells with commas of their own.
_NO_SHEETS = {"mztab", "mascot_csv", "comet", "progenesis", "iedb"}


@pytest.mark.parametrize("name", sorted(MAKERS.keys() - _NO_SHEETS))
def test_every_format_reads_from_a_sheet_as_from_text(tmp_path, name):
    made = MAKERS[name](tmp_path)
    text = made.path.read_text(encoding="utf-8")
    delimiter = next((sign for sign in "\t;," if sign in text.split("\n")[0]), "\x1f")
    rows = [
        [cell.strip().strip('"') for cell in line.split(delimiter)] for line in text.splitlines()
    ]
    path = write_workbook(tmp_path / "evidence", {"any": Sheet(rows)})
    of_text = read(made.path, name="evidence.csv")
    of_sheet = read(path, name="evidence.csv")
    if name == "generic":
        # Without a semicolon as delimiter '3,0' could be thousands: here it needs no help.
        assert len(features_of(of_sheet)) == len(made.features)
        return
    assert of_sheet.format == name
    assert features_of(of_sheet) == features_of(of_text)
    assert of_sheet.ledger == of_text.ledger


def test_numbers_keep_their_digits_and_whole_ones_are_whole(tmp_path):
    rows = [HEAD, ["SIINFEKL", 2, 1234567.8901234, "s"], ["GILGFVFTL", 2.0, 123456789012345, "s"]]
    features = features_of(read(book(tmp_path, rows)))
    assert [feature[2:4] for feature in features] == [(2, 1234567.8901234), (2, 123456789012345.0)]


def test_lines_are_the_sheets_rows_with_titles_and_blank_rows_between(tmp_path):
    rows = [["Results of donor 1"], [], HEAD, ["SIINFEKL", 2, 5.5, "s"], [], ["A?K", 2, 5.5, "s"]]
    parsed = read(book(tmp_path, rows))
    assert features_of(parsed) == [("s", "SIINFEKL", 2, 5.5, 4)]
    assert parsed.rejections[0].line == 6


def test_formatted_empty_rows_are_no_rows(tmp_path):
    path = book(tmp_path, [HEAD, ["SIINFEKL", 2, 5.5, "s"]], empty_rows=20_000)
    assert read(path).ledger.rows_in == 1
    assert len(open_source(path).sheet.text) < 100


def test_a_formula_stands_for_its_stored_result_and_one_without_is_said(tmp_path):
    rows = [
        HEAD,
        ["SIINFEKL", 2, Formula("C9*2", 7.5), "s"],
        ["GILGFVFTL", 2, Formula("C9*2", None), "s"],
    ]
    parsed = read(book(tmp_path, rows))
    assert [feature[3] for feature in features_of(parsed)] == [7.5, None]
    assert any(w.startswith("1 formulas of the workbook") for w in parsed.warnings)


def test_formulas_without_result_are_counted_across_the_pieces_a_sheet_is_read_in(tmp_path):
    rows = [["Peptide", "Intensity"], *[["SIINFEKL", Formula("B1*2", None)] for _ in range(15_000)]]
    sheet = open_source(book(tmp_path, rows)).sheet
    assert sheet.warnings[0].startswith("15000 formulas")


def test_a_quantity_that_excel_made_a_date_is_rejected_and_not_a_count_of_days(tmp_path):
    rows = [HEAD, ["SIINFEKL", 2, Date(45413), "s"], ["GILGFVFTL", 2, 5.5, "s"]]
    parsed = read(book(tmp_path, rows))
    assert parsed.ledger.rejected == {"quantity is no number": 1}
    assert parsed.rejections[0].value == "2024-05-01"
    assert any("1 cells of the sheet 'Peptides' hold dates" in w for w in parsed.warnings)


def test_errors_and_truth_values_are_read_as_excel_shows_them(tmp_path):
    rows = [[*HEAD, "Decoy"], ["SIINFEKL", 2, "#N/A", "s", False], ["DECK", 2, 5, "s", True]]
    parsed = read(book(tmp_path, rows))
    assert features_of(parsed) == [("s", "SIINFEKL", 2, None, 2)]
    assert parsed.ledger.filtered == {"decoy": 1}


def test_tabs_and_line_breaks_within_a_cell_move_nothing(tmp_path):
    rows = [HEAD, ["SIINFEKL", 2, 5.5, "a\tb\nc"]]
    assert features_of(read(book(tmp_path, rows))) == [("a b c", "SIINFEKL", 2, 5.5, 2)]


SHEETS = {
    "About": Sheet([["Made by", "us"], ["on", "Monday"]]),
    "Old": Sheet([HEAD, ["OLDK", 2, 1.5, "s"]], hidden=True),
    "Class I": Sheet([HEAD, ["SIINFEKL", 2, 5.5, "s"]]),
    "Class II": Sheet([HEAD, ["GILGFVFTL", 2, 6.5, "s"]]),
}


@pytest.mark.parametrize(
    ("sheet", "peptide", "said"),
    [(None, "SIINFEKL", True), ("Class II", "GILGFVFTL", False), ("Old", "OLDK", False)],
)
def test_the_first_visible_sheet_with_peptides_is_read_unless_one_is_named(
    tmp_path, sheet, peptide, said
):
    path = write_workbook(tmp_path / "x.xlsx", SHEETS)
    parsed = read(path, ReadOptions(sheet=sheet))
    assert [feature[1] for feature in features_of(parsed)] == [peptide]
    assert any("'Class II' not" in warning for warning in parsed.warnings) == said


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = write_workbook(tmp_path / "x.xlsx", SHEETS)
    with pytest.raises(InputError, match="no sheet 'Class 3'") as raised:
        read(path, ReadOptions(sheet="Class 3"))
    assert "Class II" in raised.value.hint


def test_a_workbook_without_cells_is_refused(tmp_path):
    with pytest.raises(ParseError, match="without any filled cell"):
        read(
            write_workbook(tmp_path / "x.xlsx", {"a": Sheet([]), "b": Sheet([["x"]], hidden=True)})
        )


def test_a_changed_workbook_is_read_anew(tmp_path):
    path = book(tmp_path, [HEAD, ["SIINFEKL", 2, 5.5, "s"]])
    read(path)
    book(tmp_path, [HEAD, ["GILGFVFTL", 2, 5.5, "s"]])
    assert features_of(read(path))[0][1] == "GILGFVFTL"


def test_a_workbook_that_unpacks_without_bounds_is_refused(tmp_path):
    path = book(tmp_path, [HEAD, ["SIINFEKL", 2, 5.5, "s"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"\0" * (300 << 20))
    with pytest.raises(ParseError, match="unpacks to"):
        read(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_is_read_or_refused_in_words(tmp_path, seed):
    draw = random.Random(seed)
    content = bytearray(book(tmp_path, [HEAD, ["SIINFEKL", 2, 5.5, "s"]]).read_bytes())
    for _ in range(draw.randint(1, 6)):
        content[draw.randrange(4, len(content))] = draw.randrange(256)
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content[: draw.choice([len(content), draw.randrange(30, len(content))])])
    problem = None
    try:
        read(path).ledger.check()
    except OmicsTokenError as error:
        problem = error
    assert problem is None or (problem.message and problem.hint)
