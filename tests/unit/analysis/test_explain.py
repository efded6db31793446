"""Explanations of one peptide: figures that agree with the data, and words where there are none."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from omicstoken_kernel.analysis.explain import explain
from omicstoken_kernel.analysis.fingerprint import fingerprint
from omicstoken_kernel.analysis.peptide_card import abundance, descriptors
from omicstoken_kernel.chemistry.descriptors import DESCRIPTORS, describe
from omicstoken_kernel.errors import NotFound


def text(found):
    return " ".join(sentence.text for sentence in found.sentences)


@pytest.fixture
def family(ctx, store_runs, embed, make_sequences):
    """Two runs with SIINFEKL, its nested set and its variants among 60 others."""
    runs = store_runs(
        ctx,
        {
            "one": [*make_sequences(60), "SIINFEKL", "SIINFEKM"],
            "two": ["SIINFEKL", "LEQLESIINFEKL", "SLINFEKL", "INFEK", *make_sequences(60, seed=1)],
        },
    )
    embed(ctx, runs)
    return runs


@pytest.mark.parametrize("place", [0, 500, 1000])
def test_every_figure_in_the_text_is_evident(demo, demo_peptides, place, check_figures):
    ctx, runs = demo
    found = explain(ctx, runs["2289"].id, demo_peptides["2289"][place])
    for sentence in found.sentences:
        check_figures(sentence)
    json.dumps(found.as_json(), allow_nan=False)


def test_every_figure_agrees_with_the_data(demo, demo_peptides):
    ctx, runs = demo
    peptides = demo_peptides["2821"]
    peptide = peptides[100]
    found = explain(ctx, runs["2821"].id, peptide.lower())
    assert found.peptide == peptide
    gravy = np.array(describe(peptides)["gravy"].to_pylist())
    own = gravy[100]
    assert found.descriptors["gravy"].value == pytest.approx(own)
    below = 100 * ((gravy < own).mean() + (gravy == own).mean() / 2)
    assert found.descriptors["gravy"].percentile == pytest.approx(below, abs=0.1)
    points = fingerprint(ctx, [runs["2821"].id]).points
    assert points["sequence"][100].as_py() == peptide
    assert found.place.cluster == points["cluster"][100].as_py()
    assert found.place.responsibility == points["responsibility"][100].as_py()
    elsewhere = {n for n, others in demo_peptides.items() if peptide in others} - {"2821"}
    assert set(found.other_runs.values()) == elsewhere
    assert len(found.neighbours) == 10
    assert peptide not in {hit.sequence for hit in found.neighbours}
    assert set(DESCRIPTORS) <= set(found.descriptors)


def test_the_family_of_a_peptide_is_found(ctx, family):
    found = explain(ctx, family[0].id, "SIINFEKL")
    kinds = {relative.sequence: relative.kind for relative in found.relatives}
    assert kinds == {
        "SLINFEKL": "il_equal",
        "SIINFEKM": "substitutions",
        "LEQLESIINFEKL": "contains",
        "INFEK": "contained",
    }
    assert found.other_runs == {family[1].id: "two"}
    said = text(found)
    assert "1 peptide of your runs contains it: LEQLESIINFEKL (two)" in said
    assert "found in 1 of 1 other run, too: two" in said


def test_quantity_and_rank_are_those_of_the_run(ctx, family, make_parsed, make_sequences):
    sequences = [*make_sequences(60), "SIINFEKL", "SIINFEKM"]
    quantities = make_parsed({"one": sequences}).features["quantity"].to_pylist()
    own = quantities[60]
    found = explain(ctx, family[0].id, "SIINFEKL")
    if own is None:
        assert found.abundance is None
        assert "gives no precursor intensity" in text(found)
    else:
        known = [quantity for quantity in quantities if quantity is not None]
        assert found.abundance.quantity == own
        assert found.abundance.rank == 1 + sum(quantity > own for quantity in known)
        assert found.abundance.ranked == len(known)


def test_the_charge_is_told_with_its_ph(ctx, store_runs, make_sequences):
    (run,) = store_runs(ctx, {"a": [*make_sequences(60), "VYVSRPSHF"]})
    found = explain(ctx, run.id, "VYVSRPSHF")
    # K, R and H counted whole it would be +2; at pH 7 most histidine has no charge.
    assert found.descriptors["net_charge"].value == 2
    assert "a net charge of +1.09 at pH 7" in text(found)


def test_quantities_of_several_features_add_up_on_the_linear_scale():
    features = pa.table({"sequence": ["A", "A", "B", "C"], "quantity": [1.0, 2.0, 2.5, None]})
    assert vars(abundance(features, "A", scale="linear")) == {
        "quantity": 3.0, "rank": 1, "ranked": 2,
    }  # fmt: skip
    assert abundance(features, "A", scale="log2").quantity == 2.0 + 4.0
    assert abundance(features, "C", scale="linear") is None


def test_a_percentile_counts_equal_values_half():
    values = [*map(float, range(19)), 5.0, None]
    table = pa.table({"sequence": [f"P{n}" for n in range(21)], "gravy": values})
    assert descriptors(table, "P5")["gravy"].percentile == pytest.approx(100 * 6 / 20)
    assert descriptors(table, "P20")["gravy"].percentile is None


@pytest.mark.parametrize(("number", "told"), [(1, False), (19, False), (20, True)])
def test_a_place_among_a_handful_of_peptides_is_not_told(
    ctx, store_runs, make_sequences, number, told
):
    sequences = make_sequences(number)
    (run,) = store_runs(ctx, {"few": sequences})
    found = explain(ctx, run.id, sequences[0])
    assert found.descriptors["gravy"].value is not None
    assert (found.descriptors["gravy"].percentile is not None) == told
    assert ("% of the run's peptides" in text(found)) == told
    assert "and a hydrophobicity (GRAVY) of" in text(found)


def test_a_peptidoform_may_be_asked_for(ctx, family):
    assert explain(ctx, family[0].id, "SIINFEK[UNIMOD:1]L").peptide == "SIINFEKL"


def test_a_peptide_the_run_does_not_have_names_the_closest(ctx, family):
    with pytest.raises(NotFound, match="no peptide 'SIINFEKV'") as caught:
        explain(ctx, family[0].id, "SIINFEKV")
    assert "SIINFEKL" in caught.value.hint
    with pytest.raises(NotFound, match="no peptide 'LEQLESIINFEKL'"):
        explain(ctx, family[0].id, "LEQLESIINFEKL")


def test_what_has_no_vector_is_explained_without(ctx, store_runs, embed, make_sequences):
    (run,) = store_runs(ctx, {"a": [*make_sequences(60), "SIXNFEKL"]})
    embed(ctx, [run])
    found = explain(ctx, run.id, "SIXNFEKL")
    assert found.neighbours == ()
    assert found.place is None
    assert "residue X has no defined side chain" in found.note
    assert found.descriptors["gravy"].value is None
    assert "–" not in text(found)


def test_a_run_without_vectors_is_explained_by_letters(ctx, store_runs, make_sequences):
    (run,) = store_runs(ctx, {"a": [*make_sequences(60), "SIINFEKL", "SIINFEKM"]})
    found = explain(ctx, run.id, "SIINFEKL")
    assert [relative.sequence for relative in found.relatives] == ["SIINFEKM"]
    assert f"omicstoken embed {run.id}" in found.note
    with pytest.raises(NotFound):
        explain(ctx, run.id, "SIINFEKL", model="anchor")


@pytest.mark.parametrize("number", [1, 3, 49])
def test_peptides_of_small_runs_have_their_words(
    ctx, store_runs, embed, make_sequences, number, check_figures
):
    sequences = make_sequences(number)
    (run,) = store_runs(ctx, {"small": sequences})
    embed(ctx, [run])
    found = explain(ctx, run.id, sequences[0])
    assert "too few peptides to be grouped" in text(found)
    for sentence in found.sentences:
        check_figures(sentence, names=["small"])


def test_not_detected_is_not_called_absent(ctx, family):
    found = explain(ctx, family[0].id, "SIINFEKM")
    assert "not the same as being absent" in text(found)


def test_other_peoples_runs_are_not_looked_at(ctx, family, store_runs, other):
    theirs = store_runs(other(ctx), {"secret": ["SIINFEKL", "SIINFEKV"]})
    assert "secret" not in json.dumps(explain(ctx, family[0].id, "SIINFEKL").as_json())
    with pytest.raises(NotFound):
        explain(ctx, theirs[0].id, "SIINFEKL")


def test_modified_forms_and_charges_are_told(ctx, make_parsed, embed, check_figures):
    from dataclasses import replace

    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.uploads import Uploads

    parsed = make_parsed({"a": ["SIINFEKM"] * 3 + ["GILGFVFTL"]})
    forms = ["SIINFEKM", "SIINFEKM[UNIMOD:35]", "SIINFEKM[UNIMOD:35]", "GILGFVFTL"]
    table = parsed.features.set_column(2, "proforma", pa.array(forms))
    table = table.set_column(3, "precursor_charge", pa.array([2, 2, 3, 1], pa.int16()))
    parsed = replace(parsed, features=table.cast(parsed.features.schema))
    upload = Uploads(ctx).add(name="f", sha256="0" * 64, size_bytes=1, options={})
    (run,) = Features(ctx).replace(upload.id, parsed, {})
    embed(ctx, [run])
    found = explain(ctx, run.id, "SIINFEKM")
    assert [form.precursor_charge for form in found.peptidoforms] == [2, 2, 3]
    first = found.sentences[0]
    assert first.text == (
        "SIINFEKM was found in a in 3 features, as 2 peptidoforms: SIINFEKM and "
        "SIINFEKM[UNIMOD:35], at charge 2 and 3."
    )
    check_figures(first)
    assert "It has 8 residues; unmodified, it has a monoisotopic mass of" in text(found)
    assert "It has 9 residues, a monoisotopic" in text(explain(ctx, run.id, "GILGFVFTL"))
