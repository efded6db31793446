"""A person in a real JupyterLab: a file goes in, and a peptide's card and a comparison come out."""

from __future__ import annotations

import re

import pytest
from laboratory import notebook, store

pytestmark = [pytest.mark.slow(seconds=60), pytest.mark.timeout(900)]


@pytest.mark.real
def test_a_person_walks_from_a_real_file_to_a_card_and_a_comparison(chromium, lab, real_file):
    first = real_file("ligand_list/CaronLab__MhcVizPipe__PBMC_1.tsv")
    second = real_file("ligand_list/CaronLab__MhcVizPipe__mouse_liver.txt")
    with notebook(chromium, lab("01_upload")) as page:
        card = store(page, first)
        assert card.get_by_text(re.compile("1.659")).first.is_visible()
        store(page, second)
        card.get_by_role("button", name="Quality").click()
        page.get_by_text("Is CaronLab__MhcVizPipe__PBMC_1 what it should be?").wait_for()
        page.locator(".ot-plot svg").first.wait_for()

    with notebook(chromium, lab("dashboard")) as page:
        runs = page.locator(".ot-table").first
        runs.get_by_role("checkbox").first.wait_for()
        # The quality of each run is filled in beside everything else.
        runs.get_by_role("button", name=re.compile("pass|warn|fail")).first.wait_for()
        runs.get_by_role("row", name=re.compile("PBMC_1")).get_by_role("checkbox").check()
        page.get_by_role("button", name="Fingerprint", exact=True).click()
        page.get_by_text(re.compile("What is CaronLab.*PBMC_1 made of")).wait_for()
        page.locator("canvas").first.wait_for()
        _drill_down(page)
        runs.get_by_role("row", name=re.compile("mouse_liver")).get_by_role("checkbox").check()
        page.get_by_role("button", name="Compare", exact=True).click()
        page.get_by_text("where do they differ?").wait_for()
        page.get_by_text("What they share").wait_for()
        page.get_by_label("Show peptides").select_option(_only_in(page, "PBMC_1"))
        page.get_by_text(re.compile("detected in no other")).wait_for()


def _only_in(page, name):
    """Return the choice that shows the peptides of one run alone; its spaces do not break."""
    choices = page.get_by_label("Show peptides").locator("option")
    matching = choices.filter(has_text=re.compile(rf"^only\sin\s.*{name}"))
    return matching.first.get_attribute("value")


def _drill_down(page):
    """From a motif to its peptides, and from one of them to its card."""
    page.get_by_role("button", name="Peptides", exact=True).first.click()
    number = page.get_by_text(re.compile("peptides of .*, cluster 1")).inner_text().split(" ")[0]
    peptides = page.locator(".ot-table").filter(has=page.get_by_text("Fit")).first
    # The rows come after the heading.
    peptides.get_by_text(f"{number} rows").wait_for()
    sequence = peptides.locator("tbody .ot-pick").first
    said = sequence.inner_text()
    sequence.click()
    page.get_by_text(f"What is known about {said}").wait_for()
    page.get_by_text("Nearest peptides in your runs").wait_for()
    page.get_by_role("button", name="Search for more").click()
    page.get_by_text("Which peptides are like this one").wait_for()
    page.get_by_text("By likeness", exact=True).wait_for()


def test_a_file_of_sixty_megabytes_arrives_in_pieces(chromium, lab, make_sequences, tmp_path):
    path = tmp_path / "large.tsv"
    peptides = make_sequences(2_000)
    filler = "sp|P00000|LONG_HUMAN;" * 14
    with path.open("w", encoding="utf-8") as file:
        file.write("Peptide\tIntensity\tProteins\n")
        for place in range(200_000):
            file.write(f"{peptides[place % 2_000]}\t{place + 1}\t{filler}\n")
    assert path.stat().st_size > 60_000_000
    sent = []
    with notebook(chromium, lab("01_upload")) as page:
        page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))),
        )
        page.locator(".ot-drop input[type=file]").set_input_files(path)
        page.get_by_text(re.compile("MB received")).wait_for()
        page.locator(".ot-card").get_by_text("rows in").first.wait_for()
        assert page.get_by_text(re.compile("200.000")).first.is_visible()
    assert all(size < 8_000_000 for size in sent)
