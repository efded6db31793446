"""Golden notations, and the one rule: a letter of a modification never becomes a residue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omicstoken_kernel.chemistry import proforma as chemistry
from omicstoken_kernel.ingest.features import ALPHABET, MAX_RESIDUES
from omicstoken_kernel.ingest.peptidoforms import (
    AMBIGUOUS_MASS,
    CROSS_LINK,
    EMPTY,
    MIXED_CASE,
    NOT_A_RESIDUE,
    NOT_UNDERSTOOD,
    TOO_LONG,
    UNBALANCED,
    Notation,
    read_notation,
)

KEEPING = Notation(keep_names=True)
DELTA = Notation(unsigned_mass="delta")
FOLDING = Notation(fold_case=True)

UNDERSTOOD = [
    ("AAMK", "AAMK"),
    ("_AAMK_", "AAMK"),
    (" AAMK ", "AAMK"),
    # MaxQuant
    ("_AM(ox)K_", "AM[Oxidation]K"),
    ("_(ac)AM(ox)K_", "[Acetyl]-AM[Oxidation]K"),
    ("_AS(ph)K_", "AS[Phospho]K"),
    ("_AN(de)K_", "AN[Deamidated]K"),
    ("_AM(Oxidation (M))K_", "AM[Oxidation]K"),
    ("_(Acetyl (Protein N-term))AMK_", "[Acetyl]-AMK"),
    ("_(Acetyl (Protein N-term))M(Oxidation (M))K_", "[Acetyl]-M[Oxidation]K"),
    ("_AN(Deamidation (NQ))K_", "AN[Deamidated]K"),
    ("_AS(Phospho (STY))K_", "AS[Phospho]K"),
    ("_(Gln->pyro-Glu)QK_", "[Gln->pyro-Glu]-QK"),
    # DIA-NN
    ("(UniMod:1)AAMK", "[Acetyl]-AAMK"),
    ("AAC(UniMod:4)DEM(UniMod:35)K", "AAC[Carbamidomethyl]DEM[Oxidation]K"),
    ("AAC(unimod:4)K", "AAC[Carbamidomethyl]K"),
    ("AAK(UniMod:99999)", "AAK[UNIMOD:99999]"),
    # Spectronaut, MSstats, OpenMS
    ("_AAC[Carbamidomethyl (C)]K_", "AAC[Carbamidomethyl]K"),
    ("_[Acetyl (Protein N-term)]AAMK_", "[Acetyl]-AAMK"),
    ("_A[Acetyl (Protein N-term)]AMK_", "[Acetyl]-AAMK"),
    ("AAC(Carbamidomethyl)K", "AAC[Carbamidomethyl]K"),
    (".(Acetyl)AAMK", "[Acetyl]-AAMK"),
    ("AAMK.(Amidated)", "AAMK-[Amidated]"),
    # ProForma
    ("[Acetyl]-AAM[Oxidation]K", "[Acetyl]-AAM[Oxidation]K"),
    ("[UNIMOD:1]-AAMK", "[Acetyl]-AAMK"),
    ("AAM[U:Oxidation]K", "AAM[Oxidation]K"),
    ("AAM[U:35]K", "AAM[Oxidation]K"),
    ("AAC[MOD:00397]K", "AAC[Carbamidomethyl]K"),
    ("AAC[MOD:99999]K", "AAC[MOD:99999]K"),
    ("AAMK-[Amidated]", "AAMK-[Amidated]"),
    ("AAMK/2", "AAMK"),
    ("AAS[+79.9663]K/3", "AAS[+79.9663]K"),
    # masses
    ("AAC(+57.02)K", "AAC[+57.02]K"),
    ("QQ(+.98)A", "QQ[+0.98]A"),
    ("C+57.021AK", "C[+57.021]AK"),
    ("-17.027QAK", "[-17.027]-QAK"),
    ("+42.011AAK", "[+42.011]-AAK"),
    ("[+229.1629]-AAM[+15.9949]R", "[+229.1629]-AAM[+15.9949]R"),
    ("n[+42.0106]AAK", "[+42.0106]-AAK"),
    ("AAKc[-0.9840]", "AAK-[-0.9840]"),
    ("AAM[-15]K", "AAM[-15]K"),
    # several at one place
    ("(Acetyl)(Carbamidomethyl)CK", "[Acetyl][Carbamidomethyl]-CK"),
    ("AK[Acetyl][Methyl]R", "AK[Acetyl][Methyl]R"),
    # flanks
    ("K.AAMK.R", "AAMK"),
    ("-.AAMK.R", "AAMK"),
    ("[K].AAMK.[R]", "AAMK"),
    ("[-].AAMK.[R]", "AAMK"),
    ("_.AAMK._", "AAMK"),
    ("R.AAM[+15.99]K.-", "AAM[+15.99]K"),
    # every letter of the alphabet
    (ALPHABET, ALPHABET),
    ("K", "K"),
]

REFUSED = [
    ("", EMPTY),
    ("__", EMPTY),
    ("(ac)", EMPTY),
    ("AAxK", MIXED_CASE),
    ("EVcHVPL", MIXED_CASE),
    ("oxMAK", MIXED_CASE),
    ("aaak", MIXED_CASE),
    ("A*K", NOT_A_RESIDUE),
    ("PEPT1DE", NOT_A_RESIDUE),
    ("2860", NOT_A_RESIDUE),
    ("_.792203._", NOT_A_RESIDUE),
    ("ÄAK", NOT_A_RESIDUE),
    ("A A K", NOT_A_RESIDUE),
    ("HLA-A", NOT_A_RESIDUE),
    ("AAM(Oxidation (M)K", UNBALANCED),
    ("AAM)K", NOT_A_RESIDUE),
    ("AAM[147]K", AMBIGUOUS_MASS),
    ("n[43]AAK", AMBIGUOUS_MASS),
    ("AAM[15.9949]K", AMBIGUOUS_MASS),
    ("AAK(gl)R", NOT_UNDERSTOOD),
    ("PEP(ST)IDE", NOT_UNDERSTOOD),
    ("AAC(Nonsense)K", NOT_UNDERSTOOD),
    ("AAC[+C2+H3+N+O]K", NOT_UNDERSTOOD),
    ("AAK()R", NOT_UNDERSTOOD),
    ("AAK_CCK", CROSS_LINK),
    ("AAK//CCK", CROSS_LINK),
    ("AAK+CCK", CROSS_LINK),
    ("AAK;CCK", CROSS_LINK),
    ("A" * (MAX_RESIDUES + 1), TOO_LONG),
]


@pytest.mark.parametrize(("text", "proforma"), UNDERSTOOD)
def test_notations_become_proforma(text, proforma):
    reading = read_notation(text)
    assert reading.reason == ""
    assert reading.proforma == proforma
    assert reading.sequence == chemistry.strip(proforma)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_understood_is_refused_with_the_reason(text, reason):
    assert read_notation(text) == ("", "", reason, ())


@pytest.mark.parametrize(
    ("text", "listed", "proforma"),
    [
        ("_Q(gl)AK_", "Gln->pyro-Glu", "Q[Gln->pyro-Glu]AK"),
        ("_(gl)EAK_", "Glu->pyro-Glu", "[Glu->pyro-Glu]-EAK"),
        ("_K(me)AK_", "2 Methyl (KR),Oxidation (M)", "K[Methyl]AK"),
        ("_K(di)AK_", "Dimethyl (KR)", "K[Dimethyl]AK"),
    ],
)
def test_the_list_of_modifications_resolves_abbreviations(text, listed, proforma):
    assert read_notation(text, KEEPING, listed=listed).proforma == proforma


def test_an_abbreviation_of_two_listed_modifications_is_not_guessed():
    reading = read_notation("_K(di)AK_", KEEPING, listed="Dimethyl (KR),Dioxidation (M)")
    assert reading.reason == NOT_UNDERSTOOD


def test_a_custom_name_is_kept_only_where_brackets_hold_modifications_alone():
    assert read_notation("AC(MyProbe)K", KEEPING).proforma == "AC[MyProbe]K"
    assert read_notation("AC(MyProbe)K", KEEPING).unknown == ("MyProbe",)
    assert read_notation("AC(MyProbe (C))K", KEEPING).proforma == "AC[MyProbe]K"
    assert read_notation("AC(MyProbe)K").reason == NOT_UNDERSTOOD


@pytest.mark.parametrize("name", ["a|b", "x#1", "[in]", "{x}", "a<b"])
def test_a_custom_name_that_proforma_cannot_hold_is_refused(name):
    assert read_notation(f"AC({name})K", KEEPING).reason == NOT_UNDERSTOOD


def test_an_unsigned_mass_is_read_where_the_format_says_what_it_is():
    assert read_notation("AAM[15.9949]K", DELTA).proforma == "AAM[+15.9949]K"


def test_lower_case_throughout_is_capitals_where_that_is_meant():
    assert read_notation("aamk", FOLDING).sequence == "AAMK"
    assert read_notation("aaMk", FOLDING).reason == MIXED_CASE


RESIDUES = st.text(ALPHABET, min_size=1, max_size=12)
NAMES = st.sampled_from(
    [
        "ox",
        "Oxidation (M)",
        "UniMod:35",
        "+15.9949",
        "Acetyl (Protein N-term)",
        "MyProbe",
        "Phospho",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(RESIDUES, NAMES, st.sampled_from(["()", "[]"])), min_size=1, max_size=5))
def test_letters_of_modifications_never_become_residues(parts):
    written = "".join(f"{text}{pair[0]}{name}{pair[1]}" for text, name, pair in parts)
    reading = read_notation(written, KEEPING)
    assert reading.sequence == "".join(text for text, _, _ in parts)
    assert chemistry.strip(reading.proforma) == reading.sequence


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_understood_as_proforma_or_refused_with_a_reason(text):
    reading = read_notation(text, KEEPING)
    assert bool(reading.proforma) != bool(reading.reason)
    if reading.proforma:
        assert chemistry.parse(reading.proforma).sequence == reading.sequence


@settings(deadline=None)
@given(st.lists(st.sampled_from(list("AKC()[]n-+.0_ox/")), max_size=20))
def test_any_jumble_of_signs_is_understood_as_proforma_or_refused(signs):
    reading = read_notation("".join(signs), KEEPING)
    assert bool(reading.proforma) != bool(reading.reason)
    if reading.proforma:
        assert chemistry.parse(reading.proforma).sequence == reading.sequence
