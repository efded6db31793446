"""XML formats: what is refused, what is forgotten."""

import pytest
from ingest_files import MAKERS

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read

XML_FORMATS = ["mzidentml", "pepxml", "idxml", "xtandem"]
IDXML = (
    '<IdXML version="1.5"><IdentificationRun>{}<PeptideIdentification score_type="XCorr" '
    'higher_score_better="true" MZ="450.25" RT="60">{}</PeptideIdentification>'
    "</IdentificationRun></IdXML>"
)


def text_file(folder, text):
    path = folder / "x"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", XML_FORMATS)
def test_a_truncated_file_is_refused(tmp_path, name):
    path = MAKERS[name](tmp_path).path
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ParseError, match="cannot be read to its end as XML"):
        read(path)


@pytest.mark.parametrize("name", XML_FORMATS)
def test_a_document_type_definition_is_refused_before_anything_is_opened(tmp_path, name):
    path = MAKERS[name](tmp_path).path
    secret = tmp_path / "secret"
    secret.write_text("SECRETK")
    start, rest = path.read_text().split("?>", 1)
    entity = f'<!DOCTYPE x [<!ENTITY xxe SYSTEM "file://{secret}">]>'
    path.write_text(f"{start}?>{entity}{rest.replace('AAAYAAQR', '&xxe;')}")
    with pytest.raises(ParseError):
        read(path, ReadOptions(format=name))


def test_a_file_without_identifications_says_so(tmp_path):
    with pytest.raises(ParseError, match="no rows of identifications"):
        read(text_file(tmp_path, IDXML.format("", "")))


def test_the_best_of_a_spectrum_is_the_highest_where_higher_is_better(tmp_path):
    hits = "".join(
        f'<PeptideHit score="{score}" sequence="{sequence}" charge="2" protein_refs=""/>'
        for sequence, score in (("AAAK", 1.5), ("AACDK", 2.5), ("AADK", 2.5))
    )
    parsed = read(text_file(tmp_path, IDXML.format("", hits)))
    assert parsed.features["sequence"].to_pylist() == ["AACDK", "AADK"]
    assert parsed.features["score"].to_pylist() == [2.5, 2.5]
    assert parsed.runs[0].filter_note.startswith("unfiltered")


def test_lines_are_right_in_long_files(tmp_path):
    hit = '<PeptideHit score="1" sequence="AAAK" charge="2" protein_refs=""/>'
    parsed = read(text_file(tmp_path, IDXML.format("\n" * 100_000, hit)))
    assert parsed.features["line"].to_pylist() == [100_001]


def test_items_below_the_threshold_of_the_file_stay_and_are_counted(tmp_path):
    path = MAKERS["mzidentml"](tmp_path).path
    path.write_text(path.read_text().replace('passThreshold="true"', 'passThreshold="false"'))
    parsed = read(path)
    assert parsed.ledger.features == 3
    assert any("10 of 10 items" in warning for warning in parsed.warnings)


def test_times_are_read_in_the_unit_the_file_states(tmp_path):
    path = MAKERS["mzidentml"](tmp_path).path
    assert set(read(path).features["rt_s"].to_pylist()) == {630.0}
    seconds = path.read_text().replace("UO:0000031", "UO:0000010").replace("minute", "second")
    path.write_text(seconds)
    assert set(read(path).features["rt_s"].to_pylist()) == {10.5}


def test_a_probability_becomes_a_posterior_error(tmp_path):
    path = MAKERS["pepxml"](tmp_path).path
    result = '<analysis_result><peptideprophet_result probability="0.98"/></analysis_result>'
    path.write_text(path.read_text().replace("</search_hit>", f"{result}</search_hit>"))
    assert set(read(path).features["pep"].to_pylist()) == {0.02}


def test_every_protein_of_a_match_is_kept(tmp_path):
    for name in XML_FORMATS:
        first = read(MAKERS[name](tmp_path).path).features.to_pylist()[0]
        assert first["proteins"] == "sp|P1|A;sp|P2|B", name
