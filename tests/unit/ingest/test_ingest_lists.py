"""Lists of peptides, and what is written like one and is none."""

import pytest

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
