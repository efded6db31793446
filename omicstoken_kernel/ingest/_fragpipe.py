"""What FragPipe's tables have in common: notation, proteins, and what their filter was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["NOTATION", "UNFILTERED", "join_proteins"]

#: Modifications stand in 'Assigned Modifications', exact and with their sites; inline, whole
#: numbers are totals (M[147], in psm.tsv) and decimals shifts (M[15.9949], in the other tables).
NOTATION = Notation(unsigned_mass="total_if_whole", sites=True)

#: Philosopher filters before it writes, at 1 % unless told otherwise, and does not say at which.
UNFILTERED = f"{NO_Q_VALUES} (FragPipe applied its own FDR)"


def join_proteins(frame: Frame) -> None:
    """Put the other proteins of a row ('Mapped Proteins', by commas) behind its first one."""
    if "proteins" not in frame or "mapped_proteins" not in frame:
        return
    others = pc.replace_substring_regex(frame.text("mapped_proteins"), r"\s*,\s*", ";")
    first = frame.text("proteins")
    joined = pc.binary_join_element_wise(first, others, ";")
    both = pc.and_(pc.not_equal(first, ""), pc.not_equal(others, ""))
    one = pc.if_else(pc.equal(first, ""), others, first)
    frame.table.columns[frame.mapping["proteins"]] = pc.if_else(both, joined, one)
