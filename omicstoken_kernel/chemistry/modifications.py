"""The modifications of UniMod, by accession and by all the names they go by.

The tables come from the copy that the package psims carries, so nothing is fetched. They are read
once, when first asked for (0.1 s); psims itself is never imported, for that alone takes a second.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ServiceUnavailable

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Modification", "by_name", "by_unimod"]

_TABLES = "controlled_vocabulary/vendor/unimod_tables.xml.gz"

# The residue or terminus some engines put behind the name: 'Oxidation (M)', 'Phospho (STY)',
# 'Acetyl (Protein N-term)', 'Gln->pyro-Glu (N-term Q)', 'Dimethyl@Any_N-term'.
_SITE = re.compile(
    r"\s*(?:\((?=[^)])(?:(?:protein|any|peptide)[ _])?(?:[nc]-?term(?:inus|inal)?)?\s*[a-z]*\)"
    r"|@[\w^-]+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Modification:
    """What is added to a residue or terminus.

    Parameters
    ----------
    name
        UniMod's title (``Oxidation``); for anything else the text of its ProForma tag.
    unimod_id
        UniMod's accession (35); None for a mass delta or an unknown name.
    mass_monoisotopic_da, mass_average_da
        What it adds to the neutral peptide, in Da; None where that is not known.
    """

    name: str
    unimod_id: int | None
    mass_monoisotopic_da: float | None
    mass_average_da: float | None


def by_unimod(accession: int) -> Modification | None:
    """Return the modification with this UniMod accession, or None if there is none.

    >>> by_unimod(35).name, by_unimod(35).mass_monoisotopic_da
    ('Oxidation', 15.994915)
    """
    return _tables()[0].get(accession)


def by_name(name: str) -> Modification | None:
    """Return the modification of this name, or None if it is not known.

    Knows UniMod's titles and full names and the spellings of the engines, all without regard to
    case, with or without a site behind them.

    >>> [by_name(name).unimod_id for name in ("oxidation (M)", "ac", "Phosphorylation")]
    [35, 1, 21]
    >>> by_name("Nonsense") is None
    True
    """
    key = _key(name)
    modifications, names = _tables()
    accession = names.get(key) or names.get(_SITE.sub("", key)) or 0
    return modifications.get(accession)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def _tables() -> tuple[dict[int, Modification], dict[str, int]]:
    """Return the modifications by accession, and the accession of every name."""
    rows = list(_read_unimod().iter("{*}modifications_row"))
    modifications = {
        int(row.get("record_id")): Modification(
            name=row.get("ex_code_name") or row.get("code_name"),
            unimod_id=int(row.get("record_id")),
            mass_monoisotopic_da=float(row.get("mono_mass")),
            mass_average_da=float(row.get("avge_mass")),
        )
        for row in rows
    }
    # Interim and alternative names are left out: many describe a kind of modification ('Pyro-glu'
    # from Q or from E, 'Heavy lysine'), and a guess would give a wrong mass in silence.
    names = {_key(modification.name): key for key, modification in modifications.items()}
    for row in rows:
        names.setdefault(_key(row.get("full_name")), int(row.get("record_id")))
    names |= _synonyms()
    return modifications, names


def _read_unimod() -> _Element:
    from lxml import etree

    # find_spec does not run the package, where importlib.resources.files("psims") would.
    spec = find_spec("psims")
    folders = spec.submodule_search_locations if spec is not None else None
    path = Path(folders[0]) / _TABLES if folders else Path(_TABLES)
    if not path.is_file():
        msg = f"The UniMod tables are not at '{path}', where the package psims keeps them."
        raise ServiceUnavailable(msg, "Install psims again: pip install --force-reinstall psims.")
    return etree.fromstring(gzip.decompress(path.read_bytes()))


def _synonyms() -> dict[str, int]:
    """Return the names of the search engines that UniMod does not have."""
    text = (files("omicstoken_kernel.chemistry") / "modification_synonyms.toml").read_text("utf-8")
    groups: dict[str, dict[str, int]] = tomllib.loads(text)
    return {name: accession for group in groups.values() for name, accession in group.items()}
