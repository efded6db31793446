"""Sample sheets and the names of HLA types in them."""

from __future__ import annotations

import pytest

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest.hla import normalised_hla, split_hla
from omicstoken_kernel.ingest.sheet import read_sample_sheet

HLA = {
    "A2": "HLA-A2",
    "A02": "HLA-A*02",
    "A0201": "HLA-A*02:01",
    "HLA-A02:01": "HLA-A*02:01",
    "HLA-A*02:01": "HLA-A*02:01",
    "hla-a*24:02n": "HLA-A*24:02N",
    "C7": "HLA-Cw7",
    "Cw7": "HLA-Cw7",
    "C*07:02:01": "HLA-C*07:02:01",
    "DRB1_1501": "HLA-DRB1*15:01",
    "DPB1*04:01": "HLA-DPB1*04:01",
    "HLA-DQA10501-DQB10201": "HLA-DQA1*05:01/DQB1*02:01",
    "DQA1*05:01/HLA-DQB1*02:01": "HLA-DQA1*05:01/DQB1*02:01",
    "H2-Kb": "H2-Kb",
    "H-2-Kb": "H2-Kb",
    "h2-IAb": "H2-IAb",
}


@pytest.mark.parametrize("written", HLA)
def test_hla_types_are_written_as_the_nomenclature_does(written):
    assert normalised_hla(written) == HLA[written]
    assert normalised_hla(HLA[written]) == HLA[written]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "A",
        "banana",
        "A99",
        "A*99:01",
        "A201",
        "02:01",
        "A*02:1",
        "DQA1*05:01/DPB1*04:01",
        "H2-K",
    ],
)
def test_what_is_no_hla_type_is_refused(nonsense):
    with pytest.raises(InputError, match="is no HLA type"):
        normalised_hla(nonsense)


def test_a_cell_holds_several_types_and_a_pair_stays_one():
    assert split_hla("A2;B7, C0702 / A3") == ("A2", "B7", "C0702", "A3")
    assert split_hla("A2/DQA1*05:01") == ("A2", "DQA1*05:01")
    assert split_hla("DQA1*05:01/DQB1*02:01") == ("DQA1*05:01/DQB1*02:01",)


def written(tmp_path, text, name="sheet.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_known_by_name_and_others_are_free(tmp_path):
    text = (
        "Raw_File;Sample;Condition;Replicate;HLA-A1;A2;Tissue;empty\n\n"
        "r1.raw;S1;tumour;1;02:01;0301;lung;\nr2.raw;NA;;;;;;\n"
    )
    first, second = read_sample_sheet(written(tmp_path, text)).rows
    assert (first.line, second.line) == (3, 4)
    assert first.run == "r1.raw"
    assert first.fields == {
        "sample": "S1",
        "condition": "tumour",
        "biological_replicate": "1",
        "hla": ("HLA-A*02:01", "HLA-A*03:01"),
    }
    assert first.free == {"Tissue": "lung"}
    assert first.hla_written == ("A*02:01", "A0301")
    assert (second.fields, second.free) == ({}, {})


def test_an_sdrf_file_is_read_and_its_technical_columns_are_named_as_unused(tmp_path):
    text = (
        "source name\tcharacteristics[individual]\tcharacteristics[organism]\tassay name\t"
        "characteristics[biological replicate]\tcomment[fraction identifier]\t"
        "comment[technical replicate]\tcomment[data file]\t"
        "factor value[disease]\tfactor value[dose]\n"
        "s1\tp1\thomo sapiens\trun 1\t1\t2\t1\tr1.raw\ttumour\tnot available\n"
    )
    sheet = read_sample_sheet(written(tmp_path, text, "a.sdrf.tsv"))
    assert sheet.unused == ("assay name",)
    assert sheet.rows[0].run == "r1.raw"
    assert sheet.rows[0].free == {"organism": "homo sapiens"}
    assert sheet.rows[0].fields == {
        "sample": "s1",
        "donor": "p1",
        "biological_replicate": "1",
        "technical_replicate": "1",
        "fraction": "2",
        "condition": "tumour",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sample,condition\na,b\n", "No column of 'sheet.csv' names the run; it has sample"),
        ("run,sample\n", "no line below its header"),
        ("run,sample\nr1,a\n,b\n", "line 3 names no run"),
        ("run,sample\nr1,a,b\n", "line 2 has 3 cells; the header has 2"),
        ("run,donor,patient\nr1,a,b\n", "2 columns for the donor: donor, patient"),
        ("run,hla\nr1,A2\nr2,A2;rubbish\n", "line 3: 'rubbish' is no HLA type"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path, text, reason):
    with pytest.raises(ParseError, match=reason):
        read_sample_sheet(written(tmp_path, text))
