"""How MetaMorpheus and FlashLFQ write peptidoforms, and those that a spectrum cannot tell apart.

Modifications are ``[Common Variable:Oxidation on M]``: a kind, a name, the residue. Where several
peptidoforms explain a spectrum alike all of them are written, with bars between:
``SDK[...]PD|[...]SDKPD``. Alternatives that differ in where a modification sits, and in nothing
else, are one peptidoform with a modification whose place is not known. Others are several, and to
take one of them would be a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.modifications import by_name
from omicstoken_kernel.ingest._placed import ANYWHERE, place

if TYPE_CHECKING:
    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._placed import Site

__all__ = ["AMBIGUOUS", "join_accessions", "settle", "settle_alternatives"]

#: Why a row is filtered whose spectrum several sequences or modifications explain.
AMBIGUOUS = "ambiguous: several peptides explain the spectrum alike"

_OPEN = r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]"
_TAG = re.compile(_OPEN)
_PIECE = re.compile(rf"([A-Z])|-?{_OPEN}")
# 'Common Variable:Oxidation on M'; a name may hold a colon of its own ('Delta:H(2)C(2)').
_NAMED = re.compile(
    r"(?:[A-Z][\w-]*(?: [A-Z][\w-]*)*:)?(.+?) on (?:[A-Z]\w{0,4}|[NC]-?[Tt]erm\w*)$"
)
# FASTA headers of UniProt hold bars that separate nothing between accessions.
_UNIPROT_HEADER = re.compile(r"(?:^|[;|])(?:sp|tr)\|")


def settle(text: str) -> str | None:
    """Return a peptidoform as other readers write it; None where several explain the spectrum.

    Examples
    --------
    >>> settle("AM[Common Variable:Oxidation on M]K")
    'AM[Oxidation]K'
    >>> settle("SDK[Common Biological:Acetylation on K]|[Common Biological:Acetylation on X]SDK")
    '[Acetyl]?SDK'
    >>> settle("LLISK|LLLSK") is None
    True
    """
    written = dict.fromkeys(_renamed(one) for one in _alternatives(text))
    if len(written) == 1:
        return next(iter(written))
    taken_apart = [_take_apart(one) for one in written]
    if None in taken_apart:
        return None
    apart = [one for one in taken_apart if one is not None]
    sequence, first = apart[0]
    if any(other != sequence for other, _ in apart):
        return None
    shared = first.copy()
    for _, sites in apart[1:]:
        shared &= sites
    loose = [Counter(name for _, name in (sites - shared).elements()) for _, sites in apart]
    if any(other != loose[0] for other in loose):
        return None
    anywhere = [(ANYWHERE, name) for name in loose[0].elements()]
    return place(sequence, [*shared.elements(), *anywhere])


def settle_alternatives(frame: Frame, canonical: str = "modified") -> None:
    """Write a column of peptidoforms as other readers do, and filter ambiguous rows.

    A row whose peptidoform is blank while its sequence is not is ambiguous, too: nothing says
    which modifications it carries.
    """
    encoded = pc.dictionary_encode(frame.text(canonical))
    texts = [settle(text) for text in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    ambiguous = np.array([text is None for text in texts], bool)[codes]
    if "sequence" in frame:
        blank = np.array([text == "" for text in texts], bool)[codes]
        bare = pc.not_equal(frame.text("sequence"), "").to_numpy(zero_copy_only=False)
        ambiguous |= blank & bare
    frame.outcomes.filter(ambiguous, AMBIGUOUS)
    column = pa.array([text or "" for text in texts], pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping[canonical]] = column


def join_accessions(frame: Frame) -> None:
    """Put semicolons between accessions that stand with bars or ``or`` between them."""
    if "proteins" not in frame:
        return
    encoded = pc.dictionary_encode(frame.text("proteins"))
    joined = [
        text if _UNIPROT_HEADER.search(text) else text.replace(" or ", ";").replace("|", ";")
        for text in encoded.dictionary.to_pylist()
    ]
    column = pa.array(joined, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["proteins"]] = column


def _alternatives(text: str) -> list[str]:
    """Return what stands between bars; a bar within brackets separates nothing."""
    if "|" not in text:
        return [text]
    found, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


def _renamed(text: str) -> str:
    return _TAG.sub(lambda match: f"[{_name(match[1])}]", text.strip())


@lru_cache(maxsize=4096)
def _name(content: str) -> str:
    named = _NAMED.fullmatch(content.strip())
    name = named[1] if named else content.strip()
    # 'N-acetylserine' and 'N6-acetyllysine' are one modification at two places.
    known = by_name(name)
    return known.name if known else name


def _take_apart(text: str) -> tuple[str, Counter[Site]] | None:
    """Return the residues, and the modifications with their places; None if it is neither."""
    residues, sites, at = "", Counter[tuple[int, str]](), 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return None
        if piece[1]:
            residues += piece[1]
        else:
            behind = residues and piece[0].startswith("-")
            sites[len(residues) + bool(behind), piece[2]] += 1
        at = piece.end()
    return (residues, sites) if residues else None
