"""Proteomes, predictions and lists at the command line: exit codes, JSON, words."""

from __future__ import annotations

import json

import pytest
from fasta_files import MHCFLURRY
from typer.testing import CliRunner

from omicstoken_kernel.cli import app


@pytest.fixture
def files(tmp_path):
    found = {
        "list": ("ligands.txt", "SIINFEKL\nGILGFVFTL\nNLVPMVATV\n"),
        "fasta": ("human.fasta", ">sp|P1|A GN=<b>G</b>\nMKSIINFEKLGILGFVFTLK\n"),
        "csv": ("f.csv", MHCFLURRY),
    }
    for key, (name, text) in found.items():
        (tmp_path / name).write_text(text)
        found[key] = tmp_path / name
    return found


def call(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def document(*arguments):
    code, out, err = call(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_proteome_is_added_mapped_listed_and_removed(files, tmp_path):
    document("upload", files["list"])
    added = document("proteome", "add", files["fasta"])
    assert (added["status"], added["proteins"], added["genes"]) == ("stored", 1, 1)
    assert document("proteome", "add", files["fasta"])["status"] == "known"
    places = tmp_path / "places.csv"
    mapped = document("proteome", "map", "ligands", "--to", places)
    assert (mapped["peptides"], mapped["mapped"], mapped["proteome"]) == (3, 2, "human")
    assert len(places.read_text().splitlines()) == 3
    assert [each["name"] for each in document("proteome", "list")] == ["human"]
    assert "P1 (<b>G</b>) 3–10" in call("explain", "ligands", "SIINFEKL")[1]
    assert document("proteome", "remove", "human", "--yes")["name"] == "human"
    assert document("proteome", "list") == []


def test_predictions_are_added_listed_and_removed(files):
    document("upload", files["list"])
    added = document("predictions", "add", "ligands", files["csv"])
    assert (added["tool"], added["counts"]["peptides_joined"]) == ("MHCflurry", 2)
    assert "MHCflurry" in call("predictions", "list", "ligands")[1]
    assert "Computed by MHCflurry" in call("explain", "ligands", "GILGFVFTL")[1]
    document("predictions", "remove", added["prediction_id"])
    assert document("predictions", "list", "ligands") == []


def test_a_list_goes_out_with_its_command(files, tmp_path):
    document("upload", files["list"])
    document("runs", "annotate", "ligands", "--hla", "A0201")
    found = document("export", "ligands", "--for", "netmhcpan", "--to", tmp_path / "out.txt")
    assert (found["records"], found["alleles"]) == (3, ["HLA-A02:01"])
    _, out, _ = call("export", "ligands", "--for", "netmhcpan", "--to", tmp_path / "out.txt")
    assert f"Run: netMHCpan -p {tmp_path}/out.txt -a HLA-A02:01" in out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("proteome", "map", "ligands"), 3, "There is no proteome yet."),
        (("proteome", "map", "nobody"), 3, "no run"),
        (("proteome", "add", "missing.fasta"), 2, "There is no file"),
        (("proteome", "remove", "missing", "--yes"), 3, "There is no proteome 'missing'"),
        (("predictions", "add", "ligands", "missing.xls"), 2, "There is no file"),
        (("predictions", "remove", "pred_0"), 3, "There is no prediction 'pred_0'"),
        (
            ("export", "ligands", "--for", "netmhcpan", "--format", "csv", "--to", "x"),
            2,
            "--format csv was given beside --for netmhcpan",
        ),
    ],
)
def test_what_cannot_be_done_is_told_with_its_exit_code(files, arguments, code, told):
    document("upload", files["list"])
    found, _, err = call(*arguments)
    assert (found, told in err) == (code, True), err
    assert call(*arguments, "--json")[0] == code


def test_of_several_proteomes_one_must_be_named(files, tmp_path):
    document("upload", files["list"])
    document("proteome", "add", files["fasta"])
    other = tmp_path / "mouse.fasta"
    other.write_text(">M1\nMKGILGFVFTL\n")
    document("proteome", "add", other)
    code, _, err = call("proteome", "map", "ligands")
    assert (code, "Say which with --proteome." in err) == (2, True)
    assert document("proteome", "map", "ligands", "--proteome", "mouse")["mapped"] == 1
