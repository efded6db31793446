"""Lists of peptides, and what is written like one and is none."""

import pytest
from fasta_files import MHCFLURRY, MIXMHCPRED, NETMHCIIPAN_TEXT, NETMHCPAN_TEXT

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import read

PROTEIN = "MKWVTFISLLLLFSSAYSRGVFRRDTHKSEIAHRFKDLGEEHFKGLVLIAFSQYLQQCPF\n"
GENE = "ATGGCCATTGTAATGGGCCGGGCCCATGACTAGCATCGTTTAGGCATTACGACTACACCC\n"


@pytest.mark.parametrize(
    "text",
    [
        ">sp|P02768|ALBU_HUMAN Albumin OS=Homo sapiens\n" + PROTEIN * 10,
        (">sp|P02768|ALBU_HUMAN\n" + PROTEIN * 10) * 5,
        ">one protein in one line\n" + PROTEIN,
        ">ENST1.4 cds\n" + GENE * 20,
        ">p1\nSIINFEKL\n>p2\nGILGFVFTL\n",
    ],
)
def test_fasta_is_refused_and_sent_to_where_proteins_are_added(tmp_path, text):
    path = tmp_path / "x.fasta"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParseError, match="a FASTA file of sequences") as caught:
        read(path)
    assert "omicstoken proteome add FILE" in caught.value.hint


@pytest.mark.parametrize("head", ["", "Sequence\n", "seq\n"])
def test_a_list_of_nucleotides_is_no_list_of_peptides(tmp_path, head):
    path = tmp_path / "x.txt"
    path.write_text(head + "ATGGCCATTGTAATGGGCC\nGGGCCCATGACTAGCATCG\nTTTAGGCATTACG\n")
    with pytest.raises(ParseError, match="nucleotide sequences"):
        read(path)


@pytest.mark.parametrize(
    ("text", "looks_like", "hint"),
    [
        (
            "Protein.Group\tProtein.Ids\tGenes\tFirst.Protein.Description\ta.raw\nP1\tP1\tG\td\t5\n",
            "a table of proteins",
            "Export",
        ),
        (
            "Protein\tProtein ID\tEntry Name\tProtein Probability\nP\tP1\tX\t1\n",
            "proteins",
            "Export",
        ),
        ("Positions within proteins\tLocalization prob\tProtein\n5\t1\tP1\n", "sites", "Export"),
        ("Rank,AlphaPeptide,BetaPeptide\n1,AAK,CCK\n", "cross-linked", "Export"),
        ("Name: AAK/2\nMW: 300.1\nComment: x\nNum peaks: 1\n100 5\n", "library", "Export"),
        (
            "# NetMHCpan version 4.1b\n\n---\n Pos MHC Peptide Core Of\n 1 HLA-A*02:01 AAK AAK 0\n",
            "NetMHCpan",
            "omicstoken predictions add",
        ),
    ],
)
def test_what_holds_no_observed_peptides_is_named_with_what_to_do(tmp_path, text, looks_like, hint):
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParseError, match=looks_like) as caught:
        read(path)
    assert hint in caught.value.hint


@pytest.mark.parametrize("text", [NETMHCPAN_TEXT, NETMHCIIPAN_TEXT, MIXMHCPRED, MHCFLURRY])
def test_what_predictors_wrote_is_sent_to_where_predictions_are_added(tmp_path, text):
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        read(path)
    assert "omicstoken predictions add RUN FILE" in caught.value.hint


def test_a_folder_and_a_feather_file_are_called_what_they_are(tmp_path):
    with pytest.raises(ParseError, match="is a folder"):
        read(tmp_path)
    path = tmp_path / "x.feather"
    path.write_bytes(b"ARROW1\0\0" + bytes(100))
    with pytest.raises(ParseError, match="Feather"):
        read(path)
