"""A run's quality: grades, reasons, and what is only noted."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from omicstoken_kernel.analysis.checks import check_run
from omicstoken_kernel.analysis.length_profile import call_class
from omicstoken_kernel.analysis.quality import quality
from omicstoken_kernel.analysis.run_figures import Elution, FileAccount, RunFigures
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.runs import Runs

GOOD = RunFigures(
    peptides=1000,
    features=1200,
    modified=0.1,
    contaminants=0.0,
    quantified=0.9,
    undefined=0.0,
    quantity_kind="precursor_intensity",
    hla=(),
)


def grade_of(name, **changes):
    figures = replace(GOOD, **changes)
    call = call_class([f"{'ACDEFGHIKL'[n % 10]}{'ACDEFGHIKL'[n // 10]}AAAAAAL" for n in range(99)])
    return {check.name: check.grade for check in check_run(figures, call)}[name]


@pytest.mark.parametrize("name", ["2289", "2584", "2821"])
def test_the_demos_good_samples_pass(demo, name):
    ctx, runs = demo
    found = quality(ctx, runs[name].id)
    assert (found.grade, found.call.kind, found.reasons) == ("pass", "class_i", ())


def test_the_demos_flat_sample_fails_in_words(demo, demo_peptides):
    ctx, runs = demo
    found = quality(ctx, runs["1382"].id)
    assert found.grade == "fail"
    assert len(found.reasons) == 1
    nine = sum(len(p) == 9 for p in demo_peptides["1382"]) / len(demo_peptides["1382"])
    assert f"{100 * nine:.1f}\u202f% have 9" in found.reasons[0]
    assert "HLA types promise" in found.reasons[0]


def test_an_unclear_run_without_hla_types_is_a_warning(demo):
    ctx, runs = demo
    Runs(ctx).annotate(runs["1382"].id, hla=[])
    try:
        assert quality(ctx, runs["1382"].id).grade == "warn"
    finally:
        Runs(ctx).annotate(runs["1382"].id, hla=list(runs["1382"].sample.hla))


def test_counts_agree_with_the_features(ctx, store_runs, make_sequences, make_parsed):
    sequences = make_sequences(200)
    (run,) = store_runs(ctx, {"a": sequences})
    found = quality(ctx, run.id)
    features = make_parsed({"a": sequences}).features
    assert found.figures.peptides == 200
    assert sum(found.lengths.values()) == 200
    assert found.figures.quantified == 1 - features["quantity"].null_count / 200
    assert found.figures.contaminants == sum(features["contaminant"].to_pylist()) / 200
    assert found.figures.modified == 0


@pytest.mark.parametrize(
    ("name", "changes", "grade"),
    [
        ("peptides", {"peptides": 500}, "pass"),
        ("peptides", {"peptides": 499}, "warn"),
        ("peptides", {"peptides": 50}, "warn"),
        ("peptides", {"peptides": 49}, "fail"),
        ("features_per_peptide", {"features": 3001}, "warn"),
        ("modified", {"modified": 0.51}, "warn"),
        ("contaminants", {"contaminants": 0.05}, "pass"),
        ("contaminants", {"contaminants": 0.06}, "warn"),
        ("contaminants", {"contaminants": 0.9}, "warn"),
        ("unassigned", {"unassigned": 0.25}, "pass"),
        ("unassigned", {"unassigned": 0.26}, "warn"),
        ("unassigned", {"unassigned": 0.51}, "fail"),
        ("duplicates", {"account": FileAccount(1000, 500, 500, 0)}, "pass"),
        ("duplicates", {"account": FileAccount(100, 95, 5, 0), "bare": True}, "pass"),
        ("duplicates", {"account": FileAccount(100, 94, 6, 0), "bare": True}, "warn"),
        ("precursor_charge", {"charges": ((2, 0.9), (5, 0.1))}, "pass"),
        ("precursor_charge", {"charges": ((2, 0.89), (5, 0.11))}, "warn"),
        ("retention_time", {"elution": Elution(60, 6000, 0.2, 0.4, 900)}, "pass"),
        ("retention_time", {"elution": Elution(60, 6000, 0.2, 0.09, 900)}, "warn"),
        ("retention_time", {"elution": Elution(60, 6000, 0.51, 0.4, 900)}, "warn"),
        ("modified", {"modified": 0.9, "modified_undesigned": 0.1}, "pass"),
        ("quantified", {"quantified": 0.49}, "warn"),
        ("undefined_residues", {"undefined": 0.02}, "warn"),
    ],
)
def test_each_check_turns_at_its_threshold(name, changes, grade):
    assert grade_of(name, **changes) == grade


def test_what_a_file_does_not_give_is_noted_and_not_checked(demo):
    ctx, runs = demo
    found = quality(ctx, runs["2289"].id)
    assert "quantified" not in {check.name for check in found.checks}
    assert any("gives no quantities, modifications, charges" in note for note in found.notes)
    assert any("unfiltered" in note for note in found.notes)


@pytest.mark.parametrize("number", [0, 1, 3, 49, 50])
def test_small_runs_have_a_grade_and_reasons(
    ctx, store_runs, make_sequences, number, check_figures
):
    (run,) = store_runs(ctx, {"small": make_sequences(number)})
    found = quality(ctx, run.id)
    assert found.grade == ("warn" if number == 50 else "fail")
    assert found.reasons
    for check in found.checks:
        check_figures(Sentence(check.reason, "computed", check.evidence))
    json.dumps(found.as_json(), allow_nan=False)


def test_a_digest_where_ligands_were_promised_fails():
    lengths = {7: 20, 9: 20, 11: 20, 13: 20, 15: 20}
    digest = ["A" * (n - 2) + f"{'ACDEFGHIKLMNPQSTVWY'[i]}K" for n, m in lengths.items()
              for i in range(min(m, 19))]  # fmt: skip
    figures = replace(GOOD, hla=("HLA-A*02:01",))
    checks = {check.name: check for check in check_run(figures, call_class(digest))}
    assert checks["length_profile"].grade == "fail"
    assert "digest" in checks["length_profile"].reason


def test_a_foreign_run_is_not_found(demo, other):
    ctx, runs = demo
    with pytest.raises(NotFound):
        quality(other(ctx), runs["2289"].id)


def test_json_holds_the_checks_and_plain_numbers(demo):
    ctx, runs = demo
    document = json.loads(json.dumps(quality(ctx, runs["2289"].id).as_json(), allow_nan=False))
    assert {"run_id", "grade", "call", "lengths", "figures", "checks", "notes"} <= set(document)
    assert {"name", "grade", "value", "threshold", "reason"} <= set(document["checks"][0])


def test_features_per_peptide_are_undefined_without_peptides():
    assert replace(GOOD, peptides=0, features=0).features_per_peptide is None
