"""Lists for other programs: what each takes, in its spelling; what is left out is counted."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pyarrow as pa
import pytest

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.export.allele_names import spell
from omicstoken_kernel.export.lists import PROGRAMS, write_list
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads

PEPTIDES = [
    "A" * 7, "GILGFVFTL", "NLVPMVATV", "A" * 8, "C" * 14, "D" * 15, "E" * 16, "SIXNFEKLA", "F" * 51,
]  # fmt: skip
TYPES = ("HLA-A*02:01:01", "B7", "DRB1*01:01", "DQA1*05:01", "DQB1*02:01")


@pytest.fixture
def run(ctx, store_runs):
    (found,) = store_runs(ctx, {"it's a run": PEPTIDES})
    return Runs(ctx).annotate(found.id, hla=TYPES)


def lines(result):
    text = result.path.read_bytes().decode("ascii")
    assert text.endswith("\n")
    assert "\r" not in text
    return text.splitlines()


@pytest.mark.parametrize(
    ("program", "kept", "left_out"),
    [
        ("netmhcpan", {8, 9, 14}, 5),
        ("mixmhcpred", {8, 9, 14}, 5),
        ("netmhciipan", {9, 14, 15, 16, 51}, 3),
        ("gibbscluster", {9, 14, 15, 16}, 4),
    ],
)
def test_a_list_has_one_peptide_a_line_and_no_header(ctx, run, tmp_path, program, kept, left_out):
    result = write_list(ctx, run.id, tmp_path / "list.txt", program=program)
    found = lines(result)
    assert {len(peptide) for peptide in found} == kept
    assert found == sorted(set(found))
    assert sum(result.left_out.values()) == left_out == len(PEPTIDES) - result.records
    json.dumps(result.as_json(), allow_nan=False)


def test_mhcflurry_gets_a_row_for_every_pair(ctx, run, tmp_path):
    result = write_list(ctx, run.id, tmp_path / "list.csv", program="mhcflurry")
    header, *rows = lines(result)
    assert header == "allele,peptide"
    assert rows == [f"HLA-A*02:01,{peptide}" for peptide in sorted(each[12:] for each in rows)]
    assert len(rows) == result.records == 5


def test_without_types_the_command_says_what_is_missing(ctx, store_runs, tmp_path):
    (run,) = store_runs(ctx, {"untyped": PEPTIDES})
    pairs = write_list(ctx, run.id, tmp_path / "a.csv", program="mhcflurry")
    assert lines(pairs)[0] == "peptide"
    assert "column 'allele' is missing" in pairs.notes[0]
    plain = write_list(ctx, run.id, tmp_path / "a.txt", program="netmhcpan")
    assert "-a ALLELES" in plain.command
    assert "put in ALLELES" in plain.notes[0]
    assert write_list(ctx, run.id, tmp_path / "a.txt", program="gibbscluster").notes == ()


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_command_line_can_be_pasted_into_a_shell(ctx, run, tmp_path, program):
    path = tmp_path / "a list's; rm.txt"
    result = write_list(ctx, run.id, path, program=program)
    words = shlex.split(result.command)
    assert str(path) in words
    if program == "netmhcpan":
        assert words[words.index("-a") + 1] == "HLA-A02:01"
        assert result.alleles_left_out["B7"].startswith("typed by serotype")
    if program == "netmhciipan":
        assert words[words.index("-a") + 1] == "DRB1_0101,HLA-DQA10501-DQB10201"
        assert "every pair of them is named" in result.notes[0]


def test_class_one_ligands_go_to_gibbscluster_with_its_configuration(
    ctx, store_runs, make_sequences, tmp_path
):
    (run,) = store_runs(ctx, {"ligands": [*make_sequences(200, lengths=(9, 9)), "A" * 14]})
    result = write_list(ctx, run.id, tmp_path / "a.txt", program="gibbscluster")
    assert result.command.endswith("-C -D 4 -I 1")
    assert result.left_out == {"longer than 13 residues": 1}


def test_modifications_are_not_written_and_counted(ctx, make_parsed, tmp_path):
    parsed = make_parsed({"a": ["GILGFVFTL", "NLVPMVATV", "NLVPMVATV"]})
    forms = ["GILGFVFTL", "NLVPM[Oxidation]VATV", "NLVPM[Oxidation]VATV"]
    place = parsed.features.schema.get_field_index("proforma")
    features = parsed.features.set_column(
        place, parsed.features.schema.field(place), pa.array(forms)
    )
    upload = Uploads(ctx).add(name="m.tsv", sha256="1" * 64, size_bytes=1, options={})
    (run,) = Features(ctx).replace(upload.id, replace(parsed, features=features), {})
    result = write_list(ctx, run.id, tmp_path / "a.txt", program="netmhcpan")
    assert lines(result) == ["GILGFVFTL", "NLVPMVATV"]
    assert result.modified_only == 1


def test_a_run_without_a_fitting_peptide_writes_nothing(ctx, store_runs, tmp_path):
    (run,) = store_runs(ctx, {"short": ["AAAK", "CCCK"]})
    with pytest.raises(InputError, match="2 shorter than 8 residues"):
        write_list(ctx, run.id, tmp_path / "a.txt", program="netmhcpan")
    assert not (tmp_path / "a.txt").exists()


def test_an_unknown_program_and_a_foreign_run_are_refused(ctx, run, other, tmp_path):
    with pytest.raises(InputError, match="There is no list for 'netchop'"):
        write_list(ctx, run.id, tmp_path / "a", program="netchop")
    with pytest.raises(NotFound):
        write_list(other(ctx), run.id, tmp_path / "a", program="netmhcpan")


@pytest.mark.parametrize(
    ("hla", "program", "alleles", "left_out"),
    [
        (["A*02:01", "A0201", "HLA-A02:01"], "netmhcpan", ["HLA-A02:01"], []),
        (["HLA-C*07:02"], "mixmhcpred", ["C0702"], []),
        (["H2-Kb", "H-2-IAb"], "netmhcpan", ["H-2-Kb"], ["H-2-IAb"]),
        (["H2-Kb"], "mhcflurry", ["H2-K*b"], []),
        (["H2-Kb"], "mixmhcpred", [], ["H2-Kb"]),
        (["H-2-IAb", "H2-Kb"], "netmhciipan", ["H-2-IAb"], ["H2-Kb"]),
        (["HLA-A*24:09N"], "netmhcpan", [], ["HLA-A*24:09N"]),
        (["A2", "HLA-B*07", "nonsense"], "netmhcpan", [], ["A2", "HLA-B*07", "nonsense"]),
        (["DPA1*01:03/DPB1*04:01"], "netmhciipan", ["HLA-DPA10103-DPB10401"], []),
        (["DRA*01:01/DRB1*15:01"], "netmhciipan", ["DRB1_1501"], []),
        (["DQB1*02:01"], "netmhciipan", [], ["DQB10201"]),
        (["HLA-A*02:01"], "netmhciipan", [], ["HLA-A*02:01"]),
    ],
)
def test_each_program_spells_alleles_its_own_way(hla, program, alleles, left_out):
    found = spell(hla, program)
    assert (found.alleles, list(found.left_out)) == (alleles, left_out)
