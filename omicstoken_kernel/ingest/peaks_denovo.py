"""PEAKS' de novo peptides: sequences read from spectra alone, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._peaks import NOTATION, prepare
from omicstoken_kernel.ingest._reader import FormatInfo

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="peaks_denovo",
    title="PEAKS de novo",
    version="1",
    reads="de novo peptides and candidates of PEAKS (ALC and local confidence instead of a "
    "q-value); one run per source file.",
)

_FILTER_NOTE = (
    f"{NO_Q_VALUES} (de novo: the score is the average local confidence in %, and no false "
    "discovery rate is known)"
)

#: Why a row is filtered that is not PEAKS' first choice for its spectrum.
SECOND_CHOICE = "not the best match of its spectrum"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of PEAKS' de novo peptides."""
    del name
    table = parse_head(head)
    if not (table.has("ALC (%)") and (table.has("Peptide") or table.has("DeNovo Peptide"))):
        return 0.0
    return 0.98 if table.has("local confidence (%)") or table.has("Tag length") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return de novo peptides; those of one peptidoform, charge and source file merge.

    Areas add up, an equal one counting once, as with PEAKS' database matches.
    """
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence", "score"), what=INFO.title
    )
    prepare(frame)
    _keep_first_choices(frame)
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=[],
        quantities=quantities,
        unfiltered=_FILTER_NOTE,
    )
    long.rows.numbers["psm_count"] = np.ones(len(frame))
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)


def _keep_first_choices(frame: Frame) -> None:
    """Filter all but the best candidate of each spectrum; the first of several as good."""
    if "scan" not in frame:
        return
    of_spectrum = [key for key in ("run", "scan", "feature", "charge") if key in frame]
    text = pc.binary_join_element_wise(*(frame.text(key) for key in of_spectrum), "\x1f")
    spectrum = np.asarray(pc.dictionary_encode(text).indices.to_numpy(zero_copy_only=False))
    score = np.nan_to_num(frame.numbers("score").values, nan=-1.0)
    order = np.lexsort((np.arange(len(score)), -score, spectrum))
    later = np.zeros(len(score), bool)
    later[order[1:]] = spectrum[order[1:]] == spectrum[order[:-1]]
    named = pc.not_equal(frame.text("scan"), "").to_numpy(zero_copy_only=False)
    frame.outcomes.filter(later & named, SECOND_CHOICE)
