"""Peptidoforms as search engines write them, turned into ProForma 2.0.

The one rule: a letter of a modification never becomes a residue. Text is taken apart from left to
right into residues (upper-case letters of the alphabet) and modifications (balanced brackets,
signed masses); whatever is neither makes the whole string not understood, and the row that carries
it is rejected with its text.

A modification is written under its UniMod name where UniMod knows it (``(UniMod:35)``, ``M(ox)``
and ``M(Oxidation (M))`` all become ``M[Oxidation]``), as the mass the file gives where it gives one
(``[+57.0215]``), and under the file's own name where the format always sets modifications in
brackets and UniMod has no such name (``C(DBIA)`` becomes ``C[DBIA]``): where it sits is certain,
what it weighs is not known, and the upload says so. An unsigned mass is refused unless the format
states whether it is the shift or the residue's total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from omicstoken_kernel.chemistry.modifications import by_name, by_unimod
from omicstoken_kernel.ingest.features import ALPHABET, MAX_RESIDUES

__all__ = ["Notation", "Reading", "read_notation"]

_RESIDUES = frozenset(ALPHABET)
_OPEN = {"(": ")", "[": "]"}
_UNIMOD = re.compile(r"(?:unimod|u):\s*(\d+)", re.IGNORECASE)
_ACCESSION = re.compile(r"(?:MOD|XLMOD|RESID|GNO):[A-Z]*\d+", re.IGNORECASE)
_SIGNED = re.compile(r"([+-])(\d*\.?\d+|\d+\.)")
_UNSIGNED = re.compile(r"\d+\.?\d*")
_SITE = re.compile(r"\s*\(((?:Protein |Any |Peptide )?[NC]-?term[^()]*|[A-Z]{1,6})\)$")
# What a ProForma tag may hold; its own signs ([ ] | # { } < >) may not, but '->' is common in
# names.
_NAME = re.compile(r"[^\[\]|#{}<>\x00-\x1f]*(?:->[^\[\]|#{}<>\x00-\x1f]*)*")
_FLANKED = re.compile(r"^(?:\[?([A-Z*_-]*)\]?)\.(?=[A-Zac-z(\[n_])(.+)\.(?:\[?([A-Z*_-]*)\]?)$")
_CHARGE = re.compile(r"/\d{1,2}$")

NOT_UNDERSTOOD = "modification not understood"
NOT_A_RESIDUE = "holds a sign that is no amino acid"
MIXED_CASE = "lower-case letters among residues: notation not understood"
UNBALANCED = "brackets do not balance"
EMPTY = "no sequence"
TOO_LONG = f"longer than {MAX_RESIDUES} residues"
CROSS_LINK = "several peptides in one: cross-links and chimeras are not read"
AMBIGUOUS_MASS = "unsigned mass: could be the shift or the residue's total"


@dataclass(frozen=True)
class Notation:
    """What a format promises about its modified sequences.

    Parameters
    ----------
    unsigned_mass
        What ``M[147]`` means: the mass shift, or nothing certain.
    keep_names
        True where brackets hold modifications and nothing else, so that a name UniMod lacks is
        kept.
    fold_case
        True where a wholly lower-case sequence is one in capitals.
    """

    unsigned_mass: Literal["delta", "refuse"] = "refuse"
    keep_names: bool = False
    fold_case: bool = False


class Reading(NamedTuple):
    """What one string says: a sequence and its ProForma, or why not (``reason``)."""

    sequence: str = ""
    proforma: str = ""
    reason: str = ""
    #: Names kept although UniMod does not know them.
    unknown: tuple[str, ...] = ()


class _NotUnderstood(Exception):
    """Carries the reason why a string is not understood."""


@dataclass
class _Parts:
    residues: list[str] = field(default_factory=list)
    tags: dict[int, list[str]] = field(default_factory=dict)  # position: tags; -1 is the N-terminus
    c_term: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def proforma(self) -> str:
        text = "".join(f"[{tag}]" for tag in self.tags.get(-1, ()))
        text += "-" if text else ""
        for position, residue in enumerate(self.residues):
            text += residue + "".join(f"[{tag}]" for tag in self.tags.get(position, ()))
        return text + ("-" + "".join(f"[{tag}]" for tag in self.c_term) if self.c_term else "")


def read_notation(text: str, notation: Notation | None = None, *, listed: str = "") -> Reading:
    """Return the sequence and ProForma of one modified sequence.

    Parameters
    ----------
    text
        As the file writes it.
    notation
        What the file's format promises.
    listed
        The row's modifications by full name, where a column lists them (MaxQuant's
        ``Modifications``); resolves abbreviations.

    Examples
    --------
    >>> read_notation("_(ac)AM(Oxidation (M))K_").proforma
    '[Acetyl]-AM[Oxidation]K'
    >>> read_notation("AAxK").reason
    'lower-case letters among residues: notation not understood'
    """
    notation = notation or Notation()
    text = _CHARGE.sub("", text.strip())
    flanked = _FLANKED.match(text)
    if flanked:
        text = flanked[2]
    text = text.strip("_ ")
    if notation.fold_case and text.isalpha() and text.islower():
        text = text.upper()
    if not text:
        return Reading(reason=EMPTY)
    try:
        parts = _take_apart(text, notation, _abbreviations(listed))
    except _NotUnderstood as problem:
        return Reading(reason=str(problem))
    if not parts.residues:
        return Reading(reason=EMPTY)
    if len(parts.residues) > MAX_RESIDUES:
        return Reading(reason=TOO_LONG)
    return Reading("".join(parts.residues), parts.proforma(), unknown=tuple(parts.unknown))


def _abbreviations(listed: str) -> dict[str, str]:
    """Return two-letter abbreviation to full name, for names that do not share theirs."""
    found: dict[str, set[str]] = {}
    for entry in re.split(r"[,;]", listed):
        name = re.sub(r"^\d+\s+", "", entry.strip())
        if name:
            found.setdefault(name[:2].lower(), set()).add(name)
    return {short: names.pop() for short, names in found.items() if len(names) == 1}


def _take_apart(text: str, notation: Notation, abbreviations: dict[str, str]) -> _Parts:
    parts = _Parts()
    at, ending = 0, False
    while at < len(text):
        char = text[at]
        if char in _RESIDUES and not ending:
            parts.residues.append(char)
            at += 1
        elif char in _OPEN:
            content, at = _bracket(text, at)
            _attach(parts, _tag(content, parts, notation, abbreviations), content, ending=ending)
        elif (mass := _SIGNED.match(text, at)) and not (char == "-" and parts.c_term):
            _attach(parts, _mass(mass), "", ending=ending)
            at = mass.end()
        else:
            ending = _punctuation(text, at, parts) or ending
            at += 1
    return parts


def _bracket(text: str, at: int) -> tuple[str, int]:
    """Return what a bracket holds and the place behind it; brackets of its kind may nest."""
    opening, closing = text[at], _OPEN[text[at]]
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == opening) - (text[place] == closing)
        if depth == 0:
            return text[at + 1 : place], place + 1
    raise _NotUnderstood(UNBALANCED)


def _attach(parts: _Parts, tag: str, content: str, *, ending: bool) -> None:
    site = _SITE.search(content)
    if ending:
        parts.c_term.append(tag)
    elif len(parts.residues) == 1 and site and "n-term" in site[1].lower():
        # Some tools write a terminal modification behind the first residue and say so.
        parts.tags.setdefault(-1, []).append(tag)
    else:
        parts.tags.setdefault(len(parts.residues) - 1, []).append(tag)


def _punctuation(text: str, at: int, parts: _Parts) -> bool:
    """Accept signs beside a terminal modification; True where the C-terminus begins."""
    char, following = text[at], text[at + 1 : at + 2]
    if not parts.residues:
        if char == "n" and following in _OPEN:
            return False
        if char == "." and following in _OPEN:
            return False
        if char == "-" and -1 in parts.tags:
            return False
    elif following in _OPEN and following and char in "-.c":
        return True
    if char.islower():
        raise _NotUnderstood(MIXED_CASE)
    raise _NotUnderstood(CROSS_LINK if char in "/_+;|" else NOT_A_RESIDUE)


def _mass(match: re.Match[str]) -> str:
    sign, digits = match[1], match[2].rstrip(".")
    return sign + ("0" + digits if digits.startswith(".") else digits)


def _tag(content: str, parts: _Parts, notation: Notation, abbreviations: dict[str, str]) -> str:
    """Return the ProForma tag of one modification's text."""
    text = " ".join(content.split())
    if accession := _UNIMOD.fullmatch(text):
        known = by_unimod(int(accession[1]))
        # A number newer than our table still names one modification and no other.
        return known.name if known else f"UNIMOD:{int(accession[1])}"
    if _ACCESSION.fullmatch(text):
        return text.upper()
    if mass := _SIGNED.fullmatch(text):
        return _mass(mass)
    if _UNSIGNED.fullmatch(text):
        if notation.unsigned_mass == "delta":
            return "+" + text.rstrip(".")
        raise _NotUnderstood(AMBIGUOUS_MASS)
    name = abbreviations.get(text, text) if len(text) == 2 else text
    name = re.sub(r"^U:", "", name)
    known = by_name(name)
    if known is not None and not _may_be_residues(text):
        return known.name
    name = _SITE.sub("", name)
    if not notation.keep_names or not name or not _NAME.fullmatch(name):
        raise _NotUnderstood(NOT_UNDERSTOOD)
    if len(name) == 2 and name.islower():
        # An abbreviation that could be several modifications is no name.
        raise _NotUnderstood(NOT_UNDERSTOOD)
    parts.unknown.append(name)
    return name


def _may_be_residues(text: str) -> bool:
    """Return whether a bracket could hold alternative residues, as in ``PEP(ST)IDE``."""
    return len(text) <= 3 and all(char in _RESIDUES for char in text)
