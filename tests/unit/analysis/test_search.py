"""Search as the user sees it: what is found, in which runs, and what never is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from esm2_weights import write_weights

from omicstoken_kernel.analysis.search import RunFeature, search
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import InputError, ModelUnavailable, NotFound
from omicstoken_kernel.index.chance import LEVEL
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.index.percentile import background_peptides
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs

A2 = ["SLYNTVATL", "SLFNTVATL", "GLCTLVAML", "NLVPMVATV", "YLNEQGDRV", "ELAGIGILTV"]
A3 = ["KLYNTVATK", "RLRPGGKKK", "AIFQSSMTK", "ILRGSVAHK"]


@pytest.fixture
def runs(any_ctx, store_runs):
    """Two runs with vectors; SLYNTVATL occurs in both."""
    found = store_runs(any_ctx, {"a2": A2, "a3": [*A3, "SLYNTVATL"]})
    encode_runs(any_ctx, [run.id for run in found], model=AnchorEmbedder())
    return {run.name: run for run in found}


def by_hand(query, sequences):
    """The sequences by likeness to a query, most similar first."""
    model = AnchorEmbedder()
    likeness = model.embed_batch(sequences) @ model.embed(query)
    return [sequences[place] for place in np.argsort(-likeness)]


def sequences_of(result):
    return [hit.sequence for hit in result.hits]


def test_hits_are_the_most_similar_peptides_in_order(any_ctx, runs):
    everything = sorted({*A2, *A3})
    result = search(any_ctx, "SLYNTVATV", k=5)
    assert sequences_of(result) == by_hand("SLYNTVATV", everything)[:5]
    assert result.searched == len(everything)
    assert result.model_key == AnchorEmbedder.model_key
    likeness = [hit.similarity for hit in result.hits]
    assert likeness == sorted(likeness, reverse=True)
    assert all(0 <= hit.percentile <= 100 for hit in result.hits)
    assert result.hits[0].percentile > 99
    assert result.note is None
    assert result.stale is None


def test_a_stored_query_is_an_exact_hit_and_the_first_by_likeness(any_ctx, runs):
    result = search(any_ctx, " slynt vatl ")
    assert result.query == "SLYNTVATL"
    assert result.exact[0].sequence == "SLYNTVATL"
    assert result.exact[0].kind == "equal"
    assert result.hits[0].sequence == "SLYNTVATL"
    assert result.hits[0].similarity == pytest.approx(1, abs=1e-6)
    assert result.hits[0].percentile == 100


def test_every_hit_names_its_runs_with_features_and_peptidoforms(any_ctx, runs):
    hit = search(any_ctx, "SLYNTVATL", k=1).hits[0]
    assert {run.run_id for run in hit.runs} == {runs["a2"].id, runs["a3"].id}
    for run in hit.runs:
        stored = Features(any_ctx).of_run(run.run_id).to_pylist()
        expected = [row for row in stored if row["sequence"] == "SLYNTVATL"]
        assert run.name == Runs(any_ctx).get(run.run_id).name
        assert run.feature_ids == tuple(row["feature_id"] for row in expected)
        assert run.proformas == tuple(row["proforma"] for row in expected)


def test_runs_restrict_what_is_searched_and_what_is_listed(any_ctx, runs):
    result = search(any_ctx, "SLYNTVATL", k=50, run_ids=[runs["a3"].id])
    assert sequences_of(result) == by_hand("SLYNTVATL", [*A3, "SLYNTVATL"])
    assert result.searched == 5
    assert {run.name for hit in (*result.hits, *result.exact) for run in hit.runs} == {"a3"}


def test_lengths_restrict_both_searches(any_ctx, runs):
    result = search(any_ctx, "SLYNTVATL", k=50, lengths=(10, 12))
    assert sequences_of(result) == ["ELAGIGILTV"]
    assert result.exact == ()


def test_a_motif_restricts_both_searches(any_ctx, runs):
    result = search(any_ctx, "SLFNTVATL", k=50, motif="xLxxxxxx[LV]", substitutions=2)
    fitting = ["SLYNTVATL", "SLFNTVATL", "GLCTLVAML", "NLVPMVATV", "YLNEQGDRV"]
    assert sequences_of(result) == by_hand("SLFNTVATL", fitting)
    assert {hit.sequence for hit in result.exact} == {"SLFNTVATL", "SLYNTVATL"}


def test_substitutions_widen_the_search_by_letters(any_ctx, runs):
    assert [hit.sequence for hit in search(any_ctx, "SLYNTVATL").exact] == ["SLYNTVATL"]
    found = search(any_ctx, "SLYNTVATL", substitutions=2).exact
    assert [(hit.sequence, hit.kind, hit.substitutions) for hit in found] == [
        ("SLYNTVATL", "equal", 0),
        ("SLFNTVATL", "substitutions", 1),
        ("KLYNTVATK", "substitutions", 2),
    ]
    assert search(any_ctx, "SLYNTVATL", substitutions=None).exact == ()


def test_a_feature_is_a_query_too(any_ctx, runs):
    feature = Features(any_ctx).of_run(runs["a2"].id).to_pylist()[3]
    by_pair = search(any_ctx, RunFeature(runs["a2"].id, feature["feature_id"]))
    assert by_pair.query == feature["sequence"]
    assert search(any_ctx, feature["feature_id"]) == by_pair


def test_nobody_finds_what_is_not_theirs(any_ctx, runs, other, store_runs):
    stranger = other(any_ctx)
    result = search(stranger, "SLYNTVATL", substitutions=2)
    assert (result.hits, result.exact, result.searched) == ((), (), 0)
    assert "No peptide of yours" in result.note
    (theirs,) = store_runs(stranger, {"theirs": ["SLYNTVATL", "SIINFEKL"]}, file="theirs.tsv")
    encode_runs(stranger, [theirs.id], model=AnchorEmbedder())
    result = search(stranger, "SLYNTVATL", k=50)
    assert set(sequences_of(result)) == {"SLYNTVATL", "SIINFEKL"}
    # A peptide both have shows only the runs of who asks.
    assert [run.name for run in result.hits[0].runs] == ["theirs"]
    assert "SIINFEKL" not in sequences_of(search(any_ctx, "SIINFEKL", k=50))


def test_a_foreign_run_or_feature_looks_like_a_missing_one(any_ctx, runs, other):
    feature = f"{runs['a2'].id}.1"
    messages = set()
    for ctx, run_id in ((other(any_ctx), runs["a2"].id), (any_ctx, "run_" + "0" * 16)):
        with pytest.raises(NotFound) as caught:
            search(ctx, "SLYNTVATL", run_ids=[run_id])
        messages.add(caught.value.message.replace(run_id, "ID"))
        with pytest.raises(NotFound):
            search(ctx, RunFeature(run_id, feature))
    assert len(messages) == 1
    with pytest.raises(NotFound, match="no feature"):
        search(any_ctx, RunFeature(runs["a2"].id, f"{runs['a2'].id}.999"))


@pytest.mark.parametrize(
    ("query", "restriction", "reason"),
    [
        ("", {}, "empty"),
        ("SLYXTVATL", {}, "residue X"),
        ("SLY(ph)", {}, "not a residue"),
        ("A" * 1023, {}, "longer than 1022"),
        ("SLYNTVATL", {"k": 0}, "finds nothing"),
        ("SLYNTVATL", {"lengths": (11, 8)}, "from 11 to 8"),
        ("SLYNTVATL", {"lengths": (0, 8)}, "from 0 to 8"),
        ("SLYNTVATL", {"motif": "xL?"}, "not understood at place 3"),
        ("SLYNTVATL", {"substitutions": 3}, "substitutions"),
        ("SLYNTVATL", {"model": "esm9"}, "no model 'esm9'"),
    ],
)
def test_bad_input_is_refused_with_the_reason(ctx, query, restriction, reason):
    with pytest.raises(InputError, match=reason):
        search(ctx, query, **restriction)


def test_a_model_that_is_not_here_is_said_and_not_replaced(ctx):
    with pytest.raises(ModelUnavailable, match=r"esm2_t6_8M_UR50D\.pt"):
        search(ctx, "SLYNTVATL", model="esm2")


def test_auto_searches_with_the_model_the_peptides_have_vectors_of(ctx, store_runs, tmp_path):
    (tmp_path / "models").mkdir()
    equipped = replace(ctx, settings=ctx.settings.override(models=tmp_path / "models"))
    (run,) = store_runs(equipped, {"a2": A2})
    encode_runs(equipped, [run.id], model=AnchorEmbedder())
    # Weights that came later do not make the search look where nothing is.
    write_weights(tmp_path / "models")
    assert len(search(equipped, "SLYNTVATL").hits) == len(A2)
    encode_runs(equipped, [run.id], model=load_model("esm2", equipped.settings))
    assert search(equipped, "SLYNTVATL").model_key.startswith("esm2")
    assert search(equipped, "SLYNTVATL", model="anchor").model_key.startswith("anchor")


def test_an_empty_workspace_finds_nothing_and_says_why(ctx):
    result = search(ctx, "SLYNTVATL")
    assert (result.hits, result.exact, result.searched) == ((), (), 0)
    assert result.note


def test_peptides_without_vectors_are_counted_and_the_way_out_is_named(ctx, store_runs):
    first, _ = store_runs(ctx, {"a2": A2, "a3": A3})
    nothing = search(ctx, "SLYNTVATL")
    assert nothing.hits == ()
    assert [hit.sequence for hit in nothing.exact] == ["SLYNTVATL"]
    assert "0 of 10 peptides" in nothing.note
    assert "omicstoken embed" in nothing.note
    encode_runs(ctx, [first.id], model=AnchorEmbedder())
    some = search(ctx, "SLYNTVATL", k=50)
    assert len(some.hits) == some.searched == 6
    assert "6 of 10 peptides" in some.note


def test_an_unrelated_query_is_said_to_find_nothing_nearer_than_chance(demo):
    ctx, _ = demo
    result = search(ctx, "GDPNKSWEC", k=3)
    assert result.chance.share > LEVEL
    assert not result.chance.nearer
    assert result.hits[0].similarity <= result.chance.similarity
    alike = round(result.chance.share * 100)
    assert f"{alike} of 100 random peptides" in result.note
    assert "Not even the best hit" in result.note
    assert result.as_json()["chance"]["nearer"] is False


def test_a_variant_of_a_stored_peptide_is_nearer_than_chance_wherever_it_differs(
    demo, demo_peptides
):
    ctx, _ = demo
    stored = next(peptide for peptide in demo_peptides["2289"] if len(peptide) == 9)
    for place in range(9):
        other = "W" if stored[place] != "W" else "D"
        variant = stored[:place] + other + stored[place + 1 :]
        result = search(ctx, variant, k=1)
        assert result.chance.nearer, variant
        assert result.note is None
        # It was not asked for, so it is not among the matches by letters.
        assert result.exact == ()


def test_the_measure_of_chance_is_that_of_the_peptides_searched(demo):
    ctx, runs = demo
    index = open_index(ctx, AnchorEmbedder.model_key)
    for run_ids in (None, [runs["1382"].id]):
        allowed = Peptides(ctx).visible_ids(run_ids=run_ids)
        result = search(ctx, "GDPNKSWEC", k=1, run_ids=run_ids)
        drawn = AnchorEmbedder().embed_batch(background_peptides(9, 0)[:100])
        best = index.search(drawn, 1, allowed=allowed)[0][:, 0]
        expected = (best >= result.hits[0].similarity).mean()
        assert result.chance.share == pytest.approx(expected, abs=0.011)
        assert result.chance.drawn == 100


def test_a_run_that_was_deleted_is_no_longer_found(ctx, store_runs):
    first, _ = store_runs(ctx, {"a2": A2, "a3": A3})
    encode_runs(ctx, None, model=AnchorEmbedder())
    Runs(ctx).delete(first.id)
    result = search(ctx, "SLYNTVATL", k=50)
    assert set(sequences_of(result)) == set(A3)
    assert result.exact == ()


def test_the_json_has_the_keys_scripts_rely_on(any_ctx, runs):
    result = search(any_ctx, "SLYNTVATL", k=2)
    body = json.loads(json.dumps(result.as_json()))
    assert {"query", "model_key", "exact", "hits"} <= set(body)
    assert {"sequence", "similarity", "percentile", "runs"} <= set(body["hits"][0])
    assert {"run_id", "name", "feature_ids"} <= set(body["hits"][0]["runs"][0])
    assert body["exact"][0]["kind"] == "equal"


def test_the_frame_has_a_row_for_each_hit(any_ctx, runs):
    frame = search(any_ctx, "SLYNTVATL", k=3).frame
    assert list(frame.columns) == [
        "sequence",
        "length",
        "similarity",
        "percentile",
        "runs",
        "features",
    ]
    assert frame.loc[0, "runs"] in ("a2; a3", "a3; a2")
    assert frame.loc[0, "features"] == 2
    assert len(frame) == 3


def test_the_frame_of_no_hits_has_the_columns_too(ctx):
    assert "sequence" in search(ctx, "SLYNTVATL").frame.columns


def test_the_same_search_gives_the_same_result(any_ctx, runs):
    assert search(any_ctx, "KLYNTVATK", k=7) == search(any_ctx, "KLYNTVATK", k=7)
