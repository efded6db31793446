"""FlashLFQ's matrix of peptides (QuantifiedPeptides.tsv, AllQuantifiedPeptides.tsv)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._alternatives import join_accessions, settle_alternatives
from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import are_nucleotides
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="flashlfq_peptides",
    title="FlashLFQ peptides",
    version="1",
    reads="QuantifiedPeptides.tsv of FlashLFQ and MetaMorpheus; one run per Intensity_ column.",
)

_NOTATION = Notation(keep_names=True)
_UNFILTERED = f"{NO_Q_VALUES} (FlashLFQ quantifies the identifications it is given)"

_INTENSITY = re.compile(r"Intensity_(.+)")
# MSMSIdentifiedButNotQuantified and MSMSAmbiguousPeakfinding were identified and not quantified.
_IDENTIFIED = r"^(?:MSMS|IsoTrack_MSMS|IsoTrack_Ambiguous)"
_MATCHED = r"MBR$"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is FlashLFQ's matrix of peptides."""
    del name
    table = parse_head(head)
    if "Sequence" not in table.names or not _runs(table.names):
        return 0.0
    return 0.0 if are_nucleotides(table.column("Sequence")) else 0.98


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return FlashLFQ's peptides; every raw file's column is a run.

    Raises
    ------
    ParseError
        If there is no column of a run's intensities.
    """
    runs: dict[str, tuple[str, str]] = {}

    def more(names: tuple[str, ...]) -> list[str]:
        runs.update(_runs(names))
        return [header for pair in runs.values() for header in pair]

    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified",), what=INFO.title, more=more
    )
    if not runs:
        msg = f"The file was read as {INFO.title} and has no pair of columns 'Intensity_<file>'."
        raise ParseError(msg, "Let the format be recognised.")
    settle_alternatives(frame)
    join_accessions(frame)
    matrix = [
        MatrixRun(
            RunDraft(
                key=clean(key),
                name=name,
                quantity_kind="peptide_intensity",
                quantity_column=runs[key][0],
            ),
            _detected(frame, runs[key][1], _IDENTIFIED),
            _detected(frame, runs[key][1], _MATCHED),
        )
        for key, name in zip(runs, name_runs(list(runs)), strict=True)
    ]
    return read_matrix(frame, matrix, notation=_NOTATION, unfiltered=_UNFILTERED)


def _runs(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return each run's columns of intensities and of how it was detected."""
    found = ((match[1], name) for name in names if (match := _INTENSITY.fullmatch(name)))
    pairs = {run: (name, f"Detection Type_{run}") for run, name in found}
    return {run: pair for run, pair in pairs.items() if pair[1] in names}


def _detected(frame: Frame, header: str, pattern: str) -> npt.NDArray[np.bool_]:
    kinds = pc.match_substring_regex(as_text(frame.table.columns[header]), pattern)
    return np.asarray(kinds.to_numpy(zero_copy_only=False), bool)
