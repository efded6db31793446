"""Which model's vectors are used for which runs: search, exports and maps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from esm2_weights import write_weights

from omicstoken_kernel.analysis.model_choice import (
    card_of,
    model_for_maps,
    model_for_search,
    model_of_run,
    without_vectors,
)
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.embedding.choice import BUILT_IN
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import InputError, ModelUnavailable, NotEmbedded, NotFound
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.vectors import Vectors


def give(ctx, run, name, key, share=1.0):
    """Give a run made-up vectors of a model, or only a share of its peptides."""
    ids = Peptides(ctx).visible_ids(run_ids=[run.id])
    ids = ids[: round(share * len(ids))]
    vectors = np.ones((len(ids), 4), dtype=np.float32)
    Vectors(ctx).add(model_key=key, name=name, dim=4, peptide_ids=ids, vectors=vectors)


@pytest.fixture
def ligands(ctx, store_runs, make_sequences):
    """Two runs that look like HLA class I ligands."""
    return store_runs(
        ctx,
        {"a": make_sequences(80, 1, lengths=(9, 9)), "b": make_sequences(80, 2, lengths=(9, 9))},
    )


@pytest.fixture
def digest(ctx, store_runs, make_sequences):
    """A run that looks like a tryptic digest."""
    peptides = [f"{peptide}K" for peptide in make_sequences(80, 3, lengths=(12, 25))]
    (run,) = store_runs(ctx, {"digest": peptides}, file="digest.tsv")
    return run


def test_maps_of_ligands_prefer_the_ligand_model_everything_else_esm2(ctx, ligands, digest):
    for run in (*ligands, digest):
        for name in ("anchor", "ligand", "esm2"):
            give(ctx, run, name, f"{name}:x")
    one, other = ligands
    assert model_for_maps(ctx, [one.id]) == "ligand:x"
    assert model_for_maps(ctx, [one.id, other.id]) == "ligand:x"
    assert model_for_maps(ctx, [digest.id]) == "esm2:x"
    assert model_for_maps(ctx, [one.id, digest.id]) == "esm2:x"
    assert [model_of_run(ctx, run.id) for run in (one, digest)] == ["esm2:x", "esm2:x"]


def test_without_esm2_it_is_ligand_and_anchor_only_where_nothing_else_is(ctx, ligands, digest):
    one, other = ligands
    for run in (one, digest):
        give(ctx, run, "anchor", "anchor:x")
        assert model_for_maps(ctx, [run.id]) == model_of_run(ctx, run.id) == "anchor:x"
        give(ctx, run, "ligand", "ligand:x")
        assert model_for_maps(ctx, [run.id]) == model_of_run(ctx, run.id) == "ligand:x"
    give(ctx, other, "anchor", "anchor:x")
    # What one of the runs does not have cannot place both on one map.
    assert model_for_maps(ctx, [one.id, other.id]) == "anchor:x"


def test_a_model_whose_vectors_are_still_being_computed_does_not_take_over(ctx, digest):
    give(ctx, digest, "ligand", "ligand:x")
    give(ctx, digest, "esm2", "esm2:x", share=0.6)
    assert model_for_maps(ctx, [digest.id]) == model_of_run(ctx, digest.id) == "ligand:x"
    give(ctx, digest, "esm2", "esm2:x", share=0.995)
    assert model_for_maps(ctx, [digest.id]) == model_of_run(ctx, digest.id) == "esm2:x"


def test_a_name_or_the_setting_wins_over_what_is_there(ctx, ligands):
    one, _ = ligands
    give(ctx, one, "ligand", "ligand:x")
    give(ctx, one, "anchor", "anchor:x")
    assert model_for_maps(ctx, [one.id], "anchor") == "anchor:x"
    assert model_of_run(ctx, one.id, "anchor") == "anchor:x"
    assert model_of_run(ctx, one.id, "anchor:x") == "anchor:x"
    told = replace(ctx, settings=ctx.settings.override(embedder="anchor"))
    assert model_for_maps(told, [one.id]) == model_of_run(told, one.id) == "anchor:x"
    assert model_for_maps(told, [one.id], "auto") == "ligand:x"
    with pytest.raises(NotEmbedded, match="no vectors of the model 'esm2'") as caught:
        model_for_maps(ctx, [one.id], "esm2")
    assert (caught.value.run_ids, caught.value.model) == ((one.id,), "esm2")


def test_a_search_uses_the_model_that_covers_what_is_searched(ctx, ligands, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    write_weights(folder)
    ctx = replace(ctx, settings=ctx.settings.override(models=folder))
    one, other = ligands
    assert model_for_search(ctx, None).name == BUILT_IN
    anchor, esm2 = (load_model(name, ctx.settings) for name in ("anchor", "esm2"))
    encode_runs(ctx, [one.id, other.id], model=anchor)
    encode_runs(ctx, [one.id], model=esm2)
    assert model_for_search(ctx, [one.id]) is esm2
    assert model_for_search(ctx, None) is anchor
    encode_runs(ctx, [other.id], model=esm2)
    assert model_for_search(ctx, None) is esm2
    assert model_for_search(ctx, None, "anchor") is anchor


def test_vectors_of_weights_that_are_not_here_are_exported_but_not_searched(ctx, ligands, tmp_path):
    one, _ = ligands
    give(ctx, one, "esm2", "esm2:of-another-machine")
    assert model_of_run(ctx, one.id) == "esm2:of-another-machine"
    assert model_for_search(ctx, None).name == BUILT_IN
    folder = tmp_path / "models"
    folder.mkdir()
    write_weights(folder)
    equipped = replace(ctx, settings=ctx.settings.override(models=folder))
    assert model_for_search(equipped, None).name == BUILT_IN


def test_of_two_weights_of_one_model_those_at_hand_decide(ctx, ligands):
    one, _ = ligands
    present = load_model("anchor", ctx.settings).model_key
    for key in ("anchor:older", present):
        ids = Peptides(ctx).visible_ids(run_ids=[one.id])
        vectors = np.ones((len(ids), 320), dtype=np.float32)
        Vectors(ctx).add(model_key=key, name="anchor", dim=320, peptide_ids=ids, vectors=vectors)
    assert model_for_maps(ctx, [one.id], "anchor") == model_of_run(ctx, one.id, "anchor") == present


def test_a_run_without_peptides_lacks_nothing_and_one_without_vectors_says_so(
    ctx, ligands, store_runs
):
    one, _ = ligands
    (empty,) = store_runs(ctx, {"empty": []}, file="empty.tsv")
    give(ctx, one, "anchor", "anchor:x")
    assert model_for_maps(ctx, [one.id, empty.id]) == "anchor:x"
    assert model_for_maps(ctx, [empty.id]) == load_model(BUILT_IN, ctx.settings).model_key
    with pytest.raises(NotEmbedded, match="The run 'b' has no vectors yet") as caught:
        model_for_maps(ctx, [run.id for run in ligands])
    assert (caught.value.run_ids, caught.value.model) == ((ligands[1].id,), None)
    assert "omicstoken embed run_" in caught.value.hint
    assert "--model" not in caught.value.hint


def test_only_runs_that_could_have_vectors_are_said_to_be_without(ctx, ligands, store_runs):
    one, two = ligands
    store_runs(ctx, {"empty": []}, file="empty.tsv")
    store_runs(ctx, {"undefined": ["XXXXXXXXX"]}, file="undefined.tsv")
    give(ctx, one, "anchor", "anchor:x")
    assert without_vectors(ctx) == [two.id]
    assert sorted(without_vectors(ctx, model_key="ligand:x")) == sorted([one.id, two.id])
    assert without_vectors(ctx, [one.id]) == []


def test_an_unknown_name_is_bad_input_and_a_missing_model_is_said(ctx, ligands):
    one, _ = ligands
    for choose in (
        lambda name: model_for_search(ctx, None, name),
        lambda name: model_of_run(ctx, one.id, name),
        lambda name: model_for_maps(ctx, [one.id], name),
    ):
        with pytest.raises(InputError, match="Did you mean 'esm2'"):
            choose("esm-2")
    for choose in (model_for_search, lambda c, _, name: model_of_run(c, one.id, name)):
        with pytest.raises(ModelUnavailable, match="no weights"):
            choose(ctx, None, "esm2")


def test_a_foreign_run_is_not_found(ctx, ligands, other):
    one, _ = ligands
    for choose in (model_for_search, model_for_maps):
        with pytest.raises(NotFound):
            choose(other(ctx), [one.id])
    with pytest.raises(NotFound):
        model_of_run(other(ctx), one.id)


def test_a_stored_model_has_its_card(ctx, ligands):
    give(ctx, ligands[0], "anchor", "anchor:x")
    give(ctx, ligands[0], "of a later version", "later:x")
    assert card_of(ctx, "anchor:x").name == "anchor"
    assert card_of(ctx, "later:x") is None
    assert card_of(ctx, "nowhere:x") is None
