"""What accessions say: decoy, contaminant, nothing."""

import pyarrow as pa
import pytest

from omicstoken_kernel.ingest._proteins import read_proteins


def one(text):
    found = read_proteins(pa.array([text]), 1)
    return found.text[0].as_py(), bool(found.contaminant[0]), bool(found.only_contaminants[0])


@pytest.mark.parametrize(
    ("text", "contaminant", "only"),
    [
        ("P12345", False, False),
        ("CON__P02769", True, True),
        ("Q2UVX4;CON__Q2UVX4", True, False),
        ("CON__Q0IIK2;CON__Q29443", True, True),
        ("CON__sp|P00791|PEPA_PIG", True, True),
        ("sp|Cont_P02584|PROF1_BOVIN", True, True),
        ("contam_sp|P02769|ALBU_BOVIN", True, True),
        ("contaminant_P1", True, True),
        ("sp|CONTAMINANT_P02768-1|CONTAMINANT_ALBU_HUMAN;sp|P02768|ALBU_HUMAN", True, False),
        ("CONTACTIN_1", False, False),
        ("P1;ACONTRA", False, False),
        ("", False, False),
    ],
)
def test_contaminants_are_known_by_their_prefix(text, contaminant, only):
    assert one(text)[1:] == (contaminant, only)


@pytest.mark.parametrize(
    ("text", "decoy"),
    [
        ("REV__P1", True),
        ("rev_sp|P26006|ITA3_HUMAN;rev_sp|P26006-1|ITA3_HUMAN", True),
        ("REV__P1;P2", False),  # a target as well
        ("DECOY_1/sp|P0A6Z3|HTPG_ECOLI", True),
        ("XXX_P1", True),
        ("REVERB1", False),
        ("", False),
    ],
)
def test_a_row_is_a_decoy_if_every_protein_is(text, decoy):
    assert bool(read_proteins(pa.array([text]), 1).decoy[0]) is decoy


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("P1; P2 ;P3", "P1;P2;P3"),
        ("['P36578', 'H3BM89']", "P36578;H3BM89"),
        (
            '["sp|P42851|IMDH_PYRFU Inosine-5\'-monophosphate"]',
            "sp|P42851|IMDH_PYRFU Inosine-5'-monophosphate",
        ),
        ("nan", ""),
        ("18446744073709551615", "18446744073709551615"),
        ("<b>P1</b>", "<b>P1</b>"),
    ],
)
def test_accessions_are_kept_as_written_and_joined_by_semicolons(written, stored):
    assert one(written)[0] == stored


def test_a_file_without_proteins_has_empty_ones():
    found = read_proteins(None, 3)
    assert found.text.to_pylist() == ["", "", ""]
    assert not found.decoy.any()


def test_a_null_is_no_protein():
    assert read_proteins(pa.array([None, "P1"], pa.string()), 2).text.to_pylist() == ["", "P1"]
