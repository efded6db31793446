"""A small store with something of everything, to be packed."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from export_store import add_fingerprint, add_report, add_upload, add_vectors

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import Settings, load_settings
from omicstoken_kernel.store.runs import Runs


@pytest.fixture
def new_ctx(tmp_path, _empty_sqlite):
    """The function that opens an empty workspace of its own."""

    def open_new(name, owner="tester"):
        home = tmp_path / name
        home.mkdir()
        shutil.copy(_empty_sqlite, home)
        return open_context(load_settings(home=home, user=owner))

    return open_new


def fill(ctx, folder, make_parsed, make_sequences):
    """Store two uploads of three runs, two models, fingerprints and a report."""
    peptides = make_sequences(120)
    parsed = make_parsed({"A": peptides[:60], "B": peptides[30:80]})
    draft = replace(parsed.runs[1], quantity_column="Intensity B", quantity_scale="log2")
    first = add_upload(ctx, folder, "two.tsv", replace(parsed, runs=(parsed.runs[0], draft)))
    second = add_upload(ctx, folder, "one <b>&.tsv", make_parsed({"A": peptides[50:]}))
    runs = (*first, *second)
    Runs(ctx).annotate(
        first[0].id, sample="tumour", donor="d1", condition="c", hla=["HLA-A*02:01"], fraction="2"
    )
    Runs(ctx).annotate(first[1].id, sample="tumour", technical_replicate="1")
    Runs(ctx).rename(first[1].id, "renamed")
    add_vectors(ctx, [run.id for run in runs])
    add_vectors(ctx, [first[0].id], name="other", key="other:1", dim=3, every=2)
    add_fingerprint(ctx, [first[0]])
    add_fingerprint(ctx, [first[0], second[0]], seed=1)
    add_report(ctx, first, folder / "published")
    return ctx


@pytest.fixture
def full_ctx(ctx, tmp_path, make_parsed, make_sequences):
    """A workspace with something of everything."""
    return fill(ctx, tmp_path, make_parsed, make_sequences)


@pytest.fixture(scope="session")
def packed(tmp_path_factory, make_parsed, make_sequences) -> Path:
    """A bundle of a workspace with something of everything, only to be copied."""
    from omicstoken_kernel.export.bundle import create

    folder = tmp_path_factory.mktemp("packed")
    # Not load_settings: the developer's environment is still in force here.
    ctx = open_context(Settings(home=folder / "home", user="tester"))
    fill(ctx, folder, make_parsed, make_sequences)
    path = create(ctx, [run.id for run in Runs(ctx).list()], folder / "all.zip").path
    ctx.engine.dispose()
    return path


@pytest.fixture
def run_ids(full_ctx):
    return [run.id for run in Runs(full_ctx).list()]


@pytest.fixture
def bundle_path(full_ctx, run_ids, tmp_path) -> Path:
    """A bundle of everything in ``full_ctx``."""
    from omicstoken_kernel.export.bundle import create

    return create(full_ctx, run_ids, tmp_path / "all.zip").path
