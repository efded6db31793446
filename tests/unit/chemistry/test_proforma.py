"""ProForma strings, one at a time and by the million, against pyteomics where it can say."""

from __future__ import annotations

import gc
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyteomics import proforma as pyteomics_proforma

from omicstoken_kernel.chemistry.descriptors import describe
from omicstoken_kernel.chemistry.modifications import by_name
from omicstoken_kernel.chemistry.proforma import mz, parse, peptidoform_masses, strip
from omicstoken_kernel.errors import InputError

TAGS = [
    "Oxidation",
    "U:35",
    "UNIMOD:21",
    "U:Phospho",
    "+15.9949",
    "-17.0265",
    "Label:13C(6)",
    "XYZ",
]
tag = st.sampled_from(TAGS).map(lambda text: f"[{text}]")
residue = st.tuples(st.sampled_from("ACDEFGHIKLMNPQRSTVWYUOX"), st.lists(tag, max_size=2))


@st.composite
def proformas(draw, most_tags: int = 2) -> str:
    unlocalized = "".join(draw(st.lists(tag, max_size=most_tags)))
    ends = st.lists(tag, max_size=most_tags).map("".join)
    n_term, c_term = draw(ends), draw(ends)
    body = draw(st.lists(residue, min_size=1, max_size=12))
    return (
        (f"{unlocalized}?" if unlocalized else "")
        + (f"{n_term}-" if n_term else "")
        + "".join(letter + "".join(tags) for letter, tags in body)
        + (f"-{c_term}" if c_term else "")
    )


def masses(proforma: str) -> tuple[float | None, float | None]:
    row = peptidoform_masses([proforma]).to_pylist()[0]
    return row["mass_average_da"], row["mass_monoisotopic_da"]


# pyteomics looks names up by itself, on the network first, and leaves its files open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_parsing_agrees_with_pyteomics(monkeypatch):
    # It also looks for every unknown name among 200 000 glycans; none is drawn here, so let it
    # look among one instead of reading them all.
    glycans = pyteomics_proforma.GNOmeModification.resolver
    monkeypatch.setattr(glycans, "_database", {"no name": None})
    _agrees_with_pyteomics()
    gc.collect()  # so that the files are closed, and warned of, within this test


@settings(deadline=None)
@given(proformas(most_tags=1))  # pyteomics does not read two outside the sequence
def _agrees_with_pyteomics(text: str):
    sequence, properties = pyteomics_proforma.parse(text)
    ours = parse(text)
    assert ours.sequence == "".join(letter for letter, _ in sequence)
    assert [position for position, _ in ours.modifications] == [
        place for place, (_, tags) in enumerate(sequence, 1) for _ in tags or ()
    ]
    assert len(ours.n_term) == len(properties["n_term"] or ())
    assert len(ours.c_term) == len(properties["c_term"] or ())
    assert len(ours.unlocalized) == len(properties["unlocalized_modifications"])


@settings(deadline=None)
@given(st.lists(proformas(), max_size=20))
def test_masses_of_many_equal_the_sum_of_the_parts_of_each(texts: list[str]):
    table = peptidoform_masses(texts).to_pylist()
    assert len(table) == len(texts)
    for text, row in zip(texts, table, strict=True):
        form = parse(text)
        parts = [modification for _, modification in form.modifications]
        parts += [*form.n_term, *form.c_term, *form.unlocalized]
        bare = describe([form.sequence]).to_pylist()[0]
        for name in ("mass_average_da", "mass_monoisotopic_da"):
            terms = [bare[name], *(getattr(part, name) for part in parts)]
            if None in terms:
                assert row[name] is None
            else:
                assert row[name] == pytest.approx(sum(terms), abs=1e-6)


def test_what_our_readers_write_is_understood():
    oxidation = by_name("Oxidation")
    for text in (
        "EM[Oxidation]EVEES",
        "EM[U:35]EVEES",
        "EM[UNIMOD:35]EVEES",
        "EM[U:Oxidation]EVEES",
    ):
        assert parse(text).modifications == ((2, oxidation),)
        assert strip(text) == "EMEVEES"
    assert parse("[Acetyl]-PEP").n_term == (by_name("Acetyl"),)
    assert parse("PEP-[Amidated][Methyl]").c_term == (by_name("Amidated"), by_name("Methyl"))
    assert parse("[Phospho]?PEPTIDES").unlocalized == (by_name("Phospho"),)
    assert parse("PEPTIDE").modifications == ()


def test_a_mass_difference_changes_the_monoisotopic_mass_only():
    average, monoisotopic = masses("EM[+15.9949]K")
    assert average is None
    assert monoisotopic == pytest.approx(masses("EMK")[1] + 15.9949, abs=1e-9)
    assert parse("EM[+15.9949]K").modifications[0][1].name == "+15.9949"


def test_an_unknown_modification_keeps_its_name_and_has_no_mass():
    modification = parse("EM[Wonder]K").modifications[0][1]
    assert (modification.name, modification.unimod_id) == ("Wonder", None)
    assert masses("EM[Wonder]K") == (None, None)
    assert masses("EM[UNIMOD:999999]K") == (None, None)
    assert masses("EM[Formula:C2H3]K") == (None, None)


@pytest.mark.parametrize("letter", list("BJXZ"))
def test_an_ambiguous_residue_has_no_mass_with_or_without_a_tag(letter: str):
    assert masses(f"PE{letter}") == (None, None)
    assert masses(f"M[Oxidation]PE{letter}") == (None, None)


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("EM(ox)K", "(ox)K"),
        ("EM[Oxidation", "[Oxidation"),
        ("EM[]K", "[]K"),
        ("eMK", "eMK"),
        ("", "its end"),
        ("PEP-", "-"),
        ("-PEP", "-PEP"),
        ("[Acetyl]PEP", "[Acetyl]PEP"),
        ("[Acetyl]-", "its end"),
        ("PEPK/2", "/2"),
        ("<13C>PEP", "<13C>PEP"),
        ("(ES)[+19.05]K", "(ES)[+19.05]K"),
        ("M[Oxidation#g1]K", "[Oxidation#g1]K"),
        ("M[Oxidation|+15.99]K", "[Oxidation|+15.99]K"),
        ("PEP TIDE", " TIDE"),
        ("_PEPTIDE_", "_PEPTIDE_"),
    ],
)
def test_what_is_not_base_proforma_is_refused_and_named(bad: str, named: str):
    for reader in (parse, strip, lambda text: peptidoform_masses(["PEP", "M[Oxidation]", text])):
        if bad == "" and reader not in (parse, strip):
            continue  # an empty row of a table has no mass
        with pytest.raises(InputError, match=re.escape(named)):
            reader(bad)


def test_nulls_repeats_and_chunks_keep_their_rows():
    chunked = pa.chunked_array([["PEP", None], ["M[Oxidation]K", "PEP"]])
    column = peptidoform_masses(chunked)["mass_monoisotopic_da"].to_pylist()
    assert column == [masses("PEP")[1], None, masses("M[Oxidation]K")[1], masses("PEP")[1]]
    assert peptidoform_masses([]).num_rows == 0


def test_mass_to_charge_counts_protons():
    assert mz(1000.0, 1) == pytest.approx(1001.007276, abs=1e-6)
    np.testing.assert_allclose(
        mz(np.array([1000.0, 1000.0]), np.array([1, 2])), [1001.007276, 501.007276]
    )
    with pytest.raises(InputError, match="charge of 0"):
        mz(np.array([1000.0]), np.array([0]))
