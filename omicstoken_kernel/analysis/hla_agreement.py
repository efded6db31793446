"""Whether the HLA types of samples differ, whatever they are written as and however fully.

Types are compared as proteins, at two fields: what comes after them changes no residue of the
binding groove. A serotype or a first field alone agrees with every allele of its groups; the groups
of broad and split serotypes follow the HLA dictionary (Holdsworth R et al., Tissue Antigens 73:95,
2009). A sample for which a gene has one type may be homozygous there or typed in part, so another
type of that gene elsewhere does not make the two differ, unless none of the types given agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.allele_match import chains_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["HlaAgreement", "hla_agreement"]

_SEROTYPE = re.compile(r"HLA-(A|B|Cw)(\d+)")
_GROUPS = {
    "A9": (23, 24), "A10": (25, 26, 34, 66), "A19": (29, 30, 31, 32, 33, 74), "A28": (68, 69),
    "B5": (51, 52), "B12": (44, 45), "B16": (38, 39), "B17": (57, 58), "B21": (49, 50),
    "B22": (54, 55, 56), "B60": (40,), "B61": (40,), "B62": (15,), "B63": (15,), "B64": (14,),
    "B65": (14,), "B70": (15,), "B71": (15,), "B72": (15,), "B75": (15,), "B76": (15,),
    "B77": (15,), "Cw9": (3,), "Cw10": (3,),
}  # fmt: skip
_TWO = 2


@dataclass(frozen=True)
class HlaAgreement:
    """How the HLA types of two or more samples go together.

    Parameters
    ----------
    differ
        Whether two samples have types that cannot be those of one person.
    partly
        Whether types are alike as far as they are given, but not given alike.
    common
        The types that every sample has, in two fields where any is so written.
    """

    differ: bool
    partly: bool
    common: tuple[str, ...]


@dataclass(frozen=True)
class _Type:
    gene: str
    groups: frozenset[int]
    second: str
    name: str

    def agrees(self, other: _Type) -> bool:
        """Return whether both may be one protein."""
        if self.gene != other.gene or not self.groups & other.groups:
            return False
        return not self.second or not other.second or self.second == other.second


def hla_agreement(typings: Sequence[Sequence[str]]) -> HlaAgreement:
    """Return how the types of samples go together; samples without types are left out by callers.

    >>> hla_agreement([["HLA-A2", "HLA-B7"], ["HLA-A*02:01:01:01", "HLA-B*07:02"]])
    HlaAgreement(differ=False, partly=True, common=('HLA-A*02:01', 'HLA-B*07:02'))
    >>> hla_agreement([["HLA-A*02:01"], ["HLA-A*24:02"]]).differ
    True
    """
    known = [_by_gene(names) for names in typings]
    written = {frozenset(each.name for types in one.values() for each in types) for one in known}
    differ = any(_clash(a, b) for a, b in combinations(known, 2))
    return HlaAgreement(differ, not differ and len(written) > 1, _common(known))


def _by_gene(names: Sequence[str]) -> dict[str, list[_Type]]:
    found: dict[str, list[_Type]] = {}
    for one in dict.fromkeys(each for name in names for each in _types(name)):
        found.setdefault(one.gene, []).append(one)
    return found


def _types(name: str) -> list[_Type]:
    """Return what a type names: one allele or group, or both chains of a pair."""
    if serotype := _SEROTYPE.fullmatch(name):
        gene, number = serotype[1][0], int(serotype[2])
        groups = _GROUPS.get(f"{serotype[1]}{number}", (number,))
        return [_Type(gene, frozenset(groups), "", name)]
    return [_of_chain(chain, name) for chain in chains_of(name)]


def _of_chain(chain: str, name: str) -> _Type:
    gene, _, fields = chain.partition("*")
    group, _, second = fields.partition(":")
    if not group.isdigit():  # of the mouse, or a serotype of class II: as it is written
        return _Type(name, frozenset({0}), "", name)
    return _Type(gene, frozenset({int(group)}), second, f"HLA-{chain}")


def _clash(a: Mapping[str, Sequence[_Type]], b: Mapping[str, Sequence[_Type]]) -> bool:
    for gene in a.keys() & b.keys():
        ones, others = a[gene], b[gene]
        if not any(one.agrees(other) for one in ones for other in others):
            return True
        if len(others) >= _TWO and _alone(ones, others):
            return True
        if len(ones) >= _TWO and _alone(others, ones):
            return True
    return False


def _alone(ones: Sequence[_Type], others: Sequence[_Type]) -> bool:
    return any(not any(one.agrees(other) for other in others) for one in ones)


def _common(known: Sequence[Mapping[str, Sequence[_Type]]]) -> tuple[str, ...]:
    found = []
    for types in known[0].values():
        for one in types:
            alike = [[other for other in each.get(one.gene, ()) if one.agrees(other)]
                     for each in known]  # fmt: skip
            if all(alike):
                fullest = max((other for each in alike for other in each), key=_fullness)
                found.append(fullest.name)
    return tuple(sorted(set(found)))


def _fullness(one: _Type) -> tuple[bool, bool]:
    return bool(one.second), "*" in one.name
