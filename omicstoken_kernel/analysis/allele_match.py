"""Whether an allele is one a sample is typed for, as far as the typing tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.hla import normalised_hla

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Typing", "chains_of"]

_SEROTYPE = re.compile(r"HLA-(A|B|Cw|DR|DQ|DP)\d+")
_GENES_OF = {"Cw": ("C",), "DR": ("DRB1", "DRB3", "DRB4", "DRB5"), "DQ": ("DQB1",), "DP": ("DPB1",)}


def chains_of(allele: str) -> tuple[str, ...]:
    """Return the typed chains of an allele at two fields, DRA left out, for it hardly varies.

    Examples
    --------
    >>> chains_of("HLA-A*02:01:01:01"), chains_of("HLA-DQA1*05:01/DQB1*02:01"), chains_of("H2-Kb")
    (('A*02:01',), ('DQA1*05:01', 'DQB1*02:01'), ('H2-Kb',))
    """
    chains = [
        ":".join(chain.split(":")[:2]).rstrip("NLSCAQ") if "*" in chain else chain
        for chain in allele.removeprefix("HLA-").split("/")
    ]
    return tuple(chain for chain in chains if not chain.startswith("DRA")) or tuple(chains)


@dataclass(frozen=True)
class Typing:
    """The HLA types of a sample: its chains at two fields, and genes known by serotype only."""

    chains: frozenset[str]
    by_serotype: frozenset[str]

    @classmethod
    def of(cls, hla: Iterable[str]) -> Typing:
        """Return the typing of a sample's HLA types as written; what is no type is left out."""
        chains: set[str] = set()
        by_serotype: set[str] = set()
        for written in hla:
            try:
                name = normalised_hla(written)
            except InputError:
                continue
            if match := _SEROTYPE.fullmatch(name):
                by_serotype |= set(_GENES_OF.get(match[1], (match[1],)))
            elif "*" in name and ":" not in name:
                by_serotype.add(name.removeprefix("HLA-").partition("*")[0])
            else:
                chains |= set(chains_of(name))
        return cls(frozenset(chains), frozenset(by_serotype))

    def __bool__(self) -> bool:
        return bool(self.chains or self.by_serotype)

    def has(self, allele: str) -> bool:
        """Return whether every chain of an allele is typed; a serotype covers its whole gene."""
        return all(
            chain in self.chains or chain.partition("*")[0] in self.by_serotype
            for chain in chains_of(allele)
        )
