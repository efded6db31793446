"""Two ways through a text file, one result; and what becomes of damaged lines."""

import random

import numpy as np
import pytest

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._careful import read_careful
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._table import _read_fast, read_table


def table_of(path, *wanted):
    source = open_source(path)
    return read_table(source, wanted or parse_head(source.head).names)


def text_file(tmp_path, text):
    path = tmp_path / "table.txt"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("seed", range(20))
def test_the_fast_and_the_careful_way_agree(tmp_path, seed):
    draw = random.Random(seed)
    delimiter = draw.choice("\t,;")
    names = [f"c{place}" for place in range(draw.randint(2, 6))]
    quote = delimiter != "\t" and draw.random() < 0.5

    def cell():
        value = "".join(draw.choices("ABC xyz0é.'", k=draw.randint(0, 8)))
        return f'"{value},"";"' if quote and draw.random() < 0.3 else value

    end = draw.choice(["\n", "\r\n"])
    lines = [delimiter.join(cell() for _ in names) for _ in range(draw.randint(1, 200))]
    text = end.join([delimiter.join(names), *lines]) + draw.choice(["", end, end + end])
    source = open_source(text_file(tmp_path, text))
    head = parse_head(source.head)
    fast = _read_fast(source, head, list(names))
    columns, careful_lines, defects, warnings = read_careful(source, head, list(names))
    assert not defects
    assert fast is not None or not lines
    if fast is None:
        return
    assert {name: column.to_pylist() for name, column in fast.columns.items()} == columns
    assert np.array_equal(fast.lines, careful_lines)
    assert not warnings


def test_a_short_row_is_filled_up_and_said(tmp_path):
    table = table_of(text_file(tmp_path, "a\tb\tc\n1\t2\t3\n4\n5\t6\n7\t8\t9\n"))
    assert table.columns["c"].to_pylist() == ["3", "", "", "9"]
    assert table.lines.tolist() == [2, 3, 4, 5]
    assert "2 rows have fewer than the header's 3 fields (the first is line 3)" in table.warnings[0]


def test_a_row_with_too_many_fields_is_a_defect_unless_they_are_blank(tmp_path):
    table = table_of(text_file(tmp_path, "a\tb\n1\t2\n3\t4\t5\n6\t7\t\t \n"))
    assert table.columns["a"].to_pylist() == ["1", "6"]
    assert [(defect.line, defect.value) for defect in table.defects] == [(3, "3 | 4 | 5")]
    assert table.rows_in == 3


def test_a_last_line_that_was_cut_is_a_defect(tmp_path):
    table = table_of(text_file(tmp_path, "a\tb\tc\n1\t2\t3\n4\t5"))
    assert table.columns["a"].to_pylist() == ["1"]
    assert "cut short" in table.defects[0].reason
    assert table.defects[0].line == 3


def test_line_numbers_survive_blank_lines_and_line_breaks_in_quotes(tmp_path):
    table = table_of(text_file(tmp_path, 'a,b\n1,2\n\n3,"x\ny"\n\n\n4,5\n'))
    assert table.columns["a"].to_pylist() == ["1", "3", "4"]
    assert table.columns["b"].to_pylist() == ["2", "x\ny", "5"]
    assert table.lines.tolist() == [2, 4, 8]


def test_a_stray_quote_does_not_swallow_the_lines_behind_it(tmp_path):
    table = table_of(text_file(tmp_path, 'a,b\n1,2\n3,"oops\n5,6\n7,8\n'))
    assert table.columns["a"].to_pylist() == ["1", "3", "5", "7"]
    assert table.columns["b"].to_pylist() == ["2", '"oops', "6", "8"]
    assert table.lines.tolist() == [2, 3, 4, 5]


def test_a_quote_in_a_tab_separated_file_is_a_character(tmp_path):
    table = table_of(text_file(tmp_path, 'a\tb\n1\t"5" kinase\n2\t"quoted"\n3\t6"\n'))
    assert table.columns["b"].to_pylist() == ['"5" kinase', "quoted", '6"']


def test_a_quoted_tab_separated_file_is_unquoted(tmp_path):
    table = table_of(text_file(tmp_path, '"a"\t"b"\n"1"\t"x"\n"2"\t"y"\n'))
    assert table.columns["a"].to_pylist() == ["1", "2"]


def test_a_megabyte_in_one_cell_is_no_reason_to_fail(tmp_path):
    table = table_of(text_file(tmp_path, "a\tb\n1\t" + "x" * 9_000_000 + "\n2\ty\n"))
    assert table.columns["a"].to_pylist() == ["1", "2"]


def test_a_nul_in_the_middle_is_left_out(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_bytes(
        b"Peptide\tProtein\n" + b"SIINFEKL\tP1\n" * 3000 + b"GILGFVFTL\tP\x002\n\n\nAAK\tP3\n"
    )
    assert read(path).features["proteins"].to_pylist() == ["P1", "P2", "P3"]


def test_only_wanted_columns_are_read(tmp_path):
    table = table_of(text_file(tmp_path, "a\tb\n1\t2\n"), "b")
    assert list(table.columns) == ["b"]
    assert table.names == ("a", "b")


@pytest.mark.parametrize("text", ["a\tb\n", "a\tb", "a,b\r\n\r\n"])
def test_a_header_without_rows_is_an_error(tmp_path, text):
    with pytest.raises(ParseError, match="has a header but no rows"):
        table_of(text_file(tmp_path, text))
