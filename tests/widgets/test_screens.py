"""Screens without a browser: what they show of small, odd and hostile runs, and what they do."""

from __future__ import annotations

import io
import shutil

import ipywidgets as iw
import pandas as pd
import pytest

from omicstoken_kernel import pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import Settings
from omicstoken_kernel.workbench import Workbench
from omicstoken_widgets import (
    Comparison,
    Dashboard,
    Explanation,
    Fingerprint,
    Quality,
    Search,
    Upload,
)
from omicstoken_widgets.download import Download

NASTY = "<script>alert(1)</script>"


@pytest.fixture
def wb(ctx):
    """A workbench on an empty workspace."""
    return Workbench(home=ctx.settings.home, user="tester")


@pytest.fixture(scope="module")
def stocked_home(tmp_path_factory, store_runs, make_sequences):
    """A workspace with two embedded runs and their maps, only to be copied."""
    home = tmp_path_factory.mktemp("stocked")
    # Not load_settings: the developer's environment is still in force here.
    context = open_context(Settings(home=home, user="tester", models=home))
    first, second = make_sequences(60, seed=1), make_sequences(60, seed=2)
    runs = store_runs(context, {"first": first, "second": [*second, *first[:10]]})
    ids = [run.id for run in runs]
    pipeline.embed_runs(context, ids)
    for mapped in (ids[:1], ids):
        pipeline.fingerprint(context, mapped)
    context.engine.dispose()
    return home


@pytest.fixture
def stocked(tmp_path, stocked_home):
    """A workbench with two embedded runs whose joint and single maps are stored."""
    return Workbench(home=shutil.copytree(stocked_home, tmp_path / "home"), user="tester")


def words(widget):
    """Return all that a widget and its children say."""
    said = getattr(widget, "value", "") if isinstance(widget, iw.HTML) else ""
    return said + " ".join(words(child) for child in getattr(widget, "children", ()))


def press(widget, label):
    """Press the button with this label."""
    for child in getattr(widget, "children", ()):
        if isinstance(child, iw.Button) and child.description == label:
            child.click()
            return True
        if press(child, label):
            return True
    return False


def test_an_empty_workspace_says_how_to_begin(wb):
    dashboard = Dashboard(wb)
    assert dashboard.table.total == 0
    assert "upload a result table" in dashboard.table.empty


def test_the_dashboard_lists_every_run_and_acts_on_the_ticked_ones(stocked):
    dashboard = Dashboard(stocked)
    assert set(dashboard.table.frame["name"]) == {"first", "second"}
    dashboard.table.selected = [0, 1]
    assert press(dashboard, "Compare")
    assert "share, and where do they differ" in words(dashboard.stage)


def test_an_action_without_a_ticked_run_says_what_it_takes(stocked):
    dashboard = Dashboard(stocked)
    press(dashboard, "Compare")
    assert "at least 2" in words(dashboard)


def test_deleting_asks_first(stocked):
    dashboard = Dashboard(stocked)
    dashboard.table.selected = [0]
    name = dashboard.selection["name"].iloc[0]
    press(dashboard, "Delete")
    assert len(stocked.runs()) == 2
    press(dashboard, "Delete 1 run")
    assert name not in set(stocked.runs()["name"])
    assert dashboard.table.total == 1


def test_a_run_is_annotated_and_renamed(stocked):
    dashboard = Dashboard(stocked)
    place = int(dashboard.table.frame.index[dashboard.table.frame["name"] == "first"][0])
    dashboard.table.selected = [place]
    press(dashboard, "Annotate")
    texts = [child for child in _all(dashboard) if isinstance(child, iw.Text)]
    fields = {child.description: child for child in texts}
    fields["Name"].value, fields["condition"].value = "renamed", "treated"
    press(dashboard, "Save")
    run = stocked.run("renamed")
    assert run.sample.condition == "treated"


def _all(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _all(child)


def test_a_fingerprint_shows_every_peptide_and_its_selection_is_a_frame(stocked):
    screen = Fingerprint(stocked, "first")
    assert screen.table.total == len(screen.selection) == 60
    screen.choose_cluster("unassigned")
    unassigned = screen.selection
    assert (unassigned["group"] == "unassigned").all()
    assert screen.table.total == len(unassigned)
    screen.choose(None)
    assert len(screen.selection) == 60


@pytest.mark.parametrize("by", ["Length", "Fit to its cluster", "Quantity, log10"])
def test_the_map_can_be_coloured_by_numbers(stocked, by):
    screen = Fingerprint(stocked, "first")
    screen.colour.value = by
    assert "fault is ours" not in words(screen)


def test_a_peptide_opens_its_card(stocked):
    screen = Fingerprint(stocked, "first")
    peptide = screen.table.frame.iloc[0]
    screen.table._answer(
        screen.table, {"id": "1", "type": "pick", "key": 0, "column": "sequence"}, []
    )
    assert f"What is known about {peptide['sequence']}" in words(screen.stage)


def test_a_bar_of_the_overlap_shows_its_peptides(stocked):
    screen = Comparison(stocked, "first", "second")
    assert screen.table.total == 120
    screen.choose("first & second")
    assert screen.table.total == 10
    screen.choose("first")
    assert screen.table.total == 50
    assert "detected in no other" in words(screen)


def test_a_search_finds_the_peptide_itself_and_marks_what_differs(stocked):
    sequence = stocked.features("first")["sequence"].iloc[0]
    screen = Search(stocked, sequence)
    assert screen.result.exact[0].sequence == sequence
    assert "By likeness" in words(screen)


def test_a_search_for_nonsense_says_what_a_sequence_is(stocked):
    screen = Search(stocked, "not a peptide 7")
    assert "ot-fail" in words(screen)


def test_the_quality_of_a_run_is_said_with_its_checks(stocked):
    said = words(Quality(stocked, "first"))
    assert "length profile" in said
    assert "60 peptides" in said


@pytest.mark.parametrize("peptides", [0, 1, 3])
def test_runs_of_hardly_any_peptide_have_words(wb, store_runs, make_sequences, peptides):
    store_runs(wb.context, {"few": make_sequences(peptides)})
    wb.embed("few")
    wb.fingerprint("few")
    for screen in (Quality(wb, "few"), Fingerprint(wb, "few"), Search(wb, "SIINFEKL")):
        assert "fault is ours" not in words(screen)
    assert Fingerprint(wb, "few").table.total == peptides


def test_names_from_files_are_never_markup(wb, store_runs, make_sequences):
    store_runs(wb.context, {NASTY: make_sequences(5)}, file=f"{NASTY}.tsv")
    wb.embed(NASTY)
    wb.fingerprint(NASTY)
    sequence = wb.features(NASTY)["sequence"].iloc[0]
    screens = [Quality(wb, NASTY), Fingerprint(wb, NASTY), Explanation(wb, NASTY, sequence)]
    for screen in screens:
        assert "<script>" not in words(screen)


def test_a_run_deleted_elsewhere_is_told(stocked):
    from omicstoken_kernel.store.runs import Runs

    dashboard = Dashboard(stocked)
    dashboard.table.selected = [0]
    Runs(stocked.context).delete(dashboard.selection["run_id"].iloc[0])
    press(dashboard, "Quality")
    assert "ot-fail" in words(dashboard)


@pytest.fixture
def ligands(tmp_path, make_sequences):
    """A list of forty peptides and one line that is none."""
    path = tmp_path / "ligands.txt"
    path.write_text("\n".join([*make_sequences(40), "not a peptide", ""]))
    return path


def test_a_file_is_shown_before_anything_is_stored(wb, ligands):
    incoming = Upload(wb).read(ligands)
    said = words(incoming)
    assert "41</strong>rows in" in said
    assert "The first rejected rows" in said
    assert len(wb.runs()) == 0
    incoming.discard()
    assert ligands.exists()


def test_a_file_that_is_no_table_is_refused_in_words(wb, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    assert "ot-fail" in words(Upload(wb).read(path))


@pytest.mark.slow
def test_a_stored_file_gives_runs_and_both_ledgers(wb, ligands):
    incoming = Upload(wb).read(ligands)
    incoming.store()
    assert "Stored." in words(incoming)
    assert "Rejected rows" in words(incoming)
    assert incoming.runs
    assert wb.runs()["status"].tolist() == ["embedded"]


@pytest.mark.slow
def test_an_export_is_offered_for_download_piece_by_piece(stocked, monkeypatch):
    dashboard = Dashboard(stocked)
    dashboard.export([stocked.run("first").id], "csv")
    (offer,) = [child for child in _all(dashboard) if isinstance(child, Download)]
    sent = []
    keep = lambda _self, content, parts=None: sent.append((content, parts))  # noqa: E731
    monkeypatch.setattr(Download, "send", keep)
    offer._answer(offer, {"id": "1", "type": "piece", "begin": 0}, [])
    ((answer, (piece,)),) = sent
    assert answer == {"id": "1"}
    assert len(piece) == offer.size
    assert len(pd.read_csv(io.BytesIO(piece))) == 60


def test_a_file_that_is_gone_is_told(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("a report")
    offer = Download(path)
    path.unlink()
    sent = []
    monkeypatch.setattr(Download, "send", lambda _self, content, parts=None: sent.append(content))
    offer._answer(offer, {"id": "1", "type": "piece", "begin": 0}, [])
    assert "can no longer be read" in sent[0]["error"]["message"]


def test_what_is_overruled_is_read_that_way_and_what_cannot_be_is_said(wb, ligands):
    incoming = Upload(wb).read(ligands)
    incoming.overrides.run_name.value = "mine"
    incoming.look()
    assert "mine (40 peptides)" in words(incoming)
    incoming.overrides.q_value.value = "much"
    press(incoming, "Read again")
    assert "expected a number from 0 to 1" in words(incoming)


def test_a_length_that_is_none_is_said(stocked):
    screen = Search(stocked)
    screen.query.value, screen.lengths.value = "SIINFEKL", "8-x"
    press(screen, "Search")
    assert "number or a range" in words(screen)
    screen.lengths.value = "8 - 9"
    press(screen, "Search")
    assert all(8 <= len(hit.sequence) <= 9 for hit in screen.result.hits)
