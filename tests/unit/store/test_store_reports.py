"""Reports: one per published page, and they outlive their runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omicstoken_kernel.errors import NotFound
from omicstoken_kernel.store.reports import Report, Reports
from omicstoken_kernel.store.runs import Runs


@pytest.fixture
def run(any_ctx, store_runs):
    return store_runs(any_ctx, {"a": ["PEPTIDEK"]})[0]


@pytest.fixture
def made(run):
    return Report(
        id="",
        template="insight_report",
        parameters={"run": run.id, "seed": 0},
        run_ids=(run.id,),
        html_path="/reports/a.html",
        notebook_path="/reports/a.ipynb",
        html_sha256="0" * 64,
        seconds=12.5,
    )


def test_a_report_comes_back_as_it_was_made(any_ctx, made):
    saved = Reports(any_ctx).save(made)
    assert replace(saved, id="", created_at=None) == made
    assert Reports(any_ctx).get(saved.id) == saved
    assert saved.created_at.tzinfo is not None


def test_a_page_published_again_takes_the_place_of_the_old_one(any_ctx, made):
    first = Reports(any_ctx).save(made)
    second = Reports(any_ctx).save(replace(made, html_sha256="1" * 64))
    assert second.id == first.id
    assert Reports(any_ctx).list() == (second,)


def test_reports_are_listed_by_run_even_when_it_is_gone(any_ctx, made, run):
    first = Reports(any_ctx).save(made)
    general = Reports(any_ctx).save(replace(made, run_ids=(), html_path="/reports/b.html"))
    assert Reports(any_ctx).list() == (first, general)
    Runs(any_ctx).delete(run.id)
    assert Reports(any_ctx).list(run.id) == (first,)


def test_a_report_can_be_forgotten(any_ctx, made):
    saved = Reports(any_ctx).save(made)
    Reports(any_ctx).delete(saved.id)
    with pytest.raises(NotFound):
        Reports(any_ctx).get(saved.id)


def test_a_report_about_an_unknown_run_is_not_stored(any_ctx, made):
    with pytest.raises(NotFound):
        Reports(any_ctx).save(replace(made, run_ids=("run_none",)))
    assert Reports(any_ctx).list() == ()
