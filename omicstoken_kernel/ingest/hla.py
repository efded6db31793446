"""Names of HLA types, as people write them and as the nomenclature does.

The package mhcgnomes reads many more species, and takes several seconds to import; a sample sheet
needs human types, pairs of class II chains and the mouse's, so those are read here. A first field
or serotype that does not exist is refused; whether a later field exists is not checked.
"""

from __future__ import annotations

import re

from omicstoken_kernel.errors import InputError

__all__ = ["normalised_hla", "split_hla"]


def _numbers(text: str) -> frozenset[int]:
    """Return the numbers of a list such as ``1-3 11``."""
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


# First fields of the alleles named by the WHO committee (IPD-IMGT/HLA).
_GROUPS = {
    "A": _numbers("1-3 11 23-26 29-34 36 43 66 68 69 74 80"),
    "B": _numbers("7 8 13-15 18 27 35 37-42 44-59 67 73 78 81-83"),
    "C": _numbers("1-8 12 14-18"),
    "E": _numbers("1"),
    "F": _numbers("1"),
    "G": _numbers("1"),
    "DRA": _numbers("1"),
    "DRB1": _numbers("1 3 4 7-16"),
    "DRB3": _numbers("1-3"),
    "DRB4": _numbers("1-3"),
    "DRB5": _numbers("1 2"),
    "DQA1": _numbers("1-6"),
    "DQB1": _numbers("2-6"),
    "DPA1": _numbers("1-4"),
    "DPB1": _numbers("1-9999"),
}
# Serotypes, broad ones and splits.
_SEROTYPES = {
    "A": _GROUPS["A"] | _numbers("9 10 19 28"),
    "B": _GROUPS["B"] | _numbers("5 12 16 17 21 22 60-65 70-72 75-77"),
    "C": _numbers("1-10 12 14-18"),
    "DR": _numbers("1-18 51-53"),
    "DQ": _numbers("1-9"),
    "DP": _numbers("1-6"),
}
_PARTNERS = {("DQA1", "DQB1"), ("DPA1", "DPB1"), *(("DRA", f"DRB{n}") for n in (1, 3, 4, 5))}

_NAME = re.compile(
    r"(?:HLA[-_ ]?)?(?P<gene>DRB[1345]|D[PQ][AB]1|DRA|D[RPQ]|CW|[ABCEFG])"
    r"(?P<star>[*_]?)(?P<fields>\d+(?::\d+){0,3})(?P<suffix>[NLSCAQ]?)",
    re.IGNORECASE,
)
_MOUSE = re.compile(r"H-?2[-_]?(K|D|L|I-?A|I-?E)[-*]?([bdfkpqrsuvz])", re.IGNORECASE)
_CHAINS = re.compile(r"(?:HLA-)?(D[PQ]A1[^/-]*|DRA[^/-]*)[/-](?:HLA-)?(D[PQ]B1.*|DRB.*)", re.I)


def normalised_hla(name: str) -> str:
    """Return an HLA type as the nomenclature writes it; a serotype stays one.

    Raises
    ------
    InputError
        If it is no HLA type.

    Examples
    --------
    >>> normalised_hla("A0201"), normalised_hla("A2"), normalised_hla("H-2-Kb")
    ('HLA-A*02:01', 'HLA-A2', 'H2-Kb')
    >>> normalised_hla("DQA10501-DQB10201")
    'HLA-DQA1*05:01/DQB1*02:01'
    """
    text = name.strip()
    if mouse := _MOUSE.fullmatch(text):
        return f"H2-{mouse[1].upper().replace('-', '')}{mouse[2].lower()}"
    if chains := _CHAINS.fullmatch(text):
        alpha, beta = _human(chains[1], name), _human(chains[2], name)
        if (alpha.partition("*")[0], beta.partition("*")[0]) in _PARTNERS:
            return f"HLA-{alpha}/{beta}"
        raise _refusal(name)
    return f"HLA-{_human(text, name)}"


def _human(text: str, whole: str) -> str:
    match = _NAME.fullmatch(text)
    if match is None:
        raise _refusal(whole)
    gene = match["gene"].upper()
    first, *others = match["fields"].split(":")
    plain = not match["star"] and not others
    if plain and len(first) <= 2 and not first.startswith("0") and not match["suffix"]:
        if int(first) not in _SEROTYPES.get("C" if gene == "CW" else gene, ()):
            raise _refusal(whole)
        return f"{'Cw' if gene in ('C', 'CW') else gene}{first}"
    if not others and len(first) in (4, 5):
        first, others = first[:2], [first[2:]]
    gene = "C" if gene == "CW" else gene
    wide = 4 if gene == "DPB1" else 2
    known = len(first) <= wide and int(first) in _GROUPS.get(gene, ())
    if not known or any(not 2 <= len(field) <= 4 for field in others):
        raise _refusal(whole)
    return f"{gene}*{':'.join([first.zfill(2), *others])}{match['suffix'].upper()}"


def split_hla(cell: str, gene: str = "") -> tuple[str, ...]:
    """Return the HLA types of one cell as written, parted by ``;``, ``,``, ``/``, ``|`` or spaces.

    A pair of class II chains joined by ``/`` stays one. ``gene`` goes before names without one.

    Examples
    --------
    >>> split_hla("A2/B7 DQA1*05:01/DQB1*02:01"), split_hla("02:01", "A")
    (('A2', 'B7', 'DQA1*05:01/DQB1*02:01'), ('A*02:01',))
    """
    found: list[str] = []
    for piece in filter(None, re.split(r"[;,|\s]+", cell)):
        found += [piece] if _CHAINS.fullmatch(piece) else filter(None, piece.split("/"))
    return tuple(_with_gene(name, gene) for name in found)


def _with_gene(name: str, gene: str) -> str:
    if not gene or not re.match(r"[*\d]", name):
        return name
    return f"{gene}{'*' if ':' in name else ''}{name}"


def _refusal(name: str) -> InputError:
    msg = f"'{name}' is no HLA type."
    return InputError(msg, "Write it as HLA-A*02:01, A0201, A2, DQA1*05:01/DQB1*02:01 or H2-Kb.")
