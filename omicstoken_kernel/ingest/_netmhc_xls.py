"""NetMHCpan's and NetMHCIIpan's ``-xls`` file: text with tabs, two header rows, a block per allele.

The first row has each allele above the first column of its block, the second the columns: ``Pos``,
``Peptide``, ``ID`` (and ``Target``), then the blocks, then ``Ave`` and ``NB``. The file states
neither version nor thresholds.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._prediction import (
    Predicted,
    PredictionFile,
    allele_of,
    number,
    peptide_of,
    rejected,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omicstoken_kernel.ingest._prediction import Line
    from omicstoken_kernel.ingest.features import Rejection

__all__ = ["read", "sniff"]

_SCORES = {
    "EL": ("el-score", "el_score", "score_el"),
    "BA": ("ba-score", "ba_score", "score_ba", "1-log50k"),
}
_RANKS = {
    "EL": ("el_rank", "el-rank", "rank_el", "%rank_el"),
    "BA": ("ba_rank", "ba-rank", "rank_ba", "%rank_ba"),
}
_BEHIND = {"ave", "nb"}


class _Values(NamedTuple):
    """Where the values of one kind for one allele stand; -1: nowhere."""

    kind: str
    score: int
    rank: int
    affinity: int


class _Block(NamedTuple):
    """The columns of one allele."""

    written: str
    core: int
    kinds: tuple[_Values, ...]


def sniff(head: str) -> bool:
    """Return whether a text is an ``-xls`` file."""
    rows = [line.split("\t") for line in head.splitlines()[:2]]
    if len(rows) < 2 or not any(cell.strip() for cell in rows[0]):
        return False
    names = [cell.strip().lower() for cell in rows[1]]
    return names[:2] == ["pos", "peptide"] and not rows[0][0].strip() and "id" in names[:4]


def read(lines: Iterable[Line], head: str) -> PredictionFile:
    """Return the predictions of an ``-xls`` file."""
    above, names = ([cell.strip() for cell in line.split("\t")] for line in head.splitlines()[:2])
    blocks = _blocks(above, names)
    if unknown := [block.written for block in blocks if not block.kinds]:
        msg = f"Of {unknown[0]!a} neither a score nor a rank is known; columns: {', '.join(names)}."
        raise ParseError(msg, "Expected are columns such as EL-score and EL_Rank for each allele.")
    second = any(allele_of(b.written).startswith(("HLA-D", "H2-I")) for b in blocks)
    file = PredictionFile("NetMHCIIpan" if second else "NetMHCpan", "", _rows(lines, names, blocks))
    if not second:
        # netMHCpan -h: -rth 0.5, -rlt 2.0, in every version from 3.0 on.
        file.thresholds = {"strong": 0.5, "weak": 2.0}
        file.thresholds_from = "NetMHCpan's defaults; the file does not state them"
    return file


def _blocks(above: list[str], names: list[str]) -> tuple[_Block, ...]:
    starts = [place for place, cell in enumerate(above) if cell]
    end = next((at for at, name in enumerate(names) if name.lower() in _BEHIND), len(names))
    return tuple(
        _block(above[first], names, range(first, min(last, end)))
        for first, last in pairwise([*starts, end])
    )


def _block(written: str, names: list[str], places: range) -> _Block:
    at = {names[place].lower(): place for place in places if place < len(names)}
    affinity = at.get("nm", -1)
    kinds = []
    for kind, scores in _SCORES.items():
        score = next((at[name] for name in scores if name in at), -1)
        rank = next((at[name] for name in _RANKS[kind] if name in at), -1)
        if score >= 0 or rank >= 0:
            kinds.append(_Values(kind, score, rank, affinity if kind == "BA" else -1))
    # Older versions, and NetMHCIIpan, have one plain score and rank.
    plain = at.get("score", -1), at.get("rank", -1)
    if kinds and kinds[0].kind == "BA" and kinds[0].rank < 0:
        kinds[0] = kinds[0]._replace(rank=plain[1])
    elif plain[1] >= 0 and not any(each.kind == "EL" for each in kinds):
        kinds.insert(0, _Values("EL", *plain, -1))
    return _Block(written, at.get("core", -1), tuple(kinds))


def _rows(
    lines: Iterable[Line], names: list[str], blocks: tuple[_Block, ...]
) -> Iterator[Predicted | Rejection]:
    for at, line in lines:
        cells = line.split("\t")
        if at <= 2 or not line.strip():
            continue
        if len(cells) < blocks[-1].kinds[-1].rank + 1:
            yield rejected(at, line, "the row has fewer values than the header has columns")
            continue
        try:
            peptide = peptide_of(cells[1])
            found = [row for block in blocks for row in _predicted(peptide, block, names, cells)]
        except ValueError as error:
            yield rejected(at, line, str(error))
        else:
            yield from found


def _predicted(
    peptide: str, block: _Block, names: list[str], cells: list[str]
) -> Iterator[Predicted]:
    for kind, score, rank, affinity in block.kinds:
        yield Predicted(
            peptide=peptide,
            allele=allele_of(block.written),
            written=block.written,
            kind=kind,
            score=number(cells[score]) if score >= 0 else None,
            score_name=names[score] if score >= 0 else "",
            rank=number(cells[rank]) if rank >= 0 else None,
            rank_name=names[rank] if rank >= 0 else "",
            affinity_nm=number(cells[affinity]) if affinity >= 0 else None,
            core=cells[block.core].strip() if block.core >= 0 else "",
        )
