"""Sources of peptides: genes of a proteome before proteins of the file, each peptide counted."""

from __future__ import annotations

from fasta_files import fasta

from omicstoken_kernel import Workbench
from omicstoken_kernel.analysis.sources import Sources, only_here, sources_of
from omicstoken_kernel.store.features import Features


def test_files_name_proteins_and_blank_names_are_none(ctx, store_runs, make_sequences):
    (run,) = store_runs(ctx, {"a": make_sequences(5)})
    found = sources_of(ctx, [run])
    table = Features(ctx).of_run(run.id)
    assert (found.kind, found.mapped) == ("protein", False)
    named = zip(table["sequence"].to_pylist(), table["proteins"].to_pylist(), strict=True)
    assert found.of == {sequence: (protein,) for sequence, protein in named}


def test_a_mapped_run_has_the_genes_of_its_proteome(ctx, store_runs, tmp_path):
    (run,) = store_runs(ctx, {"a": ["SIINFEKLAA", "GILGFVFTLK"]})
    path = tmp_path / "some.fasta"
    path.write_text(fasta({"P00001": "MKSIINFEKLAAGG", "P00002": "AASIINFEKLAA"}))
    wb = Workbench(home=ctx.settings.home, user="tester")
    wb.proteome_add(path)
    wb.proteome_map(run.id)
    found = sources_of(ctx, [run])
    assert found.mapped
    assert set(found.of) == {"SIINFEKLAA"}
    assert len(found.of["SIINFEKLAA"]) == 2


def test_a_source_counts_its_peptides_here_and_elsewhere_the_richest_first():
    sources = Sources(
        "gene", {"AAA": ("G1", "G2"), "CCC": ("G2",), "DDD": ("G1",), "EEE": ("G3",)}, mapped=True
    )
    frame = only_here(sources, ["AAA", "CCC", "FFF"], ["DDD", "EEE"])
    assert frame.to_dict("records") == [
        {"source": "G2", "peptides": 2, "elsewhere": 0, "sequences": "AAA CCC"},
        {"source": "G1", "peptides": 1, "elsewhere": 1, "sequences": "AAA"},
    ]
    assert only_here(sources, [], ["DDD"]).empty
