"""A run's peptides in a proteome, and other programs' predictions: figures, words and the card."""

from __future__ import annotations

import json

import pytest
from fasta_files import MHCFLURRY, NETMHCIIPAN_TEXT, NETMHCPAN_TEXT, netmhcpan_xls

from omicstoken_kernel.analysis.allele_match import Typing
from omicstoken_kernel.analysis.explain import explain
from omicstoken_kernel.analysis.mapping_words import mapping_json, mapping_sentences
from omicstoken_kernel.analysis.prediction_join import add_predictions
from omicstoken_kernel.analysis.proteome_map import map_run
from omicstoken_kernel.analysis.summarize import summarize
from omicstoken_kernel.annotation_verbs import add_proteome
from omicstoken_kernel.errors import InputError, NotFound, ParseError
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.predictions import Predictions
from omicstoken_kernel.store.runs import Runs

FASTA = """>sp|P1|A_HUMAN First GN=ONE
MKSIINFEKLGILGFVFTL
>sp|P2|B_HUMAN Second GN=ONE
GGGGILGFVFTLSIINFEKLK
>P3 third, of no gene
MSLLNFEKIKAAAKAAAK
>sp|P4|D_HUMAN <script> GN=<b>NUL\0</b>
MMNLVPMVATVMM
"""
PEPTIDES = ["SIINFEKL", "GILGFVFTL", "NLVPMVATV", "WWWWWWWW", "AAAK", "SIXNFEKL"]


@pytest.fixture
def run(ctx, store_runs):
    return store_runs(ctx, {"sample": PEPTIDES})[0]


@pytest.fixture
def found(ctx, tmp_path):
    path = tmp_path / "made.fasta"
    path.write_text(FASTA)
    return add_proteome(ctx, path)[0]


@pytest.fixture
def predicted(ctx, run, tmp_path):
    """A function that adds a text as predictions of a program."""

    def of(content, name="predicted.txt"):
        path = tmp_path / name
        path.write_text(content)
        return add_predictions(ctx, run.id, path)

    return of


def text(sentences):
    return " ".join(sentence.text for sentence in sentences)


def test_every_peptide_is_mapped_or_has_its_reason(ctx, run, found):
    counts = map_run(ctx, run.id, found.id).counts
    assert counts == {
        "peptides": 6, "mapped": 3, "not_found": 1, "too_short": 1, "ambiguous": 1, "places": 5,
        "proteins": 3, "genes": 2, "one_protein": 1, "one_gene": 3,
    }  # fmt: skip


def test_places_have_positions_and_flanks(ctx, run, found):
    places = map_run(ctx, run.id, found.id, flank=2).places.to_pylist()
    assert places[0] == {
        "sequence": "GILGFVFTL", "accession": "P1", "gene": "ONE", "start": 11, "before": "KL",
        "after": "", "found_as": "GILGFVFTL",
    }  # fmt: skip
    assert [(p["start"], p["before"], p["after"]) for p in places if p["accession"] == "P2"] == [
        (4, "GG", "SI"),
        (13, "TL", "K"),
    ]


def test_i_and_l_on_demand_show_the_proteins_own_letters(ctx, run, found):
    mapping = map_run(ctx, run.id, found.id, il_equivalent=True)
    spelt = {(p["accession"], p["found_as"]) for p in mapping.places.to_pylist()}
    assert ("P3", "SLLNFEKI") in spelt
    assert "I and L taken for one residue" in text(mapping_sentences(mapping))


def test_the_words_of_a_mapping_agree_with_its_figures(ctx, run, found, check_figures):
    mapping = map_run(ctx, run.id, found.id)
    sentences = mapping_sentences(mapping)
    for sentence in sentences:
        check_figures(sentence)
    assert len(sentences) == 4
    assert "3 of 6 peptides (50\u202f%) are found letter for letter" in sentences[0].text
    json.dumps(mapping_json(mapping), allow_nan=False)


def test_a_run_of_nothing_is_mapped_to_nothing(ctx, store_runs, found, check_figures):
    (empty,) = store_runs(ctx, {"empty": []}, file="empty.tsv")
    mapping = map_run(ctx, empty.id, found.id)
    assert mapping.counts["peptides"] == 0
    for sentence in mapping_sentences(mapping):
        check_figures(sentence)


def test_flanks_are_within_bounds(ctx, run, found):
    with pytest.raises(InputError, match="31 flanking residues"):
        map_run(ctx, run.id, found.id, flank=31)


def test_the_card_names_every_protein_with_place_and_flanks(ctx, run, found, check_figures):
    map_run(ctx, run.id, found.id)
    card = explain(ctx, run.id, "SIINFEKL")
    for sentence in card.sentences:
        check_figures(sentence)
    assert (
        "In the proteome made it lies letter for letter in 2 proteins (1 gene name): "
        "P1 (ONE) 3–10, MK.SIINFEKL.GIL; P2 (ONE) 13–20, FTL.SIINFEKL.K." in text(card.sentences)
    )
    document = card.as_json()
    assert document["origins"][0]["proteins"] == 2
    assert [place["accession"] for place in document["origins"][0]["places"]] == ["P1", "P2"]
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize(
    ("peptide", "said"),
    [
        ("WWWWWWWW", "Letter for letter it is in no protein of the proteome made."),
        ("AAAK", "It was not searched in the proteome made: shorter than 5 residues."),
        ("SIXNFEKL", "not searched in the proteome made: a letter for several residues."),
    ],
)
def test_a_peptide_without_a_place_has_its_words(ctx, run, found, check_figures, peptide, said):
    map_run(ctx, run.id, found.id)
    card = explain(ctx, run.id, peptide)
    assert said in text(card.sentences)
    for sentence in card.sentences:
        check_figures(sentence)


def test_a_peptide_in_500_proteins_names_five_and_counts_the_rest(
    ctx, store_runs, tmp_path, check_figures
):
    (run,) = store_runs(ctx, {"many": ["SIINFEKL"]})
    path = tmp_path / "many.fasta"
    path.write_text("".join(f">Q{n}\nMK{'A' * (n % 9)}SIINFEKLK\n" for n in range(500)))
    map_run(ctx, run.id, add_proteome(ctx, path)[0].id)
    card = explain(ctx, run.id, "SIINFEKL")
    assert "in 500 proteins: Q0 3–10" in text(card.sentences)
    assert "and 495 more." in text(card.sentences)
    for sentence in card.sentences:
        check_figures(sentence)


def test_a_run_read_anew_says_that_its_mapping_is_old(ctx, run, found, make_parsed):
    map_run(ctx, run.id, found.id)
    Features(ctx).replace(run.upload_id, make_parsed({"sample": ["SIINFEKL", "KLGILGFV"]}), {})
    assert "map the run again" in text(explain(ctx, run.id, "KLGILGFV").sentences)
    assert "read anew since: map it again" in text(summarize(ctx, run.id).sentences)


def test_a_summary_says_how_many_peptides_were_found(ctx, run, found, check_figures):
    assert "proteome" not in text(summarize(ctx, run.id).sentences)
    map_run(ctx, run.id, found.id)
    summary = summarize(ctx, run.id)
    assert "in the proteome made, in 3 proteins (2 gene names)" in text(summary.sentences)
    assert summary.facts["mappings"][0]["mapped"] == 3
    for sentence in summary.sentences:
        if "proteome" in sentence.text:
            check_figures(sentence)


def test_predictions_join_by_peptide_and_allele(ctx, run, predicted, check_figures):
    Runs(ctx).annotate(run.id, hla=("HLA-A*02:01:01", "DRB1*15:01"))
    xls = netmhcpan_xls(["GILGFVFTL", "KKKKKKKKK"], ["HLA-A02:01", "HLA-B07:02"])
    joined = predicted(xls)
    counts = joined.stored.report["counts"]
    assert (counts["stored"], counts["not_in_run"], counts["peptides_not_in_run"]) == (2, 2, 1)
    assert joined.stored.report["alleles_not_typed"] == ["HLA-B*07:02"]
    said = text(joined.sentences)
    assert "1 peptide of the file is not in the run and left out." in said
    assert "The sample is not typed for HLA-B*07:02" in said
    for sentence in joined.sentences:
        check_figures(sentence)


def test_the_same_file_again_replaces_itself(ctx, run, predicted):
    predicted(NETMHCPAN_TEXT)
    again = predicted(NETMHCPAN_TEXT, "another name.txt")
    assert [each.id for each in Predictions(ctx).of_run(run.id)] == [again.stored.id]


def test_repeated_rows_count_once(run, predicted):
    rows = MHCFLURRY.splitlines()
    counts = predicted("\n".join([*rows, rows[1]])).stored.report["counts"]
    assert (counts["stored"], counts["merged"]) == (6, 3)


def test_the_card_shows_other_programs_in_their_own_words(ctx, run, predicted, check_figures):
    Runs(ctx).annotate(run.id, hla=("HLA-A*02:01",))
    predicted(NETMHCPAN_TEXT)
    predicted(MHCFLURRY, "f.csv")
    card = explain(ctx, run.id, "GILGFVFTL")
    said = text(card.sentences)
    assert (
        "Computed by NetMHCpan 4.1b (EL): HLA-A*02:01 %Rank_EL 0.009, Score_EL 0.981012, SB; "
        "a lower rank is better, strong binder up to 0.5 and weak binder up to 2 (as the file "
        "states)." in said
    )
    assert "Computed by MHCflurry (processing): HLA-A*02:01 processing_score 0.61." in said
    for sentence in card.sentences:
        check_figures(sentence)
    json.dumps(card.as_json(), allow_nan=False)
    assert "Computed by" not in text(explain(ctx, run.id, "WWWWWWWW").sentences)


def test_alleles_that_are_not_typed_come_after_and_are_counted(ctx, run, predicted):
    Runs(ctx).annotate(run.id, hla=("HLA-B*07:02",))
    predicted(netmhcpan_xls(["GILGFVFTL"], ["HLA-A02:01", "HLA-B07:02"]))
    said = text(explain(ctx, run.id, "GILGFVFTL").sentences)
    assert "(EL): HLA-B*07:02 EL_Rank 1.1" in said
    assert "1 further value is for alleles not typed." in said
    Runs(ctx).annotate(run.id, hla=("HLA-C*07:02",))
    said = text(explain(ctx, run.id, "GILGFVFTL").sentences)
    assert "The sample is typed for none of these alleles." in said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (NETMHCIIPAN_TEXT, "None of the 2 peptides of 'predicted.txt' is in the run 'sample'."),
        (MHCFLURRY.splitlines()[0] + "\n", "'predicted.txt' holds no prediction."),
        ("no predictions\n", "is no output of"),
    ],
)
def test_a_file_of_another_run_is_refused_and_stores_nothing(ctx, run, predicted, content, told):
    with pytest.raises(ParseError) as caught:
        predicted(content)
    assert told in caught.value.message
    assert Predictions(ctx).of_run(run.id) == ()


def test_what_belongs_to_others_is_not_found(ctx, run, found, other, tmp_path):
    theirs = other(ctx)
    path = tmp_path / "x.csv"
    path.write_text(MHCFLURRY)
    with pytest.raises(NotFound):
        add_predictions(theirs, run.id, path)
    with pytest.raises(NotFound):
        map_run(theirs, run.id, found.id)
    (own,) = Runs(ctx).list()
    assert own.id == run.id


@pytest.mark.parametrize(
    ("hla", "allele", "is_typed"),
    [
        (["HLA-A*02:01:01:01"], "HLA-A*02:01", True),
        (["HLA-A*02:01"], "HLA-A*02:05", False),
        (["A2"], "HLA-A*68:01", True),
        (["A2"], "HLA-B*07:02", False),
        (["DQA1*05:01", "DQB1*02:01"], "HLA-DQA1*05:01/DQB1*02:01", True),
        (["DQA1*05:01"], "HLA-DQA1*05:01/DQB1*02:01", False),
        (["DRB1*15:01"], "HLA-DRA*01:01/DRB1*15:01", True),
        (["H2-Kb"], "H2-Kb", True),
        (["nonsense"], "HLA-A*02:01", False),
    ],
)
def test_a_typing_covers_what_it_says(hla, allele, is_typed):
    assert Typing.of(hla).has(allele) is is_typed
