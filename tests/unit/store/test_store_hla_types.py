"""HLA types said by hand are read as a sheet's are, and stay as written beside that."""

import pytest

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.hla_types import annotate_one
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.sheets import WRITTEN


@pytest.fixture
def run(ctx, store_runs):
    return store_runs(ctx, {"r": ["SIINFEKL"]})[0]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("A2", ["HLA-A2"]),
        ("A0201", ["HLA-A*02:01"]),
        ("HLA-A02:01", ["HLA-A*02:01"]),
        ("HLA-A*02:01; HLA-B*07:02", ["HLA-A*02:01", "HLA-B*07:02"]),
        ("DQA1*05:01/DQB1*02:01", ["HLA-DQA1*05:01/DQB1*02:01"]),
        ("DQA10501-DQB10201", ["HLA-DQA1*05:01/DQB1*02:01"]),
        ("H2-Kb, H-2-Db", ["H2-Kb", "H2-Db"]),
        (["A0201", "A*02:01"], ["HLA-A*02:01"]),
        ("", []),
        (None, []),
    ],
)
def test_every_spelling_is_stored_as_the_nomenclature_has_it(ctx, run, written, stored):
    assert list(annotate_one(ctx, run, {"hla": written}).sample.hla) == stored


def test_what_was_written_is_kept_where_it_differs_and_goes_with_it(ctx, run):
    Runs(ctx).annotate(run.id, extra={"sex": "f"})
    found = annotate_one(ctx, Runs(ctx).get(run.id), {"hla": "A2;A0301", "condition": "c"})
    assert found.sample.extra == {"sex": "f", WRITTEN: ["A2", "A0301"]}
    assert found.sample.condition == "c"
    again = annotate_one(ctx, found, {"hla": ["HLA-A*03:01"]})
    assert again.sample.extra == {"sex": "f"}


@pytest.mark.parametrize("nonsense", ["XYZ", "A99", "HLA-", "A*02:01;tumour", "H2-Kx"])
def test_nonsense_is_refused_with_how_to_write_it_and_changes_nothing(ctx, run, nonsense):
    annotate_one(ctx, run, {"hla": "B7"})
    with pytest.raises(InputError, match="is no HLA type") as refused:
        annotate_one(ctx, run, {"hla": nonsense})
    assert "HLA-A*02:01" in refused.value.hint
    assert Runs(ctx).get(run.id).sample.hla == ("HLA-B7",)
