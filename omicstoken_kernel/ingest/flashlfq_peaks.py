"""FlashLFQ's chromatographic peaks (QuantifiedPeaks.tsv, AllQuantifiedPeaks.tsv)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._alternatives import join_accessions, settle_alternatives
from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import DEFAULT_Q_VALUE, NO_Q_VALUES
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="flashlfq_peaks",
    title="FlashLFQ peaks",
    version="1",
    reads="QuantifiedPeaks.tsv of FlashLFQ and MetaMorpheus; one run per raw file.",
)

_NOTATION = Notation(keep_names=True)

#: Why a matched peak is filtered that FlashLFQ put at a random time to estimate its errors.
RANDOM_TIME = "matched at a random time (a decoy of matching between runs)"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is FlashLFQ's table of peaks."""
    del name
    table = parse_head(head)
    return 0.98 if table.has("File Name", "Full Sequence", "Peak intensity", "Peak MZ") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return FlashLFQ's peaks; those of one peptidoform, charge and file add up."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    settle_alternatives(frame)
    join_accessions(frame)
    matched = np.zeros(len(frame), bool)
    if "type" in frame:
        kinds = pc.match_substring_regex(frame.text("type"), "MBR$")
        matched = np.asarray(kinds.to_numpy(zero_copy_only=False), bool)
    if "random_time" in frame:
        frame.outcomes.filter(flags(frame.column("random_time")), RANDOM_TIME)
    note = _filter_matches(frame, matched)
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=(),
        quantities=quantities,
        unfiltered=note,
    )
    for name in ("q_value", "pep", "psm_count"):
        if name in long.rows.numbers:
            keep = matched if name != "psm_count" else ~matched
            long.rows.numbers[name] = np.where(keep, long.rows.numbers[name], np.nan)
    # A match without a quantity found nothing.
    kept = long.kept[~(matched[long.kept] & np.isnan(long.quantity[long.kept]))]
    cells = Cells(kept, long.run[kept], long.quantity[kept], matched[kept])
    drafts = [replace(draft, filter_note=note) for draft in long.drafts]
    return assemble(frame, long.rows, cells, drafts)


def _filter_matches(frame: Frame, matched: npt.NDArray[np.bool_]) -> str:
    """Take out matched peaks above the threshold of their own q-value; identified ones have none.

    Returns
    -------
    str
        The filter in words.
    """
    if "q_value" not in frame:
        return NO_Q_VALUES
    found, header = frame.numbers("q_value"), frame.mapping["q_value"]
    if not (found.given & matched).any():
        return NO_Q_VALUES
    with np.errstate(invalid="ignore"):
        odd = found.bad | (found.values < 0) | (found.values > 1)
        frame.reject(odd & matched, "q_value", "q-value is no number from 0 to 1")
        if frame.options.unfiltered:
            return f"unfiltered on request ({header} not used)"
        limit = DEFAULT_Q_VALUE if frame.options.q_value is None else frame.options.q_value
        frame.outcomes.filter(matched & (found.values > limit), f"q-value > {limit:g} ({header})")
    return f"q-value <= {limit:g} ({header}, matched peaks; identified peaks carry no q-value)"
