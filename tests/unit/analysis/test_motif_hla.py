"""HLA suggestions: demo motifs find their typed alleles, what fits nothing is told, names hold."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel.analysis.embedded import Embedded, unit
from omicstoken_kernel.analysis.fingerprint import compute, fingerprint
from omicstoken_kernel.analysis.motif_hla import hla_of_motifs, match_motifs, motif_hla
from omicstoken_kernel.analysis.motif_mixture import cluster
from omicstoken_kernel.analysis.motif_reference import (
    LEAST_FIT,
    HlaReference,
    hla_reference,
    shares_of,
)
from omicstoken_kernel.analysis.motif_typing import read_typing
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.demo.samples import samples
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.settings import load_settings

_TYPES = {sample.name: sample.hla for sample in samples()}


@pytest.fixture(scope="module")
def ligand():
    """The model in the package that maps of HLA ligands use."""
    return load_model("ligand", load_settings())


def _ligands(allele, count, *, seed=0):
    """Return nonamers drawn from the table of an allele."""
    reference = hla_reference()
    shares = reference.shares[reference.place[allele]]
    draw = np.random.default_rng(seed)
    columns = [draw.choice(list(TWENTY), count, p=row / row.sum()) for row in shares]
    return ["".join(residues) for residues in zip(*columns, strict=True)]


def _noise(count, *, seed=1):
    draw = np.random.default_rng(seed)
    return ["".join(draw.choice(list(TWENTY), 9, p=BACKGROUND)) for _ in range(count)]


@pytest.mark.parametrize("name", ["2289", "2584", "2821"])
def test_motifs_of_the_demo_are_matched_to_their_typed_alleles(
    demo_peptides, ligand, name, check_figures
):
    vectors = unit(ligand.embed_batch(demo_peptides[name]))
    labels = cluster(demo_peptides[name], vectors, seed=0).labels
    motifs = {
        int(number): [
            p for p, own in zip(demo_peptides[name], labels, strict=True) if own == number
        ]
        for number in range(1, labels.max() + 1)
    }
    found = match_motifs(motifs, _TYPES[name])
    assert len(found.clusters) >= 3
    assert found.typing_p_value is not None
    assert found.typing_p_value < 0.01
    firsts = []
    for each in found.clusters.values():
        assert each.nearest.allele in _TYPES[name], each.sentence.text
        assert each.nearest.fit >= LEAST_FIT
        assert next(iter(each.typed)) == each.nearest.allele
        check_figures(each.sentence)
        assert each.sentence.grade == "suggested"
        firsts.append(each.nearest.allele)
    assert len(set(firsts)) == len(firsts)
    for sentence in found.sentences:
        check_figures(sentence)
    assert set(found.without_motif) == set(_TYPES[name]) - set(firsts)


def test_the_flat_sample_of_the_demo_gets_no_suggestion(demo):
    ctx, runs = demo
    found = motif_hla(ctx, fingerprint(ctx, [runs["1382"].id]))
    assert found.clusters == {}
    assert found.typing_p_value is None
    assert "No HLA molecule is suggested" in found.notes[0]
    assert found.types == _TYPES["1382"]


@pytest.mark.parametrize(
    ("peptides", "told"),
    [
        (0, "fewer than 50 peptides"),
        (1, "fewer than 50 peptides"),
        (49, "fewer than 50 peptides"),
        (50, None),
    ],
)
def test_few_peptides_give_no_suggestion_and_say_why(ctx, store_runs, embed, peptides, told):
    (run,) = store_runs(ctx, {"few": _ligands("HLA-A*02:01", 60)[:peptides]})
    if peptides:
        embed(ctx, [run])
        found = motif_hla(ctx, fingerprint(ctx, [run.id]))
    else:
        found = hla_of_motifs(_without_peptides(), ["A2"])
    assert (told is None) == bool(found.clusters)
    if told:
        assert told in found.notes[0]
    else:
        assert found.clusters[1].nearest.allele.startswith("HLA-A*02")


def _without_peptides():
    return compute(
        Embedded("m", (), (), np.zeros((0, 1), dtype=np.float32), ()), seed=0, run_ids=("r",)
    )


def test_types_of_several_samples_count_together_and_that_is_said(demo):
    ctx, runs = demo
    joint = fingerprint(ctx, [runs["2289"].id, runs["2584"].id])
    found = motif_hla(ctx, joint)
    assert set(found.types) == {*_TYPES["2289"], *_TYPES["2584"]}
    assert "differ in their HLA types" in found.notes[-1]
    assert found.typing_p_value is not None
    assert found.typing_p_value < 0.01


def test_another_samples_typing_fits_no_better_than_chance(demo):
    ctx, runs = demo
    made = fingerprint(ctx, [runs["2289"].id])
    wrong = ("HLA-A*31:01", "HLA-A*68:02", "HLA-B*08:01", "HLA-B*27:05", "HLA-C*01:02")
    found = hla_of_motifs(made, wrong)
    assert found.typing_p_value is not None
    assert found.typing_p_value > 0.05
    assert any("another sample's" in sentence.text for sentence in found.sentences)


def test_a_right_serotype_is_not_called_another_samples(demo):
    ctx, runs = demo
    made = fingerprint(ctx, [runs["2289"].id])
    found = hla_of_motifs(made, ("HLA-A24",))
    (told,) = (each.text for each in found.sentences if "random types" in each.text)
    assert told.startswith("The HLA type given fits")
    assert "another sample's" not in told


def test_without_types_alleles_are_still_suggested():
    found = match_motifs({1: _ligands("HLA-B*07:02", 300)})
    assert found.clusters[1].suggested[0].allele == "HLA-B*07:02"
    assert found.typing_p_value is None
    assert found.sentences == ()
    assert "sample" not in found.clusters[1].sentence.text


def test_alleles_with_nearly_the_same_motif_are_named_together(check_figures):
    found = match_motifs({1: _ligands("HLA-B*44:02", 300)}, ["B*44:02"]).clusters[1]
    names = {each.allele for each in found.suggested}
    assert {"HLA-B*44:02", "HLA-B*44:03"} <= names
    assert "whose motifs are alike" in found.sentence.text
    check_figures(found.sentence)


def test_two_motifs_of_one_molecule_are_told_to_be_perhaps_one(check_figures):
    ligands = _ligands("HLA-A*02:05", 600)
    motifs = {1: ligands[:300], 2: _ligands("HLA-B*15:01", 200), 3: ligands[300:]}
    found = match_motifs(motifs)
    (sentence,) = found.sentences
    assert sentence.text.startswith("Motifs 1 and 3 fit HLA-A*02:05 best")
    check_figures(sentence)


def test_random_peptides_fit_no_molecule(check_figures):
    found = match_motifs({1: _noise(400)}, ["HLA-A*02:01"])
    assert found.clusters[1].suggested == ()
    assert found.clusters[1].typed == {}
    assert found.clusters[1].p_value > 0.5
    assert found.in_short(1) == "none fits"
    assert "None of the sample's HLA types fits it." in found.clusters[1].sentence.text
    check_figures(found.clusters[1].sentence)


def test_a_family_that_the_reference_lacks_is_not_replaced_by_another():
    whole = hla_reference()
    kept = [row for row, allele in enumerate(whole.alleles) if not allele.startswith("HLA-B*27")]
    without = HlaReference(
        tuple(whole.alleles[row] for row in kept), whole.shares[kept], whole.ligands[kept]
    )
    ligands = {1: _ligands("HLA-B*27:05", 300)}
    assert match_motifs(ligands).clusters[1].suggested
    assert match_motifs(ligands, reference=without).clusters[1].suggested == ()


def test_a_type_that_fits_much_worse_than_another_allele_is_questioned(check_figures):
    ligands = {1: _ligands("HLA-A*24:02", 500)}
    found = match_motifs(ligands, ["HLA-A*24:07"]).clusters[1]
    assert next(iter(found.typed)) == "HLA-A*24:07"
    assert "is the typing right?" in found.sentence.text
    check_figures(found.sentence)


def test_an_allele_known_by_few_ligands_is_named_with_their_number(check_figures):
    reference = hla_reference()
    few = reference.alleles[int(np.argmin(reference.ligands))]
    only = HlaReference((few,), reference.shares[[reference.place[few]]], np.array([20]))
    found = match_motifs({1: _ligands(few, 400)}, reference=only).clusters[1]
    assert f"{few} is known by 20 ligands only" in found.sentence.text
    check_figures(found.sentence)


@pytest.mark.parametrize(
    ("given", "alleles"),
    [
        ("A0201", {"HLA-A*02:01"}),
        ("HLA-A02:01", {"HLA-A*02:01"}),
        ("HLA-A*02:01:01:01", {"HLA-A*02:01"}),
        ("HLA-A*02:01:01:02L", {"HLA-A*02:01"}),
    ],
)
def test_an_allele_is_read_however_it_is_written(given, alleles):
    typing = read_typing([given], hla_reference())
    assert {each for found in typing.alleles.values() for each in found} == alleles
    assert typing.notes == ()


@pytest.mark.parametrize("given", ["A2", "HLA-A*02"])
def test_a_group_stands_for_all_its_alleles(given):
    (alleles,) = read_typing([given], hla_reference()).alleles.values()
    assert "HLA-A*02:01" in alleles
    assert len(alleles) > 5
    assert all(allele.startswith("HLA-A*02:") for allele in alleles)
    found = match_motifs({1: _ligands("HLA-A*02:05", 400)}, [given])
    assert "(as HLA-A*02:05)" in found.clusters[1].sentence.text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("DQA1*05:01/DQB1*02:01", "class II"),
        ("DRB1*15:01", "class II"),
        ("H2-Kb", "mouse"),
        ("nonsense", "'nonsense' is no HLA type"),
        ("A*99:99", "'A*99:99' is no HLA type"),
        ("B62", "allele group"),
        ("A*24:09N", "null allele"),
        ("A*02:17", "not among the reference's alleles"),
        ("G*01:01", "not among the reference's alleles"),
        ("<b>A2</b>", "is no HLA type"),
        ("", "is no HLA type"),
    ],
)
def test_a_type_that_cannot_be_matched_is_told_and_not_guessed(given, told):
    found = match_motifs({1: _ligands("HLA-A*02:01", 200)}, ["HLA-B*07:02", given])
    assert any(told in note for note in found.notes)
    assert set(found.without_motif) == {"HLA-B*07:02"}
    assert found.clusters[1].typed == {}


def test_motifs_of_a_mouse_are_given_no_human_molecule():
    found = match_motifs({1: _ligands("HLA-A*02:01", 200)}, ["H2-Kb", "H2-Db"])
    assert found.clusters == {}
    assert "those of a mouse" in found.notes[0]


def test_a_class_two_typing_alone_gives_no_test_of_the_typing():
    found = match_motifs({1: _ligands("HLA-A*02:01", 200)}, ["DRB1*15:01"])
    assert found.typing_p_value is None
    assert found.clusters[1].suggested[0].allele == "HLA-A*02:01"


@pytest.mark.parametrize("peptides", [["SIINFEKL"], ["SIINFEKL"] * 60, ["AAAA"], ["AL"] * 3])
def test_few_alike_and_short_peptides_give_a_number_and_no_fit_of_nothing(peptides):
    found = match_motifs({1: peptides}).clusters[1]
    assert np.isfinite(found.nearest.fit)
    assert 0 < found.p_value <= 1
    if len(peptides[0]) < 8:
        assert found.suggested == ()
        assert shares_of(peptides) == pytest.approx(np.tile(BACKGROUND, (9, 1)))


def test_the_reference_is_of_known_molecules_and_says_where_from():
    reference = hla_reference()
    assert len(reference.alleles) > 120
    assert len(set(reference.alleles)) == len(reference.alleles)
    assert (reference.ligands >= 20).all()
    assert reference.shares.sum(axis=2) == pytest.approx(np.ones((len(reference.alleles), 9)))
    own = reference.fits(reference.shares)
    assert np.diag(own) == pytest.approx(np.ones(len(own)))
    assert own.max() <= 1 + 1e-9


def test_a_better_fit_is_never_more_likely_by_chance():
    reference = hla_reference()
    found = [reference.p_value(fit) for fit in (0.3, 0.6, 0.78, 0.85, 0.95, 1.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 1.0
    assert found[-1] < 0.001


def test_the_json_holds_all_that_is_said():
    import json

    found = match_motifs({1: _ligands("HLA-A*02:01", 200)}, ["A2", "H2-Kb"])
    document = json.loads(json.dumps(found.as_json()))
    (cluster,) = document["clusters"]
    assert cluster["sentence"]["text"] == found.clusters[1].sentence.text
    assert cluster["suggested"][0]["allele"] == "HLA-A*02:01"
    assert document["types"] == ["A2", "H2-Kb"]
    assert any("mouse" in note for note in document["notes"])
