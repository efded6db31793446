"""MHCquant's table without quantities, and with one sum only."""

from ingest_files import MAKERS, features_of
from made_file import write

from omicstoken_kernel.ingest import read

HEAD = [
    "#rt", "mz", "score", "rank", "sequence", "charge", "aa_before", "aa_after", "score_type",
    "accessions", "COMET:xcorr", "target_decoy", "file_origin",
]  # fmt: skip


def row(sequence, *, kind="q-value", score=0.001, target="target", file="a.mzML"):
    return [
        600.0, 450.25, score, 1, sequence, 2, "[K]", "[A]", kind, "P1;P1", 2.5, target, file,
    ]  # fmt: skip


def test_the_score_is_the_q_value_where_the_table_says_so(tmp_path):
    rows = [HEAD, row("SIINFEKL"), row("M(Oxidation)LAVK", score=0.5, file="b.mzML")]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.ledger.filtered == {"q-value > 0.01 (score)": 1}
    (found,) = parsed.features.to_pylist()
    assert (found["q_value"], found["score"], found["rt_s"]) == (0.001, None, 600.0)


def test_any_other_score_stays_a_score_and_the_run_says_who_filtered(tmp_path):
    rows = [HEAD, row("SIINFEKL", kind="XCorr", score=2.5)]
    parsed = read(write(tmp_path / "x", rows))
    (found,) = parsed.features.to_pylist()
    assert (found["q_value"], found["score"]) == (None, 2.5)
    assert "MHCquant applied its own FDR" in parsed.runs[0].filter_note


def test_a_peptide_of_both_databases_is_no_decoy(tmp_path):
    rows = [HEAD, row("SIINFEKL", target="target+decoy"), row("DECAYFGHK", target="decoy")]
    parsed = read(write(tmp_path / "x", rows))
    assert parsed.ledger.filtered == {"decoy": 1}
    assert features_of(parsed) == [("a", "SIINFEKL", 2, None, 2)]


def test_without_columns_per_run_the_consensus_is_the_quantity(tmp_path):
    path = MAKERS["mhcquant"](tmp_path).path
    text = path.read_text().replace("intensity_0", "width_0").replace("intensity_1", "width_1")
    path.write_text(text)
    parsed = read(path)
    assert [(run.name, run.quantity_column) for run in parsed.runs] == [("global", "intensity_cf")]
    assert parsed.features["quantity"].to_pylist()[0] == 999.0
