"""Eight processes upload, embed and rebuild at once in one store: nothing lost or doubled."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from walk import finish, start

from omicstoken_kernel.context import open_context
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.vectors import Vectors

_PROCESSES = 8


def _files(folder: Path) -> list[list[str]]:
    """Write eight ligand lists that share half of their peptides; return the lists."""
    draw = random.Random(11)

    def some(count: int) -> list[str]:
        return [
            "".join(draw.choice("ACDEFGHIKLMNPQRSTVWY") for _ in range(9)) for _ in range(count)
        ]

    common = some(400)
    lists = []
    for number in range(_PROCESSES):
        peptides = common + some(400)
        draw.shuffle(peptides)
        (folder / f"list{number}.txt").write_text("\n".join(peptides) + "\n", encoding="ascii")
        lists.append(peptides)
    return lists


def _all_at_once(tmp_path: Path, database_url: str) -> None:
    lists = _files(tmp_path)
    home = tmp_path / "home"
    outs = [tmp_path / f"out{number}.json" for number in range(_PROCESSES)]
    processes = [
        start(home, tmp_path / f"list{number}.txt", out, database_url=database_url)
        for number, out in enumerate(outs)
    ]
    for process, out in zip(processes, outs, strict=True):
        finish(process, out)
    ctx = open_context(load_settings(home=home, user="walker", database_url=database_url))
    runs = {run.name: run for run in Runs(ctx).list()}
    assert len(runs) == _PROCESSES
    for number, peptides in enumerate(lists):
        stored = Peptides(ctx).of_runs([runs[f"list{number}"].id])["sequence"].to_pylist()
        assert stored == sorted(set(peptides))
    distinct = {peptide for peptides in lists for peptide in peptides}
    models = Vectors(ctx).models()
    assert "ligand" in [model.name for model in models]
    for model in models:
        assert Vectors(ctx).count(model.model_key) == len(distinct)
        index = open_index(ctx, model.model_key)
        assert index.stale is None
        assert index.manifest.count == len(distinct)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_eight_processes_share_one_sqlite_store(tmp_path):
    _all_at_once(tmp_path, "")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_eight_processes_share_one_postgresql_store(tmp_path, postgres_url):
    _all_at_once(tmp_path, postgres_url)
