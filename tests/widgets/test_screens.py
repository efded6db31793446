"""Screens without a browser: what they show of small, odd and hostile runs, and what they do."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime

import ipywidgets as iw
import numpy as np
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
from omicstoken_widgets.chart import Chart, _hosts
from omicstoken_widgets.download import Download
from omicstoken_widgets.table import Table

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
    assert "upload a result table" in words(dashboard)
    assert dashboard._actions.layout.display == "none"
    assert press(dashboard, "Upload a file")
    assert "is it read right" in words(dashboard.stage)


@pytest.mark.slow
def test_the_example_samples_are_a_button_away_and_embedded(wb):
    dashboard = Dashboard(wb)
    assert press(dashboard, "Load the example samples")
    assert dashboard.table.total == 4
    assert set(dashboard.table.frame["status"]) == {"embedded"}
    assert dashboard._begin.layout.display == "none"


def test_the_dashboard_says_the_quality_of_each_run_in_words(stocked):
    dashboard = Dashboard(stocked)
    grades = dict(zip(dashboard.table.frame["name"], dashboard.table.frame["quality"], strict=True))
    found = stocked.quality("first")
    assert grades["first"].split(" ", 1)[1].startswith(found.grade)
    bad = [check.title for check in found.checks if check.grade == "fail"]
    assert bad[0] in grades["first"]


def test_a_grade_that_is_known_is_not_asked_for_again(stocked, monkeypatch):
    dashboard = Dashboard(stocked)
    asked = []
    monkeypatch.setattr(stocked, "quality", asked.append)
    dashboard.refresh()
    assert asked == []


def test_a_job_about_several_runs_shows_in_the_status_of_each(stocked):
    from omicstoken_kernel.store.jobs import Jobs
    from omicstoken_widgets._standing import runs_now

    ids = [run["run_id"] for run in stocked.runs_json()]
    job = Jobs(stocked.context).create("embed", {"run_ids": ids, "model": None})
    at = {"state": "running", "progress": 0.4, "heartbeat_at": datetime.now(UTC)}
    Jobs(stocked.context).update(job.id, message="24 of 60", **at)
    states = [run["status"] for run in runs_now(stocked)]
    assert states == ["embed 40%: 24 of 60"] * 2


def test_ticked_runs_open_their_summaries(stocked):
    dashboard = Dashboard(stocked)
    dashboard.table.selected = [0]
    press(dashboard, "Summary")
    assert "in a few sentences?" in words(dashboard.stage)
    assert 'class="ot-sentences"' in words(dashboard.stage)


def test_the_chart_library_is_brought_when_a_chart_on_the_page_asks(stocked):
    before = len(_hosts)
    (profile,) = [one for one in _all(Quality(stocked, "first")) if isinstance(one, Chart)]
    assert len(_hosts) == before
    profile._answer(profile, {"id": "1", "type": "vega"}, [])
    assert _hosts


def test_quality_is_said_once(stocked):
    said = words(Quality(stocked, "first"))
    found = stocked.quality("first")
    bad = sum(check.grade != "pass" for check in found.checks)
    assert f"{bad} of {len(found.checks)} checks did not pass" in said
    assert 'class="ot-sentences"' not in said


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


def test_what_is_chosen_is_saved_with_its_rule_and_can_be_shown_again(stocked):
    screen = Fingerprint(stocked, "first")
    screen.choose_cluster("unassigned")
    screen.table._asked({"filter": "length=9"})
    chosen = set(screen.selection["sequence"])
    assert 0 < len(chosen) < len(screen.table.frame)
    screen.saved.name.value = NASTY
    press(screen, "Save")
    (row,) = stocked.selections().to_dict("records")
    assert row["rule"] == "unassigned and filter 'length=9'"
    assert row["fingerprint_id"] == screen._picture.fingerprint.id
    assert "<script>" not in words(screen)
    screen.choose(None)
    screen.saved.load(NASTY)
    assert set(screen.table.frame["sequence"]) == chosen


def test_a_lasso_is_kept_as_its_corners(stocked):
    screen = Fingerprint(stocked, "first")
    corners = [[-1.0, -1.0], [1.0, -1.0], [0.0, 2.5]]
    screen._map._scatter.widget.set_trait("lasso_selection_polygon", np.array(corners))
    screen._lassoed(np.array([0, 1]))
    assert screen._to_save().rule.polygon == tuple(map(tuple, corners))
    screen.choose(None)
    assert screen._to_save().rule.polygon == ()


def test_saved_selections_are_renamed_and_deleted_on_the_screen_after_asking(stocked):
    screen = Fingerprint(stocked, "first")
    press(screen, "Save")
    assert "1 to 200 characters" in words(screen)
    screen.saved.name.value = "mine"
    press(screen, "Save")
    screen.saved.fold.toggle.value = True
    screen.saved.table.selected = [0]
    press(screen, "Rename")
    texts = {one.description: one for one in _all(screen) if isinstance(one, iw.Text)}
    texts["New name"].value = "yours"
    press(screen, "Save name")
    assert list(stocked.selections()["name"]) == ["yours"]
    screen.saved.table.selected = [0]
    press(screen, "Delete selection")
    assert len(stocked.selections()) == 1
    press(screen, "Delete 1 selection")
    assert stocked.selections().empty


def test_a_selection_of_other_runs_says_what_is_not_here(stocked):
    elsewhere = stocked.features("second")["sequence"].iloc[:3]
    stocked.selection_save("theirs", elsewhere, runs=["second"])
    screen = Fingerprint(stocked, "first")
    screen.saved.load("theirs")
    assert screen.table.total == 0
    assert "are not in the runs shown here" in words(screen)


def test_models_and_groupings_are_cards_and_choosing_one_makes_that_map(stocked):
    stocked.fingerprint("first", model="ligand", method="gaussian-mixture")
    screen = Fingerprint(stocked, "first")
    cards = [label for chooser in (screen.made_by._model, screen.made_by._method)
             for label, _value in chooser.options]  # fmt: skip
    assert any("HLA class II ligands" in card and "Not for" in card for card in cards)
    screen.made_by.choose(model="ligand", method="gaussian-mixture")
    assert screen._picture.fingerprint.method == "gaussian-mixture"
    assert "gaussian-mixture" in screen._python.value
    assert "What it means" in words(screen)


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


def test_a_click_on_a_cell_or_a_part_of_a_bar_shows_its_peptides(stocked):
    screen = Comparison(stocked, "first", "second")
    screen._clicked({"a": "first", "b": "second", "value": 0.1})
    assert screen.table.total == 10
    screen._clicked({"run": "second", "length": 9})
    nonamers = screen.table.frame
    assert (nonamers["length"] == 9).all()
    held = set(stocked.features("second")["sequence"])
    assert set(nonamers["sequence"]) == {one for one in held if len(one) == 9}
    screen._clicked({"sequence": nonamers["sequence"].iloc[0]})
    assert "What is known about" in words(screen.stage)


def test_what_can_be_clicked_can_be_chosen_from_a_list_too(stocked):
    screen = Comparison(stocked, "first", "second")
    assert [value for _label, value in screen.which.options] == [
        "", "first", "second", "first & second",
    ]  # fmt: skip
    screen.which.value = "first & second"
    assert screen.table.total == 10


def test_peptides_of_one_side_only_are_drawn_by_protein_and_a_bar_shows_them(stocked):
    screen = Comparison(stocked, "first", "second")
    assert screen.side.value == "first"
    rows = screen._of_sources
    only = set(stocked.features("first")["sequence"]) - set(stocked.features("second")["sequence"])
    assert set(" ".join(rows["sequences"]).split()) == only
    screen._clicked({"source": rows["source"].iloc[0], "peptides": 1})
    assert set(screen.table.frame["sequence"]) == set(rows["sequences"].iloc[0].split())
    screen.side.value = "second"
    assert screen._waterfall.children[0].file_name == "only-in-second"


def test_only_what_differs_between_runs_is_listed(stocked):
    stocked.annotate("first", condition="treated")
    stocked.annotate("second", condition="control")
    screen = Comparison(stocked, "first", "second")
    table = next(one for one in _all(screen) if getattr(one, "caption", "") == "Only what differs")
    assert table.frame["condition"].tolist() == ["treated", "control"]
    assert table.frame["peptides"].tolist() == [60, 70]
    assert "Reader version" not in [column["title"] for column in table.columns]


def test_a_search_finds_the_peptide_itself_and_marks_what_differs(stocked):
    sequence = stocked.features("first")["sequence"].iloc[0]
    screen = Search(stocked, sequence)
    assert screen.result.exact[0].sequence == sequence
    assert "By likeness" in words(screen)


def test_a_hit_has_the_median_of_its_quantities_where_they_are_of_one_kind(
    wb, tmp_path, make_sequences
):
    peptides = make_sequences(60)
    for name, kind, factor in (("a", "Intensity", 1), ("b", "Intensity", 3), ("c", "PSMs", 1)):
        held = peptides if name != "c" else peptides[1:]
        rows = [f"{one}\t{(place + 1) * factor}" for place, one in enumerate(held)]
        (tmp_path / f"{name}.tsv").write_text("\n".join([f"Peptide\t{kind}", *rows]) + "\n")
        wb.upload(tmp_path / f"{name}.tsv", embed=True)
    for sequence, said in ((peptides[0], "2 (1\N{EN DASH}3)"), (peptides[1], "of several kinds")):
        screen = Search(wb, sequence)
        exact = next(one for one in _all(screen) if getattr(one, "caption", "").endswith("letters"))
        (row,) = exact.frame[exact.frame["sequence"] == sequence].to_dict("records")
        assert row["quantity"] == said
        assert row["in_runs"] == (2 if sequence == peptides[0] else 3)


def test_a_search_for_nonsense_says_what_a_sequence_is(stocked):
    screen = Search(stocked, "not a peptide 7")
    assert "ot-fail" in words(screen)


def test_the_quality_of_a_run_is_said_with_its_checks(stocked):
    screen = Quality(stocked, "first")
    (checks,) = [one for one in _all(screen) if isinstance(one, Table)]
    assert "Length profile" in set(checks.frame["check"])
    assert "60 peptides" in " ".join(checks.frame["reason"])


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


def test_a_card_has_runs_quantities_proteins_and_a_way_to_predictions(stocked):
    shared = sorted(
        set(stocked.features("first")["sequence"]) & set(stocked.features("second")["sequence"])
    )[0]
    screen = Explanation(stocked, "first", shared)
    tables = {one.caption: one for one in _all(screen) if isinstance(one, Table)}
    assert tables["Quantity in each run"].frame["run"].tolist() == ["first", "second"]
    said = words(screen)
    assert "As the file names them" in said
    assert "wb.predictions_add" in said
    assert "<details><summary>" in said


@pytest.mark.parametrize(
    "screen",
    [
        lambda wb: Dashboard(wb),
        lambda wb: Quality(wb, "first"),
        lambda wb: Fingerprint(wb, "first"),
        lambda wb: Comparison(wb, "first", "second"),
        lambda wb: Search(wb, "SIINFEKL"),
        lambda wb: Upload(wb),
    ],
)
def test_a_screen_has_at_most_seven_controls_in_sight_and_each_has_a_name(stocked, screen):
    controls = list(_in_sight(screen(stocked).body))
    own = [one for one in controls if getattr(one, "tooltip", None) is None or
           not str(one.tooltip).startswith("Show only the peptides of")]  # fmt: skip
    assert len(own) <= 7, [one.description for one in own]
    for control in controls:
        assert control.description or control.tooltip or getattr(control, "placeholder", "")


def _in_sight(widget):
    """Yield the controls that are shown before anything is unfolded."""
    if widget.layout.display == "none":
        return
    if isinstance(widget, iw.Button | iw.ToggleButton | iw.Text | iw.Dropdown | iw.Checkbox):
        yield widget
    if isinstance(widget, iw.Accordion | iw.Tab):
        return
    for child in getattr(widget, "children", ()):
        yield from _in_sight(child)


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
