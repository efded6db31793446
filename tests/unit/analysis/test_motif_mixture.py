"""Motifs of class I ligands: made-up molecules told apart, trash left out, and where it is used."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from omicstoken_kernel.analysis import motif_mixture
from omicstoken_kernel.analysis.clusters import BY_MOTIF, BY_VECTOR, method_for
from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.explain import explain
from omicstoken_kernel.analysis.fingerprint import fingerprint
from omicstoken_kernel.analysis.motif_ends import encode
from omicstoken_kernel.analysis.motif_mixture import cluster
from omicstoken_kernel.analysis.motif_model import fit
from omicstoken_kernel.analysis.motif_prior import motif_prior
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.analysis.summarize import summarize
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding.anchor import AnchorEmbedder

#: Anchors of made-up molecules: residues at the second and at the last place, none in two of them.
_MOLECULES = (("LM", "VI"), ("P", "LF"), ("E", "YW"), ("R", "K"))


def _draw(draw, lengths):
    return ["".join(draw.choice(list(TWENTY), n, p=BACKGROUND)) for n in lengths]


def _ligands(count, molecules, *, seed=0):
    """Return ligands of molecules and the number of each ligand's molecule."""
    draw = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(molecules)), count)
    lengths = draw.choice([8, 9, 10, 11], len(labels), p=[0.1, 0.7, 0.15, 0.05])
    found = []
    for label, peptide in zip(labels, _draw(draw, lengths), strict=True):
        second, last = (draw.choice(list(letters)) for letters in molecules[label])
        found.append(f"{peptide[0]}{second}{peptide[2:-1]}{last}")
    return found, labels


def _trash(count, *, seed=1):
    draw = np.random.default_rng(seed)
    return _draw(draw, draw.integers(8, 15, count))


def _grouped(sequences, seed=0):
    return cluster(sequences, unit(AnchorEmbedder().embed_batch(sequences)), seed=seed)


def test_molecules_are_told_apart_and_trash_is_left_out():
    ligands, labels = _ligands(150, _MOLECULES)
    found = _grouped([*ligands, *_trash(150)])
    of_ligands, of_trash = found.labels[:600], found.labels[600:]
    assert found.labels.max() == len(_MOLECULES)
    assigned = of_ligands > 0
    assert assigned.mean() > 0.85
    assert adjusted_rand_score(labels[assigned], of_ligands[assigned]) > 0.9
    assert (of_trash == 0).mean() > 0.7
    assert found.quality["stability"] > 0.8


def test_one_molecule_is_one_motif():
    ligands, _ = _ligands(400, _MOLECULES[:1])
    found = _grouped(ligands)
    assert found.labels.max() == 1
    assert found.quality["stability"] is None


def test_a_run_of_sixty_percent_junk_keeps_its_motifs_and_leaves_the_junk_out():
    ligands, labels = _ligands(200, _MOLECULES[:2])
    found = _grouped([*ligands, *_trash(600)])
    of_ligands, of_trash = found.labels[:400], found.labels[400:]
    assert found.labels.max() == 2
    assigned = of_ligands > 0
    assert assigned.mean() > 0.8
    assert adjusted_rand_score(labels[assigned], of_ligands[assigned]) > 0.9
    assert (of_trash == 0).mean() > 0.8
    assert found.quality["trash"] > 0.5


def test_random_peptides_have_no_motif():
    assert not _grouped(_trash(300)).labels.any()


def test_most_of_a_run_may_be_trash():
    ligands, _ = _ligands(80, _MOLECULES[:2])
    found = _grouped([*ligands, *_trash(240)])
    of_ligands, of_trash = found.labels[:160], found.labels[160:]
    assert found.labels.max() == 2
    assert (of_ligands > 0).mean() > 0.7
    assert (of_trash == 0).mean() > 0.7


@pytest.mark.parametrize("peptides", [["SIINFEKLA"] * 60, ["SIINFEKL"] * 60, ["XXXXXXXXX"] * 60])
def test_identical_peptides_give_one_group_or_none(peptides):
    found = cluster(peptides, np.full((60, 4), 0.5, dtype=np.float32), seed=0)
    assert found.labels.max() <= 1
    assert np.isfinite(found.responsibilities).all()


def test_peptides_of_one_length_are_grouped_alike():
    ligands, labels = _ligands(150, _MOLECULES[:3])
    nonamers = [row for row, ligand in enumerate(ligands) if len(ligand) == 9]
    found = _grouped([ligands[row] for row in nonamers])
    assert found.labels.max() == 3
    assert adjusted_rand_score(labels[nonamers], found.labels) > 0.85


def test_what_is_assigned_has_at_least_half_of_itself_in_its_motif():
    ligands, _ = _ligands(100, _MOLECULES)
    found = _grouped([*ligands, *_trash(60)])
    assert (found.responsibilities[found.labels > 0] >= 0.5).all()
    assert (found.labels == 0).any()


def test_peptides_shorter_than_eight_are_unassigned_and_longer_go_by_their_ends():
    ligands, _ = _ligands(200, _MOLECULES[:2])
    odd = ["ALAAAAV", "AL", "ALGKNDTSGQHNDGSNKV", "APGKNDTSGQHNDGSNKL"]
    found = _grouped([*ligands, *odd])
    short, long = found.labels[400:402], found.labels[402:]
    assert not short.any()
    assert found.quality["too_short"] == 2
    one = np.bincount(found.labels[:200]).argmax()
    other = np.bincount(found.labels[200:400]).argmax()
    assert one != other
    assert set(long.tolist()) <= {0, int(one), int(other)}


def test_nearly_the_same_motifs_are_made_one(monkeypatch):
    ligands, _ = _ligands(150, _MOLECULES)
    assert _grouped(ligands).labels.max() == len(_MOLECULES)
    monkeypatch.setitem(motif_mixture.SETTINGS, "least_difference_bits", 100.0)
    assert _grouped(ligands).labels.max() == 1


def test_more_peptides_than_are_fitted_are_all_grouped(monkeypatch):
    monkeypatch.setitem(motif_mixture.SETTINGS, "largest_fit", 300)
    ligands, labels = _ligands(150, _MOLECULES)
    found = _grouped(ligands)
    assert adjusted_rand_score(labels, found.labels) > 0.7


def test_ends_are_aligned_from_both_sides():
    ends = encode(["ACDEFGHI", "ACDEFGHIKLMN", "ACXEFGHIK"])
    hot = ends.one_hot.reshape(3, 9, 20)

    def read(row):
        return "".join(TWENTY[at.argmax()] if at.any() else "-" for at in hot[row])

    assert [read(row) for row in range(3)] == ["ACDE-FGHI", "ACDEFKLMN"[:9], "AC-EFGHIK"]
    assert ends.length_bins.tolist() == [0, 4, 1]


def test_every_round_raises_the_bound():
    ligands, _ = _ligands(60, _MOLECULES)
    ends, prior = encode(ligands), motif_prior(40.0, 20.0)
    start = np.random.default_rng(0).dirichlet(np.ones(5), len(ligands))
    bounds = [fit(ends, start, prior, rounds=rounds)[0].bound for rounds in range(1, 12)]
    # Kinds of pockets below a ten-thousandth are left out, so the bound may sink by a trifle.
    assert (np.diff(bounds) > -0.05).all()
    assert bounds[-1] > bounds[0] + 10


def test_unseen_pockets_have_the_prior_shares():
    prior = motif_prior(40.0, 20.0)
    shares = np.exp(prior.columns(np.zeros((1, 9, 20))).log_shares)
    assert (shares.sum(axis=2) < 1).all()
    seen = np.zeros((1, 9, 20))
    seen[0, :, TWENTY.index("W")] = 1e5
    shares = np.exp(prior.columns(seen).log_shares)
    assert shares[0, :, TWENTY.index("W")] == pytest.approx(1, abs=0.01)


def test_only_class_one_ligands_are_grouped_by_motif(demo_peptides):
    assert method_for(demo_peptides["2289"]) == BY_MOTIF
    assert method_for(demo_peptides["1382"]) == BY_VECTOR
    assert method_for(["PEPTIDEPEPTIDEK"] * 60) == BY_VECTOR
    assert method_for([]) == BY_VECTOR


def test_the_fingerprint_says_how_it_grouped(demo):
    ctx, runs = demo
    by_motif = fingerprint(ctx, [runs["2289"].id])
    assert by_motif.method == BY_MOTIF
    assert by_motif.settings["penalty_per_motif"] == motif_mixture.SETTINGS["penalty_per_motif"]
    assert "position weight matrix" in by_motif.quality["notes"][0]
    assert fingerprint(ctx, [runs["1382"].id]).method == BY_VECTOR
    joint = fingerprint(ctx, [runs["2289"].id, runs["2584"].id])
    assert joint.method == BY_MOTIF


def test_an_explanation_gives_the_probability_of_the_motif(demo, check_figures):
    ctx, runs = demo
    found = fingerprint(ctx, [runs["2289"].id])
    row = found.points["cluster"].to_pylist().index(1)
    told = explain(ctx, runs["2289"].id, found.points["sequence"][row].as_py())
    (sentence,) = [s for s in told.sentences if "It belongs to cluster 1" in s.text]
    assert "probability that it has this motif" in sentence.text
    check_figures(sentence)


def test_a_run_without_motif_says_so(ctx, store_runs, embed):
    draw = np.random.default_rng(3)
    nonamers = _draw(draw, [9] * 200)
    (run,) = store_runs(ctx, {"noise": nonamers})
    embed(ctx, [run])
    found = fingerprint(ctx, [run.id])
    assert found.clusters == ()
    assert found.unassigned == 200
    assert "No motif stands out" in found.quality["notes"][0]
    said = [sentence.text for sentence in summarize(ctx, run.id).sentences]
    assert any("No motif stands out" in text for text in said)
    assert any("ligands by its lengths, but no motif stands out: 100" in text for text in said)
    told = explain(ctx, run.id, nonamers[0])
    assert any("No motif stands out" in s.text for s in told.sentences)
