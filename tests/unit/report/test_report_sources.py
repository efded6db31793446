"""What the card of a peptide in a report says of proteins and of other programs."""

from __future__ import annotations

import pandas as pd
import pytest
from fasta_files import MHCFLURRY, NETMHCPAN_TEXT

from omicstoken_kernel.analysis.prediction_join import add_predictions
from omicstoken_kernel.analysis.proteome_map import map_run
from omicstoken_kernel.annotation_verbs import add_proteome
from omicstoken_kernel.report.columns import encode
from omicstoken_kernel.report.insight.sources import source_columns
from omicstoken_kernel.report.peptide_fields import fields_of, ordered
from omicstoken_kernel.store.runs import Runs


@pytest.fixture
def run(ctx, store_runs, tmp_path):
    (found,) = store_runs(ctx, {"a": ["SIINFEKL", "GILGFVFTL", "WWWWWWWW"]})
    return Runs(ctx).annotate(found.id, hla=("HLA-A*02:01",))


def test_without_mapping_and_predictions_there_is_nothing(ctx, run):
    assert list(source_columns(ctx, run).columns) == ["sequence"]


def test_places_and_predictions_stand_beside_each_other(ctx, run, tmp_path):
    path = tmp_path / "p.fasta"
    path.write_text("".join(f">P{n} GN=<b>\nMKSIINFEKL\n" for n in range(7)))
    map_run(ctx, run.id, add_proteome(ctx, path)[0].id)
    for name, content in (("a.txt", NETMHCPAN_TEXT), ("f.csv", MHCFLURRY)):
        (tmp_path / name).write_text(content)
        add_predictions(ctx, run.id, tmp_path / name)
    found = source_columns(ctx, run).set_index("sequence")
    own = found.loc["SIINFEKL"]
    assert own["genes"] == "<b>"
    assert own["places"].startswith("P0 3–10 MK.SIINFEKL.-; P1 3–10")
    assert own["places"].endswith("; 2 more")
    assert "NetMHCpan 4.1b: HLA-A*02:01 %Rank_EL 9.986" in own["predicted"]
    ligand = found.loc["GILGFVFTL"]
    assert ligand["places"] == ""
    assert "MHCflurry: HLA-A*02:01 presentation_percentile 0.01" in ligand["predicted"]
    assert "%Rank_EL 0.009 SB" in ligand["predicted"]
    assert "WWWWWWWW" not in found.index


def test_the_card_has_a_field_for_each(ctx, run):
    frame = pd.DataFrame(
        {"sequence": ["A"], "genes": ["G"], "places": ["P 1–2"], "predicted": [""]}
    )
    fields = {each["name"]: each for each in fields_of(encode(ordered(frame)))}
    assert {"genes", "places", "predicted"} <= set(fields)
    assert not any(fields[name]["column"] for name in ("genes", "places", "predicted"))
