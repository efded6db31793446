"""Skyline's spellings of its modified sequence, and its areas."""

import pytest
from ingest_files import features_of, write

from omicstoken_kernel.ingest import read

SPELLINGS = {
    "Peptide Modified Sequence": ("AAM[+16]K", "AAM[+16]K"),
    "Peptide Modified Sequence Monoisotopic Masses": ("AAM[+15.994915]K", "AAM[+15.994915]K"),
    "Peptide Modified Sequence Average Masses": ("AAM[+15.999405]K", "AAM[+15.999405]K"),
    "Peptide Modified Sequence Full Names": ("AAM[Oxidation (M)]K", "AAM[Oxidation]K"),
    "PeptideModifiedSequenceUnimodIds": ("AAM(unimod:35)K", "AAM[Oxidation]K"),
    "Peptide Modified Sequence Three Letter Codes": ("AAM[Oxi]K", "AAM[Oxidation]K"),
}


def report(tmp_path, columns, *, area="Total Area", q_values=(0.001, 0.001, 0.3)):
    """Return a report in which a column of plain sequences stands before the modified ones."""
    head = ["Peptide Sequence", *columns, "Precursor Charge", "Replicate", area]
    rows = [[*head, "Detection Q Value"]]
    written = [[*columns.values()], ["AAMK"] * len(columns), ["SIINFEKL"] * len(columns)]
    for each, q_value in zip(written, q_values, strict=True):
        plain = "SIINFEKL" if each[0] == "SIINFEKL" else "AAMK"
        rows.append([plain, *each, 2, "one", len(rows), q_value])
    return write(tmp_path / "x", rows, delimiter=",")


@pytest.mark.parametrize("header", SPELLINGS)
def test_every_spelling_of_the_modified_sequence_keeps_both_forms_apart(tmp_path, header):
    written, stored = SPELLINGS[header]
    parsed = read(report(tmp_path, {header: written}))
    assert parsed.format == "skyline"
    assert [feature[1] for feature in features_of(parsed)] == [stored, "AAMK"]
    assert parsed.ledger.filtered == {"q-value > 0.01 (Detection Q Value)": 1}


def test_of_several_spellings_the_exact_one_is_read(tmp_path):
    both = ["Peptide Modified Sequence", "Peptide Modified Sequence Monoisotopic Masses"]
    parsed = read(report(tmp_path, {header: SPELLINGS[header][0] for header in both}))
    assert features_of(parsed)[0][1] == "AAM[+15.994915]K"


@pytest.mark.parametrize("header", SPELLINGS)
def test_average_masses_alone_are_said_to_be_such(tmp_path, header):
    said = [w for w in read(report(tmp_path, {header: "AAMK"})).warnings if "average" in w]
    assert len(said) == ("Average" in header)


@pytest.mark.parametrize("area", ["Area", "Total Area", "Total Area MS1", "Total Area Fragment"])
def test_any_of_the_areas_makes_a_report_and_is_its_quantity(tmp_path, area):
    parsed = read(report(tmp_path, {"Peptide Modified Sequence": "AAM[+16]K"}, area=area))
    assert (parsed.format, parsed.columns["quantity"]) == ("skyline", area)
