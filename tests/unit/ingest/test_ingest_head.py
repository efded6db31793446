"""The beginning of a table: delimiter, header line, names, first rows."""

import pytest

from omicstoken_kernel.ingest._head import NO_DELIMITER, parse_head, spelling


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Peptide\tz\nAAK\t2\n", "\t"),
        ("Peptide,z\nAAK,2\n", ","),
        ("Peptide;z\nAAK;2\n", ";"),
        ("Peptide|z\nAAK|2\n", "|"),
        ("Peptide;Area\nAAK;1,5\nCCK;2,5\n", ";"),  # decimal commas
        ("Peptide,Proteins\nAAK,P1;P2\nCCK,P3;P4\n", ","),  # lists of proteins
        ("Peptide\tAbundance: F1, Sample\nAAK\t2\n", "\t"),  # a comma in a name
        ('"Peptide","a, b"\n"AAK","1"\n', ","),
        ("AAK\nCCK\n", NO_DELIMITER),
        ("", NO_DELIMITER),
    ],
)
def test_the_delimiter_is_the_one_header_and_rows_agree_on(text, delimiter):
    assert parse_head(text.encode()).delimiter == delimiter


def test_comment_lines_above_the_header_are_no_header():
    head = parse_head(b"# made by X\n# version 2\nPeptide,z\nAAK,2\n")
    assert (head.names, head.header_line) == (("Peptide", "z"), 3)


def test_a_column_whose_name_begins_with_a_hash_is_no_comment():
    head = parse_head(b"#Feature,Peptide\n1,AAK\n2,CCK\n")
    assert head.names == ("#Feature", "Peptide")


def test_blank_lines_above_the_header_count_as_lines():
    assert parse_head(b"\n\r\nPeptide,z\nAAK,2\n").header_line == 3


def test_unnamed_and_repeated_columns_are_told_apart():
    head = parse_head(b",Area,Area,\nx,1,2,y\n")
    assert head.names == ("unnamed 1", "Area", "Area (2)", "unnamed 4")


def test_row_names_without_a_name_for_their_column_shift_nothing():
    head = parse_head(b"Peptide,z\n1,AAK,2\n2,CCK,3\n")
    assert head.names == ("unnamed 1", "Peptide", "z")
    assert head.column("Peptide") == ["AAK", "CCK"]


def test_a_trailing_delimiter_in_every_row_shifts_nothing():
    head = parse_head(b"Peptide\tz\nAAK\t2\t\nCCK\t3\t\n")
    assert head.names == ("Peptide", "z", "unnamed 3")


def test_a_line_cut_by_the_end_of_the_head_is_no_row():
    line = "A" * 100 + "\t2\n"
    text = "Peptide\tz\n" + line * 3000
    rows = parse_head(text.encode()[:262_144]).rows
    assert all(len(row) == 2 for row in rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q.Value", "q_value"),
        ("MS/MS m/z", "MS.MS.m.z"),
        ("Potential contaminant", "Potential.contaminant"),
        ("-10lgP", "-10LgP"),
        ("Raw file", "\ufeffRaw file"),
    ],
)
def test_spellings_of_one_name_agree(one, other):
    assert spelling(one) == spelling(other)


def test_a_number_of_things_is_not_the_things():
    assert spelling("# Proteins") != spelling("Proteins")


@pytest.mark.parametrize("junk", [b"\x00\x00", b"\xff\xfe\xfd", b'"', b'"\n"', b"\t\t\t", b"\r\r"])
def test_no_bytes_make_it_fail(junk):
    assert parse_head(junk).names
