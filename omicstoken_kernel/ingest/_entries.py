"""What one entry of a list of modifications says: which modification, and where it sits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.ingest._tags import AMBIGUOUS_MASS, NOT_UNDERSTOOD, NotUnderstood
from omicstoken_kernel.ingest.features import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ANYWHERE", "C_TERM", "NOT_FITTING", "N_TERM", "READERS", "Entry", "residue_of", "sited",
    "split",
]  # fmt: skip

NOT_FITTING = "a listed modification does not fit the sequence"

#: Places that are no residue's.
N_TERM, C_TERM, ANYWHERE = -1, -2, -3
_SEPARATORS = ",;"
_UNSIGNED = re.compile(r"\d*\.?\d+")

_FRAGPIPE = re.compile(r"(\d*)([A-Z]|N-term|C-term|\?)\(([-+]?\d+\.?\d*)\)", re.IGNORECASE)
_COUNTED = re.compile(r"(\d+)x(.+?)\s*\[(.*)\]")
_SITE_OF_COUNTED = re.compile(r"(N-?Term|C-?Term|[A-Z])(\d*)(?:\([\d.]+\))?", re.IGNORECASE)
_NAMED_SITE = re.compile(
    r"(N-Term|C-Term|[A-Z])(\d*)(?:\(Prot\))?\(((?:[^()]|\([^()]*\))+)\)", re.IGNORECASE
)
_COMET = re.compile(r"(\d+)_[VSP]_(-?[\d.]+)(?:_([nNcC]))?")
# A variant of the protein's sequence, with what it had before: the peptide is written as it is.
_COMET_VARIANT = re.compile(r"\d+(?:-\d+)?_p_[A-Z*]+")
_AT_SITE = re.compile(r"(\S.*?)\s*@\s*([A-Z])(\d+)")
_SITE_BEHIND = re.compile(r"(\S.*?)\s*[(\[]([A-Z])(\d+)[)\]]")
_TERMINUS_BEHIND = re.compile(
    r"(\S.*?)\s*(?:[(\[]|@)(?:protein |peptide |any )?([NC]-?term)(?:inus)?[)\]]?", re.IGNORECASE
)
_RECORD = re.compile(r"-?\d+\|[^|]+(?:\|-?\d+\|[^|]+)*")
_MZTAB = re.compile(r"(\d+)-((?:UNIMOD|MOD):\d+)")
# A modification with the number of its residue, before it ('4:Oxidation (M)', '[4] Oxidation',
# '4(Oxidation)', pFind's '4,Oxidation[M]') or behind it (ProteinPilot's 'Oxidation(M)@4'); what it
# sits on may stand behind its name.
_ON = r"(?:\s*[(\[](?P<on>[A-Z]|(?:protein|any|peptide)?\s*[nc]-?term[a-z\s]*)[)\]])?"
_NUMBERED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"[(\[](?P<number>\d+)[)\]]\s*(?P<name>\S.*?){_ON}",
        rf"(?P<number>\d+)\s*[:,]\s*(?P<name>\S.*?){_ON}",
        rf"(?P<number>\d+)\s*\((?P<name>[^()\s][^()]*?(?:\([^()]*\))?[^()]*?){_ON}\)",
        r"(?P<number>\d+)\s*\[(?P<name>[^\[\]]+)\](?P<on>)",
        rf"(?P<name>\S.*?){_ON}\s*@\s*(?P<number>\d+)",
    )
)
# pFind puts a comma between number and name, where others put it between entries.
_PFIND = re.compile(r"\s*\d+\s*,[^,;]+(?:;\s*\d+\s*,[^,;]+)*;?\s*")
_SITE_APART = re.compile(r"(\S.*?)\s+([A-Z])(\d+)")
_SITE_SCORED = re.compile(r"(\S.*?)\s*[(\[]([A-Z])(\d+)\s*\([\d.]+\)[)\]]")
_HOW_MANY = re.compile(
    r"(?:(\d+) )?(\S.*?)(?: \(((?:Protein |Any |Peptide )?[NC]-term[^()]*|[A-Z]+)\))?"
)


class Entry(NamedTuple):
    """One modification: its text, the residue it names if any, and its place from 0."""

    text: str
    residue: str
    place: int


def split(listed: str) -> list[str]:
    """Return a list's entries: separators within brackets separate nothing."""
    if _PFIND.fullmatch(listed):
        return [entry.strip() for entry in listed.split(";") if entry.strip()]
    entries, depth, start = [], 0, 0
    for at, char in enumerate(listed):
        depth += (char in "([") - (char in ")]")
        if char in _SEPARATORS and depth == 0:
            entries.append(listed[start:at])
            start = at + 1
    return [entry.strip() for entry in (*entries, listed[start:]) if entry.strip()]


def _place(site: str, number: str) -> int:
    """Return the place of ``N-term``, ``C-term`` or a residue with its position from 1."""
    if len(site) > 1:
        return N_TERM if site[0] in "nN" else C_TERM
    if not number:
        return ANYWHERE
    # Position 0 does not exist; it must not become the N-terminus.
    return int(number) - 1 if int(number) else ANYWHERE - 1


def residue_of(site: str) -> str:
    """Return a site that is a residue, empty for a terminus."""
    return site if len(site) == 1 else ""


def _fragpipe(text: str, sequence: str) -> list[Entry] | None:
    del sequence
    if found := _FRAGPIPE.fullmatch(text):
        number, site, mass = found.groups()
        if site == "?":
            return [Entry(mass, "", ANYWHERE)]
        if len(site) == 1 and not number:
            return None
        return [Entry(mass, residue_of(site), _place(site, number))]
    return None


def _counted(text: str, sequence: str) -> list[Entry] | None:
    """Return the entries of ``2xCarbamidomethyl [C11; C24]``; a site without number is not known.

    ``1xPhospho [S/T]`` is one place among several.
    """
    found = _COUNTED.fullmatch(text)
    if found is None:
        return None
    count, name, inside = int(found[1]), found[2], found[3]
    entries = []
    for site in re.split(r"\s*[;,]\s*", inside.strip()):
        match = _SITE_OF_COUNTED.fullmatch(site)
        if match and (match[2] or len(match[1]) > 1):
            entries.append(Entry(name, residue_of(match[1]), _place(match[1], match[2])))
        elif site and not re.fullmatch(r"[A-Z](?:/[A-Z])*", site):
            raise NotUnderstood(NOT_UNDERSTOOD)
    if len(entries) > count:
        raise NotUnderstood(NOT_FITTING)
    del sequence
    return entries + [Entry(name, "", ANYWHERE)] * (count - len(entries))


def _comet(text: str, sequence: str) -> list[Entry] | None:
    del sequence
    if _COMET_VARIANT.fullmatch(text):
        return []
    if found := _COMET.fullmatch(text):
        number, mass, terminus = found.groups()
        place = _place(f"{terminus}-term", "") if terminus else _place("X", number)
        return [Entry(mass, "", place)]
    return None


def _named_site(text: str, sequence: str) -> list[Entry] | None:
    del sequence
    found = _NAMED_SITE.fullmatch(text)
    if found is None or not (found[2] or len(found[1]) > 1):
        return None
    return [Entry(found[3], residue_of(found[1]), _place(found[1], found[2]))]


def _how_many(text: str, sequence: str) -> list[Entry] | None:
    """Return the entries of ``2 Oxidation (M)``: in place where no other place is left."""
    found = _HOW_MANY.fullmatch(text)
    if found is None:
        return None
    count, name, site = int(found[1] or 1), found[2], found[3] or ""
    if "n-term" in site.lower() or name.lower().endswith("->pyro-glu"):
        return [Entry(name, "", N_TERM)] * count
    if "c-term" in site.lower():
        return [Entry(name, "", C_TERM)] * count
    if not site or not set(site) <= set(ALPHABET):
        return [Entry(name, "", ANYWHERE)] * count
    places = [at for at, residue in enumerate(sequence) if residue in site]
    if count > len(places):
        raise NotUnderstood(NOT_FITTING)
    if count == len(places):
        return [Entry(name, "", place) for place in places]
    return [Entry(name, "", ANYWHERE)] * count


def _at_site(text: str, sequence: str) -> list[Entry] | None:
    """Return the entry of ``Oxidation@M5``, ``Oxidation (M5)``, ``Oxidation M5`` and the like."""
    del sequence
    if terminus := _TERMINUS_BEHIND.fullmatch(text):
        return [Entry(terminus[1], "", _place(terminus[2], ""))]
    forms = (_AT_SITE, _SITE_BEHIND, _SITE_SCORED, _SITE_APART)
    found = next((match for form in forms if (match := form.fullmatch(text))), None)
    return [Entry(found[1], found[2], _place(found[2], found[3]))] if found else None


def _record(text: str, sequence: str) -> list[Entry] | None:
    """Return the entries of ``5|Oxidation|0|Acetyl`` and of ``5-UNIMOD:35``."""
    pairs = [match.groups() for match in [_MZTAB.fullmatch(text)] if match]
    if _RECORD.fullmatch(text):
        parts = text.split("|")
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    termini = {0: N_TERM, -1: C_TERM, len(sequence) + 1: C_TERM}
    return [
        Entry(name, "", termini.get(int(number), int(number) - 1)) for number, name in pairs
    ] or None


def _numbered(text: str, sequence: str) -> list[Entry] | None:
    """Return the entry of ``4:Oxidation (M)``, ``[4] Oxidation`` or ``Oxidation(M)@4``."""
    found = next((match for form in _NUMBERED if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    number, on = int(found["number"]), found["on"] or ""
    if "term" in on.lower():
        first = "n" in on.lower().split("-")[0][-1:]
        if number not in ((0, 1) if first else (len(sequence), len(sequence) + 1)):
            raise NotUnderstood(NOT_FITTING)
        return [Entry(found["name"], "", N_TERM if first else C_TERM)]
    if number == 0 and on not in ("", sequence[:1]):
        raise NotUnderstood(NOT_FITTING)
    termini = {0: N_TERM, len(sequence) + 1: C_TERM}
    return [Entry(found["name"], on, termini.get(number, number - 1))]


_SITED: tuple[Callable[[str, str], list[Entry] | None], ...] = (
    _fragpipe, _counted, _comet, _named_site, _numbered, _at_site, _record,
)  # fmt: skip

#: Reads an entry of the lists of engines that we know.
READERS: tuple[Callable[[str, str], list[Entry] | None], ...] = (
    _fragpipe, _counted, _comet, _named_site, _how_many,
)  # fmt: skip

# Forms in which an unsigned mass is what an engine added.
_SHIFTS = (_fragpipe, _comet)


def sited(text: str, sequence: str) -> list[Entry] | None:
    """Return an entry's modifications, None if it does not say where each sits.

    Raises
    ------
    NotUnderstood
        If a mass could be the shift or the residue's total.
    """
    for read in _SITED:
        found = read(text, sequence)
        if found is None:
            continue
        if any(entry.place == ANYWHERE for entry in found):
            return None
        if read not in _SHIFTS and any(_UNSIGNED.fullmatch(entry.text) for entry in found):
            raise NotUnderstood(AMBIGUOUS_MASS)
        return found
    return None
