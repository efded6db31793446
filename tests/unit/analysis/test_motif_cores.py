"""Motifs of class II ligands: nested sets taken as one, cores found where they were planted."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from omicstoken_kernel.analysis import motif_core_mixture
from omicstoken_kernel.analysis.clusters import BY_CORE, method_for
from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.explain import explain
from omicstoken_kernel.analysis.fingerprint import fingerprint
from omicstoken_kernel.analysis.motif_core_mixture import cluster
from omicstoken_kernel.analysis.motif_core_model import cut, fit, responsibilities, shifted
from omicstoken_kernel.analysis.motif_hla import motif_hla
from omicstoken_kernel.analysis.motif_nested import nested_sets
from omicstoken_kernel.analysis.motif_weights import (
    CORE_STARTS,
    cluster_weights,
    points_with_cores,
)
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.analysis.summarize import summarize
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding.anchor import AnchorEmbedder

#: Residues at the first, fourth, sixth and ninth place of the cores of made-up molecules.
_MOLECULES = (("FYW", "DE", "NST", "ILV"), ("ILV", "M", "KR", "SAG"))


def _draw(draw, count):
    return "".join(draw.choice(list(TWENTY), count, p=BACKGROUND))


def _ligands(proteins, molecules, *, seed=0):
    """Return class II ligands, their molecule, and where the core begins: two to a nested set."""
    draw = np.random.default_rng(seed)
    found = {}
    for number, anchors in enumerate(molecules):
        for _ in range(proteins):
            core = list(_draw(draw, 9))
            for place, letters in zip((0, 3, 5, 8), anchors, strict=True):
                core[place] = draw.choice(list(letters))
            before, after = _draw(draw, 5), _draw(draw, 5)
            for _ in range(2):
                left, right = (int(n) for n in draw.integers(1, 6, 2))
                found[before[5 - left :] + "".join(core) + after[:right]] = (number, left)
    peptides = sorted(found)
    return peptides, *np.array([found[peptide] for peptide in peptides]).T


def _grouped(peptides, seed=0):
    return cluster(peptides, unit(AnchorEmbedder().embed_batch(peptides)), seed=seed)


@pytest.fixture(scope="module")
def ligands():
    return _ligands(150, _MOLECULES)


@pytest.fixture(scope="module")
def found(ligands):
    return _grouped(ligands[0])


def test_molecules_are_told_apart_and_their_cores_found(ligands, found):
    _, labels, starts = ligands
    assigned = found.labels > 0
    assert found.labels.max() == len(_MOLECULES)
    assert assigned.mean() > 0.9
    assert adjusted_rand_score(labels[assigned], found.labels[assigned]) > 0.9
    assert (found.cores == starts)[assigned].mean() > 0.9
    assert (found.cores[~assigned] == -1).all()
    # Random halves of the nested sets lead to the same two molecules.
    assert 0.8 < found.quality["stability"] <= 1


def test_the_same_seed_gives_the_same_groups(ligands, found):
    again = _grouped(ligands[0])
    assert (again.labels == found.labels).all()
    assert (again.cores == found.cores).all()
    assert again.quality == found.quality


def test_one_molecule_is_one_motif():
    peptides, _, starts = _ligands(150, _MOLECULES[:1])
    found = _grouped(peptides)
    assert found.labels.max() == 1
    assert found.quality["stability"] is None
    assert (found.cores == starts)[found.labels == 1].mean() > 0.9


def test_random_peptides_have_no_core():
    draw = np.random.default_rng(4)
    noise = sorted({_draw(draw, int(length)) for length in draw.integers(12, 19, 250)})
    found = _grouped(noise)
    assert not found.labels.any()
    assert (found.cores == -1).all()


def test_peptides_of_one_nested_set_share_their_core(ligands, found):
    peptides, *_ = ligands
    sets = nested_sets(peptides)
    cores = {}
    for peptide, number, start in zip(peptides, sets.of_peptide, found.cores, strict=True):
        if start >= 0:
            cores.setdefault(int(number), set()).add(peptide[start : start + 9])
    several = [each for each in cores.values() if each]
    assert np.mean([len(each) == 1 for each in several]) > 0.95


def test_a_motif_beside_its_core_is_moved_onto_it():
    peptides, _, starts = _ligands(150, _MOLECULES[:1])
    windows = cut(peptides)
    beside = np.zeros((len(windows.one_hot), 1))
    beside[windows.starts + starts - 1] = 0.9
    for row, start in enumerate(starts):
        assert 0 <= start - 1 < windows.counts[row]
    moved = shifted(windows, beside, 0, 1)
    assert np.flatnonzero(moved[:, 0]).tolist() == (windows.starts + starts).tolist()
    strengths = (200.0, 20.0)
    on = fit(windows, moved, strengths=strengths, rounds=30)[0].bound
    assert on > fit(windows, beside, strengths=strengths, rounds=30)[0].bound


def test_responsibilities_of_a_peptide_sum_to_one(ligands):
    windows = cut(ligands[0][:40])
    start = np.random.default_rng(0).random((len(windows.one_hot), 3))
    start /= (
        2
        * np.repeat(np.add.reduceat(start.sum(axis=1), windows.starts), windows.counts)[
            :, np.newaxis
        ]
    )
    cores, _ = fit(windows, start, strengths=(200.0, 20.0), rounds=3)
    trash, shares = responsibilities(cores, windows)
    total = trash + np.add.reduceat(shares.sum(axis=1), windows.starts)
    assert total == pytest.approx(np.ones(40))


def test_every_round_raises_the_bound(ligands):
    windows = cut(ligands[0][:200])
    draw = np.random.default_rng(0)
    start = np.repeat(draw.dirichlet(np.ones(4), 200)[:, 1:], windows.counts, axis=0)
    start /= np.repeat(windows.counts, windows.counts)[:, np.newaxis]
    bounds = [
        fit(windows, start, strengths=(200.0, 20.0), rounds=rounds)[0].bound
        for rounds in range(1, 12)
    ]
    assert (np.diff(bounds) > -0.05).all()
    assert bounds[-1] > bounds[0] + 10


def test_nested_sets_share_nine_residues_and_each_peptide_is_in_one():
    chain = ["AAAGKPVSKMRMAT", "GKPVSKMRMATPLLM", "PVSKMRMATPLLMQALPM", "QALPMGALPQGPLQLPPTK"]
    sets = nested_sets([*chain, "SIINFEKL", "AAAAAAAAAAAAAA"])
    assert sets.of_peptide.tolist() == [0, 0, 0, sets.of_peptide[3], -1, sets.of_peptide[5]]
    assert len({0, *sets.of_peptide[[3, 5]].tolist()}) == 3
    assert len(sets) == 3
    assert sets.typical[0] == 1


@pytest.mark.parametrize("peptides", [[], ["SIINFEKL"], ["A" * 9], ["", "A"], ["MÜLLERMÜLLER"]])
def test_nested_sets_of_next_to_nothing_are_told(peptides):
    sets = nested_sets(peptides)
    assert len(sets) == sum(len(peptide) >= 9 for peptide in peptides)
    assert len(sets.of_peptide) == len(peptides)


@pytest.mark.parametrize(
    "peptides",
    [
        ["GKPVSKMRMATPLLM"] * 60,
        ["GKPVSKMRMATPLLM"[: 9 + n] for n in range(6)] * 10,
        ["SIINFEKL"] * 60,
        ["XXXXXXXXXXXXXXX", "GKPVSKXRMATPLLM"] * 30,
    ],
)
def test_identical_nested_short_and_undefined_peptides_are_not_grouped(peptides):
    found = cluster(peptides, np.ones((len(peptides), 4), dtype=np.float32) / 2, seed=0)
    assert not found.labels.any()
    assert found.quality["nested_sets"] <= 2


def test_peptides_beyond_those_fitted_are_grouped_too(monkeypatch, ligands):
    monkeypatch.setitem(motif_core_mixture.SETTINGS, "largest_fit", 200)
    monkeypatch.setattr(motif_core_mixture, "_CHUNK", 70)
    peptides, labels, _ = ligands
    found = _grouped(peptides)
    assert (found.labels > 0).mean() > 0.8
    assert adjusted_rand_score(labels, found.labels) > 0.7


def test_a_class_two_run_is_grouped_by_cores_and_shows_them(ctx, store_runs, embed, ligands):
    peptides, *_ = ligands
    assert method_for(peptides) == BY_CORE
    (run,) = store_runs(ctx, {"class-two": peptides})
    embed(ctx, [run])
    made = fingerprint(ctx, [run.id])
    assert made.method == BY_CORE
    assert len(made.clusters) == len(_MOLECULES)
    starts = made.quality[CORE_STARTS]
    assert len(starts) == made.points.num_rows
    labels = made.points["cluster"].to_pylist()
    assert [start is None for start in starts] == [label is None for label in labels]
    table = points_with_cores(made).to_pandas()
    assert table.columns.tolist() == [*made.points.column_names, "core"]
    assert (table["core"].isna() == table["cluster"].isna()).all()
    assert all(
        core == sequence[start : start + 9]
        for core, sequence, start in zip(table["core"], table["sequence"], starts, strict=True)
        if start is not None
    )
    assert "sought in random halves" in " ".join(made.quality["notes"])
    weights = cluster_weights(made)
    for each in made.clusters:
        assert len(weights[each.id].positions) == 9
        # Two peptides of a protein share a core, so there are fewer cores than peptides.
        assert weights[each.id].n < each.size
        assert set(each.motif) - {"x"}
    assert "core of nine residues" in made.quality["notes"][0]
    hla = motif_hla(ctx, made)
    assert hla.clusters == {}
    assert "class II" in hla.notes[0]
    assert any("with a motif each" in s.text for s in summarize(ctx, run.id).sentences)
    row = labels.index(1)
    told = explain(ctx, run.id, made.points["sequence"][row].as_py())
    assert any("probability that it has this motif" in s.text for s in told.sentences)
