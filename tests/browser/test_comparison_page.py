"""The comparison report in a browser without network."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("width", "scheme"), [(1000, "dark"), (1800, "light")])
def test_it_opens_offline_with_every_figure_drawn(opened, comparison, width, scheme):
    with opened(comparison, width=width, scheme=scheme) as page:
        assert page.locator(".figure .failed").count() == 0
        for figure in ("overlap", "shares", "map", "lengths"):
            place = page.locator(f'[data-figure="{figure}"]')
            assert place.locator('[role="graphics-symbol"]').count() > 2, figure
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_stay_text(opened, comparison, nasty):
    with opened(comparison) as page:
        assert nasty in page.locator("h1").inner_text()
        assert page.locator("img").count() == 0


def test_the_table_is_filtered_by_the_runs_that_hold_a_peptide(opened, comparison, workspace):
    workbench, one, two, _ = workspace
    mine, theirs = (set(workbench.features(run.id)["sequence"]) for run in (one, two))
    with opened(comparison) as page:
        status = page.locator("[data-status]")
        for value, expected in (
            ("all", mine & theirs),
            ("only 0", mine - theirs),
            ("in 1", theirs),
        ):
            page.locator('[data-control="held"]').select_option(value)
            said = status.inner_text().replace("\u202f", "")
            assert said == f"{len(expected)} of {len(mine | theirs)} peptides"
            assert set(page.locator(".data tbody .sequence").all_text_contents()) <= expected


def test_a_press_on_a_card_filters_the_maps_of_all_runs(opened, comparison):
    with opened(comparison) as page:
        faint = """() => [...document.querySelectorAll('[data-figure="map"] .mark-symbol path')]
            .filter(p => Number(p.getAttribute('opacity')) < 0.1).length"""
        assert page.evaluate(faint) == 0
        page.locator('.motif[data-group="1"]').click()
        page.wait_for_function(f"() => ({faint})() > 0")
