"""Proteome Discoverer's PSMs: one row per spectrum and the peptide it was matched to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._channels import Channel, assemble_channels, filled
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._discoverer import NOTATION, prepare
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Long, Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._reader import FormatInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="discoverer_psms",
    title="Proteome Discoverer PSMs",
    version="2",
    reads="PSMs of Proteome Discoverer 1.4 to 3.x; one run per spectrum file (and channel).",
)

# 'Abundance: 126', '127N', R's 'X127_N'; not the ratio '127/126'.
_REPORTER = re.compile(
    r"(?i)(?:Abundance[ :.]+(?:F\d+(?:\.\d+)?[ :.]+)?|X)?(1[123]\d)[_.]?([NC]?D?)(?:[ ,][^/]*)?"
)
_FEWEST = 2

#: Why a row is filtered that is a spectrum's second choice.
SECOND_CHOICE = "not the best match of its spectrum"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that these are PSMs of Proteome Discoverer."""
    del name
    table = parse_head(head)
    if not (table.has("Spectrum File") or table.has("File ID")) or not table.has("Charge"):
        return 0.0
    if not (table.has("Annotated Sequence") or table.has("Sequence")):
        return 0.0
    if not (table.has("First Scan") or table.has("PSM Ambiguity")):
        return 0.0
    return 0.98 if table.has("Modifications") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return PSMs; those of one peptidoform, charge and spectrum file merge."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("sequence",),
        what=INFO.title,
        more=lambda names: [one.header for one in _channels(names)],
    )
    prepare(frame)
    if "q_value" not in frame and "rank" in frame:
        # With q-values, the second peptide of a mixed spectrum stands on its own.
        with np.errstate(invalid="ignore"):
            frame.outcomes.filter(frame.numbers("rank").values > 1, SECOND_CHOICE)
    channels = _channels(frame.table.names)
    channels = [] if "quantity" in options.columns else filled(frame, channels)
    quantities, rule = _quantities(frame)
    long = read_long(
        frame,
        notation=NOTATION,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=["q_value"],
        quantities=Quantities() if channels else quantities,
    )
    if channels:
        # Reporter ions are each spectrum's own: they add up, and so do the spectra.
        long.rows.numbers["psm_count"] = np.ones(len(frame))
        return assemble_channels(frame, long, channels)
    long.rows.numbers["psm_count"] = _spectra(long) if rule == "max" else np.ones(len(frame))
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule=rule)


def _spectra(long: Long) -> npt.NDArray[np.float64]:
    """Return how many kept PSMs a row's feature has, on each of its rows; (n,) float64."""
    kept = long.kept
    keys = np.stack([long.run[kept], long.rows.identity[kept], long.rows.charge[kept]])
    _, feature, counts = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    spectra = np.ones(len(long.run))
    spectra[kept] = counts[feature]
    return spectra


def _quantities(frame: Frame) -> tuple[Quantities, Literal["sum", "max"]]:
    """Return which numbers are the quantities, and how those of merged rows join.

    An abundance is that of the whole peak: spectra of one peak repeat it, another one is another
    peak. An intensity is the precursor's in the scan before the spectrum.
    """
    if "quantity" in frame:
        return Quantities("precursor_intensity", frame.mapping["quantity"]), "sum"
    if "intensity" in frame:
        header = frame.mapping["quantity"] = frame.mapping["intensity"]
        return Quantities("precursor_intensity", header), "max"
    return Quantities(), "max"


def _channels(names: Sequence[str]) -> list[Channel]:
    """Return the columns of reporter ions.

    >>> _channels(["Abundance: 126", "127_N", "127/126"])
    [Channel(name='126', header='Abundance: 126'), Channel(name='127N', header='127_N')]
    """
    found = [(name, match) for name in names if (match := _REPORTER.fullmatch(name))]
    channels = {match[1] + match[2].upper(): name for name, match in found}
    if len(channels) < _FEWEST:
        return []
    return [Channel(channel, header) for channel, header in channels.items()]
