"""The insight report as a recipient has it: one file, no network, everything works."""

from __future__ import annotations

import csv
import io
import re

import pytest

PER_PAGE = 25


def marks(page, figure):
    """How many marks a figure has drawn."""
    return page.locator(f'[data-figure="{figure}"] svg [role="graphics-symbol"]').count()


def shown(page):
    """The sequences on the table's page."""
    return page.locator(".data tbody .sequence").all_text_contents()


def status(page):
    return page.locator("[data-status]").inner_text().replace("\u202f", "")


@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (1800, "dark")])
def test_it_opens_offline_with_every_figure_drawn(opened, insight, width, scheme):
    with opened(insight, width=width, scheme=scheme) as page:
        assert page.locator(".figure .failed").count() == 0
        assert marks(page, "map") >= 240
        assert marks(page, "lengths") >= 3
        assert marks(page, "ledger") >= 1
        assert page.locator(".motif svg.logo path").count() > 20
        # Nothing sticks out: the page itself never scrolls sideways.
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_table_has_the_runs_peptides(opened, insight, workspace, nasty):
    workbench, one, _, _ = workspace
    expected = sorted(set(workbench.features(one.id)["sequence"]))
    with opened(insight) as page:
        assert shown(page) == expected[:PER_PAGE]
        assert f"All {len(expected)} peptides" in status(page)
        with page.expect_download() as download:
            page.locator('[data-control="csv"]').click()
        text = download.value.path().read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["sequence"] for row in rows] == expected
    assert {row["proteins"] for row in rows} == {nasty}
    assert float(rows[0]["quantity"]) >= 1000


def test_a_press_on_a_card_filters_map_and_table_and_a_second_one_undoes_it(opened, insight):
    with opened(insight) as page:
        card = page.locator('.motif[data-group="1"]')
        size = int(re.sub(r"\D", "", card.locator(".motif-size").inner_text().split("%")[1]))
        card.click()
        assert card.get_attribute("aria-pressed") == "true"
        assert f"{size} of 240 peptides" in status(page)
        page.wait_for_function(
            """n => [...document.querySelectorAll('[data-figure="map"] svg .mark-symbol path')]
                .filter(p => Number(p.getAttribute('opacity')) > 0.5).length === n""",
            arg=size,
        )
        card.click()
        assert "All 240 peptides" in status(page)


def test_a_card_can_be_pressed_by_keyboard(opened, insight):
    with opened(insight) as page:
        page.locator('.motif[data-group="1"]').focus()
        page.keyboard.press("Enter")
        assert "of 240 peptides" in status(page)


def test_search_finds_parts_motifs_and_proteins(opened, insight, workspace):
    workbench, one, _, _ = workspace
    sequences = sorted(set(workbench.features(one.id)["sequence"]))
    pattern = re.compile(r"[A-Z]L[A-Z]{6}V")
    with opened(insight) as page:
        find = page.locator('[data-control="query"]')
        find.fill("xLxxxxxxV")
        expected = [s for s in sequences if pattern.fullmatch(s)]
        page.wait_for_function(
            "t => document.querySelector('[data-status]').textContent.startsWith(t)",
            arg=f"{len(expected)} of",
        )
        assert shown(page) == expected[:PER_PAGE]
        find.fill(sequences[3].lower())
        page.wait_for_function(
            "() => document.querySelectorAll('.data tbody .sequence').length === 1"
        )
        assert shown(page) == [sequences[3]]
        find.fill("no such thing")
        page.get_by_text("No peptide passes all filters").wait_for()


def test_the_table_sorts_by_number_and_pages(opened, insight, workspace):
    workbench, one, _, _ = workspace
    features = workbench.features(one.id).sort_values("quantity", ascending=False)
    with opened(insight) as page:
        page.locator('th[data-field="quantity"] button').click()
        page.locator('th[data-field="quantity"] button').click()
        assert page.locator('th[data-field="quantity"]').get_attribute("aria-sort") == "descending"
        expected = features["sequence"].tolist()
        assert shown(page) == expected[:PER_PAGE]
        page.get_by_role("button", name="Next").click()
        assert shown(page) == expected[PER_PAGE : 2 * PER_PAGE]


def test_a_peptide_opens_its_card_and_escape_closes_it(opened, insight, nasty):
    with opened(insight) as page:
        first = page.locator(".data tbody .sequence").first
        sequence = first.inner_text()
        first.focus()
        page.keyboard.press("Enter")
        drawer = page.locator("#drawer")
        assert drawer.locator("h3").inner_text() == sequence
        text = drawer.inner_text()
        assert "observed in the file" in text
        assert "Da" in text
        assert nasty in text
        page.keyboard.press("Escape")
        assert drawer.is_hidden()
        assert page.evaluate("document.activeElement.className") == "sequence"


def test_a_point_on_the_map_opens_its_peptide(opened, insight):
    with opened(insight) as page:
        point = page.locator('[data-figure="map"] svg .mark-symbol path').nth(5)
        point.scroll_into_view_if_needed()
        point.click(force=True)
        page.locator("#drawer h3").wait_for()


def test_markup_in_names_is_shown_as_text_and_never_runs(opened, insight, nasty):
    with opened(insight) as page:
        assert page.locator("h1").inner_text() == nasty
        assert page.locator("img").count() == 0
        assert page.locator("main b", has_text="bold").count() == 0
        assert page.evaluate("document.title") != "ran"


@pytest.mark.parametrize(("kind", "start"), [("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_a_figure_is_saved_as_a_picture(opened, insight, kind, start):
    with opened(insight, scheme="dark") as page:
        with page.expect_download() as download:
            page.locator('[data-figure="lengths"]').get_by_role("button", name=kind).click()
        content = download.value.path().read_bytes()
    assert content.startswith(start)
    if kind == "SVG":
        assert b'fill="white"' in content


def test_a_figures_data_are_saved_as_csv(opened, insight):
    with opened(insight) as page:
        with page.expect_download() as download:
            page.locator('[data-figure="lengths"]').get_by_role("button", name="CSV").click()
        text = download.value.path().read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["peptides"]) for row in rows) == 240


def test_figures_change_with_the_readers_light(opened, insight):
    with opened(insight) as page:
        title = '[data-figure="lengths"] svg .role-title-text text'
        before = page.locator(title).first.get_attribute("fill")
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(
            "([where, old]) => document.querySelector(where)?.getAttribute('fill') !== old",
            arg=[title, before],
        )


def test_numbers_are_written_as_the_field_writes_them(opened, insight):
    with opened(insight) as page:
        texts = page.locator(".data tbody tr:first-child td.n").all_text_contents()
        assert any(re.fullmatch(r"\d\u202f\d{3}(\.\d+)?", text) for text in texts)
        assert not any("e+" in text or "NaN" in text or "null" in text for text in texts)
