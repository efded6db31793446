"""The demo's data are the source's, unchanged."""

import hashlib
from importlib.resources import files

import pytest

from omicstoken_kernel.demo.samples import samples

SHA256 = {
    "1382": "a0cd8393337c94ab57ec019099fd0934ccf886a6603063bfd62fcb8c3569eeb2",
    "2289": "c0470eacbdc06d1cdeb40bce9229f8d6ae7e6c2862f760d5ceb8ddfa2d599544",
    "2584": "7e8cb0498231871a230a2661001f3cda6968e859b60953446d6d2b8062421991",
    "2821": "4f48ab6c083c072a21303d270701fa2c99fcd57ce3bb636c32ae626748e2aabf",
}
LINES = {"1382": 1314, "2289": 1223, "2584": 1229, "2821": 1249}
RESIDUES = set("ACDEFGHIKLMNPQRSTVWY")
TYPING_SHA256 = "b333f8b04d226f62b830d965d6cdcef1056c61da64cfa2a5ae3720ecef8f7c81"


def test_the_four_samples_come_in_the_order_of_their_names():
    assert [sample.name for sample in samples()] == sorted(SHA256)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_is_the_bytes_taken_from_the_source(sample):
    assert hashlib.sha256(sample.path.read_bytes()).hexdigest() == SHA256[sample.name]
    assert sample.n_lines == LINES[sample.name]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_holds_distinct_peptides_of_8_to_15_residues(sample):
    peptides = sample.path.read_text(encoding="ascii").splitlines()
    assert len(peptides) == len(set(peptides)) == sample.n_lines
    assert set("".join(peptides)) <= RESIDUES
    assert {8, 15} == {min(map(len, peptides)), max(map(len, peptides))}


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_has_two_alleles_of_each_class_i_locus(sample):
    assert [allele[:6] for allele in sample.hla] == [
        "HLA-A*", "HLA-A*", "HLA-B*", "HLA-B*", "HLA-C*", "HLA-C*",
    ]  # fmt: skip


def test_sample_1382_has_the_few_nonamers_its_source_note_speaks_of():
    share = {}
    for sample in samples():
        lengths = [len(line) for line in sample.path.read_text(encoding="ascii").splitlines()]
        share[sample.name] = lengths.count(9) / len(lengths)
    assert share.pop("1382") < 0.1
    assert min(share.values()) > 0.3


def test_source_and_licence_travel_with_the_data():
    data = files("omicstoken_kernel.demo") / "data"
    typing = (data / "typing.tsv").read_bytes()
    assert hashlib.sha256(typing).hexdigest() == TYPING_SHA256
    source = (data / "SOURCE.md").read_text(encoding="utf-8")
    assert "immunotype" in source
    assert TYPING_SHA256 in source
    assert "MIT License" in (data / "LICENSE-immunotype").read_text(encoding="utf-8")
