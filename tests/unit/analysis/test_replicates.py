"""How far replicates agree, and the quality of samples and conditions."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from omicstoken_kernel.analysis.measured import offsets_of
from omicstoken_kernel.analysis.replicates import agreement_of, check_agreement
from omicstoken_kernel.analysis.sample_quality import quality_of_runs
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.runs import Runs


def made(number=3, peptides=200, *, noise=0.1, seed=0, found=0.8):
    """Return replicates of made quantities, each with some of the peptides and its loading."""
    rng = np.random.default_rng(seed)
    true = pd.Series(rng.lognormal(10, 2, peptides), index=[f"P{n}" for n in range(peptides)])
    return {
        f"r{n}": (true * rng.lognormal(0, noise, peptides) * (n + 1))[rng.random(peptides) < found]
        for n in range(number)
    }


def test_figures_are_those_of_the_tables():
    replicates = made()
    agreement = agreement_of(replicates, level="technical", comparable=True)
    sets = [set(r.index) for r in replicates.values()]
    assert agreement.shared == len(set.intersection(*sets)) == agreement.quantified
    assert agreement.peptides == len(set.union(*sets))
    pairs = [(0, 1), (0, 2), (1, 2)]
    jaccards = [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in pairs]
    assert agreement.overlap == np.median(jaccards)
    # A noise of 10 % with loading taken out is a CV of 10 %.
    assert 0.07 < agreement.cv < 0.13
    assert agreement.correlation > 0.99


def test_the_load_is_taken_away_as_in_a_comparison():
    # Most peptides do not change, but those about the median of the abundances do: the medians of
    # the quantities differ by them, the median of the ratios does not.
    one = pd.Series(2.0 ** np.arange(100), index=[f"P{n}" for n in range(100)])
    other = one * 3
    other.iloc[40:60] *= 8
    agreement = agreement_of({"a": one, "b": other}, level="technical", comparable=True)
    offsets, shared = offsets_of(np.log2(np.column_stack([one, other])))
    assert shared == agreement.quantified == 100
    assert np.diff(offsets) == pytest.approx(np.log2(3))
    assert agreement.cv == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, "pass"),
        ({"found": 0.4}, "warn"),
        ({"found": 0.15}, "fail"),
        ({"noise": 0.8}, "warn"),
        ({"number": 2}, "pass"),
    ],
)
def test_technical_replicates_are_graded(changes, grade, check_figures):
    agreement = agreement_of(made(**changes), level="technical", comparable=True)
    check = check_agreement(agreement)
    assert check.grade == grade
    check_figures(Sentence(check.reason, "computed", check.evidence))


def test_quantities_of_different_kinds_are_not_compared():
    agreement = agreement_of(made(), level="technical", comparable=False)
    assert (agreement.quantified, agreement.cv, agreement.correlation) == (0, None, None)


def test_without_quantities_only_the_peptides_are_compared(check_figures):
    empty = {name: pd.Series(np.nan, index=list("ABCDEFGHIJ")) for name in ("a", "b")}
    agreement = agreement_of(empty, level="technical", comparable=True)
    assert (agreement.overlap, agreement.cv) == (1.0, None)
    check = check_agreement(agreement)
    check_figures(Sentence(check.reason, "computed", check.evidence))


def test_equal_quantities_have_no_correlation_and_no_warning():
    same = pd.Series(5.0, index=[f"P{n}" for n in range(30)])
    agreement = agreement_of({"a": same, "b": same}, level="technical", comparable=True)
    assert (agreement.cv, agreement.correlation) == (0.0, None)


@pytest.mark.parametrize("found", [("", ""), ("A", ""), ("AB", "CD"), ("ABC", "ABC", "A")])
def test_any_peptides_give_plain_numbers(found):
    replicates = {str(n): pd.Series(1.0, index=[*letters]) for n, letters in enumerate(found)}
    agreement = agreement_of(replicates, level="biological", comparable=True)
    json.dumps(agreement.as_json(), allow_nan=False)
    assert agreement.shared <= agreement.peptides


@pytest.fixture
def three(ctx, store_runs, make_sequences):
    sequences = make_sequences(300)
    return store_runs(ctx, {"a": sequences[:250], "b": sequences[50:], "c": sequences[20:280]})


def test_a_sample_of_several_runs_is_told_of_as_a_whole(ctx, three):
    for run in three[:2]:
        Runs(ctx).annotate(run.id, sample="S")
    report = quality_of_runs(ctx, [three[0].id])
    (sample,) = report.samples
    assert (sample.name, sample.members) == ("S", ("a", "b"))
    assert sample.pooled.figures.peptides == 300
    assert sample.agreement.shared == 200
    assert report.conditions == ()
    assert [check.name for check in sample.checks] == ["replicates"]
    json.dumps(report.as_json(), allow_nan=False)


def test_fractions_are_no_replicates(ctx, three):
    for number, run in enumerate(three[:2]):
        Runs(ctx).annotate(run.id, sample="S", fraction=number)
    (sample,) = quality_of_runs(ctx, [three[0].id]).samples
    assert sample.agreement is None
    assert "fractions" in sample.notes[0]


def test_samples_of_one_condition_are_compared(ctx, three):
    for run in three:
        Runs(ctx).annotate(run.id, condition="treated")
    (condition,) = quality_of_runs(ctx, [three[1].id]).conditions
    assert condition.members == ("a", "b", "c")
    assert condition.agreement.level == "biological"
    assert condition.checks[0].name == "replicates"


def test_different_hla_types_are_said_and_not_graded(demo):
    ctx, runs = demo
    before = {run.id: run.sample.condition for run in runs.values()}
    try:
        for run in runs.values():
            Runs(ctx).annotate(run.id, condition="blood")
        (condition,) = quality_of_runs(ctx, [runs["2289"].id]).conditions
    finally:
        for run_id, value in before.items():
            Runs(ctx).annotate(run_id, condition=value)
    assert condition.checks == ()
    assert "different HLA types" in condition.notes[-1]


def test_a_run_alone_has_no_group(ctx, three):
    report = quality_of_runs(ctx, [three[0].id])
    assert len(report.runs) == 1
    assert report.samples == report.conditions == ()


def test_a_foreign_run_is_not_found(ctx, three, other):
    with pytest.raises(NotFound):
        quality_of_runs(other(ctx), [three[0].id])
