"""Motif cards: what the logo rests on, and the HLA molecule a motif suggests."""

from __future__ import annotations

from omicstoken_kernel.analysis.motif_hla import MotifHla, match_motifs
from omicstoken_kernel.analysis.motifs import motif_name, position_weights
from omicstoken_kernel.report.motif_cards import RESIDUES, motif_cards
from omicstoken_kernel.report.sections import render
from omicstoken_kernel.store.fingerprints import Cluster

_PEPTIDES = [f"{first}L{first * 6}V" for first in "ACDEFGHIKMNPQRSTVWY" * 3]


def _card(hla=None, *, peptides=57):
    weights = position_weights(_PEPTIDES)
    cluster = Cluster(1, peptides, 0.5, motif_name(weights), {9: peptides})
    (card,) = motif_cards((cluster,), {1: weights}, hla)
    return card


def _html(card):
    return render(
        "motifs.html.j2",
        drawn=0,
        cards=[card],
        unassigned=None,
        residues=RESIDUES,
        notes=[],
        traits=[],
    )


def test_a_card_names_what_the_motif_suggests_and_says_why():
    card = _card(match_motifs({1: _PEPTIDES}, ["<i>A2</i>", "HLA-A*02:01"]))
    assert card.hla
    assert card.hla_said.startswith("Motif 1 fits ")
    page = _html(card)
    assert "suggested HLA" in page
    assert card.hla in page
    assert "<i>A2" not in page


def test_a_card_without_suggestion_shows_none():
    assert _card().hla == ""
    assert _card(MotifHla({})).hla == ""
    assert "suggested HLA" not in _html(_card())


def test_a_card_says_what_its_logo_rests_on():
    assert _card().basis == "n = 57"
    assert _card(peptides=120).basis == "n = 57 distinct cores"
    assert "57 distinct cores" in _html(_card(peptides=120))
