"""Peptidoforms in ProForma 2.0, read, stripped and weighed.

Understood is base ProForma as search results need it (LeDuc et al. 2018, J. Proteome Res. 17:1321;
ProForma 2.0, HUPO-PSI 2022): tags behind residues, ``[...]-`` and ``-[...]`` at the termini, and
``[...]?`` before the sequence for a modification without a known place. A tag is a UniMod name or
accession (``Oxidation``, ``U:Oxidation``, ``UNIMOD:35``, ``U:35``) or a mass difference in Da
(``+15.9949``). Everything else (isotopes, rules for all residues, ranges, cross-links, several
descriptors in a tag) is refused by name: half understood, it would give a wrong mass.

One pattern serves one string in Python and a million in Arrow, so the two cannot disagree. The
parser of pyteomics was tried: it reads more, but drops empty tags without a word and takes 0.3 s
to import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.composition import as_strings, composition, flatten
from omicstoken_kernel.chemistry.modifications import Modification, by_name, by_unimod
from omicstoken_kernel.chemistry.residues import (
    AVERAGE_DA,
    MONOISOTOPIC_DA,
    PROTON_DA,
    WATER_AVERAGE_DA,
    WATER_MONOISOTOPIC_DA,
)
from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Peptidoform", "mz", "parse", "peptidoform_masses", "strip"]

_TAG = r"\[[^\[\]#|]+\]"
# Modifications without a place, those of the amino end, the residues, those of the carboxyl end.
_HEAD = rf"((?:{_TAG})+\?)?((?:{_TAG})+-)?"
_BODY = rf"((?:[A-Z](?:{_TAG})*)+)"
_TAIL = rf"(-(?:{_TAG})+)?"
_BASE = re.compile(_HEAD + _BODY + _TAIL)
_RESIDUE = re.compile(rf"[A-Z]|{_TAG}")
_MASS_DELTA = re.compile(r"(?:(?:U|Obs):)?([+-]\d+(?:\.\d+)?)")
_UNIMOD = re.compile(r"(?:UNIMOD|U):(.+)", re.IGNORECASE)

_Number = TypeVar("_Number", float, "NDArray[np.float64]")


@dataclass(frozen=True)
class Peptidoform:
    """A sequence with its modifications.

    Parameters
    ----------
    sequence
        The stripped sequence.
    modifications
        Pairs of 1-based position and modification, in the order of the sequence.
    n_term, c_term
        The modifications of a terminus; empty for a free one.
    unlocalized
        Modifications somewhere on the peptide.
    """

    sequence: str
    modifications: tuple[tuple[int, Modification], ...] = ()
    n_term: tuple[Modification, ...] = ()
    c_term: tuple[Modification, ...] = ()
    unlocalized: tuple[Modification, ...] = ()


def parse(proforma: str) -> Peptidoform:
    """Return the peptidoform a ProForma string describes.

    A modification that UniMod does not have keeps its name and has no mass.

    Raises
    ------
    InputError
        If the string is not base ProForma; the message names what is not understood.

    Examples
    --------
    >>> peptidoform = parse("[Acetyl]-EM[U:35]EVK")
    >>> peptidoform.sequence, peptidoform.n_term[0].name
    ('EMEVK', 'Acetyl')
    >>> [(position, modification.name) for position, modification in peptidoform.modifications]
    [(2, 'Oxidation')]
    """
    match = _BASE.fullmatch(proforma)
    if match is None:
        raise _not_understood(proforma)
    unlocalized, n_term, body, c_term = match.groups(default="")
    sequence: list[str] = []
    placed: list[tuple[int, Modification]] = []
    for token in _RESIDUE.findall(body):
        if len(token) == 1:
            sequence.append(token)
        else:
            placed.append((len(sequence), _modification(token[1:-1])))
    return Peptidoform(
        sequence="".join(sequence),
        modifications=tuple(placed),
        n_term=_modifications(n_term),
        c_term=_modifications(c_term),
        unlocalized=_modifications(unlocalized),
    )


def strip(proforma: str) -> str:
    """Return the sequence of a ProForma string, without its modifications.

    Raises
    ------
    InputError
        As :func:`parse`: a letter of a modification never becomes a residue.

    Examples
    --------
    >>> strip("PEPM[Oxidation]K-[Amidated]")
    'PEPMK'
    """
    return parse(proforma).sequence


def peptidoform_masses(proformas: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Table:
    """Return the masses of neutral peptidoforms, one row each, in their order.

    Parameters
    ----------
    proformas
        ProForma strings without charge.

    Returns
    -------
    pyarrow.Table
        ``mass_average_da`` and ``mass_monoisotopic_da``, float64, Da. Null where a residue (B, J,
        X, Z) or a modification has no known mass; a mass difference is monoisotopic, so it leaves
        the average null.

    Raises
    ------
    InputError
        If a string is not base ProForma.

    Examples
    --------
    >>> peptidoform_masses(["EM[Oxidation]K"])["mass_monoisotopic_da"][0].as_py()
    422.183521
    """
    # A million rows hold far fewer different peptidoforms, and most of those carry no tag.
    encoded = as_strings(proformas).dictionary_encode()
    distinct = encoded.dictionary
    tagged = pc.match_substring_regex(distinct, "[^A-Z]").to_numpy(zero_copy_only=False)
    masses = np.empty((len(distinct), 2), dtype=np.float64)
    masses[~tagged] = _residue_masses(distinct.filter(pa.array(~tagged)))
    masses[tagged] = _tagged_masses(distinct.filter(pa.array(tagged)))
    rows = encoded.indices
    columns = [pa.array(column, mask=np.isnan(column)).take(rows) for column in masses.T]
    return pa.table(columns, names=["mass_average_da", "mass_monoisotopic_da"])


def mz(mass_monoisotopic_da: _Number, charge: int | NDArray[np.int64]) -> _Number:
    """Return the mass-to-charge ratio of a protonated peptidoform, in Th.

    Parameters
    ----------
    mass_monoisotopic_da
        Mass of the neutral peptidoform: a number, or (n,) float64.
    charge
        Number of protons, at least 1: a number, or (n,) integers.

    Raises
    ------
    InputError
        If a charge is below 1.

    Examples
    --------
    >>> round(mz(962.5437, 2), 4)
    482.2791
    """
    if np.any(np.asarray(charge) < 1):
        msg = f"A precursor charge of {np.min(charge)} is not possible: it takes a proton at least."
        raise InputError(msg, "Leave the charge out where it is not known.")
    return mass_monoisotopic_da / charge + PROTON_DA  # type: ignore[return-value]  # as the arguments


def _modifications(tags: str) -> tuple[Modification, ...]:
    return tuple(_modification(tag[1:-1]) for tag in re.findall(_TAG, tags))


@lru_cache(maxsize=4096)
def _modification(tag: str) -> Modification:
    """Return what the inside of a tag stands for; without a mass if nothing is known of it."""
    delta = _MASS_DELTA.fullmatch(tag)
    if delta is not None:
        return Modification(tag, None, float(delta[1]), None)
    unimod = _UNIMOD.fullmatch(tag)
    text = unimod[1] if unimod is not None else tag
    found = by_unimod(int(text)) if unimod is not None and text.isdecimal() else by_name(text)
    return found or Modification(tag, None, None, None)


def _not_understood(proforma: str) -> InputError:
    head = re.match(_HEAD, proforma)
    start = head.end() if head else 0
    body = re.compile(_BODY + _TAIL).match(proforma, start)
    place = body.end() if body else start
    shown = proforma if len(proforma) <= 80 else proforma[:80] + "..."
    what = f"{proforma[place : place + 20]!r}" if place < len(proforma) else "its end"
    msg = f"The peptidoform '{shown}' is not understood at position {place + 1}: {what}."
    hint = (
        "Write modifications as in EM[Oxidation]K, [Acetyl]-PEPK, PEPK-[Amidated], EM[+15.9949]K."
    )
    return InputError(msg, hint)


def _residue_masses(sequences: pa.Array) -> NDArray[np.float64]:
    """Return average and monoisotopic mass of peptides, (n, 2) float64; NaN where undefined."""
    flat = flatten(sequences)
    masses = np.full((len(sequences), 2), np.nan)
    counts = composition(flat)
    known = (counts[:, np.isnan(MONOISOTOPIC_DA)].sum(axis=1) == 0) & (flat.lengths > 0)
    residues = np.nan_to_num(np.stack([AVERAGE_DA, MONOISOTOPIC_DA], axis=1))
    water = [WATER_AVERAGE_DA, WATER_MONOISOTOPIC_DA]
    # Whole micro-daltons add up without rounding, so equal peptides weigh the same to the last bit.
    masses[known] = counts[known] @ np.rint(residues * 1e6) / 1e6 + water
    return masses


def _tagged_masses(proformas: pa.Array) -> NDArray[np.float64]:
    """Return average and monoisotopic mass of distinct modified peptidoforms, (n, 2) float64."""
    base = pc.match_substring_regex(proformas, f"^(?:{_BASE.pattern})$")
    if not pc.all(base, min_count=0).as_py():
        raise _not_understood(proformas.filter(pc.invert(base))[0].as_py())
    residues = pc.replace_substring_regex(proformas, rf"{_TAG}|-|\?", "")
    # Between brackets every second piece is a tag: 'EM', 'Oxidation', 'K'.
    pieces = pc.split_pattern_regex(proformas, r"[\[\]]")
    offsets = pieces.offsets.to_numpy()
    owners = np.repeat(np.arange(len(proformas)), np.diff(offsets))
    inside = (np.arange(owners.size) - offsets[owners]) % 2 == 1
    tags = pieces.flatten().filter(pa.array(inside)).dictionary_encode()
    known = [_modification(tag) for tag in tags.dictionary.to_pylist()]
    masses = _residue_masses(residues)
    for column, name in enumerate(("mass_average_da", "mass_monoisotopic_da")):
        values = np.array([getattr(tag, name) for tag in known], dtype=np.float64)
        added = values[tags.indices.to_numpy()]
        masses[:, column] += np.bincount(owners[inside], weights=added, minlength=len(masses))
    return masses
