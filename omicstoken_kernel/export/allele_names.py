"""HLA types in the spelling of the programs that predict ligands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.hla import normalised_hla

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Spelt", "spell"]

_CHAIN = re.compile(r"([A-Z]+\d?)\*(\d+):(\d+)(?::\d+)*([NLSCAQ]?)")
_MOUSE = re.compile(r"H2-(K|D|L|IA|IE)([a-z])")
_FIRST_CLASS = ("A", "B", "C", "E", "F", "G")


@dataclass
class Spelt:
    """Alleles as a program writes them, each once, and those it cannot be given, with the reason.

    ``paired`` says that chains were typed one by one and every pair of them is named.
    """

    alleles: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    paired: bool = False

    def add(self, allele: str) -> None:
        """Take an allele, once."""
        if allele not in self.alleles:
            self.alleles.append(allele)


def spell(hla: Iterable[str], tool: str) -> Spelt:
    """Return a sample's HLA types in the spelling of a program.

    Examples
    --------
    >>> spell(["HLA-A*02:01:01", "A2", "H2-Kb"], "netmhcpan").alleles
    ['HLA-A02:01', 'H-2-Kb']
    >>> spell(["DRB1*01:01", "DQA1*05:01", "DQB1*02:01"], "netmhciipan").alleles
    ['DRB1_0101', 'HLA-DQA10501-DQB10201']
    """
    found = Spelt()
    halves: dict[str, list[str]] = {}
    for written in hla:
        reason = _take(written, tool, found, halves)
        if reason:
            found.left_out[written] = reason
    for pair in ("DQ", "DP"):
        alphas, betas = halves.get(f"{pair}A1", []), halves.get(f"{pair}B1", [])
        for alpha in alphas:
            for beta in betas:
                found.paired = True
                found.add(f"HLA-{alpha}-{beta}")
        for alone in (alphas or betas) if not (alphas and betas) else []:
            found.left_out[alone] = "its other chain is not typed"
    return found


def _take(written: str, tool: str, found: Spelt, halves: dict[str, list[str]]) -> str:
    """Take one type; return why it cannot be given to the program, or nothing."""
    try:
        name = normalised_hla(written)
    except InputError:
        return "no HLA type"
    if mouse := _MOUSE.fullmatch(name):
        of_mouse = _MICE[tool](mouse[1], mouse[2])
        if of_mouse:
            found.add(of_mouse)
        return "" if of_mouse else "of the mouse, or of the other class"
    chains = [_CHAIN.fullmatch(part) for part in name.removeprefix("HLA-").split("/")]
    known = [chain for chain in chains if chain is not None]
    if len(known) < len(chains):
        return "typed by serotype or to one field only; the program wants two"
    if any(chain[4] == "N" for chain in known):
        return "a null allele, which is not expressed"
    known = [chain for chain in known if chain[1] != "DRA"]
    if not known or (known[0][1] in _FIRST_CLASS) == (tool == "netmhciipan"):
        return "of the other class"
    spelt = [_SPELLING[tool](chain[1], chain[2], chain[3]) for chain in known]
    if known[0][1].startswith(("DQ", "DP")) and len(known) == 1:
        halves.setdefault(known[0][1], []).append(spelt[0])
    else:
        found.add(f"HLA-{'-'.join(spelt)}" if len(spelt) > 1 else spelt[0])
    return ""


def _netmhciipan(gene: str, first: str, second: str) -> str:
    # DR goes by its beta chain alone.
    return f"{gene}_{first}{second}" if gene.startswith("DR") else f"{gene}{first}{second}"


_SPELLING: dict[str, Callable[[str, str, str], str]] = {
    "netmhcpan": lambda gene, first, second: f"HLA-{gene}{first}:{second}",
    "netmhciipan": _netmhciipan,
    "mixmhcpred": lambda gene, first, second: f"{gene}{first}{second}",
    "mhcflurry": lambda gene, first, second: f"HLA-{gene}*{first}:{second}",
}
_MICE: dict[str, Callable[[str, str], str]] = {
    "netmhcpan": lambda gene, kind: "" if gene.startswith("I") else f"H-2-{gene}{kind}",
    "netmhciipan": lambda gene, kind: f"H-2-{gene}{kind}" if gene.startswith("I") else "",
    "mixmhcpred": lambda gene, kind: "",
    "mhcflurry": lambda gene, kind: "" if gene.startswith("I") else f"H2-{gene}*{kind}",
}
