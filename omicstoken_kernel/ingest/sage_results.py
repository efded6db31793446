"""Sage's results.sage.tsv and results.sage.parquet: one row per peptide-spectrum match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="sage_results",
    title="Sage results",
    version="1",
    reads="results.sage.tsv and results.sage.parquet of Sage; one run per raw file.",
)

_NOTATION = Notation(unsigned_mass="delta")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is Sage's table of matches."""
    del name
    table = parse_head(head)
    if not table.has("peptide", "filename", "scannr", "spectrum_q", "peptide_q"):
        return 0.0
    return 0.99 if table.has("sage_discriminant_score") else 0.9


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return Sage's matches; those of one peptidoform, charge and raw file merge."""
    frame = open_frame(
        path,
        options,
        dialect(INFO.name),
        needed=("modified", "run", "spectrum_q_value"),
        what=INFO.title,
    )
    # Under its canonical name the PSM's q-value is the one that is stored.
    frame.mapping["q_value"] = frame.mapping.pop("spectrum_q_value")
    quantities = None
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    numbers = {}
    if "log10_pep" in frame:
        logarithms = frame.numbers("log10_pep").values
        # Sage writes 1 where it could not model the score.
        numbers["pep"] = np.where(logarithms > 0, np.nan, 10.0 ** np.minimum(logarithms, 0))
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run"),
        q_values=["q_value", "peptide_q_value"],
        quantities=quantities,
        numbers=numbers,
    )
