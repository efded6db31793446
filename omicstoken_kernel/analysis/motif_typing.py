"""HLA types of a sample, as far as motifs of class I ligands can be matched to them.

What cannot be matched is told and not guessed at: class II and mouse types, serotypes that name no
allele group (B62, A19), null alleles, alleles without a table in the reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.wording import listing
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.hla import normalised_hla

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.motif_reference import HlaReference

__all__ = ["Typing", "read_typing", "typing_p_value"]

_RANDOM_TYPINGS = 10_000

_ALLELE = re.compile(r"HLA-([ABCEFG])\*(\d+)((?::\d+)*)([NLSCAQ]?)")
_SEROTYPE = re.compile(r"HLA-(A|B|Cw)(\d+)")


@dataclass(frozen=True)
class Typing:
    """The HLA types of a sample.

    Parameters
    ----------
    alleles
        Each type that can be matched, as given, to the alleles of the reference it stands for: one,
        or all of a group where only the group is known.
    notes
        Sentences on the types that cannot.
    mouse
        Whether all types that are any are the mouse's.
    """

    alleles: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]
    mouse: bool = False


def read_typing(names: Iterable[str], reference: HlaReference) -> Typing:
    """Return what HLA types stand for in a reference.

    >>> from omicstoken_kernel.analysis.motif_reference import hla_reference
    >>> typing = read_typing(["A0201", "H2-Kb", "nonsense"], hla_reference())
    >>> typing.alleles
    {'HLA-A*02:01': ('HLA-A*02:01',)}
    """
    matched: dict[str, tuple[str, ...]] = {}
    unfit: dict[str, list[str]] = {}
    for given in names:
        try:
            name = normalised_hla(given)
        except InputError:
            unfit.setdefault("no HLA type", []).append(given)
            continue
        alleles, why = _known(name, reference.alleles)
        if alleles:
            matched[name] = alleles
        else:
            unfit.setdefault(why, []).append(name)
    notes = tuple(_told(why, found) for why, found in unfit.items())
    valid = [why for why in unfit if why != "no HLA type"]
    return Typing(matched, notes, mouse=not matched and valid == ["mouse"])


def _known(name: str, alleles: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the alleles of the reference that a type stands for, or none and why."""
    if name.startswith("H2-"):
        return (), "mouse"
    if name.startswith("HLA-D"):
        return (), "class II"
    if serotype := _SEROTYPE.fullmatch(name):
        stem = f"HLA-{serotype[1][0]}*{int(serotype[2]):02d}:"
        found = tuple(allele for allele in alleles if allele.startswith(stem))
        return found, "serotype"
    allele = _ALLELE.fullmatch(name)
    if allele is None:
        return (), "no table"
    if allele[4] == "N":
        return (), "null"
    fields = allele[3].split(":")[1:]
    stem = f"HLA-{allele[1]}*{allele[2]}:"
    if not fields:
        return tuple(known for known in alleles if known.startswith(stem)), "no table"
    # What comes after the second field does not change the protein.
    return ((stem + fields[0],) if stem + fields[0] in alleles else ()), "no table"


_REASONS = {
    "mouse": "of the mouse; the reference holds human molecules only, so nothing is matched to "
    "{it}",
    "class II": "of class II; motifs of class I ligands are not matched to {it}",
    "serotype": "no name of an allele group in the reference; alleles such as HLA-B*15:01 can be "
    "matched",
    "null": "not expressed (a null allele), so no motif is matched to {it}",
    "no HLA type": "no HLA type that is understood; nothing is matched to {it}",
    "no table": "not among the reference's alleles, so a motif of {it} cannot be recognised",
}


def _told(why: str, names: list[str]) -> str:
    one = len(names) == 1
    reason = _REASONS[why].format(it="it" if one else "them")
    quoted = [f"'{name}'" if why == "no HLA type" else name for name in names]
    return f"{listing(quoted)} {'is' if one else 'are'} {reason}."


def typing_p_value(
    fits: NDArray[np.float64], typing: Typing, reference: HlaReference
) -> float | None:
    """Return how often random types of the same genes fit the motifs as well as the given ones.

    The statistic is the mean over motifs of the fit with the type that fits best. Random types are
    drawn from the reference, gene by gene as many as are given, all alleles of a gene alike; for a
    type that is known by its group only, the whole group of a drawn allele, which are alike.
    """
    if not typing.alleles:
        return None
    chosen = [reference.place[a] for alleles in typing.alleles.values() for a in alleles]
    given = float(fits[:, chosen].max(axis=1).mean())
    genes = [row.partition("*")[0] for row in reference.alleles]
    groups = np.unique([row.partition(":")[0] for row in reference.alleles], return_inverse=True)[1]
    of_group = np.array([fits[:, groups == group].max(axis=1) for group in groups]).T
    draw = np.random.default_rng(0)
    best = np.full((len(fits), _RANDOM_TYPINGS), -np.inf)
    for alleles in typing.alleles.values():
        gene = alleles[0].partition("*")[0]
        rows = np.flatnonzero([each == gene for each in genes])
        drawn = draw.choice(rows, _RANDOM_TYPINGS)
        best = np.maximum(best, (fits if len(alleles) == 1 else of_group)[:, drawn])
    random = best.mean(axis=0)
    return float((1 + (random >= given).sum()) / (1 + _RANDOM_TYPINGS))
