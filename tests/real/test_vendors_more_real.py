"""Real exports of Mascot, Skyline and others, read where they lie."""

import csv
from dataclasses import dataclass, field

import pytest
from pyteomics import mass

from omicstoken_kernel.ingest import read

pytestmark = pytest.mark.real

MASCOT = "mascot_csv/QuantSysBio__inSPIRE__mascot_search.csv"

SKYLINE = "skyline/Vitek-Lab__MSstatsConvert__skyline_input.csv"


@dataclass(frozen=True)
class Expected:
    """What reading one file gives; where peptides differ from the index's count, ``why`` says."""

    format: str
    rows_in: int
    runs: int
    features: int
    peptides: int
    peptidoforms: int
    quantified: int
    merged: int = 0
    filtered: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    index_peptides: int | None = None
    why: str = ""


RANK = "not the best match of its spectrum"
ISOTOPE = "a heavier isotope peak of a precursor that is counted by its first"

FILES = {
    MASCOT: Expected(
        "mascot_csv", 221, 1, 97, 91, 91, 97, merged=19, filtered={RANK: 105},
        index_peptides=123, why="32 are only found in lower ranks",
    ),
    SKYLINE: Expected(
        "skyline", 2115, 15, 696, 37, 40, 696, filtered={ISOTOPE: 1410}, index_peptides=37,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_what_it_must(folder, name):
    parsed, expected = read(folder / name), FILES[name]
    ledger, features = parsed.ledger, parsed.features
    found = Expected(
        parsed.format,
        ledger.rows_in,
        len(parsed.runs),
        features.num_rows,
        len(set(features["sequence"].to_pylist())),
        len(set(features["proforma"].to_pylist())),
        features.num_rows - features["quantity"].null_count,
        ledger.merged,
        ledger.filtered,
        ledger.rejected,
        expected.index_peptides,
        expected.why,
    )
    assert found == expected
    ledger.check()
    assert (found.peptides == expected.index_peptides) is (not expected.why)


def test_mascots_masses_are_those_of_the_peptidoforms_read(folder):
    lines = (folder / MASCOT).read_text(encoding="utf-8").splitlines()
    names = next(line for line in lines if line.startswith("prot_hit_num")).split(",")
    for row in read(folder / MASCOT).features.to_pylist():
        cells = dict(zip(names, next(csv.reader([lines[row["line"] - 1]])), strict=True))
        shift = 57.02146 * row["proforma"].count("[Carbamidomethyl]")
        shift += 15.99491 * row["proforma"].count("[Oxidation]")
        calculated = mass.calculate_mass(sequence=row["sequence"]) + shift
        assert calculated == pytest.approx(float(cells["pep_calc_mr"]), abs=0.001)


def test_a_mascot_match_under_several_proteins_counts_once(folder):
    features = read(folder / MASCOT).features.to_pylist()
    rows = {row["proforma"]: row for row in features}
    lines = (folder / MASCOT).read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(lines[73:295]))
    best = {(row["pep_query"], row["pep_seq"]) for row in table if row["pep_rank"] == "1"}
    assert sum(row["psm_count"] for row in features) == len(best)
    assert rows["GPRPPPPPP"]["quantity"] == 4.0
    assert rows["RPC[Carbamidomethyl]LELSLL"]["score"] > 0
    assert rows["PKRPPSAF"]["rt_s"] == pytest.approx(874.5764176)


def test_skylines_first_isotope_alone_is_the_quantity(folder):
    parsed = read(folder / SKYLINE)
    first = parsed.features.to_pylist()[0]
    # Line 2 of the file; its isotope peaks stand on lines of their own.
    assert (first["proforma"], first["quantity"]) == ("LPIVVYTPDNVDVK", 173812688.0)
    assert parsed.ledger.cells_empty == 9
    assert "FC[+57]QALMTELYR" in parsed.features["proforma"].to_pylist()
