"""Comparisons by condition: biological replicates, abundance, and what is left unsaid."""

from __future__ import annotations

import json
from dataclasses import replace as changed

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from omicstoken_kernel.analysis.compare import compare
from omicstoken_kernel.analysis.compare_table import peptide_table
from omicstoken_kernel.analysis.sides import sides_of
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads


@pytest.fixture
def store_quantities(ctx, make_parsed, make_sequences):
    """A function that stores a (peptides, runs) matrix, NaN for a feature without quantity."""

    def store(log2, names, *, scales=None, kinds=None, sequences=None):
        sequences = sequences or make_sequences(len(log2))
        parsed = make_parsed(dict.fromkeys(names, sequences))
        scales = scales or ["linear"] * len(names)
        columns = [
            values if scale == "log2" else np.exp2(values)
            for values, scale in zip(log2.T, scales, strict=True)
        ]
        quantity = np.concatenate(columns)
        place = parsed.features.schema.get_field_index("quantity")
        features = parsed.features.set_column(
            place, "quantity", pa.array(quantity, mask=np.isnan(quantity))
        )
        runs = tuple(
            changed(run, quantity_scale=scale, quantity_kind=kind)
            for run, scale, kind in zip(
                parsed.runs, scales, kinds or ["precursor_intensity"] * len(names), strict=True
            )
        )
        upload = Uploads(ctx).add(name="q", sha256="0" * 64, size_bytes=1, options={})
        parsed = changed(parsed, features=features, runs=runs)
        return Features(ctx).replace(upload.id, parsed, {})

    return store


def annotated(ctx, runs, conditions, **fields):
    for place, (run, condition) in enumerate(zip(runs, conditions, strict=True)):
        more = {name: values[place] for name, values in fields.items()}
        Runs(ctx).annotate(run.id, condition=condition, **more)
    return [run.id for run in runs]


def texts(found):
    return " ".join(sentence.text for sentence in found.sentences)


SIX = ["simulated A1", "simulated A2", "simulated A3"] + [f"simulated B{n}" for n in (1, 2, 3)]
SIDES = ["control"] * 3 + ["treated"] * 3


def simulated(draw, peptides, *, changed_share=0.0, loads=(0, 0.5, -0.4, 0.2, -1, 0.3)):
    """Return log2 quantities of six simulated replicates and which peptides are doubled in B."""
    spread = np.sqrt(0.05 * 6 / draw.chisquare(6, size=(peptides, 1)))
    log2 = draw.normal(22, 2, size=(peptides, 1)) + spread * draw.normal(size=(peptides, 6))
    planted = np.zeros(peptides, dtype=bool)
    planted[: int(peptides * changed_share)] = True
    log2[planted, 3:] += 1
    return log2 + np.array(loads), planted


def test_a_planted_change_is_found_and_loads_are_taken_away(ctx, store_quantities, check_figures):
    draw = np.random.default_rng(0)
    log2, planted = simulated(draw, 1000, changed_share=0.05)
    ids = annotated(ctx, store_quantities(log2, SIX), SIDES)
    found = compare(ctx, ids, by="condition")
    measured = found.abundance.measured
    loads = np.array([m.offset for m in measured.measurements])
    assert loads - loads.mean() == pytest.approx(
        np.array([0, 0.5, -0.4, 0.2, -1, 0.3]) - np.mean([0, 0.5, -0.4, 0.2, -1, 0.3]), abs=0.05
    )
    assert measured.normalised
    contrast = found.abundance.contrasts[0]
    assert (contrast.reference, contrast.side) == ("control", "treated")
    table = peptide_table(found).to_pandas().set_index("sequence")
    called = set(table.index[table["q treated / control"] <= 0.05])
    true = {contrast.peptides[row] for row in range(1000)} & _sequences(ctx, ids, planted)
    assert len(called & true) >= 30
    assert len(called - true) <= 0.15 * len(called)
    assert contrast.changed(1) + contrast.changed(-1) == len(called)
    for sentence in found.sentences:
        check_figures(sentence, names=["control", "treated"])
    document = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert document["abundance"]["contrasts"][0]["tested"] == 1000
    without = compare(ctx, ids, by="condition", normalise=False)
    assert "not normalised" in texts(without)
    assert not without.abundance.measured.normalised


def _sequences(ctx, ids, planted):
    table = Features(ctx).of_run(ids[0])
    return {s for s, yes in zip(table["sequence"].to_pylist(), planted, strict=True) if yes}


def with_residue(sequences, residue, times):
    """Return distinct peptides of which the first so many have the residue, and no other has."""
    cleaned = [sequence.replace(residue, "G") for sequence in sequences]
    put = [residue + sequence[1:] for sequence in cleaned[:times]]
    return put + cleaned[times:]


def test_changes_that_go_with_methionine_are_told_as_what_handling_may_make(
    ctx, store_quantities, make_sequences, check_figures
):
    log2, _ = simulated(np.random.default_rng(3), 400)
    log2[:40, 3:] += 3
    sequences = with_residue(make_sequences(400), "M", 60)
    ids = annotated(ctx, store_quantities(log2, SIX, sequences=sequences), SIDES)
    found = compare(ctx, ids, by="condition")
    (told,) = (each for each in found.sentences if "methionine" in each.text)
    assert told.grade == "suggested"
    assert (told.evidence["tested_with"], told.evidence["tested_without"]) == (60, 340)
    assert told.evidence["changed_with"] >= 36
    assert "oxidation in one of them" in told.text
    check_figures(told, names=["control", "treated"])


def test_changes_that_go_with_no_residue_are_blamed_on_none(ctx, store_quantities, make_sequences):
    log2, _ = simulated(np.random.default_rng(4), 400)
    log2[:60, 3:] += 3
    sequences = with_residue(make_sequences(400), "M", 0)
    ids = annotated(ctx, store_quantities(log2, SIX, sequences=sequences), SIDES)
    assert "one of their forms" not in texts(compare(ctx, ids, by="condition"))


def test_p_values_are_uniform_where_labels_mean_nothing(ctx, store_quantities):
    draw = np.random.default_rng(11)
    log2, _ = simulated(draw, 1500)
    log2[draw.random(log2.shape) < 0.1] = np.nan
    ids = annotated(ctx, store_quantities(log2, SIX), SIDES)
    p = compare(ctx, ids, by="condition").abundance.contrasts[0].test.p
    assert stats.kstest(p[np.isfinite(p)], "uniform").pvalue > 0.01


def test_two_replicates_a_side_give_effect_sizes_alone(ctx, store_quantities, check_figures):
    log2, _ = simulated(np.random.default_rng(1), 120)
    runs = store_quantities(log2[:, :4], SIX[:2] + SIX[3:5])
    ids = annotated(ctx, runs, ["a", "a", "b", "b"])
    found = compare(ctx, ids, by="condition")
    assert found.abundance.contrasts[0].tested == 0
    assert "Without three biological replicates on each side there is no p-value" in texts(found)
    assert found.as_json()["abundance"]["contrasts"][0]["up"] is None
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b"])


def test_a_side_with_one_replicate_leaves_the_others_tested(ctx, store_quantities, check_figures):
    log2, _ = simulated(np.random.default_rng(1), 120)
    runs = store_quantities(np.column_stack([log2, log2[:, 0]]), [*SIX, "alone"])
    found = compare(ctx, annotated(ctx, runs, ["a"] * 3 + ["b"] * 3 + ["c"]), by="condition")
    tested = {contrast.side: contrast.tested for contrast in found.abundance.contrasts}
    assert tested["b"] > 0
    assert tested["c"] == 0
    assert "c: half of them differ" in texts(found)
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b", "c"])


def test_where_no_peptide_is_measured_twice_a_side_that_is_why_nothing_is_tested(
    ctx, store_quantities
):
    log2 = np.full((120, 6), np.nan)
    log2[:60, 0] = log2[60:, 1] = log2[:60, 3] = log2[60:, 4] = 20.0
    log2[0, 2] = log2[0, 5] = 20.0
    log2[0, 0] = log2[0, 3] = np.nan
    found = compare(ctx, annotated(ctx, store_quantities(log2, SIX), SIDES), by="condition")
    assert "None of them has a quantity in two replicates of each side" in texts(found)
    assert "Without three biological replicates on each side" not in texts(found)


def test_no_p_value_is_zero(ctx, store_quantities):
    draw = np.random.default_rng(6)
    log2 = draw.normal(20, 2, size=(400, 1)) + draw.normal(0, 0.001, size=(400, 6))
    log2[:20, 3:] += 12
    found = compare(ctx, annotated(ctx, store_quantities(log2, SIX), SIDES), by="condition")
    (contrast,) = found.abundance.contrasts
    assert np.sort(contrast.test.p)[19] < 1e-30
    assert contrast.test.p.min() > 0


def test_log2_and_linear_quantities_are_brought_to_one_scale(ctx, store_quantities):
    log2 = np.random.default_rng(2).normal(20, 2, size=(80, 1)).repeat(2, axis=1)
    runs = store_quantities(log2, ["a", "b"], scales=["linear", "log2"])
    found = compare(ctx, [run.id for run in runs])
    assert found.abundance.contrasts[0].test.difference == pytest.approx(np.zeros(80), abs=1e-9)


def test_different_kinds_and_missing_quantities_are_not_compared(ctx, store_quantities):
    log2 = np.full((60, 2), 20.0)
    kinds = ["precursor_intensity", "spectral_count"]
    found = compare(ctx, [run.id for run in store_quantities(log2, ["a", "b"], kinds=kinds)])
    assert found.abundance.contrasts == ()
    assert "different kinds (precursor intensity, spectral count)" in found.abundance.note
    kinds = ["precursor_intensity", "none"]
    log2[:, 1] = np.nan
    found = compare(ctx, [run.id for run in store_quantities(log2, ["a", "b"], kinds=kinds)])
    assert "1 run of 2 without quantities" in texts(found)


def test_fewer_than_fifty_shared_peptides_are_not_normalised_on(ctx, store_quantities):
    runs = store_quantities(np.array([[20.0, 23.0]] * 49), ["a", "b"])
    found = compare(ctx, [run.id for run in runs])
    assert not found.abundance.measured.normalised
    assert "Not normalised: 49 peptides" in texts(found)
    assert found.abundance.contrasts[0].test.difference == pytest.approx(np.full(49, 3.0))


def test_fractions_are_added_and_repeated_measurements_averaged(ctx, store_quantities):
    log2 = np.array([[1.0, 1.0, 2.0, 4.0, 3.0]])
    runs = store_quantities(log2, ["f1", "f2", "r1", "r2", "other"])
    fractions = ["1", "2", None, None, None]
    samples = ["s", "s", "t", "t", "u"]
    ids = annotated(ctx, runs, ["a"] * 4 + ["b"], sample=samples, fraction=fractions)
    found = compare(ctx, ids, by="sample")
    values = found.abundance.measured.values
    assert {found.names[side]: float(of[0, 0]) for side, of in values.items()} == {
        "s": 2.0,  # 2 + 2 on the linear scale
        "t": 3.0,
        "u": 3.0,
    }


def test_one_replicate_measured_twice_is_one_replicate(ctx, store_quantities):
    runs = store_quantities(np.full((5, 4), 20.0), ["r1", "r2", "r3", "r4"])
    annotated(ctx, runs, ["a", "a", "a", "b"], biological_replicate=["1", "1", "2", "1"])
    sides = sides_of([Runs(ctx).get(run.id) for run in runs], "condition")
    assert [[len(each.runs) for each in side.replicates] for side in sides] == [[2, 1], [1]]


def test_a_run_without_condition_and_one_condition_alone_are_refused(ctx, store_quantities):
    runs = store_quantities(np.full((5, 2), 20.0), ["r1", "r2"])
    ids = [run.id for run in runs]
    with pytest.raises(InputError, match="2 runs without a condition: r1 and r2"):
        compare(ctx, ids, by="condition")
    annotated(ctx, runs, ["a", "a"])
    with pytest.raises(InputError, match="at least 2 conditions, found 1 condition"):
        compare(ctx, ids, by="condition")
    with pytest.raises(InputError, match="found 'donor'"):
        compare(ctx, ids, by="donor")


def test_unique_peptides_tell_in_how_many_replicates_they_were_found(
    ctx, store_runs, make_sequences, check_figures
):
    sequences = make_sequences(130)
    runs = store_runs(
        ctx,
        {
            "A1": sequences[:100],
            "A2": sequences[:90],
            "A3": sequences[5:95],
            "B1": sequences[50:],
            "B2": sequences[60:],
            "B3": sequences[60:],
        },
    )
    ids = annotated(ctx, runs, ["a"] * 3 + ["b"] * 3, donor=["x", "y", "z"] * 2)
    found = compare(ctx, ids, by="condition")
    listed = found.as_json()["unique_replicates"]["a"]
    assert listed["replicates"] == 3
    assert sorted(listed["found_in"].values()) == [2] * 5 + [3] * 45
    assert "45 of 50 in a were in all 3 replicates and 30 of 30 in b in all 3" in texts(found)
    assert "3 donors on more than one side" in texts(found)
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b"])


def test_a_side_with_nothing_of_its_own_is_not_spoken_of(
    ctx, store_runs, make_sequences, check_figures
):
    sequences = make_sequences(80)
    runs = store_runs(
        ctx, {"A1": sequences, "A2": sequences, "B1": sequences[10:], "B2": sequences[10:]}
    )
    ids = annotated(ctx, runs, ["a"] * 2 + ["b"] * 2)
    found = compare(ctx, ids, by="condition")
    assert "only, 10 of 10 in a were in both replicates." in texts(found)
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b"])
    ids = annotated(ctx, runs, ["a", "b", "a", "b"])
    assert "Of the peptides found on one side only" not in texts(compare(ctx, ids, by="condition"))


def test_conditions_of_one_run_split_in_six_differ_in_nothing(
    ctx, store_runs, embed, demo_peptides, check_figures
):
    peptides = np.array(demo_peptides["2584"])
    order = np.random.default_rng(4).permutation(len(peptides))
    runs = store_runs(
        ctx,
        {
            name: peptides[part].tolist()
            for name, part in zip(SIX, np.array_split(order, 6), strict=True)
        },
    )
    embed(ctx, runs)
    ids = annotated(ctx, runs, SIDES)
    found = compare(ctx, ids, by="condition")
    embedding = found.embedding
    assert embedding.reference_kind == "replicates"
    assert embedding.least_p_value == 0.1
    assert embedding.labellings == 20
    assert 0.1 <= embedding.p_value <= 1
    shifts = found.as_json()["clusters"][0]["shifts"]["treated"]
    assert shifts["unit"] == "replicates"
    assert shifts["p_value"] is not None
    for sentence in found.sentences:
        check_figures(sentence, names=["control", "treated"])


@pytest.mark.parametrize("number", [0, 1, 49, 50])
def test_few_peptides_a_side_give_words_and_no_wrong_number(
    ctx, store_runs, embed, make_sequences, number, check_figures
):
    sequences = make_sequences(number)
    names = ["A1", "A2", "A3", "B1", "B2", "B3"]
    runs = store_runs(ctx, dict.fromkeys(names, sequences))
    if number:
        embed(ctx, runs)
    ids = annotated(ctx, runs, ["a"] * 3 + ["b"] * 3)
    found = compare(ctx, ids, by="condition")
    json.dumps(found.as_json(), allow_nan=False)
    assert peptide_table(found).num_rows == number
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b"])
