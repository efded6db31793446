"""A peptide beside another, residue under residue."""

from __future__ import annotations

__all__ = ["CUES", "aligned"]

#: How to read it, as tables say it on hover.
CUES = "Bold and underlined: differs; a dash: a residue less"


def aligned(sequence: str, query: str) -> str:
    """Return the query and a sequence under it, of equal length, with a space between.

    Of two lengths the shorter has one gap, as dashes: inside, or before and after it. Peptides of
    one molecule differ in their middle, nested ones at their ends; the gap lies where most residues
    agree. What differs in the sequence is in lower case.

    >>> aligned("VYVARPSHF", "VYVSRPSHF")
    'VYVSRPSHF VYVaRPSHF'
    >>> aligned("YVSRPSHF", "VYVSRPSHF"), aligned("VYVSGRPSHF", "VYVSRPSHF")
    ('VYVSRPSHF -YVSRPSHF', 'VYVS-RPSHF VYVSgRPSHF')
    """
    short, long = sorted((sequence, query), key=len)
    gapped = max(_gapped(short, len(long) - len(short)), key=lambda one: _equal(one, long))
    above, below = (gapped, long) if short is query else (long, gapped)
    pairs = zip(below, above, strict=True)
    return f"{above} {''.join(own if own == other else own.lower() for own, other in pairs)}"


def _gapped(sequence: str, missing: int) -> list[str]:
    ends = ["-" * before + sequence + "-" * (missing - before) for before in range(missing + 1)]
    inside = range(1, len(sequence) if missing else 1)
    return ends + [sequence[:place] + "-" * missing + sequence[place:] for place in inside]


def _equal(one: str, other: str) -> int:
    return sum(own == its for own, its in zip(one, other, strict=True))
