"""What the text of one modification says: a name, an accession, a shift, or a residue's total.

A modification gets UniMod's name where UniMod knows it, the mass the file gives where it gives one,
and keeps the file's own name only where the format sets nothing but modifications in that place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from omicstoken_kernel.chemistry.modifications import by_name, by_unimod
from omicstoken_kernel.chemistry.residues import MONOISOTOPIC_DA, WATER_MONOISOTOPIC_DA
from omicstoken_kernel.ingest.features import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AMBIGUOUS_MASS",
    "NOT_UNDERSTOOD",
    "SIGNED",
    "SITE",
    "NotUnderstood",
    "Notation",
    "Tag",
    "prefixed",
    "read_tag",
    "written_mass",
]  # fmt: skip

NOT_UNDERSTOOD = "modification not understood"
AMBIGUOUS_MASS = "unsigned mass: could be the shift or the residue's total"

SIGNED = re.compile(r"([+-])(\d*\.?\d+|\d+\.)")
#: A site behind a name: '(M)', '(Protein N-term)', '(N-term Q)'.
SITE = re.compile(r"\s*\(((?:Protein |Any |Peptide )?[NC]-?term[^()]*|[A-Z]{1,6})\)$")

_RESIDUES = frozenset(ALPHABET)
_UNIMOD = re.compile(r"(?:unimod|u):\s*(\d+)", re.IGNORECASE)
_ACCESSION = re.compile(r"(?:MOD|XLMOD|RESID|GNO):[A-Z]*\d+", re.IGNORECASE)
_UNSIGNED = re.compile(r"\d+\.?\d*")
# ProForma's own way to say what is added: its atoms or sugars.
_COMPOSITION = re.compile(r"(?:Formula|Glycan):[^\[\]|#{}<>\x00-\x1f]+")
# A formula with a sign ('+HPO3', '-H2O'), as mzTab and others write it.
_SIGNED_FORMULA = re.compile(
    r"([+-])((?:(?:C|H|N|O|P|S|Se|F|Cl|Br|I|Na|K|Si|B|Fe|Zn|Ca|Mg|Cu)\d*)+)"
)
_ATOMS = re.compile(r"([A-Z][a-z]?)(\d*)")
# What a ProForma tag may hold; its own signs ([ ] | # { } < >) may not, but '->' is common in
# names.
_NAME = re.compile(r"[^\[\]|#{}<>\x00-\x1f]*(?:->[^\[\]|#{}<>\x00-\x1f]*)*")

# What a free terminus weighs, in Da: a hydrogen, a hydroxyl group. Engines count it in (n[43]).
_TERMINI_DA = {"n": 1.007825, "c": 17.002740, "water": WATER_MONOISOTOPIC_DA}
# No modification takes more off a residue: a smaller "total" is a shift.
_LARGEST_LOSS_DA = 60.0

# Lower-case letters before a residue, as AlphaPept writes them: the residues they go with (None:
# any) and their UniMod accession.
_PREFIXES: dict[str, tuple[tuple[str, int], ...]] = {
    "c": (("C", 4),),
    "ox": (("M", 35), ("W", 35), ("P", 35), ("H", 35)),
    "p": (("S", 21), ("T", 21), ("Y", 21)),
    "deam": (("N", 7), ("Q", 7)),
    "pg": (("Q", 28), ("E", 27)),
    "ac": (("K", 1),),
    "me": (("K", 34), ("R", 34)),
}
_ACETYL = "Acetyl"


@dataclass(frozen=True)
class Notation:
    """What a format promises about its modified sequences.

    Parameters
    ----------
    unsigned_mass
        What ``M[147]`` means: the mass shift, the residue's total, the total where it is a whole
        number and the shift where it has decimals (FragPipe), or nothing certain.
    keep_names
        True where brackets hold modifications and nothing else, so that a name UniMod lacks is
        kept.
    fold_case
        True where a wholly lower-case sequence is one in capitals.
    prefixes
        True where modifications are lower-case letters before their residue (``oxM``).
    sites
        True where the column ``modifications`` lists them with their sites beside a plain sequence.
    """

    unsigned_mass: Literal["delta", "total", "total_if_whole", "refuse"] = "refuse"
    keep_names: bool = False
    fold_case: bool = False
    prefixes: bool = False
    sites: bool = False


@dataclass(frozen=True)
class Tag:
    """One modification: its ProForma tag, empty where it weighs nothing, and whether we know it."""

    text: str
    known: bool = True


class NotUnderstood(Exception):
    """Carries the reason why a string is not understood."""


def read_tag(
    content: str,
    notation: Notation,
    *,
    on: str = "",
    abbreviations: Mapping[str, str] | None = None,
) -> Tag:
    """Return the ProForma tag of one modification's text.

    Parameters
    ----------
    content
        What the brackets hold.
    on
        The residue it sits on, ``n`` or ``c`` for a terminus, empty where that is not known.
    abbreviations
        Two letters to the full name, as the row lists it.

    Raises
    ------
    NotUnderstood
        With the reason.
    """
    text = " ".join(content.split())
    if accession := _UNIMOD.fullmatch(text):
        known = by_unimod(int(accession[1]))
        # A number newer than our table still names one modification and no other.
        return Tag(known.name if known else f"UNIMOD:{int(accession[1])}")
    if _ACCESSION.fullmatch(text):
        known = by_name(text)
        return Tag(known.name if known else text.upper())
    if mass := SIGNED.fullmatch(text):
        return Tag(written_mass(mass))
    if _UNSIGNED.fullmatch(text):
        return Tag(_unsigned(text, notation, on))
    if _COMPOSITION.fullmatch(text):
        return Tag(text, known=False)
    if formula := _SIGNED_FORMULA.fullmatch(text):
        return Tag(_formula(formula), known=False)
    name = (abbreviations or {}).get(text, text) if len(text) == 2 else text
    name = re.sub(r"^U:", "", name)
    found = by_name(name)
    only_modifications = notation.keep_names or notation.sites
    if found is not None and (only_modifications or not _may_be_residues(text)):
        return Tag(found.name)
    name = SITE.sub("", name)
    # A tag that begins with a sign is a mass to whoever reads ProForma.
    is_name = bool(_NAME.fullmatch(name)) and name[:1] not in ("", "+", "-")
    if not notation.keep_names or not is_name:
        raise NotUnderstood(NOT_UNDERSTOOD)
    if len(name) == 2 and name.islower():
        # An abbreviation that could be several modifications is no name.
        raise NotUnderstood(NOT_UNDERSTOOD)
    return Tag(name, known=False)


def _formula(match: re.Match[str]) -> str:
    """Return a signed formula as ProForma writes it: what is lost has negative counts."""
    sign, atoms = match[1], match[2]
    if sign == "-":
        atoms = _ATOMS.sub(lambda atom: f"{atom[1]}-{atom[2] or 1}", atoms)
    return f"Formula:{atoms}"


def written_mass(match: re.Match[str]) -> str:
    """Return a signed mass as ProForma writes it."""
    sign, digits = match[1], match[2].rstrip(".")
    return sign + ("0" + digits if digits.startswith(".") else digits)


def prefixed(letters: str, residue: str, *, first: bool) -> tuple[bool, Tag | None]:
    """Return what lower-case letters before a residue say.

    Parameters
    ----------
    first
        True at the first residue, where ``a`` or ``ac`` is an acetylated N-terminus.

    Returns
    -------
    tuple
        Whether the N-terminus is acetylated, and the residue's modification.

    Raises
    ------
    NotUnderstood
        If the letters stand for nothing on this residue.
    """
    for short in sorted(_PREFIXES, key=len, reverse=True):
        accession = dict(_PREFIXES[short]).get(residue)
        rest = letters.removesuffix(short)
        if accession is None or rest == letters:
            continue
        known = by_unimod(accession)
        if known is not None and (not rest or (first and rest in ("a", "ac"))):
            return bool(rest), Tag(known.name)
    if first and letters in ("a", "ac"):
        return True, None
    raise NotUnderstood(NOT_UNDERSTOOD)


def _unsigned(text: str, notation: Notation, on: str) -> str:
    meaning = notation.unsigned_mass
    if meaning == "total_if_whole":
        meaning = "delta" if "." in text else "total"
        # FragPipe counts the whole water in: an amidated C-terminus is c[17].
        on = "water" if on == "c" else on
    if meaning == "delta":
        return "+" + text.rstrip(".") if float(text) else ""
    if meaning == "total":
        return _of_total(text, on)
    raise NotUnderstood(AMBIGUOUS_MASS)


def _of_total(text: str, on: str) -> str:
    """Return the shift of a total mass, with as many decimals as the total has."""
    bare = _TERMINI_DA.get(on, np.nan)
    if on in _RESIDUES:
        bare = float(MONOISOTOPIC_DA[ord(on) - ord("A")])
    total = float(text)
    if np.isnan(bare) or total < bare - _LARGEST_LOSS_DA:
        raise NotUnderstood(AMBIGUOUS_MASS)
    decimals = len(text.partition(".")[2])
    shift = round(total - bare, decimals)
    return f"{shift:+.{decimals}f}" if shift else ""


def _may_be_residues(text: str) -> bool:
    """Return whether a bracket could hold alternative residues, as in ``PEP(ST)IDE``."""
    return len(text) <= 3 and all(char in _RESIDUES for char in text)
