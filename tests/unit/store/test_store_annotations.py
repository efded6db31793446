"""Proteomes, mappings and predictions: stored once, kept with their run, gone with it."""

from __future__ import annotations

import hashlib

import pytest
from fasta_files import fasta, proteome

from omicstoken_kernel.annotation_verbs import add_proteome
from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.ingest.fasta import ParsedProteome
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.mappings import PLACES, Mapping, Mappings
from omicstoken_kernel.store.predictions import PREDICTED, Predictions, PredictionSet
from omicstoken_kernel.store.proteomes import Proteomes
from omicstoken_kernel.store.runs import Runs

PLACE = {
    "sequence": "SIINFEKL", "accession": "P1", "gene": "<b>", "start": 3, "before": "MK",
    "after": "", "found_as": "SIINFEKL",
}  # fmt: skip
VALUE = {
    "sequence": "SIINFEKL", "allele": "HLA-A*02:01", "written": "A0201", "kind": "EL",
    "score": 0.5, "score_name": "Score_EL", "rank": None, "rank_name": "%Rank_EL",
    "affinity_nm": None, "core": "SIINFEKL", "label": "",
}  # fmt: skip


def mapping(run, proteome_id, rows=(PLACE,)):
    table = PLACES.empty_table() if not rows else PLACES.empty_table().from_pylist(rows, PLACES)
    return Mapping(run.id, proteome_id, run.peptides_digest, False, 3, {"peptides": 1}, table)


def predictions(run):
    rows = PREDICTED.empty_table().from_pylist([VALUE], PREDICTED)
    return PredictionSet(run.id, "a.xls", "0" * 64, "NetMHCpan", "4.1b", {"counts": {}}, rows)


@pytest.fixture
def human(any_ctx, tmp_path):
    path = tmp_path / "human.fasta.gz"
    path.write_text(fasta(proteome(30, seed=1)))
    return add_proteome(any_ctx, path)[0]


def test_the_same_bytes_are_the_same_proteome(any_ctx, human, tmp_path):
    copy = tmp_path / "copy.fasta"
    copy.write_bytes((tmp_path / "human.fasta.gz").read_bytes())
    again, known = add_proteome(any_ctx, copy)
    assert (again.id, known, again.name) == (human.id, True, "human")
    renamed, known = add_proteome(any_ctx, copy, name="Mensch")
    assert (renamed.id, known, renamed.name) == (human.id, True, "Mensch")
    assert len(Proteomes(any_ctx).list()) == 1


def test_a_proteome_comes_back_as_it_was(any_ctx, human):
    rows = Proteomes(any_ctx).proteins(human.id).to_pylist()
    made = proteome(30, seed=1)
    assert {row["accession"]: row["sequence"] for row in rows} == made
    assert (human.proteins, human.genes) == (30, 30)
    assert human.residues == sum(map(len, made.values()))


def test_a_renamed_proteome_keeps_the_mappings_to_it(any_ctx, human, store_runs, tmp_path):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    Mappings(any_ctx).save(mapping(run, human.id))
    add_proteome(any_ctx, tmp_path / "human.fasta.gz", name="other")
    (kept,) = Mappings(any_ctx).of_run(run.id)
    assert kept.proteome_name == "other"


def test_two_proteomes_of_one_name_are_told_apart_by_id(any_ctx, human):
    other = Proteomes(any_ctx).add(
        ParsedProteome(Proteomes(any_ctx).proteins(human.id), {}, {}),
        name="human", file_name="x", sha256=hashlib.sha256(b"x").hexdigest(), size_bytes=1,
    )  # fmt: skip
    with pytest.raises(InputError, match="2 proteomes are called 'human'"):
        Proteomes(any_ctx).find("human")
    assert Proteomes(any_ctx).find(other.id).id == other.id


def test_a_name_with_nul_is_refused(any_ctx, human, tmp_path):
    with pytest.raises(InputError, match="NUL"):
        add_proteome(any_ctx, tmp_path / "human.fasta.gz", name="a\0b")


def test_mappings_and_predictions_come_back_and_replace_themselves(any_ctx, human, store_runs):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    for _ in range(2):
        saved = Mappings(any_ctx).save(mapping(run, human.id))
        stored = Predictions(any_ctx).save(predictions(run))
    assert saved.places.to_pylist() == [PLACE]
    assert saved.proteome_name == "human"
    assert stored.rows.to_pylist() == [VALUE]
    assert [each.id for each in Mappings(any_ctx).of_run(run.id)] == [saved.id]
    assert [each.id for each in Predictions(any_ctx).of_run(run.id)] == [stored.id]


def test_an_empty_mapping_is_one(any_ctx, human, store_runs):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    assert Mappings(any_ctx).save(mapping(run, human.id, ())).places.num_rows == 0


def test_a_run_read_anew_keeps_both(any_ctx, human, store_runs, make_parsed):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    Mappings(any_ctx).save(mapping(run, human.id))
    Predictions(any_ctx).save(predictions(run))
    (again,) = Features(any_ctx).replace(run.upload_id, make_parsed({"a": ["GILGFVFTL"]}), {})
    assert again.id == run.id
    (kept,) = Mappings(any_ctx).of_run(run.id)
    assert kept.peptides_digest != again.peptides_digest
    assert len(Predictions(any_ctx).of_run(run.id)) == 1


def test_a_deleted_run_takes_both_along(any_ctx, human, store_runs):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    Mappings(any_ctx).save(mapping(run, human.id))
    stored = Predictions(any_ctx).save(predictions(run))
    Runs(any_ctx).delete(run.id)
    with pytest.raises(NotFound):
        Mappings(any_ctx).of_run(run.id)
    with pytest.raises(NotFound):
        Predictions(any_ctx).remove(stored.id)
    assert len(Proteomes(any_ctx).list()) == 1


def test_a_removed_proteome_takes_its_mappings_along(any_ctx, human, store_runs):
    (run,) = store_runs(any_ctx, {"a": ["SIINFEKL"]})
    Mappings(any_ctx).save(mapping(run, human.id))
    Proteomes(any_ctx).remove(human.id)
    assert Mappings(any_ctx).of_run(run.id) == ()


def test_a_run_cannot_be_mapped_to_someone_elses_proteome(any_ctx, human, other, store_runs):
    theirs = other(any_ctx)
    (run,) = store_runs(theirs, {"a": ["SIINFEKL"]})
    with pytest.raises(NotFound, match="no proteome"):
        Mappings(theirs).save(mapping(run, human.id))
