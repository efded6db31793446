"""What is laid over runs stays at home: a bundle says so by name."""

from __future__ import annotations

from fasta_files import MHCFLURRY

from omicstoken_kernel.analysis.prediction_join import add_predictions
from omicstoken_kernel.analysis.proteome_map import map_run
from omicstoken_kernel.annotation_verbs import add_proteome
from omicstoken_kernel.export._pack_derived import annotation_notes
from omicstoken_kernel.store.selections import Selections


def test_mappings_and_predictions_are_named_as_not_packed(ctx, store_runs, tmp_path):
    one, two = store_runs(ctx, {"one": ["SIINFEKL", "GILGFVFTL"], "two": ["SIINFEKL"]})
    assert annotation_notes(ctx, [one, two]) == ()
    path = tmp_path / "p.fasta"
    path.write_text(">P1\nMKSIINFEKL\n")
    map_run(ctx, one.id, add_proteome(ctx, path)[0].id)
    (tmp_path / "f.csv").write_text(MHCFLURRY)
    add_predictions(ctx, two.id, tmp_path / "f.csv")
    mapped, predicted = annotation_notes(ctx, [one, two])
    assert mapped.startswith("'one': mapped to a proteome, which is not packed")
    assert predicted.startswith("'two': annotated with predictions")


def test_saved_selections_are_named_as_not_packed(ctx, store_runs):
    one, two = store_runs(ctx, {"one": ["SIINFEKL"], "two": ["GILGFVFTL"]})
    Selections(ctx).save("mine", ["SIINFEKL"], run_ids=[one.id])
    assert annotation_notes(ctx, [two]) == ()
    assert annotation_notes(ctx, [one]) == ("Saved selections of the runs are not packed: 'mine'.",)
