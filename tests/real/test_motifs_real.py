"""Motifs of real runs: class II cores as published for their molecules, and mice given no HLA."""

import numpy as np
import pytest

from omicstoken_kernel.analysis.clusters import BY_CORE, BY_MOTIF, method_for, method_named
from omicstoken_kernel.analysis.embedded import unit
from omicstoken_kernel.analysis.motif_hla import match_motifs
from omicstoken_kernel.analysis.motifs import cores_of, position_weights
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding import load_model
from omicstoken_kernel.settings import load_settings

pytestmark = pytest.mark.real


@pytest.fixture
def lists(folder):
    """The folder of ligand lists; without it these tests have nothing to say, except in CI."""
    return folder / "ligand_list"


def _grouped(path, method):
    lines = path.read_text(encoding="ascii").splitlines()
    cells = {line.partition("\t")[0].strip() for line in lines}
    peptides = sorted(cell for cell in cells if cell and set(cell) <= set(TWENTY))
    assert method_for(peptides) == method
    vectors = unit(load_model("ligand", load_settings()).embed_batch(peptides))
    return peptides, method_named(method).cluster(peptides, vectors, seed=0)


def test_cores_of_a_cell_line_have_anchors_of_known_class_two_molecules(lists):
    """The file gives no types; the anchors are published: DRB1*04:04, DRB1*13:01, DRB3*01:01."""
    peptides, found = _grouped(lists / "CaronLab__MhcVizPipe__JY.tsv", BY_CORE)
    shares = {}
    for number in range(1, found.labels.max() + 1):
        cores = cores_of(peptides, found.cores, found.labels == number)
        shares[number] = position_weights(cores).frequencies

    def held(table, place, letters):
        return sum(table[place - 1, TWENTY.index(letter)] for letter in letters)

    assert len(shares) == 3
    for table in shares.values():
        assert held(table, 1, "FILMVWY") > 0.8
    assert any(held(table, 4, "D") > 0.8 for table in shares.values())
    assert any(held(table, 6, "KR") > 0.4 for table in shares.values())
    assert any(held(t, 6, "DNST") > 0.5 and held(t, 9, "AGSQ") > 0.5 for t in shares.values())
    middle = np.array([len(peptide) - 9 for peptide in peptides]) / 2
    off = (found.cores - middle)[found.labels > 0]
    assert abs(np.median(off)) <= 1


def test_a_mouse_molecule_fits_no_human_one(lists):
    peptides, found = _grouped(lists / "CaronLab__MhcVizPipe__H2-Kb.tsv", BY_MOTIF)
    largest = [p for p, label in zip(peptides, found.labels, strict=True) if label == 1]
    assert match_motifs({1: largest}).clusters[1].suggested == ()
    assert match_motifs({1: largest}, ["H2-Kb"]).clusters == {}
