"""What every reader promises, asked of every reader in the registry."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from ingest_files import MAKERS, features_of

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest import FEATURES, ReadOptions, formats, preview, read
from omicstoken_kernel.ingest._registry import readers
from omicstoken_kernel.ingest._source import open_source

FORMATS = [info.name for info in formats()]
_ONE_CONTAMINANT = r"(?i)(con(t_|tam_|__)|#contam#)[\w|]+"
DOCS = Path(__file__).parents[2] / "docs" / "formats.md"


@pytest.fixture(params=FORMATS)
def made(request, tmp_path):
    """A made-up file of each format, with its name."""
    return request.param, MAKERS[request.param](tmp_path)


def test_every_reader_has_made_up_data_and_no_data_lacks_a_reader():
    assert set(MAKERS) == set(FORMATS)


def test_a_file_is_recognised_by_content_whatever_it_is_called(made):
    name, expected = made
    assert read(expected.path).format == name


def test_the_features_are_the_golden_ones(made):
    _, expected = made
    assert features_of(read(expected.path)) == expected.features


def test_the_ledger_says_what_became_of_every_row_and_cell(made):
    _, expected = made
    ledger = read(expected.path).ledger
    assert (ledger.rows_in, ledger.used, ledger.merged) == (
        expected.rows_in,
        expected.used,
        expected.merged,
    )
    assert ledger.filtered == expected.filtered
    assert ledger.rejected == expected.rejected
    cells = (
        ledger.cells_in,
        ledger.cells_merged,
        ledger.cells_empty,
        sum(ledger.cells_rejected.values()),
    )
    assert cells == expected.cells
    assert ledger.features == len(expected.features)
    ledger.check()


def test_the_table_has_exactly_the_declared_schema_and_is_grouped_by_run(made):
    _, expected = made
    parsed = read(expected.path)
    assert parsed.features.schema.equals(FEATURES)
    assert parsed.features.validate(full=True) is None
    runs = parsed.features["run"].to_pylist()
    assert runs == sorted(runs)
    for field in FEATURES:
        if not field.nullable:
            assert parsed.features[field.name].null_count == 0


def test_every_rejection_names_line_value_and_reason_in_the_order_of_the_file(made):
    _, expected = made
    parsed = read(expected.path)
    rejected = sum(expected.rejected.values()) + expected.cells[3]
    assert len(parsed.rejections) == rejected
    lines = [rejection.line for rejection in parsed.rejections]
    assert lines == sorted(lines)
    text = expected.path.read_text(encoding="utf-8").splitlines()
    for rejection in parsed.rejections:
        assert rejection.reason
        assert rejection.value.split("...")[0].strip() in text[rejection.line - 1]


def test_reading_twice_gives_the_same(made):
    _, expected = made
    first, second = read(expected.path), read(expected.path)
    assert first.features.equals(second.features)
    assert replace(first, features=second.features) == second


def test_other_readers_leave_the_file_alone(made):
    name, expected = made
    head = open_source(expected.path).head
    sure = {other: reader.sniff(head, "") for other, reader in readers().items()}
    assert max(sure, key=lambda other: sure[other]) == name
    for other, confidence in sure.items():
        assert 0 <= confidence <= 1
        if other not in (name, "generic"):
            assert confidence == 0


def test_a_wrong_format_named_by_the_user_is_a_clear_error_or_a_balanced_reading(made):
    name, expected = made
    for other in FORMATS:
        if other == name:
            continue
        problem = None
        try:
            read(expected.path, ReadOptions(format=other)).ledger.check()
        except InputError as error:
            problem = error
        if problem is not None:
            assert problem.message
            assert problem.hint


def test_a_header_alone_is_refused_unless_it_is_a_peptide(made, tmp_path):
    name, expected = made
    header = tmp_path / "header only"
    header.write_bytes(expected.path.read_bytes().split(b"\n")[0] + b"\n")
    if name == "ligand_list":
        assert read(header).ledger.rows_in == 1
    else:
        with pytest.raises(InputError, match="no rows"):
            read(header)


def test_a_preview_shows_what_an_upload_would_store(made):
    name, expected = made
    shown = preview(expected.path, name="as uploaded.tsv").as_json()
    assert shown["format"] == name
    assert 0.2 <= shown["confidence"] <= 1
    assert shown["why"]
    assert shown["columns"]
    assert shown["ledger"]["rows_in"] == expected.rows_in
    assert sum(run["features"] for run in shown["runs"]) == len(expected.features)
    assert [row["proforma"] for row in shown["preview"]] == [f[1] for f in expected.features[:10]]


def test_a_file_without_run_names_is_called_what_the_user_called_it(tmp_path):
    made_file = MAKERS["ligand_list"](tmp_path)
    kept = tmp_path / "0123456789abcdef"
    made_file.path.rename(kept)
    assert read(kept, name="donor 7 <HLA-A*02>.txt").runs[0].name == "donor 7 <HLA-A*02>"
    assert read(kept, ReadOptions(run_name="mine")).runs[0].name == "mine"
    assert read(kept, name="a.txt").runs[0].key == read(kept, name="b.txt").runs[0].key


def test_unfiltered_keeps_what_the_threshold_would_take(made):
    _, expected = made
    parsed = read(expected.path, ReadOptions(unfiltered=True))
    assert not any("q-value" in reason for reason in parsed.ledger.filtered)
    assert parsed.ledger.features >= len(expected.features)


def test_another_threshold_gives_the_same_runs(made):
    _, expected = made
    first, second = read(expected.path), read(expected.path, ReadOptions(q_value=0.6))
    assert [run.key for run in first.runs] == [run.key for run in second.runs]
    assert second.ledger.features >= first.ledger.features


@pytest.mark.parametrize("threshold", [-0.1, 1.5, 5])
def test_a_threshold_outside_0_to_1_is_refused(made, threshold):
    with pytest.raises(InputError, match="expected a number from 0 to 1"):
        read(made[1].path, ReadOptions(q_value=threshold))


def test_dropping_contaminants_drops_those_whose_every_protein_is_one(made):
    _, expected = made
    kept = read(expected.path)
    parsed = read(expected.path, ReadOptions(drop_contaminants=True))
    dropped = parsed.ledger.filtered.get("contaminant", 0)
    flagged = kept.features.filter(kept.features["contaminant"])
    only = [p for p in flagged["proteins"].to_pylist() if re.fullmatch(_ONE_CONTAMINANT, p)]
    assert dropped == len(only)


@pytest.mark.parametrize("info", formats(), ids=lambda info: info.name)
def test_every_format_has_its_section_in_the_documentation(info):
    text = DOCS.read_text(encoding="utf-8")
    assert f"`{info.name}`" in text
    section = text.split(f"`{info.name}`", 1)[1].split("\n## ")[0]
    for heading in ("Columns", "Runs", "Filters", "Merging", "Units", "Limits"):
        assert f"**{heading}" in section, f"{info.name} has no {heading}"
