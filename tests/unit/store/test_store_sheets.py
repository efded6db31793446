"""Sample sheets laid beside runs: what matches, what is refused, and that nothing is half done."""

from __future__ import annotations

import pytest

from omicstoken_kernel import Workbench
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.store.sheets import WRITTEN


@pytest.fixture
def bench(tmp_path):
    """Return a workspace with the runs r1, r2 and r3, of one file each."""
    found = Workbench(home=tmp_path / "home", user="ana")
    for name, peptide in {"r1": "SIINFEKL", "r2": "GILGFVFTL", "r3": "NLVPMVATV"}.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Sequence,Charge,Intensity\n{peptide},2,10\n", encoding="ascii")
        found.upload(path)
    return found


@pytest.fixture
def sheet(tmp_path):
    def write(text: str):
        path = tmp_path / "sheet.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def state(bench):
    return [bench.run(name) for name in ("r1", "r2", "r3")]


def test_rows_are_matched_by_name_by_raw_file_and_by_id(bench, sheet):
    third = bench.run("r3").id
    text = f"run,condition,fraction\nr1,a,1\nC:\\data\\R2.raw,b,2\n{third},c,3\n"
    result = bench.annotate_sheet(sheet(text))
    assert [run.lines for run in result.runs] == [(2,), (3,), (4,)]
    assert [(r.sample.condition, r.fraction) for r in state(bench)] == [
        ("a", "1"), ("b", "2"), ("c", "3")
    ]  # fmt: skip
    assert (result.rows_without_run, result.runs_without_row) == ((), ())


def test_hla_and_free_fields_reach_the_sample_and_what_was_known_stays(bench, sheet):
    bench.annotate("r1", donor="p1", extra={"tissue": "lung", "age": 50})
    bench.annotate_sheet(sheet("run,sample,hla,age,note\nr1,S,A0201/A2,51,x\nr2,S,A0201/A2,51,y\n"))
    first, second, _ = state(bench)
    assert first.sample == second.sample
    assert (first.sample.name, first.sample.donor) == ("S", "p1")
    assert first.sample.hla == ("HLA-A*02:01", "HLA-A2")
    assert first.sample.extra == {"tissue": "lung", "age": "51", WRITTEN: ["A0201", "A2"]}


def test_what_was_written_of_earlier_hla_types_goes_with_them(bench, sheet):
    bench.annotate_sheet(sheet("run,sample,hla,note\nr1,S,A2,x\n"))
    assert bench.run("r1").sample.extra == {WRITTEN: ["A2"], "note": "x"}
    bench.annotate_sheet(sheet("run,sample,condition\nr1,S,c\n"))  # says nothing of HLA
    assert bench.run("r1").sample.extra == {WRITTEN: ["A2"], "note": "x"}
    bench.annotate_sheet(sheet("run,sample,hla\nr1,S,HLA-B*07:02\n"))
    sample = bench.run("r1").sample
    assert (sample.hla, sample.extra) == (("HLA-B*07:02",), {"note": "x"})


def test_what_is_left_over_on_either_side_is_told(bench, sheet):
    result = bench.annotate_sheet(sheet("run,sample,note\nr1,S,x\nr2,S,y\nr9,S,z\n"))
    assert result.rows_without_run == ((4, "r9"),)
    assert result.runs_without_row == ((bench.run("r3").id, "r3"),)
    assert result.varying_columns == ("note",)


def test_a_dry_run_tells_the_same_and_writes_nothing(bench, sheet):
    path = sheet("run,sample,condition,hla\nr1,S,tumour,A2\n")
    before = state(bench)
    looked = bench.annotate_sheet(path, dry_run=True)
    assert state(bench) == before
    assert looked.runs == bench.annotate_sheet(path).runs
    assert looked.runs[0].changes["condition"] == (None, "tumour")
    assert bench.annotate_sheet(path).runs[0].changes == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("run,sample\nr1,a\nr1.raw,b\n", "run 'r1'.*'a' in line 2 and 'b' in line 3"),
        ("run,sample,donor\nr1,S,p1\nr2,S,p2\n", "sample 'S'.*'p1' in line 2 and 'p2' in line 3"),
        ("run,hla\nr1,A2\nr1,A3\n", "hla is 'HLA-A2' in line 2 and 'HLA-A3' in line 3"),
        ("run,sample\nr8,a\n", "line 2 has 'r8'; your runs are r1, r2, r3"),
        ("run,sample\nr1,a\nr2,b\0\n", "NUL"),
    ],
)
def test_a_sheet_that_is_refused_changes_nothing(bench, sheet, text, reason):
    before = state(bench)
    with pytest.raises(InputError, match=reason):
        bench.annotate_sheet(sheet(text))
    assert state(bench) == before


def test_a_row_that_could_be_several_runs_is_refused_with_their_ids(bench, sheet):
    from omicstoken_kernel.store.runs import Runs

    ids = [bench.run("r1").id, bench.run("r2").id]
    Runs(bench.context).rename(ids[1], "r1")
    with pytest.raises(InputError, match=f"line 2: 'r1' could be 2 runs: {', '.join(ids)}"):
        bench.annotate_sheet(sheet("run,condition\nr1,a\n"))
    result = bench.annotate_sheet(sheet(f"run,condition\n{ids[0]},a\n"))
    assert [run.run_id for run in result.runs] == ids[:1]


def test_someone_elses_runs_are_not_seen(bench, sheet, tmp_path):
    other = Workbench(home=tmp_path / "home", user="bob")
    with pytest.raises(InputError, match="your runs are none yet"):
        other.annotate_sheet(sheet("run,condition\nr1,a\n"))


TMT = ("ProteinName,PeptideSequence,Charge,PSM,Mixture,TechRepMixture,Run,Channel,Condition,"
       "BioReplicate,Intensity\n")  # fmt: skip


def labelled(bench, tmp_path, channels):
    path = tmp_path / "tmt.csv"
    rows = [
        f"P1,AAK,2,a_2,M,1,m1.raw,{channel},N,N1,{n}\n" for n, channel in enumerate(channels, 1)
    ]
    path.write_text(TMT + "".join(rows), encoding="ascii")
    return bench.upload(path).runs


SDRF = "source name\tcomment[data file]\tcomment[label]\tfactor value[disease]\n"


@pytest.mark.parametrize("channels", [("126", "127N", "127C"), ("1", "2", "3")])
def test_the_channels_of_a_labelled_file_are_found_by_their_labels(
    bench, sheet, tmp_path, channels
):
    runs = labelled(bench, tmp_path, channels)
    text = SDRF + "".join(
        f"s{label}\tD:/m1.raw\t{label}\td{label}\n" for label in ("TMT127C", "TMT126", "TMT127N")
    )
    result = bench.annotate_sheet(sheet(text))
    found = [bench.run(run.id).sample for run in runs]
    assert [sample.name for sample in found] == ["sTMT126", "sTMT127N", "sTMT127C"]
    assert [sample.condition for sample in found] == ["dTMT126", "dTMT127N", "dTMT127C"]
    assert result.rows_without_run == ()


def test_a_channel_that_no_run_has_is_left_over(bench, sheet, tmp_path):
    labelled(bench, tmp_path, ("126", "127N"))
    text = "raw file,channel,sample\nm1.raw,126,a\nm1.raw,131C,b\n"
    assert bench.annotate_sheet(sheet(text)).rows_without_run == ((3, "m1.raw"),)


def test_label_free_rows_name_the_raw_file_alone(bench, sheet):
    text = SDRF + "s1\tr1.raw\tAC=MS:1002038;NT=label free sample\td\n"
    bench.annotate_sheet(sheet(text))
    assert bench.run("r1").sample.name == "s1"
