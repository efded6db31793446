"""FASTA files of every writer, and files that are none: every entry is accounted for."""

from __future__ import annotations

import gzip

import pytest
from fasta_files import fasta, proteome

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest.fasta import read_fasta


@pytest.fixture
def write(tmp_path):
    def of(content, name="p.fasta"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return of


def balanced(parsed):
    ledger = dict(parsed.ledger)
    return ledger.pop("entries") == sum(ledger.values())


@pytest.mark.parametrize(
    ("header", "accession", "gene", "layout"),
    [
        (
            "sp|P04637|P53_HUMAN Cellular tumor antigen p53 OS=Homo sapiens OX=9606 GN=TP53 PE=1",
            "P04637", "TP53", "uniprot",
        ),
        ("tr|A0A024|A0A024_HUMAN Uncharacterized OS=Homo sapiens", "A0A024", "", "uniprot"),
        ("sp|P04637-2|P53_HUMAN Isoform 2 GN=TP53", "P04637-2", "TP53", "uniprot"),
        ("contam_sp|P00761|TRYP_PIG Trypsin", "P00761", "", "uniprot"),
        (
            "ENSP00000269305.4 pep chromosome:GRCh38:17:7:8:-1 gene:ENSG1 transcript:ENST1 "
            "gene_symbol:TP53 description:tumor protein p53 [Source:HGNC]",
            "ENSP00000269305.4", "TP53", "ensembl",
        ),
        (
            "ENSP00000493376.2|ENST00000641515.2|ENSG00000186092.7|-|-|OR4F5-201|OR4F5|326",
            "ENSP00000493376.2", "OR4F5", "gencode",
        ),
        ("NP_000537.3 cellular tumor antigen p53 [Homo sapiens]", "NP_000537.3", "", "ncbi"),
        ("gi|120407068|ref|NP_000537.3| p53 [Homo sapiens]", "NP_000537.3", "", "ncbi"),
        ("my_protein whatever it is", "my_protein", "", "plain"),
        ("x\tGN=ABC", "x", "ABC", "plain"),
    ],
)  # fmt: skip
def test_a_header_gives_accession_and_gene(write, header, accession, gene, layout):
    parsed = read_fasta(write(f">{header}\nMEEPQSDPSV\n"))
    (row,) = parsed.proteins.to_pylist()
    assert (row["accession"], row["gene"]) == (accession, gene)
    assert parsed.layouts == {layout: 1}


def test_a_proteome_is_read_back_letter_for_letter(write):
    made = proteome(50, seed=3)
    parsed = read_fasta(write(fasta(made)))
    rows = parsed.proteins.to_pylist()
    assert {row["accession"]: row["sequence"] for row in rows} == made
    assert {row["gene"] for row in rows} == {f"G{accession}" for accession in made}
    assert parsed.notes == ()
    assert balanced(parsed)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_windows_line_ends_packing_and_lower_case_change_nothing(write, end):
    made = proteome(5, seed=4)
    text = fasta(made)
    plain = read_fasta(write(text))
    packed = read_fasta(
        write(gzip.compress(text.replace("\n", end).lower().encode()), "p.fasta.gz")
    )
    assert packed.proteins["sequence"].equals(plain.proteins["sequence"])
    assert any("lower-case" in note for note in packed.notes)


def test_every_defect_is_counted_with_its_words(write):
    parsed = read_fasta(
        write(
            "; a comment\n>A GN=X\nMEEP*\n>A GN=X\nMEEP\n>A\nMEEQ\n>empty\n>star\n*\n"
            ">rev_sp|P1|X\nPEEM\n>\nMEEP\n>digits\nMEE1P\n>gap\nME-P\n>odd\nXUBZJO\n"
        )
    )
    assert parsed.ledger == {
        "entries": 10, "proteins": 3, "merged": 1, "decoys": 1, "empty": 2, "rejected": 3,
    }  # fmt: skip
    assert balanced(parsed)
    rows = {row["accession"]: row["sequence"] for row in parsed.proteins.to_pylist()}
    assert rows == {"A": "MEEP", "A#2": "MEEQ", "odd": "XUBZJO"}
    assert [each.line for each in parsed.rejections] == [13, 15, 17]
    assert len(parsed.notes) == 5
    assert "1 of 10 entries is there twice and counts once." in parsed.notes


def test_strange_names_are_kept_without_control_characters(write):
    parsed = read_fasta(write(">P1 <script>alert(1)</script>\0 GN=<b>\nMEEP\n"))
    (row,) = parsed.proteins.to_pylist()
    assert "<script>" in row["name"]
    assert "\0" not in row["name"]
    assert row["gene"] == "<b>"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n\n", "no line begins with >"),
        (b"sequence\nSIINFEKL\n", "is no FASTA file: line 1 is 'sequence'"),
        (b"\x00\x01\x02\xff\xfe", "is no FASTA file"),
        (b">a\n" + b"ACGTNACGTTAGGCAT" * 9, "holds nucleotides"),
        (b">a\n>b\n", "holds no protein: 2 entries (0 decoys, 2 empty, 0 rejected)"),
        (b">a\nM1\n", "Line 1: a holds what is no residue ('1')"),
    ],
)
def test_what_holds_no_proteins_is_refused_in_words(write, content, told):
    with pytest.raises(ParseError) as caught:
        read_fasta(write(content))
    assert told in caught.value.message
    assert caught.value.hint


def test_a_damaged_packed_file_is_refused(write):
    whole = gzip.compress(fasta(proteome(20)).encode())
    with pytest.raises(ParseError, match="cannot be unpacked"):
        read_fasta(write(whole[: len(whole) // 2], "p.fasta.gz"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ParseError, match="There is no file"):
        read_fasta(tmp_path / "none.fasta")
