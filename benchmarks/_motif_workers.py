"""The tasks of ``bench_motifs.py``, each in one of as many processes as there are cores."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import _core_tasks as cores
import _hla_tasks as hla
import _motif_tasks as tasks
from _embedding_models import unit
from threadpoolctl import threadpool_limits

from omicstoken_kernel.embedding import is_at_hand, load_model
from omicstoken_kernel.settings import load_settings
from training.split import make_split

_FEWEST = 400


def pool():
    """Return the processes; one thread each, or the cores would be shared out twice."""
    return ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=_one_thread
    )


def _one_thread():
    threadpool_limits(1)


@cache
def _known():
    """Return the ligands, the models at hand, alleles by gene, and what is known of molecules."""
    settings, split = load_settings(), make_split()
    names = [name for name in ("anchor", "ligand", "esm2") if is_at_hand(name, settings)]
    models = {name: load_model(name, settings) for name in names}
    genes = tasks.alleles_by_gene(split.held_out, split.families, _FEWEST)
    return split, models, genes, hla.Known(split.families)


def _vectors(peptides):
    return unit(_known()[1]["ligand"].embed_batch(peptides))


def mixture(job):
    """Return the figures of a mixture of six, (seed, junk), and those of its motifs."""
    seed, junk = job
    split, models, genes, known = _known()
    peptides, labels, alleles = tasks.mixture(split.held_out, genes, junk, seed)
    vectors = {name: unit(each.embed_batch(peptides)) for name, each in models.items()}
    made, groups = tasks.figures(peptides, labels, vectors, seed)
    return made, hla.figures(known, groups, peptides, labels, alleles)


def single(allele):
    """Return the number of motifs found in up to 1 250 ligands of one allele."""
    ligands = _known()[0].held_out
    own = ligands.loc[ligands["allele"] == allele, "peptide"]
    peptides = own.sample(min(len(own), tasks.PEPTIDES), random_state=0).tolist()
    return int(tasks.cluster(peptides, _vectors(peptides), seed=0).labels.max())


def few(job):
    """Return the figures of a mixture of few alleles, (number, seed)."""
    number, seed = job
    split, _, genes, _ = _known()
    peptides, labels, _ = tasks.few(split.held_out, genes, number, seed)
    return tasks.found_in(peptides, labels, _vectors(peptides), seed)


def class_two(job):
    """Return the figures of a made-up class II run, (molecules, junk, seed)."""
    number, junk, seed = job
    peptides, labels, starts = cores.run(number, junk, seed)
    return cores.figures(peptides, labels, starts, _vectors(peptides), seed)
