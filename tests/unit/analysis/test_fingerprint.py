"""Fingerprints: what they hold, that each is stored once, and how they tell of too little."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from omicstoken_kernel.analysis import layout
from omicstoken_kernel.analysis.clusters import BY_VECTOR, method_for
from omicstoken_kernel.analysis.embedded import Embedded, embedded_peptides, unit
from omicstoken_kernel.analysis.fingerprint import compute, fingerprint, group, is_stale
from omicstoken_kernel.analysis.fingerprint_notes import firmness_in_words
from omicstoken_kernel.analysis.wording import statistic
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.errors import Cancelled, InputError, NotFound
from omicstoken_kernel.store.fingerprints import Fingerprints
from omicstoken_kernel.store.ids import make_id


@pytest.fixture
def stored(ctx, store_runs, embed):
    """A function that stores and embeds runs given as ``{name: [sequence, ...]}``."""

    def of(runs):
        found = store_runs(ctx, runs)
        embed(ctx, found)
        return found

    return of


def test_every_peptide_has_a_point_and_at_most_one_cluster(demo, demo_peptides):
    ctx, runs = demo
    found = fingerprint(ctx, [runs["2289"].id])
    assert found.points["sequence"].to_pylist() == demo_peptides["2289"]
    clusters = found.points["cluster"].to_pylist()
    assert {c.id: c.size for c in found.clusters} == {
        number: clusters.count(number) for number in set(clusters) - {None}
    }
    assert [c.id for c in found.clusters] == list(range(1, len(found.clusters) + 1))
    assert [c.size for c in found.clusters] == sorted(
        (c.size for c in found.clusters), reverse=True
    )
    for cluster in found.clusters:
        members = [
            s for s, c in zip(demo_peptides["2289"], clusters, strict=True) if c == cluster.id
        ]
        assert cluster.share == len(members) / len(clusters)
        assert sum(cluster.lengths.values()) == cluster.size
    responsibility = np.array(found.points["responsibility"].to_pylist())
    assert ((responsibility >= 0) & (responsibility <= 1 + 1e-9)).all()
    assert found.quality["trustworthiness"] > 0.95
    assert set(found.versions) >= {"numpy", "scikit-learn", "openTSNE", "omicstoken"}
    document = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert {"runs", "model_key", "method", "peptides", "unassigned", "quality", "clusters"} <= set(
        document
    )


def test_the_same_key_gives_the_stored_one(ctx, stored, make_sequences):
    (run,) = stored({"a": make_sequences(60)})
    first = fingerprint(ctx, [run.id])
    second = fingerprint(ctx, [run.id, run.id])
    assert second == first
    assert len(Fingerprints(ctx).list()) == 1
    assert first.id.startswith("fp_")
    assert len(first.id) == len(make_id("fp", "x"))


def test_another_seed_is_another_fingerprint(ctx, stored, make_sequences):
    (run,) = stored({"a": make_sequences(60)})
    assert fingerprint(ctx, [run.id]).id != fingerprint(ctx, [run.id], seed=1).id


def test_what_is_computed_anew_is_the_same_to_the_last_bit(ctx, stored, make_sequences):
    (run,) = stored({"a": make_sequences(80)})
    embedded = embedded_peptides(ctx, [run.id])
    first, second = (compute(embedded, seed=2) for _ in range(2))
    assert first.points.equals(second.points)
    assert replace(first, points=second.points) == second


def test_runs_are_mapped_jointly_whatever_their_order(ctx, stored, make_sequences):
    sequences = make_sequences(120)
    one, other = stored({"a": sequences[:70], "b": sequences[50:]})
    joint = fingerprint(ctx, [other.id, one.id])
    assert joint.points.num_rows == 120
    assert fingerprint(ctx, [one.id, other.id]).id == joint.id


def test_changed_peptides_make_it_stale(ctx, store_runs, embed, make_sequences):
    sequences = make_sequences(70)
    (run,) = store_runs(ctx, {"a": sequences[:60]})
    embed(ctx, [run])
    before = fingerprint(ctx, [run.id])
    assert not is_stale(ctx, before)
    (again,) = store_runs(ctx, {"a": sequences})
    assert again.id == run.id
    assert is_stale(ctx, before)
    embed(ctx, [again])
    after = fingerprint(ctx, [run.id])
    assert after.id != before.id
    assert not is_stale(ctx, after)


@pytest.mark.parametrize("number", [1, 2, 3, 9, 10, 49])
def test_below_fifty_peptides_there_are_points_and_no_clusters(ctx, stored, make_sequences, number):
    (run,) = stored({"few": make_sequences(number)})
    found = fingerprint(ctx, [run.id])
    assert found.points.num_rows == number
    assert np.isfinite(found.points["x"].to_numpy()).all()
    assert found.clusters == ()
    assert found.points["cluster"].null_count == found.points["responsibility"].null_count == number
    assert "fewer than 50" in found.quality["notes"][0]


def test_fifty_peptides_are_grouped(ctx, stored, make_sequences):
    (run,) = stored({"fifty": make_sequences(50)})
    assert fingerprint(ctx, [run.id]).clusters


def test_a_run_without_peptides_says_so(ctx, stored):
    (run,) = stored({"none": []})
    found = fingerprint(ctx, [run.id])
    assert found.points.num_rows == 0
    assert "no peptides" in found.quality["notes"][0]


def test_peptides_of_one_length_are_fine(ctx, stored):
    sequences = [f"{a}LAAAAAA{b}" for a in "ACDEFGHIKLMNPQRSTVWY" for b in "VLI"]
    (run,) = stored({"nonamers": sequences})
    found = fingerprint(ctx, [run.id])
    assert sum(cluster.size for cluster in found.clusters) + found.unassigned == 60
    assert all(set(cluster.lengths) == {9} for cluster in found.clusters)


def test_peptides_the_model_cannot_tell_apart_are_one_cluster(ctx, stored):
    # 'anchor' does not see the order of residues within the four stretches of the middle.
    orders = ["".join(order) for order in permutations("ACDE")]
    sequences = [f"SIINFE{a}{b}GGGGGGGGKLVVYW" for a in orders for b in orders[:3]]
    (run,) = stored({"alike": sequences})
    found = fingerprint(ctx, [run.id])
    (only,) = found.clusters
    assert (only.size, only.share) == (72, 1.0)
    assert found.quality["map"] == "one point"
    assert "No division shows" in found.quality["notes"][0]


def test_a_peptide_that_cannot_be_embedded_is_counted_and_named(ctx, stored, make_sequences):
    (run,) = stored({"a": [*make_sequences(60), "SIXNFEKL"]})
    found = fingerprint(ctx, [run.id])
    assert found.points.num_rows == 60
    omitted = found.quality["omitted"]
    assert omitted["count"] == 1
    assert omitted["sequences"] == ["SIXNFEKL"]
    assert omitted["reasons"] == {"residue X has no defined side chain": 1}
    assert any("1 peptide" in note for note in found.quality["notes"])


def test_a_run_embedded_in_part_says_so_and_is_made_anew_when_complete(
    ctx, store_runs, embed, make_sequences
):
    sequences = make_sequences(70)
    first, whole = store_runs(ctx, {"first": sequences[:60], "whole": sequences})
    embed(ctx, [first])
    part = fingerprint(ctx, [whole.id])
    assert part.points.num_rows == 60
    assert part.quality["omitted"]["reasons"] == {"it has no vector yet": 10}
    assert "embed RUN" in " ".join(part.quality["notes"])
    embed(ctx, [whole])
    assert fingerprint(ctx, [whole.id]).points.num_rows == 70


def test_a_run_without_vectors_says_how_to_make_them(ctx, store_runs, make_sequences):
    (run,) = store_runs(ctx, {"plain": make_sequences(60)})
    with pytest.raises(NotFound, match="'plain' has no vectors") as caught:
        fingerprint(ctx, [run.id])
    assert f"omicstoken embed {run.id}" in caught.value.hint
    with pytest.raises(NotFound, match="no vectors of the model 'esm2'") as caught:
        fingerprint(ctx, [run.id], model="esm2")
    assert "--model esm2" in caught.value.hint


@pytest.mark.parametrize("model", ["esm3", "ligand-2"])
def test_an_unknown_model_is_bad_input(ctx, stored, make_sequences, model):
    (run,) = stored({"a": make_sequences(5)})
    with pytest.raises(InputError):
        fingerprint(ctx, [run.id], model=model)


def test_no_run_an_unknown_run_and_a_foreign_run_are_told_apart_from_nothing(
    ctx, stored, make_sequences, other
):
    (run,) = stored({"a": make_sequences(5)})
    with pytest.raises(InputError, match="at least one run"):
        fingerprint(ctx, [])
    with pytest.raises(NotFound) as unknown:
        fingerprint(ctx, ["run_0000000000000000"])
    with pytest.raises(NotFound) as foreign:
        fingerprint(other(ctx), [run.id])
    assert foreign.value.message.replace(run.id, "") == unknown.value.message.replace(
        "run_0000000000000000", ""
    )


def test_a_cancelled_fingerprint_stores_nothing(ctx, stored, make_sequences):
    (run,) = stored({"a": make_sequences(60)})

    def stop(_done, _total, _what):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        fingerprint(ctx, [run.id], progress=stop)
    assert Fingerprints(ctx).list() == ()


def test_map_and_clusters_made_side_by_side_are_those_made_one_by_one(make_sequences):
    sequences = tuple(make_sequences(300))
    vectors = unit(AnchorEmbedder().embed_batch(sequences))
    embedded = Embedded("anchor", sequences, sequences, vectors, ())
    method = method_for(sequences)
    before = list(warnings.filters)
    both = compute(embedded, seed=3)
    alone = group(sequences, vectors, seed=3, method=method)
    assert both.points["cluster"].fill_null(0).to_pylist() == alone.labels.tolist()
    assert both.quality["stability"] == alone.quality["stability"]
    drawn = layout.lay_out(vectors, seed=3)
    np.testing.assert_array_equal(both.points["x"].to_numpy(), drawn.xy[:, 0])
    assert warnings.filters == before


@pytest.mark.parametrize(
    ("stability", "said"),
    [
        (0.97, "nearly the same way"),
        (0.8, "largely the same way"),
        (0.62, "only roughly the same way"),
        (-0.01, "rough division"),
    ],
)
def test_how_firm_clusters_are_is_said_in_words_and_with_the_figure(stability, said):
    (text,) = firmness_in_words({"stability": stability}, BY_VECTOR)
    assert said in text
    assert statistic(stability) in text
    assert firmness_in_words({"stability": None}, BY_VECTOR) == []
