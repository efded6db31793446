"""Comparisons: what is counted, what is said, and what is left unsaid."""

from __future__ import annotations

import json

import numpy as np
import pytest

from omicstoken_kernel.analysis.compare import MOST_RUNS, compare
from omicstoken_kernel.analysis.fingerprint import fingerprint
from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store.fingerprints import Fingerprints
from omicstoken_kernel.store.runs import Runs

KEYS = {"runs", "shared", "unique", "jaccard", "embedding", "clusters", "differences", "sentences"}


def texts(found):
    return " ".join(sentence.text for sentence in found.sentences)


@pytest.fixture
def pair(ctx, store_runs, make_sequences):
    """Two runs of 80 peptides that share 20, not embedded."""
    sequences = make_sequences(140)
    return store_runs(ctx, {"one": sequences[:80], "two": sequences[60:]})


def test_json_has_the_keys_scripts_rely_on(demo, demo_peptides):
    ctx, runs = demo
    ids = [runs["2584"].id, runs["2821"].id]
    document = json.loads(json.dumps(compare(ctx, ids).as_json(), allow_nan=False))
    assert set(document) >= KEYS
    one, other = (set(demo_peptides[name]) for name in ("2584", "2821"))
    assert document["runs"] == ids
    assert document["shared"] == len(one & other)
    assert document["unique"] == {ids[0]: len(one - other), ids[1]: len(other - one)}
    assert document["jaccard"][ids[0]][ids[1]] == len(one & other) / len(one | other)
    assert set(document["shared_peptides"]) == one & other
    assert set(document["embedding"]) >= {"distance", "reference", "p_value"}
    assert document["embedding"]["p_value"] is None
    assert document["embedding"]["distance"] > 5 * document["embedding"]["reference"] > 0
    assert {"id", "size", "motif", "shares"} <= set(document["clusters"][0])


def test_four_real_samples_are_told_in_sentences_whose_figures_are_evident(demo, check_figures):
    ctx, runs = demo
    found = compare(ctx, [run.id for run in runs.values()])
    for sentence in found.sentences:
        check_figures(sentence, names=list(runs))
    said = texts(found)
    assert "occur in all 4 runs" in said
    assert "2584 and 2821 are most alike by the Jaccard index" in said
    assert "not detected in the others is not the same as absent" in said
    assert "different HLA types" in said
    assert "significant" not in said


def test_joint_clusters_are_those_of_the_joint_fingerprint(ctx, store_runs, embed, make_sequences):
    sequences = make_sequences(160)
    runs = store_runs(ctx, {"a": sequences[:90], "b": sequences[70:]})
    embed(ctx, runs)
    ids = [run.id for run in runs]
    before = compare(ctx, ids)
    assert Fingerprints(ctx).list() == ()
    stored = fingerprint(ctx, ids)
    after = compare(ctx, ids)
    assert [vars(c) for c in before.clusters] == [vars(c) for c in after.clusters]
    assert [(c.id, c.size, c.motif) for c in stored.clusters] == [
        (c.id, c.size, c.motif) for c in after.clusters if c.id is not None
    ]
    for run in ids:
        assert sum(cluster.shares[run] for cluster in after.clusters) == pytest.approx(1)
        assert sum(cluster.counts[run] for cluster in after.clusters) == 90


def test_the_order_of_the_runs_is_kept_and_changes_no_figure(ctx, pair, embed):
    embed(ctx, pair)
    ids = [run.id for run in pair]
    forth, back = compare(ctx, ids), compare(ctx, ids[::-1])
    assert forth.run_ids == tuple(ids)
    assert back.run_ids == tuple(ids[::-1])
    assert forth.overlap.shared == back.overlap.shared
    assert forth.embedding.distance == pytest.approx(back.embedding.distance, abs=1e-6)


def test_the_same_seed_gives_the_same_comparison(ctx, pair, embed):
    embed(ctx, pair)
    ids = [run.id for run in pair]
    assert compare(ctx, ids).as_json() == compare(ctx, ids).as_json()


def test_without_vectors_peptides_are_compared_and_the_rest_is_explained(ctx, pair):
    found = compare(ctx, [run.id for run in pair])
    assert len(found.overlap.shared) == 20
    assert found.embedding.distance is None
    assert found.clusters == ()
    assert "omicstoken embed" in found.embedding.note
    assert "omicstoken embed" in texts(found)


def test_a_model_that_was_asked_for_is_not_done_without(ctx, pair):
    with pytest.raises(NotFound, match="no vectors of the model 'anchor'"):
        compare(ctx, [run.id for run in pair], model="anchor")


def test_runs_that_share_nothing_say_so(ctx, store_runs, embed, make_sequences, check_figures):
    sequences = make_sequences(200)
    runs = store_runs(ctx, {"left": sequences[:100], "right": sequences[100:]})
    embed(ctx, runs)
    found = compare(ctx, [run.id for run in runs])
    assert found.overlap.jaccard[0, 1] == 0
    assert found.sentences[0].text == "left and right share none of 200 peptides."
    for sentence in found.sentences:
        check_figures(sentence, names=["left", "right"])


def test_a_run_beside_its_copy_differs_in_nothing(ctx, store_runs, embed, make_sequences):
    sequences = make_sequences(100)
    runs = store_runs(ctx, {"a": sequences, "copy": sequences})
    embed(ctx, runs)
    found = compare(ctx, [run.id for run in runs])
    assert found.overlap.jaccard[0, 1] == 1
    assert found.embedding.distance <= found.embedding.reference
    assert "no more than chance" in texts(found)
    assert found.differences == ()


def test_i_and_l_count_as_one_residue_when_asked(ctx, store_runs, check_figures):
    runs = store_runs(ctx, {"a": ["SIINFEKL", "GILGFVFTL"], "b": ["SLINFEKL", "NLVPMVATV"]})
    ids = [run.id for run in runs]
    assert compare(ctx, ids).overlap.shared == ()
    found = compare(ctx, ids, il_equivalent=True)
    assert found.overlap.shared == ("SIINFEKL",)
    assert found.overlap.membership["variants"].to_pylist()[-1] == ["SIINFEKL", "SLINFEKL"]
    assert "1 spelling fell together" in texts(found)
    for sentence in found.sentences:
        check_figures(sentence, names=["a", "b"])


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_tiny_run_beside_a_large_one_has_no_distance_and_no_wrong_number(
    ctx, store_runs, embed, make_sequences, number, check_figures
):
    sequences = make_sequences(100)
    runs = store_runs(ctx, {"tiny": sequences[:number], "large": sequences})
    embed(ctx, runs)
    found = compare(ctx, [run.id for run in runs])
    assert found.embedding.distance is None
    assert found.embedding.p_value is None
    json.dumps(found.as_json(), allow_nan=False)
    for sentence in found.sentences:
        check_figures(sentence, names=["tiny", "large"])


def test_only_what_differs_is_listed(ctx, pair):
    ids = [run.id for run in pair]
    assert compare(ctx, ids).differences == ()
    Runs(ctx).annotate(ids[0], condition="treated", hla=["HLA-A*02:01"])
    found = compare(ctx, ids)
    listed = {difference.name: difference.values for difference in found.differences}
    assert listed == {
        "condition": {ids[0]: "treated", ids[1]: None},
        "hla": {ids[0]: "HLA-A*02:01", ids[1]: None},
    }
    # A sample whose types are not known is no sample of other types.
    assert "HLA" not in texts(found)


def test_common_hla_types_are_named(ctx, pair):
    ids = [run.id for run in pair]
    Runs(ctx).annotate(ids[0], hla=["HLA-A*02:01", "HLA-B*07:02"])
    Runs(ctx).annotate(ids[1], hla=["HLA-A*02:01", "HLA-B*08:01"])
    assert "only HLA-A*02:01 in common" in texts(compare(ctx, ids))


def test_runs_of_one_hla_type_give_no_warning(ctx, pair):
    for run in pair:
        Runs(ctx).annotate(run.id, hla=["HLA-A*02:01"])
    assert "HLA" not in texts(compare(ctx, [run.id for run in pair]))


def test_different_kinds_of_quantity_are_said_and_not_compared(ctx, store_runs, make_sequences):
    from sqlalchemy import update

    from omicstoken_kernel.store.tables import RUN

    runs = store_runs(ctx, {"a": make_sequences(30), "b": make_sequences(30, seed=1)})
    with ctx.engine.begin() as connection:
        connection.execute(
            update(RUN).where(RUN.c.id == runs[1].id).values(quantity_kind="spectral_count")
        )
    found = compare(ctx, [run.id for run in runs])
    assert "quantity_kind" in {difference.name for difference in found.differences}
    assert "quantities are not compared" in texts(found)


@pytest.mark.parametrize("number", [0, 1, MOST_RUNS + 1])
def test_fewer_than_two_or_more_than_a_hundred_runs_are_refused(ctx, number):
    with pytest.raises(InputError, match=f"found {number}"):
        compare(ctx, [f"run_{place}" for place in range(number)])


def test_the_same_run_twice_is_one_run(demo):
    ctx, runs = demo
    with pytest.raises(InputError, match="found 1"):
        compare(ctx, [runs["2289"].id] * 2)


def test_unknown_and_foreign_runs_are_not_found(demo, other):
    ctx, runs = demo
    with pytest.raises(NotFound):
        compare(ctx, [runs["2289"].id, "run_0000000000000000"])
    with pytest.raises(NotFound):
        compare(other(ctx), [runs["2289"].id, runs["2584"].id])


def test_many_runs_are_compared_pair_by_pair(ctx, store_runs, make_sequences, check_figures):
    sequences = make_sequences(400)
    rng = np.random.default_rng(0)
    names = [f"sample {chr(97 + place)}" for place in range(12)]
    runs = store_runs(ctx, {name: list(rng.choice(sequences, 60, replace=False)) for name in names})
    found = compare(ctx, [run.id for run in runs])
    assert found.overlap.jaccard.shape == (12, 12)
    for sentence in found.sentences:
        check_figures(sentence, names=names)
