"""Modifications that stand in a column of their own, put back into their sequence.

Each engine lists them in its way; what an entry names (a residue, a position) must fit the
sequence, or the row is refused. Understood are

- FragPipe ``5M(15.9949), N-term(42.0106)``, and ``?(79.97)`` for what an open search found,
- Proteome Discoverer ``1xOxidation [M5]; 2xCarbamidomethyl [C11; C24]`` and, before version 2,
  ``M5(Oxidation); N-Term(Prot)(Acetyl)``,
- alphaDIA ``Oxidation@M;Acetyl@Protein_N-term`` beside the sites ``5;0``,
- Comet ``5_V_15.9949,1_V_42.0106_n``,
- in tables of any origin ``Oxidation@M5``, ``Oxidation (M5)``, ``Oxidation M5``, ``Phospho
  [S3(100)]``, ``5|Oxidation|0|Acetyl`` (peptide record), ``5-UNIMOD:35`` (mzTab), pFind's
  ``5,Oxidation[M];``, ProteinPilot's ``Oxidation(M)@5``, ``[5] Oxidation (M)``, ``5:Oxidation`` and
  ``5(Oxidation)``,
- MaxQuant ``2 Oxidation (M),Acetyl (Protein N-term)``, which says how many and not where: the
  place is certain where the peptide has no more residues of the kind, else the modification
  stands before the sequence as ProForma writes one without a known place (``[Oxidation]?``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omicstoken_kernel.ingest._entries import (
    ANYWHERE,
    C_TERM,
    N_TERM,
    NOT_FITTING,
    READERS,
    Entry,
    residue_of,
    sited,
    split,
)
from omicstoken_kernel.ingest._tags import (
    AMBIGUOUS_MASS,
    NOT_UNDERSTOOD,
    Notation,
    NotUnderstood,
    Tag,
    read_tag,
)
from omicstoken_kernel.ingest.peptidoforms import NOT_A_RESIDUE, Parts, Reading, read_notation

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LIST_DEFECTS", "NOTHING_LISTED", "NOT_FITTING", "read_listed", "read_sited"]

#: Reasons that lie in the list and not in the sequence.
LIST_DEFECTS = frozenset((AMBIGUOUS_MASS, NOT_FITTING, NOT_UNDERSTOOD))

#: What a list of modifications says where there are none.
NOTHING_LISTED = ("", "unmodified", "none", "[]", "['']", "0", "no", "n", "false", "-", "nan")

_LISTED_MASS = re.compile(r"[-+]?\d*\.?\d+")


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


def read_sited(
    sequence: str, listed: str, notation: Notation, *, sites: str = ""
) -> Reading | None:
    """Return a plain sequence with its modifications in place; None unless all name their places.

    For tables of unknown origin: an unsigned mass is refused unless an engine's form says what it
    is.

    Examples
    --------
    >>> read_sited("AAMK", "Oxidation@M3", Notation()).proforma
    'AAM[Oxidation]K'
    >>> read_sited("AAMK", "Oxidation (M)", Notation()) is None
    True
    """
    parts = Parts(residues=list(sequence))
    try:
        if sites:
            entries = list(_paired(listed, sites, len(sequence)))
        else:
            found = [sited(text, sequence) for text in split(listed)]
            if any(one is None for one in found):
                return None
            entries = [entry for one in found for entry in one or ()]
        for entry in entries:
            _put(entry, parts, notation)
    except NotUnderstood as problem:
        return Reading(reason=str(problem))
    return parts.reading()


def _put(entry: Entry, parts: Parts, notation: Notation) -> None:
    place = entry.place
    if place >= len(parts.residues) or place < ANYWHERE:
        raise NotUnderstood(NOT_FITTING)
    if place >= 0 and entry.residue not in ("", parts.residues[place]):
        raise NotUnderstood(NOT_FITTING)
    if _LISTED_MASS.fullmatch(entry.text):
        # A list gives what was added: nothing but an inline notation counts the residue in.
        mass = entry.text if entry.text[0] in "+-" else f"+{entry.text}"
        tag = read_tag(mass, notation) if float(mass) else Tag("")
    else:
        tag = read_tag(entry.text, notation)
    if place == C_TERM:
        parts.add(tag, parts.c_term)
    elif place == ANYWHERE:
        parts.add(tag, parts.anywhere)
    else:
        parts.add(tag, parts.at(place))


def _entries(listed: str, sites: str, sequence: str) -> Iterator[Entry]:
    if "@" in listed or sites:
        yield from _paired(listed, sites, len(sequence))
        return
    for text in split(listed):
        for read in READERS:
            found = read(text, sequence)
            if found is not None:
                yield from found
                break
        else:
            raise NotUnderstood(NOT_UNDERSTOOD)


def _paired(listed: str, sites: str, length: int) -> Iterator[Entry]:
    names, places = split(listed), [site.strip() for site in re.split(r"[;,]", sites)]
    if len(names) != len(places):
        raise NotUnderstood(NOT_FITTING)
    for name, site in zip(names, places, strict=True):
        text, _, residue = name.partition("@")
        if not re.fullmatch(r"-1|\d+", site) or int(site) > length:
            raise NotUnderstood(NOT_FITTING)
        place = {0: N_TERM, -1: C_TERM}.get(int(site), int(site) - 1)
        # 'Gln->pyro-Glu@Q^Any_N-term' names its residue and a terminus.
        yield Entry(text, residue_of(residue.partition("^")[0]), place)
