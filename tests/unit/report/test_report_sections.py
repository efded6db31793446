"""The sections of both reports, laid out from facts of small runs."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from omicstoken_kernel.analysis.wording import signed
from omicstoken_kernel.embedding import load_model, model_cards
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.report import comparison, insight
from omicstoken_kernel.report.comparison.differences import cluster_shares_frame
from omicstoken_kernel.report.insight.quality import ledger_frame
from omicstoken_kernel.report.sections import MIME
from omicstoken_kernel.store.runs import Runs

INSIGHT = ("head", "minute", "composition", "quality", "standing", "peptides", "provenance")
COMPARISON = (
    "head", "minute", "shared", "differences", "abundance", "lengths", "peptides", "mind",
    "provenance",
)  # fmt: skip


def ligands(count, seed, ends=("LV", "YF")):
    """Distinct made-up 9-mers with second and last residues of a motif each."""
    draw = np.random.default_rng(seed)
    letters = list("ACDEFGHIKLMNPQRSTVWY")
    found = {}
    while len(found) < count:
        second, last = ends[len(found) % len(ends)]
        found[f"{draw.choice(letters)}{second}{''.join(draw.choice(letters, 6))}{last}"] = None
    return list(found)


@pytest.fixture
def embedded(ctx, store_runs):
    """A function that stores runs and embeds them."""

    def store(runs, **options):
        found = store_runs(ctx, runs, **options)
        encode_runs(ctx, [run.id for run in found], model=load_model("anchor", ctx.settings))
        return found

    return store


def shown(module, names, facts):
    """Every section of a report as the notebook carries it, by name."""
    return {
        name: json.loads(json.dumps(getattr(module, name)(facts)._repr_mimebundle_()))[MIME]
        for name in names
    }


def columns(payload, table):
    return {column["name"] for column in payload["tables"][table]["columns"]}


def test_an_insight_report_tells_what_the_run_holds(ctx, embedded):
    first = ligands(120, 1)
    runs = embedded({"mine": first, "other": [*first[:30], *ligands(40, 2)]})
    Runs(ctx).annotate(runs[0].id, donor="D1", hla=("HLA-A*02:01",))
    facts = insight.gather(ctx, "mine")
    told = shown(insight, INSIGHT, facts)

    assert re.search(r"<dt>Peptides</dt><dd>120", told["head"]["html"])
    assert "HLA-A*02:01" in told["head"]["html"]
    assert 1 <= told["minute"]["html"].count("<li>") <= 6
    links = set(re.findall(r"#(\w+)", told["minute"]["html"]))
    assert {"composition", "quality", "standing"} <= links <= set(INSIGHT)
    assert told["composition"]["html"].count('class="motif"') == len(facts.fingerprint.clusters)
    assert set(told["quality"]["figures"]) == {"lengths"}
    assert re.search(r'other.*?class="n">30<', told["standing"]["html"], re.DOTALL)
    assert told["peptides"]["tables"]["peptides"]["rows"] == 120
    assert {"quantity", "proteins", "other_runs", "x", "y"} <= columns(told["peptides"], "peptides")
    assert told["peptides"]["tables"]["occurrences"]["rows"] == 30
    for fact in (facts.run.peptides_digest, facts.upload.sha256, facts.fingerprint.model_key):
        assert fact in told["provenance"]["html"]
    card = model_cards()["anchor"]
    for fact in (card.name, card.used_for, card.not_for):
        assert fact in told["provenance"]["html"]
    assert f"--run {facts.run.id}" in told["provenance"]["html"]


def test_the_cards_sizes_and_the_unassigned_add_up(ctx, embedded):
    embedded({"mine": ligands(150, 3)})
    facts = insight.gather(ctx, "mine")
    unassigned = int((facts.peptides["group"] == "unassigned").sum())
    assert sum(cluster.size for cluster in facts.fingerprint.clusters) + unassigned == 150


def test_quantities_of_a_peptides_features_are_summed(ctx, embedded):
    embedded({"mine": [*ligands(60, 4), *ligands(60, 4)]})
    facts = insight.gather(ctx, "mine")
    expected = facts.features.groupby("sequence")["quantity"].sum(min_count=1)
    found = facts.peptides.set_index("sequence")["quantity"]
    assert found.dropna().sum() == pytest.approx(expected.sum())
    assert len(found) == 60


@pytest.mark.parametrize("count", [0, 1, 2, 12, 49])
def test_a_small_run_has_a_table_and_no_clusters(ctx, embedded, count):
    embedded({"few": ligands(count, 5)})
    told = shown(insight, INSIGHT, insight.gather(ctx, "few"))
    assert 'class="motif"' not in told["composition"]["html"]
    why = "fewer than 50" if count else "There are no peptides"
    assert why in told["composition"]["html"]
    assert told["peptides"]["tables"]["peptides"]["rows"] == count


def test_the_only_run_of_a_workspace_says_so(ctx, embedded):
    embedded({"alone": ligands(60, 6)})
    told = shown(insight, INSIGHT, insight.gather(ctx, "alone"))
    assert "the only run of the workspace" in told["standing"]["html"]
    assert "other_runs" not in columns(told["peptides"], "peptides")


def test_markup_in_every_name_is_escaped(ctx, embedded):
    nasty = "<b>&</b>"
    runs = embedded({nasty: ligands(60, 7)}, file="<i>file</i>.tsv")
    Runs(ctx).annotate(
        runs[0].id, sample="<u>s</u>", donor="<u>d</u>", condition="<u>c</u>", hla=("<u>h</u>",)
    )
    told = shown(insight, INSIGHT, insight.gather(ctx, nasty))
    everything = "".join(section["html"] for section in told.values())
    for tag in ("<b>&", "<u>", "<i>file"):
        assert tag not in everything
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in everything


def test_a_run_without_vectors_is_answered_with_the_way_out(ctx, store_runs):
    store_runs(ctx, {"bare": ligands(60, 8)})
    with pytest.raises(NotFound, match="omicstoken embed"):
        insight.gather(ctx, "bare")


def test_a_foreign_run_is_not_found(ctx, embedded, other):
    run = embedded({"mine": ligands(60, 9)})[0]
    with pytest.raises(NotFound):
        insight.gather(other(ctx), run.id)
    with pytest.raises(NotFound):
        comparison.gather(other(ctx), [run.id, run.id])


def test_a_comparison_counts_every_peptide_once(ctx, embedded):
    a = ligands(80, 10)
    b = [*a[:20], *ligands(60, 11)]
    c = [*a[:5], *ligands(60, 12, ends=("PK",))]
    embedded({"a": a, "b": b, "c": c})
    facts = comparison.gather(ctx, ["a", "b", "c"])
    assert facts.combinations["peptides"].sum() == len({*a, *b, *c}) == len(facts.peptides)
    counts = dict(zip(facts.combinations["runs"], facts.combinations["peptides"], strict=True))
    assert counts["a", "b", "c"] == len({*a} & {*b} & {*c})
    assert counts["c",] == len({*c} - {*a} - {*b})
    for place, sequences in enumerate((a, b, c)):
        held = facts.peptides["held"].str[place] == "1"
        assert set(facts.peptides.loc[held, "sequence"]) == set(sequences)


def test_a_comparison_report_lays_everything_out(ctx, embedded):
    a = ligands(80, 13)
    embedded({"a": a, "b": [*a[:20], *ligands(60, 14)], "c": ligands(70, 15, ends=("PK",))})
    facts = comparison.gather(ctx, ["b", "a", "c"], seed=2)
    told = shown(comparison, COMPARISON, facts)
    assert "b · a · c" in told["head"]["html"]
    assert set(told["shared"]["figures"]) == {"overlap", "jaccard"}
    assert {"map", "distances"} <= set(told["differences"]["figures"])
    assert set(told["lengths"]["figures"]) == {"lengths"}
    assert {"runs", "held"} <= columns(told["peptides"], "peptides")
    assert "-p seed=2" in told["provenance"]["html"]


def test_the_head_over_relatives_counts_peptides_as_the_sentence_does(ctx, embedded):
    a = ligands(80, 13)
    longer = [form for peptide in a[20:30] for form in (f"K{peptide}", f"W{peptide[1:]}")]
    embedded({"a": a, "b": [*a[:20], *longer, *ligands(30, 14)]})
    facts = comparison.gather(ctx, ["a", "b"])
    (said,) = [each for each in facts.comparison.sentences if "nested" in each.evidence]
    peptides = said.evidence["nested"] + said.evidence["one_residue_apart"]
    rows = len(facts.comparison.related)
    assert rows > peptides > 20
    html = shown(comparison, COMPARISON, facts)["shared"]["html"]
    assert f"another: {peptides} peptides (12 of {rows} rows shown" in html


def test_conditions_are_laid_out_with_their_replicates(ctx, embedded):
    peptides = ligands(150, 21)
    draw = np.random.default_rng(0)
    names = ["A1", "A2", "A3", "B1", "B2", "<b>B3</b>"]
    runs = embedded({name: draw.permutation(peptides)[:120].tolist() for name in names})
    for run, condition in zip(runs, ["a"] * 3 + ["b & c"] * 3, strict=True):
        Runs(ctx).annotate(run.id, condition=condition)
    facts = comparison.gather(ctx, [run.id for run in runs], by="condition", seed=1)
    assert list(facts.names.values()) == ["a", "b & c"]
    told = shown(comparison, COMPARISON, facts)
    assert "3 of 3" in told["head"]["html"]
    assert "In this run only" not in told["head"]["html"]
    assert {"shares", "shifts", "map"} <= set(told["differences"]["figures"])
    assert set(told["abundance"]["figures"]) >= {"abundance-1"}
    assert "higher" in told["abundance"]["figures"]["abundance-1"]["spec"]["title"]["text"]
    assert "Only what differs" in told["mind"]["html"]
    assert "b &amp; c" in told["mind"]["html"]
    assert "<b>B3</b>" not in json.dumps([part["html"] for part in told.values()])
    assert "-p by=condition" in told["provenance"]["html"]


def test_normalisation_is_shown_before_and_after_with_its_offsets_in_words(ctx, embedded):
    peptides = ligands(150, 24)
    embedded({"a": peptides, "b": peptides[20:]})
    facts = comparison.gather(ctx, ["a", "b"])
    measured = facts.comparison.abundance.measured
    assert measured.normalised
    told = shown(comparison, ("abundance",), facts)["abundance"]
    assert "Normalisation moved" in told["figures"]["normalisation"]["spec"]["title"]["text"]
    one, other = (f"{signed(each.offset, 2)}" for each in measured.measurements)
    assert f"over {measured.shared} peptides quantified in all: a {one}; b {other}." in told["html"]

    plain = comparison.gather(ctx, ["a", "b"], normalise=False)
    told = shown(comparison, ("abundance",), plain)["abundance"]
    assert "normalisation" not in told["figures"]
    assert "Normalisation took away" not in told["html"]


def test_without_quantities_the_report_says_so_and_draws_nothing(ctx, embedded):
    from sqlalchemy import update

    from omicstoken_kernel.store.tables import RUN

    embedded({"a": ligands(60, 22), "b": ligands(60, 23)})
    with ctx.engine.begin() as connection:
        connection.execute(update(RUN).values(quantity_kind="none"))
    told = shown(comparison, ("abundance",), comparison.gather(ctx, ["a", "b"]))
    assert told["abundance"]["figures"] == {}
    assert "The runs have no quantities" in told["abundance"]["html"]


def test_each_runs_shares_of_the_clusters_add_up_to_one(ctx, embedded):
    embedded({"a": ligands(90, 16), "b": ligands(60, 17)})
    frame = cluster_shares_frame(comparison.gather(ctx, ["a", "b"]))
    assert frame.groupby("run")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_runs_of_one_name_are_told_apart(ctx, embedded):
    one = embedded({"same": ligands(60, 18)}, file="1.tsv")[0]
    two = embedded({"same": ligands(60, 19)}, file="2.tsv")[0]
    facts = comparison.gather(ctx, [one.id, two.id])
    assert len(set(facts.names.values())) == 2
    assert set(facts.combinations["runs"].explode()) == set(facts.names.values())


def test_one_run_cannot_be_compared(ctx, embedded):
    run = embedded({"mine": ligands(60, 20)})[0]
    with pytest.raises(InputError, match="at least two runs, found 1"):
        comparison.gather(ctx, [run.id, "mine"])


def test_the_ledger_is_drawn_with_every_reason():
    frame = ledger_frame(
        {
            "rows_in": 10,
            "used": 5,
            "merged": 1,
            "filtered": {"decoy": 2},
            "rejected": {"no sequence": 2},
            "cells": {"in": 6, "features": 4, "merged": 1, "empty": 1},
        }
    )
    assert frame.groupby("account")["count"].sum().to_dict() == {"quantity cells": 6, "rows": 10}
    assert set(frame["what"]) >= {"decoy", "no sequence"}


def words_of(told):
    """Everything a reader sees of an insight report but its drawings, as text."""
    html = "".join(section["html"] for section in told.values())
    return re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)


BAD_STATES = {
    "one peptide sixty times": ["SIINFEKL"] * 60,
    "fifty peptides": ligands(50, 10),
    "all alike but for one residue": [f"A{x}AAAAAA{y}" for x in "CDEFGHI" for y in "KLMNPQRS"],
    "all of residues nobody knows": [f"XX{x}XX{y}XXX" for x in "CDEFGHI" for y in "KLMNPQRS"],
}


@pytest.mark.parametrize("state", BAD_STATES)
def test_a_bad_state_has_words_and_no_wrong_number(ctx, tmp_path, state):
    """Each read from a plain list, so that there are no quantities, charges or proteins either."""
    from omicstoken_kernel import pipeline

    path = tmp_path / "bad.txt"
    path.write_text("\n".join(BAD_STATES[state]) + "\n", encoding="ascii")
    (run,) = pipeline.ingest(ctx, path).runs
    encode_runs(ctx, [run.id], model=load_model("anchor", ctx.settings))
    text = words_of(shown(insight, INSIGHT, insight.gather(ctx, run.id)))
    assert not re.search(r"\b(nan|NaN|None|inf|Traceback)\b(?! of the)", text)
    assert f"{len(set(BAD_STATES[state]))} peptide" in text
    assert "The file gives no quantities" in text


def test_the_clusters_of_other_peptides_are_told_by_what_sets_them_apart(ctx, embedded):
    draw = np.random.default_rng(0)
    # All of one length, or the groups would be told as nothing but lengths.
    greasy, charged = (
        ["".join(draw.choice(list(letters), 24)) for _ in range(100)]
        for letters in ("AFILMVWG", "DEKRNQSG")
    )
    (run,) = embedded({"mine": greasy + charged})
    encode_runs(ctx, [run.id], model=load_model("ligand", ctx.settings))
    facts = insight.gather(ctx, "mine", model="ligand")
    html = shown(insight, INSIGHT, facts)["composition"]["html"]
    assert facts.fingerprint.method == "gaussian-mixture"
    assert "What sets each cluster apart" in html
    assert "hydrophobic than the rest (mean " in html
    assert "trustworthiness" in html


def test_what_became_of_the_rows_stands_in_words_too(ctx, tmp_path):
    from omicstoken_kernel import pipeline

    path = tmp_path / "list.txt"
    path.write_text("\n".join([*ligands(60, 11), *ligands(60, 11)[:3]]) + "\n", encoding="ascii")
    (run,) = pipeline.ingest(ctx, path).runs
    encode_runs(ctx, [run.id], model=load_model("anchor", ctx.settings))
    text = " ".join(words_of(shown(insight, INSIGHT, insight.gather(ctx, run.id))).split())
    assert "63 rows in → 60 used became features + 3 merged" in text


def test_replicates_of_a_sample_are_judged_in_its_report(ctx, embedded):
    found = ligands(120, 12)
    for run in embedded({"a": found[:100], "b": found[20:]}):
        Runs(ctx).annotate(run.id, sample="S")
    text = words_of(shown(insight, INSIGHT, insight.gather(ctx, "a")))
    assert "Sample S: 2 runs together" in text
    assert "80 of 120 peptides were found in both runs" in text
