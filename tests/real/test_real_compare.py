"""Conditions of a real file whose mixing ratios are known: a mixture of three species, twice."""

from __future__ import annotations

import numpy as np
import pytest

from omicstoken_kernel import pipeline
from omicstoken_kernel.analysis.compare import compare
from omicstoken_kernel.ingest import ReadOptions
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.runs import Runs

pytestmark = pytest.mark.real

FILE = "peaks/Proteobench__ProteoBench__PEAKS.lfq.dia.features.sample5000.csv"


def test_a_mixture_of_species_comes_out_as_it_was_mixed(ctx, realdata):
    # ProteoBench: human stays, yeast is halved and E. coli four times as much in B as in A.
    runs = pipeline.ingest(ctx, realdata / FILE, ReadOptions()).runs
    for run in runs:
        condition = run.name.split("Condition_")[1][0]
        Runs(ctx).annotate(run.id, condition=condition, biological_replicate=run.name[-1])
    found = compare(ctx, [run.id for run in runs], by="condition")
    assert [len(side.replicates) for side in found.sides] == [3, 3]
    contrast = found.abundance.contrasts[0]
    species = _species(ctx, runs)
    ratios = {
        name: contrast.test.difference[
            [species.get(sequence) == name for sequence in contrast.peptides]
        ]
        for name in ("HUMAN", "YEAST", "ECOLI")
    }
    medians = {name: float(np.median(values)) for name, values in ratios.items()}
    assert medians == pytest.approx({"HUMAN": 0, "YEAST": -1, "ECOLI": 2}, abs=0.25)
    called = [
        ratio
        for sequence, ratio, q in zip(
            contrast.peptides, contrast.test.difference, contrast.q, strict=True
        )
        if species.get(sequence) == "YEAST" and q <= 0.05
    ]
    # Of the file's yeast peptides some have intensities that go the other way in all replicates.
    assert np.mean(np.array(called) < 0) > 0.9
    assert len(called) > 0.5 * len(ratios["YEAST"])
    # The human peptides that are called changed have methionine, which was oxidised in B.
    human = {
        has: np.mean([
            q <= 0.05
            for sequence, q in zip(contrast.peptides, contrast.q, strict=True)
            if species.get(sequence) == "HUMAN" and ("M" in sequence) == has and np.isfinite(q)
        ])
        for has in (True, False)
    }  # fmt: skip
    assert human[False] < 0.06 < 0.7 < human[True]
    assert any("with methionine" in sentence.text for sentence in found.sentences)


def _species(ctx, runs):
    """Return the species of each peptide whose proteins are of one."""
    found = {}
    for run in runs:
        table = Features(ctx).of_run(run.id)
        for sequence, proteins in zip(
            table["sequence"].to_pylist(), table["proteins"].to_pylist(), strict=True
        ):
            named = [name for name in ("HUMAN", "YEAST", "ECOLI") if f"_{name}" in proteins]
            found[sequence] = named[0] if len(named) == 1 else None
    return found
