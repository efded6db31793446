"""Output of other programs: recognised by content, read in their own values, nothing invented."""

from __future__ import annotations

import gzip

import pytest
from fasta_files import MHCFLURRY, MIXMHCPRED, NETMHCIIPAN_TEXT, NETMHCPAN_TEXT, netmhcpan_xls

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest.predictions import Predicted, read_predictions

XLS = netmhcpan_xls(["GILGFVFTL", "SIINFEKL"], ["HLA-A02:01", "HLA-B07:02"], affinity=True)
FILES = {
    "xls": (XLS, "NetMHCpan", "", 8),
    "printed": (NETMHCPAN_TEXT, "NetMHCpan", "4.1b", 6),
    "class II": (NETMHCIIPAN_TEXT, "NetMHCIIpan", "4.3e", 2),
    "MixMHCpred": (MIXMHCPRED, "MixMHCpred", "3.0", 4),
    "MHCflurry": (MHCFLURRY, "MHCflurry", "", 6),
}


@pytest.fixture
def read(tmp_path):
    def of(content, name="x.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        file = read_predictions(path)
        rows = list(file.rows)
        return file, [row for row in rows if isinstance(row, Predicted)], rows

    return of


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_program_is_known_by_its_content(read, kind, end):
    content, tool, version, number = FILES[kind]
    file, rows, everything = read(gzip.compress(content.replace("\n", end).encode()), "x")
    assert (file.tool, file.version, len(rows)) == (tool, version, number)
    assert len(everything) == number
    assert all(row.allele.startswith("HLA-") and "*" in row.allele for row in rows)
    assert file.notes == []


def test_the_printed_table_of_netmhcpan_is_read_with_its_words(read):
    file, rows, _ = read(NETMHCPAN_TEXT)
    assert file.thresholds == {"strong": 0.5, "weak": 2.0}
    assert file.thresholds_from == "as the file states"
    by = {(row.peptide, row.kind): row for row in rows}
    ligand = by["GILGFVFTL", "EL"]
    assert (ligand.score, ligand.rank, ligand.label) == (0.981012, 0.009, "SB")
    assert (ligand.rank_name, ligand.written, ligand.core) == (
        "%Rank_EL", "HLA-A*02:01", "GILGFVFTL",
    )  # fmt: skip
    affinity = by["GILGFVFTL", "BA"]
    assert (affinity.affinity_nm, affinity.rank, affinity.label) == (14.93, 0.103, "")
    assert by["SIINFEKL", "EL"].label == ""
    assert by["NLVPMVATV", "EL"].label == "WB"


def test_netmhcpan_4_0_has_one_score_and_one_rank(read):
    text = (
        "# NetMHCpan version 4.0\n# Rank Threshold for Strong binding peptides   0.500\n---\n"
        "  Pos          HLA         Peptide       Core Of Gp Gl Ip Il        Icore        Identity "
        "    Score   %Rank  BindLevel\n---\n"
        "   15  HLA-A*03:01       HQAAMQMLK  HQAAMQMLK  0  0  0  0  0    HQAAMQMLK     Gag "
        "0.5697290  0.2857 <= SB\n"
    )
    _, (row,), _ = read(text)
    assert (row.kind, row.score, row.rank, row.label) == ("EL", 0.569729, 0.2857, "SB")


def test_class_two_thresholds_stand_in_the_file(read):
    file, rows, _ = read(NETMHCIIPAN_TEXT)
    assert file.thresholds == {"strong": 1.0, "weak": 5.0}
    assert [(row.allele, row.rank, row.label) for row in rows] == [
        ("HLA-DRB1*01:01", 0.5, "SB"),
        ("HLA-DRB1*01:01", 6.81, ""),
    ]


def test_the_two_header_rows_say_which_allele_a_value_is_for(read):
    file, rows, _ = read(XLS)
    found = {(row.peptide, row.allele, row.kind): row.rank for row in rows}
    assert found["GILGFVFTL", "HLA-A*02:01", "EL"] == 0.1
    assert found["GILGFVFTL", "HLA-B*07:02", "EL"] == 1.1
    assert found["GILGFVFTL", "HLA-B*07:02", "BA"] == 1.2
    assert "does not state" in file.thresholds_from


def test_an_xls_file_of_class_two_states_no_thresholds(read):
    text = (
        "\t\t\t\tDRB1_0101\t\t\t\tHLA-DQA10501-DQB10201\n"
        "Pos\tPeptide\tID\tTarget\tCore\tInverted\tScore\tRank\tCore\tInverted\tScore\tRank\tAve\tNB\n"
        "1\tKSVPLEMLLINLTTI\tSeq\tNA\tLEMLLINLT\t0\t0.8\t0.5\tLEMLLINLT\t0\t0.1\t30\t0.4\t1\n"
    )
    file, rows, _ = read(text)
    assert file.tool == "NetMHCIIpan"
    assert file.thresholds == {}
    assert [(row.allele, row.kind, row.rank) for row in rows] == [
        ("HLA-DRB1*01:01", "EL", 0.5),
        ("HLA-DQA1*05:01/DQB1*02:01", "EL", 30.0),
    ]


def test_mixmhcpred_has_a_rank_for_every_allele(read):
    _, rows, _ = read(MIXMHCPRED)
    assert [(row.peptide, row.written, row.rank, row.label) for row in rows] == [
        ("GILGFVFTL", "A0201", 0.035, "best allele"),
        ("GILGFVFTL", "B0702", 22.5, ""),
        ("SIINFEKL", "A0201", 30.1, ""),
        ("SIINFEKL", "B0702", 8.25, "best allele"),
    ]


def test_mhcflurry_s_kinds_stay_apart(read):
    _, rows, _ = read(MHCFLURRY)
    first = {row.kind: row for row in rows if row.peptide == "GILGFVFTL"}
    assert (first["presentation"].score, first["presentation"].rank) == (0.98, 0.01)
    assert (first["affinity"].affinity_nm, first["affinity"].rank) == (12.5, 0.02)
    assert (first["processing"].score, first["processing"].rank) == (0.61, None)


def test_a_cut_off_row_is_rejected_with_its_line(read):
    _, rows, everything = read(XLS + "0\tNLVPMVATV\tPEPLIST\n")
    (rejection,) = [each for each in everything if each not in rows]
    assert (rejection.line, "fewer values" in rejection.reason) == (5, True)


def test_a_value_that_is_no_number_is_rejected_and_na_is_none(read):
    _, rows, everything = read(
        MHCFLURRY + "HLA-A*02:01,AAAAAAAAA,many,0,0,0,0\nA2,CCCCCCCCC,,,,,\n"
    )
    assert len(everything) - len(rows) == 1
    assert "AAAAAAAAA" not in {row.peptide for row in rows}
    assert {row.rank for row in rows if row.peptide == "CCCCCCCCC"} == {None}


def test_an_allele_of_another_species_is_kept_as_written(read):
    _, rows, _ = read(MHCFLURRY.replace("HLA-A*02:01", "DLA-88*01:01"))
    assert {row.allele for row in rows} == {"DLA-88*01:01"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("peptide,allele\nSIINFEKL,A2\n", "is no output of NetMHCpan"),
        ("<script>\0", "is no output of"),
        ("\t\t\tA\nPos\tPeptide\tID\tfoo\n", "neither a score nor a rank"),
    ],
)
def test_another_file_is_refused_in_words(read, content, told):
    with pytest.raises(ParseError) as caught:
        read(content)
    assert told in caught.value.message
