"""UniMod by accession and by the names engines use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from omicstoken_kernel.chemistry import modifications
from omicstoken_kernel.chemistry.modifications import by_name, by_unimod


def test_an_accession_gives_title_and_masses():
    assert by_unimod(21) == modifications.Modification("Phospho", 21, 79.966331, 79.9799)
    assert by_unimod(999_999) is None


@pytest.mark.parametrize(
    ("name", "accession"),
    [
        ("Oxidation", 35),
        ("OXIDATION", 35),
        ("Oxidation or Hydroxylation", 35),
        ("oxidation (m)", 35),
        ("Oxidation(HW)", 35),
        ("ox", 35),
        ("Acetyl (Protein N-term)", 1),
        ("Acetylation (Protein N-term)", 1),
        ("ac", 1),
        ("Phospho (STY)", 21),
        ("ph", 21),
        ("Carbamidomethylation", 4),
        ("carbamidomethyl", 4),
        ("de", 7),
        ("Deamidation (NQ)", 7),
        ("Gln->pyro-Glu (N-term Q)", 28),
        ("Pyro-glu from E", 27),
        ("Dimethyl@Any_N-term", 36),
        ("Label:13C(6)15N(2)", 259),
        ("Label:13C(6)15N(2) (K)", 259),
        ("Amide", 2),
        ("Lys8", 259),
        ("TMT10plex (K)", 737),
    ],
)
def test_engines_names_find_their_modification(name: str, accession: int):
    found = by_name(name)
    assert found is not None
    assert found.unimod_id == accession


@pytest.mark.parametrize("name", ["", "Nonsense", "gl", "pyro-glu", "SILAC", "(M)", "35", "15.99"])
def test_an_unknown_or_ambiguous_name_is_never_guessed(name: str):
    assert by_name(name) is None


def test_every_synonym_leads_to_a_modification_and_is_needed(monkeypatch: pytest.MonkeyPatch):
    synonyms = modifications._synonyms()
    read_afresh = modifications._tables.__wrapped__
    monkeypatch.setattr(modifications, "_synonyms", dict)
    known, own_names = read_afresh()
    for name, accession in synonyms.items():
        assert name == name.casefold()
        if accession == 0:
            assert name in own_names, f"{name} refuses nothing"
        else:
            assert accession in known
            # UniMod's full name 'dimethylation' is that of a heavy label, which nobody means by it.
            assert own_names.get(name) != accession, f"UniMod knows {name} itself"


def test_reading_unimod_imports_no_psims_and_only_on_use():
    code = (
        "import sys\n"
        "import omicstoken_kernel.chemistry.proforma\n"
        "import omicstoken_kernel.chemistry.modifications as m\n"
        "assert 'lxml' not in sys.modules\n"
        "assert m.by_unimod(1).name == 'Acetyl'\n"
        "assert 'psims' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
