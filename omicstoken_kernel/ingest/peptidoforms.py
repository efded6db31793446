"""Peptidoforms as search engines write them, turned into ProForma 2.0.

The one rule: a letter of a modification never becomes a residue. Text is taken apart from left to
right into residues (upper-case letters of the alphabet) and modifications (balanced brackets,
signed masses, and letters before a residue where the format writes them so); whatever is neither
makes the whole string not understood, and the row that carries it is rejected with its text.

A modification is written under its UniMod name where UniMod knows it (``(UniMod:35)``, ``M(ox)``
and ``M(Oxidation (M))`` all become ``M[Oxidation]``), as the mass the file gives where it gives one
(``[+57.0215]``), and under the file's own name where the format always sets modifications in
brackets and UniMod has no such name (``C(DBIA)`` becomes ``C[DBIA]``): where it sits is certain,
what it weighs is not known, and the upload says so. An unsigned mass is refused unless the format
states whether it is the shift or the residue's total. What a modification's text says is settled in
:mod:`omicstoken_kernel.ingest._tags`, lists in a column of their own in
:mod:`omicstoken_kernel.ingest._sites`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from omicstoken_kernel.ingest._tags import (
    AMBIGUOUS_MASS,
    NOT_UNDERSTOOD,
    SIGNED,
    SITE,
    Notation,
    NotUnderstood,
    Tag,
    prefixed,
    read_tag,
    written_mass,
)
from omicstoken_kernel.ingest.features import ALPHABET, MAX_RESIDUES

__all__ = [
    "AMBIGUOUS_MASS", "CROSS_LINK", "NOT_UNDERSTOOD", "Notation", "Parts", "Reading",
    "read_notation",
]  # fmt: skip

_RESIDUES = frozenset(ALPHABET)
_OPEN = {"(": ")", "[": "]"}
_FLANK = r"(?:\[[A-Z*_;-]*\]|[A-Z*_-]*)"
_FLANKED = re.compile(rf"^{_FLANK}\.(?=[A-Zac-z(\[n_+-])(.+)\.{_FLANK}$")
# A flank on one side is a single residue or a terminus, beside four residues at least; a digit
# before the point is a mass's.
_ONE_FLANK = r"(?:\[[A-Z*_-]\]|[A-Z*_-])"
_FLANKED_BEFORE = re.compile(rf"^{_ONE_FLANK}\.(?=[A-Zac-z(\[n_+-])(?=(?:.*?[A-Z]){{4}})(.+)$")
_FLANKED_BEHIND = re.compile(rf"^(?=(?:.*?[A-Z]){{4}})(.*[^\d])\.{_ONE_FLANK}$")
# Two peptides and the sites that join them: 'AAK(3)-CCKR(2)', 'AAK--CCK', ProForma's '#XL1'.
_CROSS_LINKED = re.compile(
    r"#XL|\(\d+\)-+[A-Z(\[]|[A-Z)\]]--[A-Z(\[]|[A-Z)\]]&[A-Z(\[]|^[A-Z]{4,}-[A-Z]{4}|-LOOP\b"
)
_CHARGE = re.compile(r"/\d{1,2}$")
_PREFIX = re.compile(r"([a-z]+)([A-Z])")

NOT_A_RESIDUE = "holds a sign that is no amino acid"
MIXED_CASE = "lower-case letters among residues: notation not understood"
UNBALANCED = "brackets do not balance"
EMPTY = "no sequence"
TOO_LONG = f"longer than {MAX_RESIDUES} residues"
CROSS_LINK = "several peptides in one: cross-links and chimeras are not read"


class Reading(NamedTuple):
    """What one string says: a sequence and its ProForma, or why not (``reason``)."""

    sequence: str = ""
    proforma: str = ""
    reason: str = ""
    #: Names kept although UniMod does not know them.
    unknown: tuple[str, ...] = ()


@dataclass
class Parts:
    """A peptidoform in pieces; positions count from 0, -1 is the N-terminus."""

    residues: list[str] = field(default_factory=list)
    tags: dict[int, list[str]] = field(default_factory=dict)
    c_term: list[str] = field(default_factory=list)
    #: Tags of modifications without a known place.
    anywhere: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def add(self, tag: Tag, place: list[str]) -> None:
        """Put a tag in its place; one that weighs nothing is none."""
        if tag.text:
            place.append(tag.text)
        if not tag.known:
            self.unknown.append(tag.text)

    def at(self, position: int) -> list[str]:
        """Return the tags of a position, to be added to."""
        return self.tags.setdefault(position, [])

    def reading(self) -> Reading:
        """Return the sequence and its ProForma, or why there is none."""
        if not self.residues:
            return Reading(reason=EMPTY)
        if len(self.residues) > MAX_RESIDUES:
            return Reading(reason=TOO_LONG)
        return Reading("".join(self.residues), self._proforma(), unknown=tuple(self.unknown))

    def _proforma(self) -> str:
        text = "".join(f"[{tag}]" for tag in self.anywhere) + ("?" if self.anywhere else "")
        n_term = "".join(f"[{tag}]" for tag in self.tags.get(-1, ()))
        text += n_term + ("-" if n_term else "")
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
    text = _bare(_CHARGE.sub("", text.strip()))
    if notation.fold_case and text.isalpha() and text.islower():
        text = text.upper()
    if not text:
        return Reading(reason=EMPTY)
    if _CROSS_LINKED.search(text):
        return Reading(reason=CROSS_LINK)
    try:
        return _take_apart(text, notation, _abbreviations(listed)).reading()
    except NotUnderstood as problem:
        return Reading(reason=str(problem))


def _bare(text: str) -> str:
    """Return a sequence without the residues that flank it in its protein."""
    for pattern in (_FLANKED, _FLANKED_BEFORE, _FLANKED_BEHIND):
        if flanked := pattern.match(text):
            text = flanked[1]
            break
    return text.strip("_ ")


def _abbreviations(listed: str) -> dict[str, str]:
    """Return two-letter abbreviation to full name, for names that do not share theirs."""
    found: dict[str, set[str]] = {}
    for entry in re.split(r"[,;]", listed):
        name = re.sub(r"^\d+\s+", "", entry.strip())
        if name:
            found.setdefault(name[:2].lower(), set()).add(name)
    return {short: names.pop() for short, names in found.items() if len(names) == 1}


def _take_apart(text: str, notation: Notation, abbreviations: dict[str, str]) -> Parts:
    parts = Parts()
    at, ending = 0, False
    while at < len(text):
        char = text[at]
        if char in _RESIDUES and not ending:
            parts.residues.append(char)
            at += 1
        elif char in _OPEN:
            on = _carrier(parts, ending=ending)
            content, at = _bracket(text, at)
            tag = read_tag(content, notation, on=on, abbreviations=abbreviations)
            _attach(parts, tag, content, ending=ending)
        elif (mass := SIGNED.match(text, at)) and not (char == "-" and parts.c_term):
            _attach(parts, Tag(written_mass(mass)), "", ending=ending)
            at = mass.end()
        elif notation.prefixes and not ending and (found := _PREFIX.match(text, at)):
            _take_prefixed(parts, found[1], found[2])
            at = found.end()
        else:
            ending = _punctuation(text, at, parts) or ending
            at += 1
    return parts


def _carrier(parts: Parts, *, ending: bool) -> str:
    """Return the residue, or ``n`` or ``c``, that the next bracket belongs to."""
    if ending:
        return "c"
    return parts.residues[-1] if parts.residues else "n"


def _take_prefixed(parts: Parts, letters: str, residue: str) -> None:
    if residue not in _RESIDUES:
        raise NotUnderstood(MIXED_CASE)
    acetylated, tag = prefixed(letters, residue, first=not parts.residues)
    if acetylated:
        parts.add(Tag("Acetyl"), parts.at(-1))
    parts.residues.append(residue)
    if tag is not None:
        parts.add(tag, parts.at(len(parts.residues) - 1))


def _bracket(text: str, at: int) -> tuple[str, int]:
    """Return what a bracket holds and the place behind it; brackets of its kind may nest."""
    opening, closing = text[at], _OPEN[text[at]]
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == opening) - (text[place] == closing)
        if depth == 0:
            return text[at + 1 : place], place + 1
    raise NotUnderstood(UNBALANCED)


def _attach(parts: Parts, tag: Tag, content: str, *, ending: bool) -> None:
    site = SITE.search(content)
    if ending:
        parts.add(tag, parts.c_term)
    elif len(parts.residues) == 1 and site and "n-term" in site[1].lower():
        # Some tools write a terminal modification behind the first residue and say so.
        parts.add(tag, parts.at(-1))
    else:
        parts.add(tag, parts.at(len(parts.residues) - 1))


def _punctuation(text: str, at: int, parts: Parts) -> bool:
    """Accept signs beside a terminal modification; True where the C-terminus begins."""
    char, following = text[at], text[at + 1 : at + 2]
    if not parts.residues:
        if char == "n" and following in _OPEN:
            return False
        if char == "." and following in _OPEN:
            return False
        if char == "-" and -1 in parts.tags:
            return False
        if char == "?" and parts.tags.get(-1) and not parts.anywhere:
            parts.anywhere = parts.tags.pop(-1)
            return False
    elif following in _OPEN and following and char in "-.c":
        return True
    if char.islower():
        raise NotUnderstood(MIXED_CASE)
    raise NotUnderstood(CROSS_LINK if char in "/_+;|" else NOT_A_RESIDUE)
