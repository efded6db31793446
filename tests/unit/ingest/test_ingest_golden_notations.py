"""Every notation we know of, spelled out with what it must give: ``golden_notations.tsv``."""

import csv
import gc
from pathlib import Path

import pytest
from ingest_files import features_of, write
from pyteomics import proforma as pyteomics

from omicstoken_kernel.chemistry import proforma as chemistry
from omicstoken_kernel.ingest import read
from omicstoken_kernel.ingest._sites import read_listed
from omicstoken_kernel.ingest.peptidoforms import Notation, read_notation

NOTATIONS = {
    "": Notation(),
    "keep_names": Notation(keep_names=True),
    "delta": Notation(unsigned_mass="delta"),
    "total": Notation(unsigned_mass="total"),
    "total_if_whole": Notation(unsigned_mass="total_if_whole"),
    "prefixes": Notation(prefixes=True),
    "sites": Notation(sites=True),
}

with Path(__file__).with_name("golden_notations.tsv").open(encoding="utf-8", newline="") as stream:
    GOLDEN = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def told(case):
    return " ".join(filter(None, (case["notation"], case["written"], case["listed"])))


@pytest.mark.parametrize("case", GOLDEN, ids=told)
def test_a_notation_gives_its_golden_sequence_and_proforma_or_reason(case):
    notation = NOTATIONS[case["notation"]]
    if notation.sites:
        reading = read_listed(case["written"], case["listed"], notation, sites=case["sites"])
    else:
        reading = read_notation(case["written"], notation, listed=case["listed"])
    assert (reading.sequence, reading.proforma, reading.reason) == (
        case["sequence"],
        case["proforma"],
        case["reason"],
    )
    if reading.proforma:
        assert chemistry.strip(reading.proforma) == case["sequence"]


def test_the_golden_file_has_no_case_twice_and_covers_every_notation():
    cases = [tuple(case.values()) for case in GOLDEN]
    assert len(set(cases)) == len(cases) >= 80
    assert {case["notation"] for case in GOLDEN} == set(NOTATIONS)
    assert all(bool(case["proforma"]) != bool(case["reason"]) for case in GOLDEN)


STORED = sorted({case["proforma"] for case in GOLDEN} - {""})


@pytest.mark.parametrize("header", ["proforma", "Peptidoform"])
def test_every_proforma_that_is_stored_is_read_again_as_the_same(tmp_path, header):
    rows = [["sequence", header, "precursor_charge"]]
    rows += [[chemistry.strip(text), text, 2] for text in STORED]
    parsed = read(write(tmp_path / "own.csv", rows, delimiter="\t"))
    assert parsed.ledger.rejected == {}
    assert sorted(feature[1] for feature in features_of(parsed)) == STORED


# pyteomics looks names up by itself and leaves its files open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_pyteomics_reads_every_proforma_that_is_stored(monkeypatch):
    # It need not know what the names mean: every table it would load is one without any.
    for kind in ("Unimod", "PSIMod", "XLMOD", "GNOme"):
        resolver = getattr(pyteomics, f"{kind}Modification").resolver
        monkeypatch.setattr(resolver, "_database", {"no name": None})
    for text in STORED:
        residues, _ = pyteomics.parse(text)
        assert "".join(residue for residue, _ in residues) == chemistry.strip(text)
    gc.collect()  # so that its files are closed, and warned of, within this test
