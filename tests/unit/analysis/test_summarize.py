"""Summaries: every figure is evident, and agrees with the data."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from omicstoken_kernel.analysis.fingerprint import fingerprint
from omicstoken_kernel.analysis.summarize import summarize
from omicstoken_kernel.errors import NotFound


def sentence_with(summary, words):
    (found,) = [sentence for sentence in summary.sentences if words in sentence.text]
    return found


@pytest.mark.parametrize("name", ["1382", "2289", "2584", "2821"])
def test_every_figure_in_the_text_is_evident(demo, name, check_figures):
    ctx, runs = demo
    summary = summarize(ctx, runs[name].id)
    assert 4 <= len(summary.sentences) <= 7
    for sentence in summary.sentences:
        check_figures(sentence)


def test_every_figure_agrees_with_the_data(demo, demo_peptides):
    ctx, runs = demo
    peptides = demo_peptides["2289"]
    lengths = np.array([len(peptide) for peptide in peptides])
    summary = summarize(ctx, runs["2289"].id)

    content = sentence_with(summary, "2289 has").evidence
    assert (content["peptides"], content["features"]) == (len(peptides), len(peptides))

    call = sentence_with(summary, "class I ligands").evidence
    assert call["share_8_12"] == np.isin(lengths, range(8, 13)).mean()
    assert call["peak_length"] == np.bincount(lengths).argmax() == 9
    assert call["peak_share"] == (lengths == 9).mean()

    grouped = sentence_with(summary, "groups with a motif each").evidence
    map_of = fingerprint(ctx, [runs["2289"].id])
    clusters = map_of.points["cluster"].drop_null().to_pylist()
    assert grouped["mapped"] == len(peptides)
    assert grouped["clusters"] == len(set(clusters))
    assert grouped["grouped"] == len(clusters) / len(peptides)
    assert grouped["largest_share"] == clusters.count(1) / len(peptides)
    assert grouped["motif"] == map_of.clusters[0].motif

    standing = sentence_with(summary, "most alike by the Jaccard index").evidence
    shared = {
        name: len(set(peptides) & set(others))
        for name, others in demo_peptides.items()
        if name != "2289"
    }
    jaccard = {
        name: both / (len(peptides) + len(demo_peptides[name]) - both)
        for name, both in shared.items()
    }
    closest = max(jaccard, key=jaccard.__getitem__)
    assert standing["closest_run"] == closest
    assert standing["shared"] == shared[closest]
    assert standing["jaccard"] == jaccard[closest]
    assert standing["other_runs"] == 3


def test_the_flat_sample_is_told_to_be_flat_and_failed(demo):
    ctx, runs = demo
    summary = summarize(ctx, runs["1382"].id)
    assert "flat from 10 to 15 residues" in sentence_with(summary, "neither MHC ligands").text
    assert "fail" in sentence_with(summary, "Quality").text
    assert summary.facts["quality"] == "fail"


def test_the_same_run_gives_the_same_words(demo):
    ctx, runs = demo
    assert summarize(ctx, runs["2584"].id) == summarize(ctx, runs["2584"].id)


def test_abundance_is_told_from_the_features(ctx, store_runs, make_sequences, make_parsed):
    sequences = make_sequences(200)
    (run,) = store_runs(ctx, {"a": sequences})
    evidence = sentence_with(summarize(ctx, run.id), "most abundant").evidence
    quantities = make_parsed({"a": sequences}).features["quantity"].drop_null().to_numpy()
    top = int(np.ceil(0.1 * len(quantities)))
    assert evidence["quantified_peptides"] == len(quantities)
    assert evidence["top"] == top
    held = np.sort(quantities)[::-1][:top].sum() / quantities.sum()
    assert evidence["held_by_top"] == pytest.approx(held)


@pytest.mark.parametrize("number", [0, 1, 3, 49, 50])
def test_small_runs_have_their_words(ctx, store_runs, embed, make_sequences, number, check_figures):
    (run,) = store_runs(ctx, {"small": make_sequences(number)})
    embed(ctx, [run])
    summary = summarize(ctx, run.id)
    for sentence in summary.sentences:
        check_figures(sentence, names=["small"])
    text = " ".join(sentence.text for sentence in summary.sentences)
    if number == 0:
        assert text == "small has no peptides, so there is nothing to say about it."
    elif number < 50:
        assert "fewer than 50 are not grouped" in text
    else:
        assert re.search("groups? of alike|form 1 group", text)
    json.dumps(summary.as_json(), allow_nan=False)


def test_a_run_without_vectors_is_summarized_and_told_how_to_embed(
    ctx, store_runs, make_sequences, check_figures
):
    (run,) = store_runs(ctx, {"plain": make_sequences(80)})
    summary = summarize(ctx, run.id)
    sentence = sentence_with(summary, "not grouped yet")
    assert f"omicstoken embed {run.id}" in sentence.text
    check_figures(sentence, names=[run.id])
    with pytest.raises(NotFound):
        summarize(ctx, run.id, model="anchor")


def test_runs_with_nothing_in_common_say_so(ctx, store_runs, make_sequences):
    sequences = make_sequences(120)
    one, _ = store_runs(ctx, {"a": sequences[:60], "b": sequences[60:]})
    assert (
        "shares no peptide with 1 other run"
        in sentence_with(summarize(ctx, one.id), "shares no").text
    )


def test_the_most_alike_run_is_told_by_its_measure_where_another_shares_more(
    ctx, store_runs, make_sequences, check_figures
):
    sequences = make_sequences(200)
    own, *_ = store_runs(
        ctx, {"own": sequences[:60], "many": sequences[30:200], "few": sequences[40:70]}
    )
    sentence = sentence_with(summarize(ctx, own.id), "2 other runs")
    assert sentence.text == (
        "Of 2 other runs few is most alike by the Jaccard index (0.286): 20 shared peptides."
    )
    check_figures(sentence)


def test_a_foreign_run_is_not_found(demo, other):
    ctx, runs = demo
    with pytest.raises(NotFound):
        summarize(other(ctx), runs["2289"].id)
