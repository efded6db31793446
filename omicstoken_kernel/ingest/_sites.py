"""Modifications that stand in a column of their own, put back into their sequence.

Each engine lists them in its way; what an entry names (a residue, a position) must fit the
sequence, or the row is refused. Understood are

- FragPipe ``5M(15.9949), N-term(42.0106)``, and ``?(79.97)`` for what an open search found,
- Proteome Discoverer ``1xOxidation [M5]; 2xCarbamidomethyl [C11; C24]`` and, before version 2,
  ``M5(Oxidation); N-Term(Prot)(Acetyl)``,
- alphaDIA ``Oxidation@M;Acetyl@Protein_N-term`` beside the sites ``5;0``,
- Comet ``5_V_15.9949,1_V_42.0106_n``,
- MaxQuant ``2 Oxidation (M),Acetyl (Protein N-term)``, which says how many and not where: the
  place is certain where the peptide has no more residues of the kind, else the modification
  stands before the sequence as ProForma writes one without a known place (``[Oxidation]?``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.ingest._tags import (
    AMBIGUOUS_MASS,
    NOT_UNDERSTOOD,
    Notation,
    NotUnderstood,
    Tag,
    read_tag,
)
from omicstoken_kernel.ingest.features import ALPHABET
from omicstoken_kernel.ingest.peptidoforms import NOT_A_RESIDUE, Parts, Reading, read_notation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["LIST_DEFECTS", "NOTHING_LISTED", "NOT_FITTING", "read_listed"]

NOT_FITTING = "a listed modification does not fit the sequence"
#: Reasons that lie in the list and not in the sequence.
LIST_DEFECTS = frozenset((AMBIGUOUS_MASS, NOT_FITTING, NOT_UNDERSTOOD))

#: What a list of modifications says where there are none.
NOTHING_LISTED = ("", "unmodified", "none", "[]", "['']", "0", "no", "-", "nan")

_N_TERM, _C_TERM, _ANYWHERE = -1, -2, -3
_SEPARATORS = ",;"
_LISTED_MASS = re.compile(r"[-+]?\d*\.?\d+")

_FRAGPIPE = re.compile(r"(\d*)([A-Z]|N-term|C-term|\?)\(([-+]?\d+\.?\d*)\)", re.IGNORECASE)
_COUNTED = re.compile(r"(\d+)x(.+?)\s*\[(.*)\]")
_SITE_OF_COUNTED = re.compile(r"(N-?Term|C-?Term|[A-Z])(\d*)(?:\([\d.]+\))?", re.IGNORECASE)
_NAMED_SITE = re.compile(
    r"(N-Term|C-Term|[A-Z])(\d*)(?:\(Prot\))?\(((?:[^()]|\([^()]*\))+)\)", re.IGNORECASE
)
_COMET = re.compile(r"(\d+)_[VSP]_(-?[\d.]+)(?:_([nNcC]))?")
# A variant of the protein's sequence, with what it had before: the peptide is written as it is.
_COMET_VARIANT = re.compile(r"\d+(?:-\d+)?_p_[A-Z*]+")
_HOW_MANY = re.compile(
    r"(?:(\d+) )?(\S.*?)(?: \(((?:Protein |Any |Peptide )?[NC]-term[^()]*|[A-Z]+)\))?"
)


class _Entry(NamedTuple):
    """One modification: its text, the residue it names if any, and its place from 0."""

    text: str
    residue: str
    place: int


def read_listed(sequence: str, listed: str, notation: Notation, *, sites: str = "") -> Reading:
    """Return a plain sequence with its listed modifications in place.

    Parameters
    ----------
    sequence
        Residues alone; any other notation is read as such and may not be listed again.
    listed
        The list as the file writes it.
    notation
        What the file's format promises; an unsigned mass in a list is a shift.
    sites
        The sites, where a further column has them (alphaDIA): 0 is the N-terminus, -1 the
        C-terminus.

    Examples
    --------
    >>> read_listed("AAMK", "3M(15.9949), N-term(42.0106)", Notation()).proforma
    '[+42.0106]-AAM[+15.9949]K'
    >>> read_listed("MAMK", "Oxidation (M)", Notation()).proforma
    '[Oxidation]?MAMK'
    """
    listed = " ".join(listed.split())
    plain = read_notation(sequence, notation)
    if plain.reason or listed.lower() in NOTHING_LISTED:
        return plain
    if plain.sequence != plain.proforma:
        return Reading(reason=NOT_A_RESIDUE)
    parts = Parts(residues=list(plain.sequence))
    try:
        for entry in _entries(listed, sites, plain.sequence):
            _put(entry, parts, notation)
    except NotUnderstood as problem:
        return Reading(reason=str(problem))
    return parts.reading()


def _put(entry: _Entry, parts: Parts, notation: Notation) -> None:
    place = entry.place
    if place >= len(parts.residues) or place < _ANYWHERE:
        raise NotUnderstood(NOT_FITTING)
    if place >= 0 and entry.residue not in ("", parts.residues[place]):
        raise NotUnderstood(NOT_FITTING)
    if _LISTED_MASS.fullmatch(entry.text):
        # A list gives what was added: nothing but an inline notation counts the residue in.
        mass = entry.text if entry.text[0] in "+-" else f"+{entry.text}"
        tag = read_tag(mass, notation) if float(mass) else Tag("")
    else:
        tag = read_tag(entry.text, notation)
    if place == _C_TERM:
        parts.add(tag, parts.c_term)
    elif place == _ANYWHERE:
        parts.add(tag, parts.anywhere)
    else:
        parts.add(tag, parts.at(place))


def _entries(listed: str, sites: str, sequence: str) -> Iterator[_Entry]:
    if "@" in listed or sites:
        yield from _paired(listed, sites, len(sequence))
        return
    for text in _split(listed):
        for read in _READERS:
            found = read(text, sequence)
            if found is not None:
                yield from found
                break
        else:
            raise NotUnderstood(NOT_UNDERSTOOD)


def _split(listed: str) -> list[str]:
    """Return a list's entries: separators within brackets separate nothing."""
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
        return _N_TERM if site[0] in "nN" else _C_TERM
    if not number:
        return _ANYWHERE
    # Position 0 does not exist; it must not become the N-terminus.
    return int(number) - 1 if int(number) else _ANYWHERE - 1


def _residue(site: str) -> str:
    return site if len(site) == 1 else ""


def _paired(listed: str, sites: str, length: int) -> Iterator[_Entry]:
    names, places = _split(listed), [site.strip() for site in re.split(r"[;,]", sites)]
    if len(names) != len(places):
        raise NotUnderstood(NOT_FITTING)
    for name, site in zip(names, places, strict=True):
        text, _, residue = name.partition("@")
        if not re.fullmatch(r"-1|\d+", site) or int(site) > length:
            raise NotUnderstood(NOT_FITTING)
        place = {0: _N_TERM, -1: _C_TERM}.get(int(site), int(site) - 1)
        # 'Gln->pyro-Glu@Q^Any_N-term' names its residue and a terminus.
        yield _Entry(text, _residue(residue.partition("^")[0]), place)


def _fragpipe(text: str, sequence: str) -> list[_Entry] | None:
    del sequence
    if found := _FRAGPIPE.fullmatch(text):
        number, site, mass = found.groups()
        if site == "?":
            return [_Entry(mass, "", _ANYWHERE)]
        if len(site) == 1 and not number:
            return None
        return [_Entry(mass, _residue(site), _place(site, number))]
    return None


def _counted(text: str, sequence: str) -> list[_Entry] | None:
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
            entries.append(_Entry(name, _residue(match[1]), _place(match[1], match[2])))
        elif site and not re.fullmatch(r"[A-Z](?:/[A-Z])*", site):
            raise NotUnderstood(NOT_UNDERSTOOD)
    if len(entries) > count:
        raise NotUnderstood(NOT_FITTING)
    del sequence
    return entries + [_Entry(name, "", _ANYWHERE)] * (count - len(entries))


def _comet(text: str, sequence: str) -> list[_Entry] | None:
    del sequence
    if _COMET_VARIANT.fullmatch(text):
        return []
    if found := _COMET.fullmatch(text):
        number, mass, terminus = found.groups()
        place = _place(f"{terminus}-term", "") if terminus else _place("X", number)
        return [_Entry(mass, "", place)]
    return None


def _named_site(text: str, sequence: str) -> list[_Entry] | None:
    del sequence
    found = _NAMED_SITE.fullmatch(text)
    if found is None or not (found[2] or len(found[1]) > 1):
        return None
    return [_Entry(found[3], _residue(found[1]), _place(found[1], found[2]))]


def _how_many(text: str, sequence: str) -> list[_Entry] | None:
    """Return the entries of ``2 Oxidation (M)``: in place where no other place is left."""
    found = _HOW_MANY.fullmatch(text)
    if found is None:
        return None
    count, name, site = int(found[1] or 1), found[2], found[3] or ""
    if "n-term" in site.lower() or name.lower().endswith("->pyro-glu"):
        return [_Entry(name, "", _N_TERM)] * count
    if "c-term" in site.lower():
        return [_Entry(name, "", _C_TERM)] * count
    if not site or not set(site) <= set(ALPHABET):
        return [_Entry(name, "", _ANYWHERE)] * count
    places = [at for at, residue in enumerate(sequence) if residue in site]
    if count > len(places):
        raise NotUnderstood(NOT_FITTING)
    if count == len(places):
        return [_Entry(name, "", place) for place in places]
    return [_Entry(name, "", _ANYWHERE)] * count


_READERS: tuple[Callable[[str, str], list[_Entry] | None], ...] = (
    _fragpipe, _counted, _comet, _named_site, _how_many,
)  # fmt: skip
