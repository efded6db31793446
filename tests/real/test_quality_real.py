"""What real files are called by quality: ligands, digests, and what is neither."""

from __future__ import annotations

import pytest

from omicstoken_kernel.analysis.length_profile import call_class
from omicstoken_kernel.ingest import ReadOptions, read

pytestmark = pytest.mark.real

FILES = {
    "ligand_list/CaronLab__MhcVizPipe__JY.tsv": "class_ii",
    "ligand_list/CaronLab__MhcVizPipe__PBMC_1.tsv": "class_i",
    "ligand_list/CaronLab__MhcVizPipe__mouse_liver.txt": "class_i",
    "ligand_list/CaronLab__MhcVizPipe__H2-Kb.tsv": "class_i",
    "ligand_list/CaronLab__MhcVizPipe__Lymphoma.txt": "class_i",
    "mztab/levitsky__pyteomics__test.mztab": "class_i",
    "maxquant_peptides/MannLabs__directlfq__mq_peptides.txt": "tryptic",
    "maxquant_peptides/gangabhavani129__dep__peptides.txt": "tryptic",
    "maxquant_evidence/Proteobench__ProteoBench__MaxQuant_2_5_1_evidence_sample.txt": "tryptic",
    "diann_report_tsv/Proteobench__ProteoBench__DIANN_1.9_beta_sample_report.tsv": "tryptic",
    "fragpipe_peptide/sabrinakhuntia99__decoding_enzymes__peptide.tsv": "tryptic",
    # A tryptic benchmark, read without a database.
    "mztab_denovo/Proteobench__ProteoBench__denovo_benchmark_test.casanovo.mztab": "tryptic",
    # An antibody, read without a database.
    "peaks/rusteomics__mzcore__200305_HER_test_04_DENOVO_excerpt.csv": "unclear",
    # Endogenous peptides.
    "peaks/Fredan97__porcine-peptidomics-data__peptide.csv": "unclear",
    "peaks/ErikHartman__2020-peptidomics__peptide_sample_34.xlsx": "unclear",
    "maxquant_peptides/yuqing-oss__peptidomics-chapter2__peptides.txt": "unclear",
}


@pytest.mark.parametrize("file", FILES)
def test_real_files_are_called_what_they_are(realdata, file):
    features = read(realdata / file, ReadOptions()).features
    assert call_class(sorted(set(features["sequence"].to_pylist()))).kind == FILES[file]
